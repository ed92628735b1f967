// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/scrape/body_reader.h"
#include "core/storage/group_writer.h"
#include "core/storage/store.h"

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
    /// Commits that the scrape failed: up 0, and every series stale. `bodyBytes` is what
    /// scrape_body_size_bytes says of it: `bodyTooLarge`, or 0.
    Harvest takeFailure(const std::shared_ptr<const IntakeRules>& rules, Timestamp at,
                        std::chrono::microseconds took, Error error, std::int64_t bodyBytes = 0);
    static constexpr std::int64_t bodyTooLarge = -1;
    /// Marks all of the target's series stale, up and its like too: nobody scrapes it now. The
    /// group is closed, so that another may open it.
    void end(Timestamp at);

private:
    Result<void> use(const std::shared_ptr<const IntakeRules>& rules);
    Result<void> resolveReport();
    void startRow();
    void markVanished();
    void report(const Harvest& harvest, std::int64_t bodyBytes);
    void keepMetadata();
    /// `answer` null: a row without a body.
    void commit(Timestamp at, const Answer* answer, Harvest& harvest, std::int64_t bodyBytes);
    void remember();
    void relearn(const Answer* answer);
    void forgetStrangers();

    storage::Store& m_store;
    std::shared_ptr<const IntakeRules> m_rules;
    std::unique_ptr<storage::GroupWriter> m_writer;
    std::uint64_t m_layout = 0;
    std::size_t m_goodPositions = 0; ///< of the writer, at the latest good answer
    BodyReader m_reader;
    RowDraft m_draft;
    std::vector<FamilyMetadata> m_unsentMetadata; ///< no row took it yet
    std::vector<storage::PositionedHistogram> m_histograms; ///< those of m_draft
    std::vector<storage::Position> m_report; ///< of up and its like
    std::vector<std::uint64_t> m_seen; ///< bit by position: in the last row, and so to be ended
    std::vector<std::uint64_t> m_seenNow;
    bool m_hasReported = false;
};

} // namespace watchfire::scrape
