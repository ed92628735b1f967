// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace watchfire::bench {

struct Query {
    enum class Kind { instant, range, metadata };

    Kind kind = Kind::instant;
    std::string text; ///< an expression; of metadata the path, and what match[] asks for
    std::chrono::seconds span{0}; ///< of a range query
    std::chrono::seconds step{0};
    /// At most so much of Prometheus' time; 0: less than it takes.
    double wanted = 0;
};

/// The kinds of query-engine.md §9 and what dashboards and alerts ask, about
/// QueryLoad::dashboards.
std::vector<Query> dashboardQueries();
/// About QueryLoad::many: a raw vector of all.
std::vector<Query> manyQueries();
/// The same of 1,000, 10,000 and 100,000 of its series.
struct SizedQuery {
    std::size_t series = 0;
    Query query;
};
std::vector<SizedQuery> sizedQueries();

/// "1h/15s", "instant", "metadata".
std::string shapeOf(const Query& query);

/// Where it is asked, as of that time. Results that were kept are not to be used.
std::string addressOf(const Query& query, std::int64_t atMs);

/// What can be compared of two programs' answers, whatever the order of series.
struct Digest {
    std::size_t series = 0; ///< or names, or values, of metadata
    std::size_t points = 0;
    double sum = 0; ///< of the finite values
    double magnitude = 0; ///< of these without their signs
    std::size_t labels = 0; ///< of hashes of label sets

    /// Nothing: they agree.
    std::optional<std::string> differenceTo(const Digest& other) const;
};
Digest digestOf(const Query& query, std::string_view body);

} // namespace watchfire::bench
