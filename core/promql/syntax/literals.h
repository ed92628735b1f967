// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace watchfire::promql {

/// The number a number token stands for: decimal, hexadecimal after 0x, octal after 0, with
/// single underscores between digits; Inf and NaN in any case. Nothing: it is none, or too
/// large.
std::optional<double> parseNumber(std::string_view token);

/// The text a string token stands for. The lexer has judged its escapes.
std::string unquote(std::string_view token);

/// The value of a hexadecimal digit; 16 for any other character.
int hexValue(char c);

} // namespace watchfire::promql
