// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"

#include <bit>
#include <cstdint>
#include <limits>

namespace watchfire {

struct Histogram;

/// The NaN that says "this series ended here". Compared by its exact bits: a NaN that a
/// calculation made is an ordinary value.
/// Source: Prometheus, model/value, StaleNaN.
inline constexpr std::uint64_t staleMarkerBits = 0x7FF0'0000'0000'0002;
inline double staleMarker()
{
    return std::bit_cast<double>(staleMarkerBits);
}
inline bool isStaleMarker(double value)
{
    return std::bit_cast<std::uint64_t>(value) == staleMarkerBits;
}

/// The NaN that stands for "no sample here" in a row or column. Private to the process: it is
/// never written to disk as a value and never leaves the storage interfaces.
inline constexpr std::uint64_t absentBits = 0x7FF0'0000'0000'0A5E;
inline double absentValue()
{
    return std::bit_cast<double>(absentBits);
}
inline bool isAbsent(double value)
{
    return std::bit_cast<std::uint64_t>(value) == absentBits;
}

/// The NaN that stands for "a histogram is here, look in the side column" in a row.
inline constexpr std::uint64_t histogramMarkerBits = 0x7FF0'0000'0000'0A57;
inline double histogramMarker()
{
    return std::bit_cast<double>(histogramMarkerBits);
}
inline bool isHistogramMarker(double value)
{
    return std::bit_cast<std::uint64_t>(value) == histogramMarkerBits;
}

/// The NaN that parsers and functions yield.
/// Source: Prometheus, model/value, NormalNaN.
inline double normalNaN()
{
    return std::bit_cast<double>(std::uint64_t{0x7FF8'0000'0000'0001});
}

/// One sample on its way into the store. Exactly one of value and histogram counts: a
/// histogram, where there is one.
struct SampleView {
    Timestamp at{};
    Timestamp startedAt{}; ///< when its counter started; the epoch: unknown
    double value = 0;
    const Histogram* histogram = nullptr;
};

/// A float sample, owned.
struct Sample {
    std::int64_t atMs = 0;
    double value = 0;
    friend bool operator==(const Sample&, const Sample&) = default;
};

} // namespace watchfire
