// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <QString>

namespace watchfire::ui {

/// What a person types into a filter box: words and `key:value` chips, separated by spaces; all
/// must hold. A word in double quotes may contain spaces and colons. ASCII case does not count.
struct Filter {
    struct Chip {
        std::string key; ///< lower case
        std::string value; ///< lower case
        friend bool operator==(const Chip&, const Chip&) = default;
    };
    std::vector<std::string> words; ///< lower case
    std::vector<Chip> chips;

    bool empty() const { return words.empty() && chips.empty(); }
    friend bool operator==(const Filter&, const Filter&) = default;
};

Filter parseFilter(const QString& text);

/// `lowerNeedle` occurs in the text, whatever the case of ASCII letters there.
bool containsFolded(std::string_view text, std::string_view lowerNeedle);
/// The texts are equal, whatever the case of ASCII letters in the first.
bool equalsFolded(std::string_view text, std::string_view lower);

} // namespace watchfire::ui
