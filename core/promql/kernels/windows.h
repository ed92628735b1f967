// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace watchfire::promql {

/// Which samples of one timeline lie in each step's window (end − range, end]. Computed once
/// per timeline and shared by all series on it.
struct Windows {
    std::vector<std::uint32_t> first; ///< by step: index of the first sample inside
    std::vector<std::uint32_t> last; ///< by step: one past the last sample inside
    std::vector<std::uint64_t> some; ///< bit a step: the window holds a sample
    std::vector<std::uint64_t> two; ///< bit a step: it holds at least two
    std::uint32_t longest = 0; ///< samples in the fullest window
    /// Every window holds two samples or more and both ends move on by one sample a step, so
    /// that all steps read consecutive samples.
    bool sliding = false;

    std::size_t steps() const { return first.size(); }
    std::uint32_t count(std::size_t step) const { return last[step] - first[step]; }
};

/// `timeline` and `ends` ascend (ends may repeat). O(samples + steps).
Windows makeWindows(std::span<const std::int64_t> timeline, std::span<const std::int64_t> ends,
                    std::int64_t rangeMs);

/// The parts of rate's extrapolation that depend on times only; by step, in seconds.
struct Extrapolation {
    std::vector<double> sampled; ///< first to last sample
    std::vector<double> toStart; ///< how far to extrapolate before the first sample
    std::vector<double> toEnd; ///< and after the last
    std::vector<double> factor; ///< what the difference is multiplied with
    double seconds = 1; ///< of the range, by which a rate is divided; 1 for increase and delta
};

Extrapolation makeExtrapolation(std::span<const std::int64_t> timeline, const Windows& windows,
                                std::span<const std::int64_t> ends, std::int64_t rangeMs,
                                bool perSecond);

} // namespace watchfire::promql
