// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/conformance/runner.h"

namespace watchfire::ctl {

/// Parses the query texts of a folder such as conformance/promql-syntax and compares whether
/// they are accepted, the tree and the formatted text. The data was recorded with experimental
/// functions on and duration arithmetic off; error texts are not compared.
ConformanceOutcome runPromqlSyntax(const std::filesystem::path& path);

} // namespace watchfire::ctl
