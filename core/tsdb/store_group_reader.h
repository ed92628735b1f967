// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/storage/group_reader.h"
#include "core/tsdb/codec/strip.h"
#include "core/tsdb/store_querier.h"

#include <optional>
#include <unordered_map>
#include <vector>

namespace watchfire::tsdb {

/// Reads the selected series of one group: its strips and its head, one after the other as long
/// as nothing is late, merged by time where something is.
class StoreGroupReader final : public storage::GroupReader {
public:
    /// `sids` ascending; `pending` has the labels of those the index tables lack. Querier and
    /// `head` outlive the reader.
    StoreGroupReader(StoreQuerier& querier, Gid gid, std::vector<Sid> sids,
                     std::unordered_map<Sid, Labels> pending, const HeadCapture& head,
                     TimeRange range);

    std::size_t size() const override { return m_sids.size(); }
    storage::SeriesRef ref(std::size_t index) const override { return m_sids[index]; }
    const Labels& labels(std::size_t index) override;
    Result<std::span<const std::int64_t>> timeline() override;
    Result<void> read(std::size_t index, storage::Column& out) override;

private:
    /// Where the rows of a part stand in the timeline.
    struct Place {
        std::uint32_t firstRow = 0; ///< the first row in range …
        std::uint32_t rows = 0; ///< … and how many there are
        std::uint32_t at = 0; ///< entry of the first, when the rows are consecutive entries
        std::vector<std::uint32_t> entries; ///< else the entry of each
    };
    struct StripPart {
        Window window = 0;
        std::uint32_t seq = 0;
        std::optional<StripView> view; ///< nothing: gone or damaged
        Place place;
        std::size_t guess = 0; ///< where in the directory the next series may be
    };
    struct HeadPart {
        const HeadCapture::Strip* strip = nullptr;
        Place place;
    };
    struct LatePart {
        HeadCapture::Late late;
        Place place;
    };
    struct Times {
        std::vector<std::int64_t> all;
        bool isOrdered = true;
    };

    Result<void> prepare();
    void findStrips(Snapshot& snapshot, std::vector<std::vector<std::int64_t>>& times);
    Result<void> bind(Snapshot& snapshot);
    void layOut(std::vector<std::vector<std::int64_t>>& stripTimes);
    Result<void> readStrip(StripPart& part, Sid sid, storage::Column& out);
    void readHead(const HeadPart& part, Sid sid, storage::Column& out);
    void readLate(const LatePart& part, Sid sid, storage::Column& out);
    void put(storage::Column& out, std::uint32_t entry, double value,
             std::shared_ptr<const Histogram> histogram);
    void markAbsent(storage::Column& out, const Place& place);
    Result<void> maskDeleted(Snapshot& snapshot, Sid sid, storage::Column& out);
    void finish(storage::Column& out);
    Result<void> resolveLabels(std::size_t index);

    StoreQuerier& m_querier;
    const Gid m_gid;
    const std::vector<Sid> m_sids;
    std::unordered_map<Sid, Labels> m_pending;
    const HeadCapture& m_head;
    const std::int64_t m_fromMs;
    const std::int64_t m_toMs;

    bool m_isPrepared = false;
    std::vector<std::int64_t> m_times;
    bool m_isMerged = false; ///< parts interleave
    bool m_hasDeletions = false;
    std::vector<StripPart> m_strips;
    std::vector<HeadPart> m_headParts;
    std::vector<LatePart> m_lateParts;
    std::weak_ptr<Snapshot> m_bound; ///< what the views point into

    std::vector<std::optional<Labels>> m_labels;
    std::vector<double> m_values; // scratch
    ColumnExtras m_extras; // scratch
    bool m_sawAbsent = false;
    bool m_sawStale = false;
};

} // namespace watchfire::tsdb
