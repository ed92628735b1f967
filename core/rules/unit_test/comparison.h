// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/result.h"
#include "core/rules/alerting_rule.h"
#include "core/rules/unit_test/read.h"

#include <optional>
#include <string>
#include <vector>

namespace watchfire::rules::unit_test {

/// How the alerts that fire differ from the expected ones, as both lists below each other;
/// nothing: not at all. Labels and annotations count, the order does not. `diff`: line by line.
std::optional<std::string> alertDifference(const AlertCase& expected,
                                           const std::vector<ActiveAlert>& firing,
                                           bool diff = false);

/// The same for the samples of an expression. Numbers are equal to the bit or, `fuzzy`, when they
/// are neighbours; NaN equals nothing. Histograms are equal when they are written alike. Fails
/// with ErrorKind::invalid when an expected sample does not parse.
Result<std::optional<std::string>> sampleDifference(const ExprCase& expected, const Vector& result,
                                                    bool fuzzy, bool diff = false);

} // namespace watchfire::rules::unit_test
