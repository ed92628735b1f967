// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/storage/appender.h"
#include "core/tsdb/codec/segment.h"
#include "core/tsdb/head/group_record.h"
#include "core/tsdb/head/rows.h"
#include "core/tsdb/index/index.h"
#include "core/tsdb/index/sid_set.h"
#include "core/tsdb/journal.h"
#include "core/tsdb/ring.h"

#include <atomic>
#include <chrono>
#include <functional>
#include <limits>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

namespace watchfire::tsdb {

/// What groups share.
struct HeadContext {
    Environment& environment;
    Index& index;
    Epochs& epochs;
    const Clock& clock;
    Ring* ring = nullptr; ///< null: read-only
    std::function<void()> wake; ///< the hand-off ring is half full
    std::atomic<std::uint64_t> heldBytes{0}; ///< rows no commit has taken yet
    std::atomic<std::uint64_t> appendedSamples{0};
    /// Inside is who looked up a series and has not written of it yet; shut while dead ones are
    /// removed.
    Gate seriesGate{};
    /// Counts removals: numbers of series that have no place in a layout may be void since.
    std::atomic<std::uint64_t> removals{0};
    /// Counts changes of what was settled: see storage::History.
    std::atomic<std::uint64_t> historyEpoch{0};
};

/// Samples of one group at one moment, by position of its layout.
struct RowInput {
    std::int64_t atMs = 0;
    /// Either these, absentValue() where there is nothing …
    std::span<const double> dense;
    /// … or these, sorted by position, each once.
    std::span<const PositionedValue> sparse;
    /// Sorted by position; the value there is histogramMarker().
    std::span<const PositionedHistogramPtr> histograms;
    /// Sorted by position, each once, none 0; those that are known.
    std::span<const PositionedStart> starts{};
};

/// What one commit is to write of a group.
struct GroupCommit {
    GroupRecord record;
    bool writesRecord = false;
    struct Strip {
        std::shared_ptr<HeadStrip> rows;
        LayoutPtr layout;
    };
    std::vector<Strip> strips;
    std::vector<std::shared_ptr<LateRows>> late;
    /// The oldest frame that is still needed once this is committed.
    std::uint64_t oldestNeeded = std::numeric_limits<std::uint64_t>::max();
    std::uint64_t layoutChange = 0;
};

/// The series that share one timeline, and their rows no strip holds yet. Everything but `view`
/// and the plain getters needs `mutex` held.
class Group {
public:
    static constexpr std::chrono::minutes greatestAge{15};

    Group(HeadContext& context, Gid gid, GroupRecord record, bool isPersisted, bool isPushed);
    ~Group();
    Group(const Group&) = delete;
    Group& operator=(const Group&) = delete;

    Gid gid() const { return m_gid; }
    const Labels& identity() const { return m_identity; }
    /// Readers hold an epoch pin. Null: no rows.
    const HeadView* view() const { return m_view.load(); }

    std::mutex mutex;

    const Layout& layout() const { return *m_layout; }
    /// Frames to ride with the next row, in the same batch: they use no number.
    Bytes& pendingFrames() { return m_pendingFrames; }

    /// Finds the series, or makes it this group's; its place when it belongs here.
    struct Placed {
        Index::Found found;
        std::uint32_t position = 0; ///< of this group, when found.gid is it
    };
    Result<Placed> addSeries(const Labels& labels, Index::Age absentAt = Index::unknownAge);
    /// The position of a series of this group, given one again where it has none.
    std::uint32_t place(Sid sid);

    /// Begins a strip where the row at `atMs` needs one; positions may be renumbered by it. Call
    /// before numbering a row by the layout.
    void beginRow(std::int64_t atMs);
    /// Stores the row: newest rows at the end, others by the order of each series. Once it
    /// returns the row is in the hand-off ring and visible.
    Result<storage::CommitReport> append(const RowInput& row, std::chrono::milliseconds lateWindow);
    /// Sends pending frames without a row.
    void pushPending();

    /// Takes the mutex itself: samples of series of this group, each once, by series.
    struct SeriesCell {
        Sid sid = 0;
        double value = 0;
        std::shared_ptr<const Histogram> histogram;
        std::int64_t startedAtMs = 0; ///< 0: unknown
    };
    Result<storage::CommitReport> appendBySeries(std::int64_t atMs,
                                                 std::span<const SeriesCell> cells,
                                                 std::chrono::milliseconds lateWindow);

    struct Renumbering {
        LayoutPtr before;
        std::vector<std::uint32_t> to; ///< by old position; Layout::dropped: it has none now
    };
    /// Those since the last call, in order.
    std::vector<Renumbering> takeRenumberings();
    void setHasWriter(bool hasWriter);
    bool hasWriter() const { return m_hasWriter; }
    /// Ends the strips under way, so that the next commit writes all rows there are. Returns the
    /// number below which every strip with one of them is.
    std::uint32_t endStrips();
    /// Series with a place in the layout, or with rows that are here.
    SidSet series() const;
    /// Nothing of it is here alone, and nobody writes to it.
    bool isSpent() const
    {
        return isIdle() && !m_hasWriter && m_strips.empty() && m_late.empty()
            && m_pendingFrames.empty();
    }
    std::size_t waitingStrips() const { return m_strips.size() + m_late.size(); }

    // Replay of what a former process left. Frames that strips hold already are passed over.
    /// `nextSeq`: the number of the first numbered frame behind it.
    void replaySeries(Sid sid, std::uint32_t position, std::uint64_t nextSeq);
    void replayStrip(const StripFrame& frame, std::uint64_t seq);
    /// What came with a frame of samples, and the numbers of the first and the last of all these.
    struct Attached {
        std::vector<PositionedHistogramPtr> histograms;
        std::vector<PositionedStart> starts;
        std::uint64_t seq = 0;
        std::uint64_t lastSeq = 0;
    };
    void replayRow(const RowFrame& frame, const Attached& with);
    void replaySparse(const SparseFrame& frame, const Attached& with);
    void replayLate(const SparseFrame& frame, const Attached& with);
    /// Frames are missing: rows cannot be understood until a strip begins.
    void replayGap() { m_isBroken = true; }

    // Storage writer.
    /// Cheap and without the mutex: nothing to write, nothing to age.
    bool isIdle() const { return !m_isDirty.load(std::memory_order_relaxed); }
    std::uint64_t oldestNeeded() const { return m_oldestNeeded.load(std::memory_order_relaxed); }
    /// Of rows whose frames come before `endSeq`, the commit's mark in the hand-off ring: what is
    /// committed is all that was accepted before one moment, also where the ring does not survive.
    GroupCommit collect(Timestamp now, std::uint64_t endSeq);
    void committed(const GroupCommit& done);
    /// Of a group that is not in the tables: what must be there before its series are. Rows and
    /// positions follow from the hand-off ring.
    std::optional<GroupRecord> firstRecord() const;
    std::vector<EncodeHint>& hints() { return m_hints; } ///< by position; the encoder's own

    std::uint64_t headSamples() const;
    /// Oldest and newest moment of the rows here.
    std::optional<std::pair<std::int64_t, std::int64_t>> headRange() const;

private:
    struct StripState {
        std::shared_ptr<HeadStrip> rows;
        LayoutPtr layout;
        std::uint64_t firstSeq = 0;
        std::uint64_t lastSeq = 0;
        Timestamp openedAt{};
        bool isClosed = false;
    };
    struct LateState {
        std::shared_ptr<LateRows> rows;
        std::uint64_t firstSeq = 0;
        std::uint64_t lastSeq = 0;
        Timestamp openedAt{};
        bool isClosed = false;
    };
    struct Cell {
        std::uint32_t position = 0;
        double value = 0;
        std::shared_ptr<const Histogram> histogram;
        std::int64_t startedAtMs = 0; ///< 0: unknown
    };

    static constexpr std::int64_t newestUnknown = std::numeric_limits<std::int64_t>::min();
    static constexpr std::int64_t newestNone = newestUnknown + 1;

    Sid takeSid();
    StripState* open();
    void openStrip(std::uint64_t seq);
    void close(StripState& strip);
    void closeLate();
    void compact();
    std::uint64_t encodeCells(FrameType type, std::int64_t atMs, std::span<const Cell> cells);
    void replayNewest(std::unique_ptr<HeadRow> row, std::span<const double> cells,
                      const Attached& with);
    std::optional<std::vector<Cell>> replayedCells(const SparseFrame& frame,
                                                   const Attached& with) const;
    std::vector<std::uint32_t> silentPositions(const StripState& strip) const;
    storage::CommitReport appendNewest(const RowInput& row);
    Result<storage::CommitReport> appendOlder(const RowInput& row,
                                              std::chrono::milliseconds lateWindow);
    std::uint64_t push(std::uint64_t numbered);
    bool noteStarts(HeadRow& row, std::span<const double> cells,
                    std::span<const PositionedStart> known);
    void addRow(std::unique_ptr<HeadRow> row, std::span<const double> cells, std::uint64_t lastSeq);
    /// Puts samples into a row of the open strip.
    void fillRow(std::uint32_t index, std::span<const Cell> cells, std::uint64_t lastSeq);
    void addLate(std::int64_t atMs, std::span<const Cell> cells, std::uint64_t seq,
                 std::uint64_t lastSeq);
    std::optional<std::uint32_t> rowOfOpen(std::int64_t atMs);
    std::optional<Cell> headCell(Sid sid, std::int64_t atMs, RowReader& rows) const;
    bool hasHeadRow(std::int64_t atMs) const;
    Result<void> resolveNewest(std::span<const Cell> cells);
    std::span<const double> base() const
    {
        return m_baseRow == nullptr ? std::span<const double>() : m_baseCells;
    }
    void publish();
    void noteNeeded();

    HeadContext& m_context;
    const Gid m_gid;
    const Labels m_identity;
    LayoutPtr m_layout;
    LayoutPtr m_publishedLayout;
    std::vector<std::uint32_t> m_extents;
    std::uint32_t m_usedInLast = 0;
    std::uint32_t m_nextSeq = 1;
    std::int64_t m_lastMs; ///< the newest row; least: none
    std::int64_t m_sealedThroughMs;
    std::uint64_t m_coveredSeq = 0;
    std::uint64_t m_lateCoveredSeq = 0;
    std::uint64_t m_layoutSeq = 0; ///< of the STRIP frame that last renumbered
    std::uint64_t m_layoutChange = 1; ///< counts what the record must follow
    std::uint64_t m_persistedChange = 0;
    std::uint32_t m_rowsPerStrip;
    bool m_isBroken = false;
    bool m_hasWriter = false;

    std::vector<std::uint32_t> m_silent; ///< positions without a sample in the strip that ended
    std::vector<StripState> m_strips; ///< in time order; all but the last are closed
    std::vector<LateState> m_late;
    bool m_tracksNewest = false; ///< m_newest is kept
    const HeadRow* m_baseRow = nullptr; ///< what the next ROW frame is written against
    std::vector<double> m_baseCells; ///< its cells
    StartListPtr m_starts; ///< of the newest row of the open strip, as STARTS frames told them
    std::vector<std::int64_t> m_newest; ///< by position: the newest sample
    std::vector<Renumbering> m_renumberings;

    Bytes m_pendingFrames;
    bool m_needsStripFrame = false;
    std::vector<EncodeHint> m_hints;
    std::atomic<const HeadView*> m_view{nullptr};
    std::atomic<bool> m_isDirty{false};
    std::atomic<std::uint64_t> m_oldestNeeded{std::numeric_limits<std::uint64_t>::max()};
};

} // namespace watchfire::tsdb
