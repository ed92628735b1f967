// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace watchfire::text {

// The field's programs print doubles in three ways, all with the fewest digits that read back
// as the same number; exponents have at least two digits ("1e+06"), and special values are
// "NaN", "+Inf" and "-Inf". Answers are compared as texts, so the difference matters.

/// As sample values of the HTTP API: plain digits, an exponent below 1e-6 and from 1e21 up.
std::string formatValue(double value);
void appendValue(std::string& out, double value);
inline constexpr std::size_t mostValueBytes = 32;
/// The same into memory, `mostValueBytes` of which are there; returns its end.
char* writeValue(char* out, double value);
/// As PromQL prints literals and as labels such as `le` are normalised (Go's 'g'): an exponent
/// below 1e-4 and from 1e6 up.
std::string formatG(double value);
/// As count_values makes label values (Go's 'f'): never an exponent.
std::string formatFixed(double value);

/// A sample value of the exposition formats: decimal with optional exponent, signed Inf or
/// Infinity, NaN, in any case. Hex, underscores and overflow ("1e999") are refused with
/// ErrorKind::invalid.
Result<double> parseSampleValue(std::string_view text);

/// A float as Go's strconv.ParseFloat reads it, without hex and underscores; overflow is
/// refused. Nothing: not a number.
std::optional<double> parseFloat(std::string_view text);

} // namespace watchfire::text
