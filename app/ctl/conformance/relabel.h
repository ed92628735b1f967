// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/conformance/runner.h"

namespace watchfire::ctl {

/// Runs a folder such as conformance/relabel: rules over label sets (`rules`), a discovered
/// target to its labels and URL (`target`), and whether a rule is accepted (`rule`).
ConformanceOutcome runRelabel(const std::filesystem::path& path);

} // namespace watchfire::ctl
