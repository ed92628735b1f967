// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/functions/window_edges.h"

#include <algorithm>

namespace watchfire::promql {

WindowEdges WindowEdges::of(std::span<const std::int64_t> times, std::int64_t start,
                            std::int64_t end, bool smoothed)
{
    WindowEdges edges{start, end};
    if (times.empty()) {
        return edges;
    }
    const auto butLast = times.first(times.size() - 1);
    const auto after
        = static_cast<std::size_t>(std::ranges::upper_bound(butLast, start) - butLast.begin());
    edges.first = after > 0 ? after - 1 : 0;
    edges.last = smoothed
        ? static_cast<std::size_t>(std::ranges::lower_bound(butLast, end) - butLast.begin())
        : butLast.size();
    edges.isEmpty = times[edges.last] <= start;
    edges.leftBetween = smoothed && times[edges.first] < start;
    edges.rightBetween = smoothed && edges.last > 0 && times[edges.last] > end;
    return edges;
}

double WindowEdges::leftOf(std::span<const std::int64_t> times, std::span<const double> values,
                           bool isCounter) const
{
    return leftBetween ? interpolate(values[first], values[first + 1], left(times), isCounter)
                       : values[first];
}

double WindowEdges::rightOf(std::span<const std::int64_t> times, std::span<const double> values,
                            bool isCounter) const
{
    return rightBetween ? interpolate(values[last - 1], values[last], right(times), isCounter)
                        : values[last];
}

std::pair<std::size_t, std::size_t> WindowEdges::inside(std::span<const std::int64_t> times) const
{
    const std::size_t from = times[first] <= start ? first + 1 : first;
    const std::size_t to = times[last] >= end ? last : last + 1;
    return {from, std::max(from, to)};
}

void extendToEdges(std::vector<std::int64_t>& times, std::vector<double>& values,
                   std::int64_t start, std::int64_t end, bool smoothed)
{
    const WindowEdges edges = WindowEdges::of(times, start, end, smoothed);
    std::vector<std::int64_t> extendedTimes;
    std::vector<double> extended;
    if (!edges.isEmpty) {
        const auto [from, to] = edges.inside(times);
        extendedTimes.reserve(to - from + 2);
        extended.reserve(to - from + 2);
        extendedTimes.push_back(start);
        extended.push_back(edges.leftOf(times, values, false));
        const auto offset = [](std::size_t place) { return static_cast<std::ptrdiff_t>(place); };
        extendedTimes.insert(extendedTimes.end(), times.begin() + offset(from),
                             times.begin() + offset(to));
        extended.insert(extended.end(), values.begin() + offset(from), values.begin() + offset(to));
        extendedTimes.push_back(end);
        extended.push_back(edges.rightOf(times, values, false));
    }
    times = std::move(extendedTimes);
    values = std::move(extended);
}

} // namespace watchfire::promql
