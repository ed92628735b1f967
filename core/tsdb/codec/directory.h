// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <ranges>

namespace watchfire::tsdb {

/// Where a series is in the directory of a strip or block: `view` has series() of them, by
/// ascending sid(index). Nothing: it is not there.
template <class View>
std::optional<std::size_t> findInDirectory(const View& view, std::uint32_t wanted)
{
    const auto indexes = std::views::iota(std::size_t{0}, view.series());
    const auto at = std::ranges::lower_bound(indexes, wanted, {},
                                             [&](std::size_t index) { return view.sid(index); });
    if (at == indexes.end() || view.sid(*at) != wanted) {
        return std::nullopt;
    }
    return *at;
}

} // namespace watchfire::tsdb
