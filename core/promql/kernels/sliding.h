// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/promql/kernels/windows.h"

#include <cstdint>
#include <vector>

namespace watchfire::promql {

/// Folds every window with an associative operation in O(samples + steps), without ever
/// taking a sample back out (so NaN and infinities do no lasting harm): the two-stack queue.
/// Samples before `split` are folded from the right into suffixes, those after it into one
/// running value; when the window's start passes the split, the split moves to its end.
///
/// `lift(i)` makes the value of sample i, `join(earlier, later)` combines, `emit(step, value)`
/// takes the result of each window that is not empty.
template <class Value, class Lift, class Join, class Emit>
void foldWindows(const Windows& windows, std::vector<Value>& suffixes, Lift&& lift, Join&& join,
                 Emit&& emit)
{
    std::uint32_t split = 0;
    std::uint32_t folded = 0; ///< samples before it are in
    Value tail{};
    bool hasTail = false;
    const std::size_t steps = windows.steps();
    for (std::size_t step = 0; step < steps; ++step) {
        const std::uint32_t first = windows.first[step];
        const std::uint32_t last = windows.last[step];
        if (first == last) {
            continue;
        }
        if (first >= split) {
            split = last;
            folded = last;
            hasTail = false;
            if (suffixes.size() < last) {
                suffixes.resize(last);
            }
            suffixes[last - 1] = lift(last - 1);
            for (std::uint32_t i = last - 1; i > first; --i) {
                suffixes[i - 1] = join(lift(i - 1), suffixes[i]);
            }
        }
        for (; folded < last; ++folded) {
            tail = hasTail ? join(tail, lift(folded)) : lift(folded);
            hasTail = true;
        }
        emit(step, hasTail ? join(suffixes[first], tail) : suffixes[first]);
    }
}

} // namespace watchfire::promql
