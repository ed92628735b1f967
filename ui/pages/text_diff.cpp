// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/text_diff.h"

#include <algorithm>
#include <cstdint>

namespace watchfire::ui {

namespace {

constexpr std::size_t mostPairs = 4'000'000;

} // namespace

std::vector<DiffLine> diffLines(const QStringList& before, const QStringList& after)
{
    using Kind = DiffLine::Kind;
    const auto rows = std::size_t(before.size());
    const auto columns = std::size_t(after.size());
    const bool isTooMuch = rows * columns > mostPairs;
    // How many lines can be the same from line i of one and j of the other on.
    const std::size_t width = columns + 1;
    std::vector<std::uint32_t> same(isTooMuch ? 0 : (rows + 1) * width, 0);
    for (std::size_t i = isTooMuch ? 0 : rows; i-- > 0;) {
        for (std::size_t j = columns; j-- > 0;) {
            same[i * width + j] = before[qsizetype(i)] == after[qsizetype(j)]
                ? same[(i + 1) * width + j + 1] + 1
                : std::max(same[(i + 1) * width + j], same[i * width + j + 1]);
        }
    }
    std::vector<DiffLine> lines;
    std::size_t i = 0;
    std::size_t j = 0;
    while (i < rows || j < columns) {
        const bool isSame
            = !isTooMuch && i < rows && j < columns && before[qsizetype(i)] == after[qsizetype(j)];
        if (isSame) {
            lines.push_back({Kind::same, before[qsizetype(i++)]});
            ++j;
        } else if (i < rows
                   && (j == columns || isTooMuch
                       || same[(i + 1) * width + j] >= same[i * width + j + 1])) {
            lines.push_back({Kind::removed, before[qsizetype(i++)]});
        } else {
            lines.push_back({Kind::added, after[qsizetype(j++)]});
        }
    }
    return lines;
}

} // namespace watchfire::ui
