// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/scrape/body_reader.h"
#include "core/storage/group_writer.h"
#include "core/storage/store.h"

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <vector>

namespace watchfire::scrape {

/// Turns the answers of one target into rows of its group: recognises lines, makes labels,
/// keeps to limits, marks what vanished and adds the scrape's own series (up, scrape_*).
///
/// Used by one thread at a time. A failed scrape leaves nothing of its body behind.
///
/// Source: conformance data, exposition/scrape-semantics.json; design page "storage", §3.
class Intake {
public:
    /// `store` must outlive it. The group is opened with the first row.
    explicit Intake(storage::Store& store)
        : m_store(store)
    {
    }

    /// Reads a body and commits its row.
    Harvest take(const std::shared_ptr<const IntakeRules>& rules, const Answer& answer);
    /// Commits that the scrape failed: up 0, and every series stale.
    Harvest takeFailure(const std::shared_ptr<const IntakeRules>& rules, Timestamp at,
                        std::chrono::microseconds took, Error error);
    /// Marks all of the target's series stale, up and its like too: nobody scrapes it now. The
    /// group is closed, so that another may open it.
    void end(Timestamp at);

private:
    static constexpr std::size_t reportSeries = 5;

    Result<void> use(const std::shared_ptr<const IntakeRules>& rules);
    Result<void> resolveReport();
    void startRow();
    void markVanished();
    void report(const Harvest& harvest);
    void keepMetadata();
    /// `answer` null: a row without a body.
    void commit(Timestamp at, const Answer* answer, Harvest& harvest);
    void remember();
    void relearn(const Answer* answer);

    storage::Store& m_store;
    std::shared_ptr<const IntakeRules> m_rules;
    std::unique_ptr<storage::GroupWriter> m_writer;
    std::uint64_t m_layout = 0;
    BodyReader m_reader;
    RowDraft m_draft;
    std::vector<FamilyMetadata> m_unsentMetadata; ///< no row took it yet
    std::array<storage::Position, reportSeries> m_report{};
    std::vector<std::uint64_t> m_seen; ///< bit by position: in the last row, and so to be ended
    std::vector<std::uint64_t> m_seenNow;
    bool m_hasReported = false;
};

} // namespace watchfire::scrape
