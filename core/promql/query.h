// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/executor.h"
#include "core/model/result.h"
#include "core/promql/syntax/parser.h"
#include "core/storage/querier.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <stop_token>
#include <string_view>

namespace watchfire::promql {

/// When to evaluate: `step` zero and start == end is an instant query.
struct QueryTimes {
    Timestamp start{};
    Timestamp end{};
    std::chrono::milliseconds step{};
    static QueryTimes instant(Timestamp at) { return {at, at, std::chrono::milliseconds(0)}; }
};

struct QueryOptions {
    std::chrono::milliseconds lookback = std::chrono::minutes(5);
    std::chrono::milliseconds subqueryStep = std::chrono::minutes(1); ///< where none is written
    std::uint64_t maxSamples = 50'000'000; ///< held at once
    std::chrono::milliseconds timeout = std::chrono::minutes(2);
    bool delayedNameRemoval = false; ///< promql-delayed-name-removal
    bool useStartTimestamps = false; ///< use-start-timestamps
    bool explain = false; ///< the result tells what became of each part of the query
    bool countSamples = false; ///< its statistics tell the samples as Prometheus counts them
    /// Where set: told when the evaluation ends, with an answer or without one.
    QueryReport* report = nullptr;
    Features features;
    /// Lends `helpers` of its threads at most to large scans, none when null; outlives the query.
    Executor* workers = nullptr;
    std::size_t helpers = 0;
};

/// Evaluates a query over a store. Safe from several threads at once; runs on the caller's, and
/// on those that `options.workers` lends.
///
/// Errors: invalid (does not parse, or cannot be evaluated), limit (too many samples),
/// timeout, cancelled (`stop` was requested), and the store's own.
Result<QueryResult> evaluate(const Ast& query, storage::Queryable& store, QueryTimes times,
                             const QueryOptions& options, std::stop_token stop = {});

/// Parses, then evaluates.
Result<QueryResult> evaluate(std::string_view query, storage::Queryable& store, QueryTimes times,
                             const QueryOptions& options, std::stop_token stop = {});

} // namespace watchfire::promql
