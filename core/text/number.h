// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <string>
#include <string_view>

namespace watchfire::text {

/// The shortest decimal text that reads back as the same double, in the form the field's HTTP
/// API uses: "1", "0.1", "1e+21", "-0", "NaN", "+Inf", "-Inf" (exponent from 1e21 up and below
/// 1e-6, as Go's 'f' format with -1 precision turns to exponents in JSON).
std::string formatValue(double value);
void appendValue(std::string& out, double value);

/// Go's strconv.FormatFloat(value, 'g', -1, 64): exponent below 1e-4 and from 1e21 up;
/// "1e+06" style two-digit exponents. What labels such as `le` and count_values use.
std::string formatGo(double value);

/// A sample value of the exposition formats: decimal with optional exponent, [+-]Inf, NaN in
/// any case. Hex and underscores are refused; overflow ("1e999") is refused.
Result<double> parseSampleValue(std::string_view text);

/// A float as Go's strconv.ParseFloat reads it (hex floats and underscores off): used for `le`
/// and `quantile` labels and by PromQL's conversions. Nothing: not a number.
std::optional<double> parseFloat(std::string_view text);

} // namespace watchfire::text
