// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rules/unit_test/line_diff.h"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace watchfire::rules::unit_test {

namespace {

std::vector<std::string_view> linesOf(std::string_view text)
{
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        lines.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

void add(std::string& out, char sign, std::string_view line)
{
    out += sign;
    out += line;
    out += '\n';
}

} // namespace

std::string lineDiff(std::string_view from, std::string_view to)
{
    const auto a = linesOf(from);
    const auto b = linesOf(to);
    // How many lines the rests have in common, from the end.
    std::vector<std::vector<std::size_t>> common(a.size() + 1,
                                                 std::vector<std::size_t>(b.size() + 1));
    for (std::size_t i = a.size(); i-- > 0;) {
        for (std::size_t k = b.size(); k-- > 0;) {
            common[i][k] = a[i] == b[k] ? common[i + 1][k + 1] + 1
                                        : std::max(common[i + 1][k], common[i][k + 1]);
        }
    }
    std::string out;
    std::size_t i = 0;
    std::size_t k = 0;
    while (i < a.size() || k < b.size()) {
        if (i < a.size() && k < b.size() && a[i] == b[k]) {
            add(out, ' ', a[i]);
            ++i;
            ++k;
        } else if (k == b.size() || (i < a.size() && common[i + 1][k] >= common[i][k + 1])) {
            add(out, '-', a[i++]);
        } else {
            add(out, '+', b[k++]);
        }
    }
    return out;
}

} // namespace watchfire::rules::unit_test
