// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/kernels/windows.h"

#include "core/promql/bits.h"

#include <algorithm>

namespace watchfire::promql {

Windows makeWindows(std::span<const std::int64_t> timeline, std::span<const std::int64_t> ends,
                    std::int64_t rangeMs)
{
    Windows windows;
    const std::size_t steps = ends.size();
    windows.first.resize(steps);
    windows.last.resize(steps);
    windows.some.assign(wordsFor(steps), 0);
    windows.two.assign(wordsFor(steps), 0);
    windows.sliding = steps > 0;
    std::uint32_t first = 0;
    std::uint32_t last = 0;
    const auto samples = static_cast<std::uint32_t>(timeline.size());
    for (std::size_t step = 0; step < steps; ++step) {
        const std::int64_t end = ends[step];
        while (last < samples && timeline[last] <= end) {
            ++last;
        }
        while (first < last && timeline[first] <= end - rangeMs) {
            ++first;
        }
        const std::uint32_t count = last - first;
        if (count >= 1) {
            setBit(windows.some, step);
        }
        if (count >= 2) {
            setBit(windows.two, step);
        }
        const bool moved = step == 0
            || (first == windows.first[step - 1] + 1 && last == windows.last[step - 1] + 1);
        windows.sliding = windows.sliding && count >= 2 && moved;
        windows.longest = std::max(windows.longest, count);
        windows.first[step] = first;
        windows.last[step] = last;
    }
    return windows;
}

Extrapolation makeExtrapolation(std::span<const std::int64_t> timeline, const Windows& windows,
                                std::span<const std::int64_t> ends, std::int64_t rangeMs,
                                bool perSecond)
{
    const std::size_t steps = windows.steps();
    Extrapolation out;
    out.sampled.resize(steps);
    out.toStart.resize(steps);
    out.toEnd.resize(steps);
    out.factor.resize(steps);
    out.seconds = perSecond ? static_cast<double>(rangeMs) / 1000 : 1;
    for (std::size_t step = 0; step < steps; ++step) {
        const std::uint32_t count = windows.count(step);
        if (count < 2) {
            continue;
        }
        const std::int64_t first = timeline[windows.first[step]];
        const std::int64_t last = timeline[windows.last[step] - 1];
        const double sampled = static_cast<double>(last - first) / 1000;
        const double between = sampled / static_cast<double>(count - 1);
        const double threshold = between * 1.1;
        double toStart = static_cast<double>(first - (ends[step] - rangeMs)) / 1000;
        double toEnd = static_cast<double>(ends[step] - last) / 1000;
        if (toStart >= threshold) {
            toStart = between / 2;
        }
        if (toEnd >= threshold) {
            toEnd = between / 2;
        }
        out.sampled[step] = sampled;
        out.toStart[step] = toStart;
        out.toEnd[step] = toEnd;
        out.factor[step] = (sampled + toStart + toEnd) / sampled / out.seconds;
    }
    return out;
}

} // namespace watchfire::promql
