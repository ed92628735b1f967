// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/storage/group_reader.h"
#include "core/tsdb/codec/block.h"
#include "core/tsdb/deleted_rows.h"
#include "core/tsdb/index/series_page.h"
#include "core/tsdb/store_querier.h"

#include <map>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

namespace watchfire::tsdb {

/// Reads the selected series of one group: its blocks, its strips and its head, one after the
/// other as long as nothing is late, merged by time where something is.
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
    Result<std::optional<std::vector<const Labels*>>>
    project(const std::vector<std::string>& names) override;
    std::optional<Error> labelFailure() const override { return m_labelFailure; }
    const std::optional<std::string>& leftOut() const override { return m_leftOut; }
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
    /// A sealed window.
    struct SealedPart {
        Window window = 0;
        std::uint32_t rows = 0; ///< of its timeline
        std::uint32_t lineCrc = 0; ///< tells whether it was sealed anew
        Deletions deletions;
        Place place;
        std::optional<BlockView> block; ///< the one read last
        std::size_t guess = 0; ///< where in its directory the next series may be
        /// Values of the series before `guess` by segment, as far as the series at `guess` is
        /// chained to them.
        std::vector<std::vector<double>> chain;
    };
    struct StripPart {
        Window window = 0;
        std::uint32_t seq = 0;
        std::optional<StripView> view; ///< nothing: gone or damaged
        Deletions deletions;
        Place place;
        std::size_t guess = 0; ///< where in the directory the next series may be
    };
    struct HeadPart {
        const HeadCapture::Strip* strip = nullptr;
        Place place;
        std::vector<double> values; ///< of every series, one after the other; empty: not read yet
        bool hasStarts = false; ///< of some row
    };
    struct LatePart {
        HeadCapture::Late late;
        Place place;
    };
    struct Times {
        std::vector<std::int64_t> all;
        bool isOrdered = true;
    };

    using StampLists = std::vector<std::vector<std::int64_t>>;

    Result<void> prepare();
    /// What the tables have: fills m_sealed and m_strips, and the times in range of each.
    Result<void> findStored(Snapshot& snapshot, StampLists& sealedTimes, StampLists& stripTimes);
    void leaveOut(std::string what);
    Result<void> findSealed(Snapshot& snapshot, StampLists& times);
    Result<void> findStrips(Snapshot& snapshot, StampLists& times);
    bool isInRange(Place& place, std::vector<std::int64_t>& stamps) const;
    template <class Parts> bool joinInOrder(Parts& parts);
    Result<void> bind(Snapshot& snapshot);
    Result<SnapshotPtr> bound();
    bool isUnchanged(Snapshot& snapshot);
    void layOut(StampLists& sealedTimes, StampLists& stripTimes);
    Result<void> readSealed(SealedPart& part, Sid sid, storage::Column& out);
    Result<bool> findBlock(SealedPart& part, Sid sid);
    Result<SegmentFacts> readSegment(SealedPart& part, std::size_t index, std::size_t segment,
                                     std::size_t rows, std::span<double> out);
    Result<void> readStrip(StripPart& part, Sid sid, storage::Column& out);
    std::shared_ptr<const Histogram> histogramAt(std::uint32_t row) const;
    void putExtras(const Place& place, storage::Column& out);
    void unpack(HeadPart& part) const;
    void readHead(HeadPart& part, std::size_t index, storage::Column& out);
    void readLate(const LatePart& part, Sid sid, storage::Column& out);
    bool isDeleted(const Deletions& deletions, std::uint32_t seq, Sid sid,
                   std::uint32_t entry) const;
    void put(storage::Column& out, std::uint32_t entry, double value,
             std::shared_ptr<const Histogram> histogram, std::int64_t startedAtMs);
    void putStart(storage::Column& out, std::size_t entry, std::int64_t startedAtMs);
    std::int64_t startAt(std::uint32_t row) const;
    void markAbsent(storage::Column& out, const Place& place);
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
    std::vector<SealedPart> m_sealed;
    std::vector<StripPart> m_strips;
    std::vector<HeadPart> m_headParts;
    std::vector<LatePart> m_lateParts;
    std::weak_ptr<Snapshot> m_bound; ///< what the views point into
    std::uint32_t m_reads = 0; ///< so far

    std::vector<std::optional<Labels>> m_labels;
    std::map<std::vector<LabelPair>, Labels> m_projected;
    std::optional<Error> m_labelFailure;
    std::optional<std::string> m_leftOut;
    std::vector<double> m_values; // scratch
    ColumnExtras m_extras; // scratch
    bool m_sawAbsent = false;
    bool m_sawStale = false;
};

} // namespace watchfire::tsdb
