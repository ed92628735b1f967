// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/conformance/runner.h"

namespace watchfire::ctl {

/// Runs a folder such as conformance/alerting: texts of matchers (`modes`), routing trees
/// (`tests`), inhibition (`inhibit_rules`), silences and their validation (`silences`, `post`,
/// `lifecycle`), time intervals (`time_intervals`), templates (`template`) and scenarios of
/// timing (`steps`). All run on a clock that is turned by hand.
ConformanceOutcome runAlerting(const std::filesystem::path& path);

} // namespace watchfire::ctl
