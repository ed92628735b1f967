// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>

namespace watchfire::promql {

/// The moments at which an expression is evaluated: ms since the epoch, ascending. An instant
/// query is a grid of one step.
struct StepGrid {
    std::int64_t startMs = 0;
    std::int64_t stepMs = 1;
    std::size_t count = 1;
    bool isRange = false; ///< asked for from one moment to a later one, be it of one step

    std::int64_t at(std::size_t step) const
    {
        return startMs + static_cast<std::int64_t>(step) * stepMs;
    }
    std::int64_t endMs() const { return count == 0 ? startMs : at(count - 1); }
    /// The grid of its first step alone, for what is the same at every step.
    StepGrid firstStep() const { return {startMs, stepMs, count == 0 ? std::size_t{0} : 1}; }
    friend auto operator<=>(const StepGrid&, const StepGrid&) = default;
};

} // namespace watchfire::promql
