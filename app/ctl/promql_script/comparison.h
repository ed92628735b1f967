// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/promql_script/eval_command.h"

#include <optional>
#include <string>

namespace watchfire::ctl::script {

/// How a value differs from what an eval command expects; nothing: not at all.
std::optional<std::string> difference(const EvalCommand& expected, const QueryValue& value);
/// The same for the instant vector that a range query yields at the command's time.
std::optional<std::string> differenceAtTime(const EvalCommand& expected, const QueryValue& range);
/// How the remarks differ.
std::optional<std::string> remarkDifference(const EvalCommand& expected,
                                            const std::vector<Annotation>& remarks);

/// Equal within a millionth of their sum; NaN equals NaN, a staleness marker only another.
bool nearlyEqual(double a, double b);
bool nearlyEqual(const Histogram& expected, const Histogram& actual, bool compareHints);

} // namespace watchfire::ctl::script
