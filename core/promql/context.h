// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/promql/findings.h"
#include "core/promql/profile.h"
#include "core/promql/query.h"
#include "core/promql/syntax/durations.h"
#include "core/storage/querier.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <stop_token>
#include <utility>

namespace watchfire::promql {

/// What one evaluation shares: its snapshot, its limits, the labels it makes, its remarks.
/// Used by the evaluation's thread.
class EvalContext {
public:
    EvalContext(storage::Querier& querier, QueryTimes times, const QueryOptions& options,
                std::stop_token stop);
    ~EvalContext();
    EvalContext(const EvalContext&) = delete;
    EvalContext& operator=(const EvalContext&) = delete;

    storage::Querier& querier() { return m_querier; }
    const QueryOptions& options() const { return m_options; }
    /// Of the query, not of a subquery: what start(), end(), range() and step() mean.
    const QueryTimes& times() const { return m_times; }
    DurationTimes durationTimes() const;
    bool isRangeQuery() const { return m_times.step.count() > 0; }

    Annotations annotations;
    QueryStatistics statistics;
    /// Where an explanation is wanted.
    Profile* profile = nullptr;
    /// The usage of that node; null where none is wanted.
    NodeUsage* usageOf(const Node& node);
    /// Met where it could not be returned: the query fails by it once it is evaluated.
    std::optional<Error> failure;

    /// Keeps the labels until the evaluation ends.
    const Labels* own(Labels labels);

    /// Fails when the query was cancelled, its time is up, or it took too much memory. Called once
    /// a batch.
    Result<void> checkpoint() const;
    const std::stop_token& stop() const { return m_stop; }
    /// The same for loops: `i` counts their rounds, and only some are looked at.
    bool isStopped(std::size_t i) const
    {
        return i % roundsBetweenLooks == 0 && m_stop.stop_requested();
    }
    /// Takes over what was found; fails by it, or when more was looked at than may be held.
    Result<void> note(Findings findings);
    /// Charges samples to the query; fails when it holds more than it may.
    Result<void> hold(std::uint64_t samples);
    void release(std::uint64_t samples) { m_held -= samples; }
    std::uint64_t held() const { return m_held; }
    /// The most that was held since the last time; from now on it is at least `least`.
    std::uint64_t exchangePeak(std::uint64_t least) { return std::exchange(m_peak, least); }
    void notePeak(std::uint64_t held) { m_peak = std::max(m_peak, held); }
    /// As hold and release at once, for what lives only within a step.
    Result<void> touch(std::uint64_t samples);

    /// Charges memory that is about to be taken for the part at `place`; fails, and charges
    /// nothing, when the query, or all queries together, would take more than they may.
    Result<void> take(std::uint64_t bytes, Span place);
    /// Charges what cannot fail where it is taken; the next checkpoint does.
    void noteTaken(std::uint64_t bytes, Span place);
    void giveBack(std::uint64_t bytes);
    /// Fails when more was noted than may be taken.
    Result<void> checkMemory() const;

private:
    static constexpr std::size_t roundsBetweenLooks = 256;

    Result<void> tooMany() const;
    Error overOwn(std::uint64_t bytes, Span place) const;
    Error overAll(std::uint64_t bytes, Span place) const;

    storage::Querier& m_querier;
    QueryTimes m_times;
    const QueryOptions& m_options;
    std::stop_token m_stop;
    std::chrono::steady_clock::time_point m_deadline;
    std::deque<Labels> m_labels;
    std::uint64_t m_held = 0;
    std::uint64_t m_peak = 0;
    std::uint64_t m_bytes = 0;
    std::optional<Error> m_excess; ///< the first of what was noted and is too much
};

/// Memory that is charged to a query as long as this lives.
class Charge {
public:
    Charge() = default;
    Charge(Charge&& other) noexcept
        : m_context(std::exchange(other.m_context, nullptr))
        , m_bytes(std::exchange(other.m_bytes, 0))
    {
    }
    Charge& operator=(Charge&& other) noexcept
    {
        if (this != &other) {
            end();
            m_context = std::exchange(other.m_context, nullptr);
            m_bytes = std::exchange(other.m_bytes, 0);
        }
        return *this;
    }
    Charge(const Charge&) = delete;
    Charge& operator=(const Charge&) = delete;
    ~Charge() { end(); }

    /// More of it; always of the same query.
    Result<void> take(EvalContext& context, std::uint64_t bytes, Span place)
    {
        auto taken = context.take(bytes, place);
        if (taken) {
            m_context = &context;
            m_bytes += bytes;
        }
        return taken;
    }

private:
    void end()
    {
        if (m_context != nullptr) {
            m_context->giveBack(m_bytes);
        }
    }

    EvalContext* m_context = nullptr;
    std::uint64_t m_bytes = 0;
};

} // namespace watchfire::promql
