// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/filter.h"

#include <algorithm>

namespace watchfire::ui {

namespace {

constexpr char folded(char c)
{
    return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c;
}

std::string lower(std::string_view text)
{
    std::string out(text);
    std::ranges::transform(out, out.begin(), folded);
    return out;
}

} // namespace

Filter parseFilter(const QString& text)
{
    Filter filter;
    const std::string utf8 = text.toStdString();
    std::size_t at = 0;
    while (at < utf8.size()) {
        if (utf8[at] == ' ') {
            ++at;
            continue;
        }
        if (utf8[at] == '"') {
            const auto close = std::min(utf8.find('"', at + 1), utf8.size());
            if (close > at + 1) {
                filter.words.push_back(lower(utf8.substr(at + 1, close - at - 1)));
            }
            at = close + 1;
            continue;
        }
        const auto end = std::min(utf8.find(' ', at), utf8.size());
        const std::string_view token(utf8.data() + at, end - at);
        // A colon in front or at the end is still being typed, and host:9100 is an address.
        const auto colon = token.find(':');
        const bool isPort = colon != std::string_view::npos && colon + 1 < token.size()
            && std::ranges::all_of(token.substr(colon + 1),
                                   [](char c) { return c >= '0' && c <= '9'; });
        if (colon == std::string_view::npos || colon == 0 || isPort) {
            filter.words.push_back(lower(token));
        } else if (colon + 1 < token.size()) {
            filter.chips.push_back({lower(token.substr(0, colon)), lower(token.substr(colon + 1))});
        } else {
            filter.words.push_back(lower(token.substr(0, colon)));
        }
        at = end;
    }
    return filter;
}

bool containsFolded(std::string_view text, std::string_view lowerNeedle)
{
    if (lowerNeedle.empty()) {
        return true;
    }
    return std::ranges::search(text, lowerNeedle, [](char a, char b) { return folded(a) == b; })
               .begin()
        != text.end();
}

bool equalsFolded(std::string_view text, std::string_view lower)
{
    return std::ranges::equal(text, lower, [](char a, char b) { return folded(a) == b; });
}

} // namespace watchfire::ui
