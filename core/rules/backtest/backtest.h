// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/config/config.h"
#include "core/model/alert.h"
#include "core/model/labels.h"
#include "core/promql/query.h"
#include "core/rules/expand.h"
#include "core/storage/querier.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

namespace watchfire::rules {

/// A stretch of time in which an alert was in one state: from its first evaluation in that state
/// to its last, both inclusive. Times are those of the samples of ALERTS: of the evaluation, less
/// the group's query offset.
struct Episode {
    AlertState state = AlertState::pending; ///< or firing
    Timestamp from{};
    Timestamp to{};
    bool isOpen = false; ///< the range ended before it did
    friend bool operator==(const Episode&, const Episode&) = default;
};

/// The episodes of one label set, in ascending time.
struct AlertEpisodes {
    Labels labels; ///< of the alert, alertname among them
    std::vector<Episode> episodes;
    friend bool operator==(const AlertEpisodes&, const AlertEpisodes&) = default;
};

struct BacktestRequest {
    /// Of whatever name; of its rules only that one at `rule` is run. Recorded series that it
    /// reads must be in the store.
    config::RuleGroupConfig group;
    std::size_t rule = 0;
    TimeRange range{}; ///< of evaluations
    std::chrono::milliseconds defaultInterval = std::chrono::minutes(1);
    std::chrono::milliseconds defaultQueryOffset{};
    ExpandOptions expand; ///< for templates of labels; `query` may be empty
    promql::QueryOptions query;
    /// Told now and then, with what part of the range is done (0…1). May be empty.
    std::function<void(double done)> progress;
};

struct BacktestResult {
    std::vector<AlertEpisodes> alerts; ///< sorted by labels
    std::size_t evaluations = 0; ///< in the range
    std::size_t failures = 0; ///< of these; the state stays as it was
    std::string firstFailure;
};

/// Takes an alerting rule through the stored samples of a range, at the moments of its group's own
/// grid. What it yields is what ALERTS would have recorded, with one proviso: alerts that were
/// active at the beginning are known from `for` and `keep_firing_for` before it only, so that an
/// alert that was kept firing through several gaps may begin later.
///
/// Errors: invalid (no such rule, or none that alerts; a template that needs a query and has
/// none yields a label that says so), cancelled (`stop` was requested), limit and timeout (of many
/// moments asked at once, not of one), and the store's. Runs on the caller's thread.
Result<BacktestResult> backtest(const BacktestRequest& request, storage::Queryable& store,
                                std::stop_token stop = {});

} // namespace watchfire::rules
