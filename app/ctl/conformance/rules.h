// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/conformance/runner.h"

namespace watchfire::ctl {

/// Cases of rule files (accepted or refused, without and with the linter) and of their unit
/// tests (passed or failed), written into a folder of their own or lying beside the cases.
ConformanceOutcome runRules(const std::filesystem::path& path);

} // namespace watchfire::ctl
