// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace watchfire::text {

/// The text in double quotes as the field's programs print it and as PromQL reads it back:
/// \a \b \f \n \r \t \v \\ \" for those characters, \x7f for other control characters and for
/// bytes that are not UTF-8, \u00ad and \U000e0001 for characters one cannot see, all others as
/// they are.
///
/// Source: Go's strconv.Quote. Unassigned characters are left as they are, so that no table of
/// a particular Unicode version is needed.
std::string quote(std::string_view text);
void appendQuoted(std::string& out, std::string_view text);

/// One character in single quotes, escaped likewise: the form error messages use.
std::string quoteCharacter(char32_t character);

/// The character at the start of `text` and how many bytes it has. Bytes that are not UTF-8
/// give U+FFFD and 1; an empty text gives U+0000 and 0.
struct Decoded {
    char32_t character = 0;
    std::size_t bytes = 0;
    bool valid = false;
};
Decoded decodeUtf8(std::string_view text);
/// Appends the character as UTF-8; what is no character becomes U+FFFD.
void appendUtf8(std::string& out, char32_t character);

} // namespace watchfire::text
