// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/conformance/runner.h"

namespace watchfire::ctl {

/// Runs a folder such as conformance/config: texts (`config`) and files (`file`, beside the list)
/// that are accepted or refused, and configurations with their defaults (`effective`), compared
/// as YAML trees. What lies in a folder or file named alertmanager… is an alertmanager.yml, all
/// else a prometheus.yml. Only the syntax is checked: no file that one names has to exist.
ConformanceOutcome runConfig(const std::filesystem::path& path);

} // namespace watchfire::ctl
