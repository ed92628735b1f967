// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <initializer_list>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace watchfire::tests {

/// Queries over the series of comparison_series.h: well typed, mostly with a result, seldom
/// sensible. The same for the same seed.
class QueryGenerator {
public:
    /// `@` names moments between these, in seconds since the epoch.
    QueryGenerator(std::uint64_t seed, std::int64_t fromS, std::int64_t toS)
        : m_random(seed)
        , m_fromS(fromS)
        , m_toS(toS)
    {
    }

    /// An expression of any type but a range.
    std::string query();
    std::uint64_t number(std::uint64_t below) { return m_random() % below; }

private:
    using Words = std::initializer_list<std::string_view>;

    bool oneIn(std::uint64_t n) { return number(n) == 0; }
    std::string oneOf(Words words);
    template <std::size_t N> std::string oneOf(const std::string_view (&words)[N]);
    std::string literal();
    std::string quantile();
    std::string duration();
    std::string matcher();
    std::string modifiers();
    std::string selectorOf(std::string_view metric);
    std::string selector();
    std::string range(int depth);
    std::string labels(std::size_t atMost);
    std::string grouping();
    std::string scalar(int depth);
    std::string vector(int depth);
    std::string ofRange(int depth);
    std::string ofVector(int depth);
    std::string ofHistograms(int depth);
    std::string aggregation(int depth);
    std::string binary(int depth);
    std::string relabelled(int depth);

    std::mt19937_64 m_random;
    std::int64_t m_fromS;
    std::int64_t m_toS;
};

} // namespace watchfire::tests
