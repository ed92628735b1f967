// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/histogram_bounds.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numbers>

namespace watchfire {

namespace {

constexpr int finestSchema = 8;

/// Bounds between 0.5 and 1 of the finest schema; those of a coarser one are among them. Rounded
/// as in Prometheus' table: each is the one before times the growth factor of the coarsest schema
/// that has it.
const std::array<double, std::size_t{1} << finestSchema>& fractions()
{
    static const auto made = [] {
        std::array<double, std::size_t{1} << finestSchema> table{};
        table[0] = 0.5;
        table[table.size() / 2] = 1 / std::numbers::sqrt2;
        for (int schema = 2; schema <= finestSchema; ++schema) {
            const std::size_t step = table.size() >> schema;
            const double factor = std::pow(2.0, std::ldexp(1.0, -schema));
            for (std::size_t at = step; at < table.size(); at += 2 * step) {
                table[at] = table[at - step] * factor;
            }
        }
        return table;
    }();
    return made;
}

} // namespace

double exponentialBound(std::int64_t index, std::int32_t schema)
{
    // Far beyond every double, and still an int when shifted.
    constexpr std::int64_t farExponent = std::int64_t{1} << 24;
    // Schemas below 0 have whole powers of two (or of 4, 16, …) as bounds.
    if (schema <= 0) {
        const std::int64_t exponent = std::clamp(index, -farExponent, farExponent) << -schema;
        if (exponent == 1024) {
            // The last bucket ends with the greatest double, there being no 2^1024.
            return std::numeric_limits<double>::max();
        }
        return std::ldexp(1.0, static_cast<int>(exponent));
    }
    if (schema > finestSchema) { // nobody makes these
        return std::exp2(std::ldexp(static_cast<double>(index), -schema));
    }
    const std::int64_t perOctave = std::int64_t{1} << schema;
    const std::int64_t octave = std::clamp(index >> schema, -farExponent, farExponent);
    const std::int64_t within = index & (perOctave - 1);
    if (octave == 1024 && within == 0) {
        return std::numeric_limits<double>::max();
    }
    const auto at = static_cast<std::size_t>(within) << (finestSchema - schema);
    return std::ldexp(fractions()[at], static_cast<int>(octave) + 1);
}

} // namespace watchfire
