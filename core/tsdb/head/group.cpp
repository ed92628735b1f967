// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/head/group.h"

#include "core/base/check.h"

#include <algorithm>
#include <utility>

namespace watchfire::tsdb {

namespace {

constexpr std::int64_t noTime = std::numeric_limits<std::int64_t>::min();
constexpr std::uint32_t usualRows = 32;
// More is given back: there are many groups, and few have such rows.
constexpr std::size_t keptFrameBytes = 4'096;
// Positions are renumbered for at least so many silent ones, and one in eight: renumbering costs
// every writer a look at its series, silence costs a bit a row.
constexpr std::size_t fewSilent = 16;
constexpr std::size_t silentShare = 8;

} // namespace

Group::Group(HeadContext& context, Gid gid, GroupRecord record, bool isPersisted, bool isPushed)
    : m_context(context)
    , m_gid(gid)
    , m_identity(std::move(record.identity))
    , m_layout(Layout::of(record.layout))
    , m_extents(std::move(record.extents))
    , m_usedInLast(record.usedInLast)
    , m_nextSeq(record.nextStripSeq)
    , m_lastMs(record.sealedThroughMs)
    , m_sealedThroughMs(record.sealedThroughMs)
    , m_coveredSeq(record.coveredSeq)
    , m_lateCoveredSeq(record.lateCoveredSeq)
    // Groups end their first strips at different lengths, so that they do not all end theirs in
    // the same commit ever after, and half of all rows are held at any time.
    , m_rowsPerStrip(1 + gid % usualRows)
    , m_tracksNewest(isPushed)
{
    if (isPersisted) {
        m_persistedChange = m_layoutChange;
    } else {
        encodeGroup(m_gid, m_identity, m_pendingFrames);
        m_isDirty = true;
    }
    if (m_tracksNewest) {
        m_newest.assign(m_layout->size(), newestUnknown);
    }
}

Group::~Group()
{
    delete m_view.load();
}

Sid Group::takeSid()
{
    if (m_extents.empty() || m_usedInLast == extentSize) {
        m_extents.push_back(m_context.index.takeExtent());
        m_usedInLast = 0;
    }
    return (m_extents.back() << extentBits) + m_usedInLast++;
}

Result<Group::Placed> Group::addSeries(const Labels& labels, Index::Age absentAt)
{
    const auto found
        = m_context.index.findOrCreate(labels, m_gid, [this] { return takeSid(); }, absentAt);
    if (!found) {
        return std::unexpected(found.error());
    }
    Placed placed{*found, 0};
    if (found->gid != m_gid) {
        return placed;
    }
    if (!found->isNew) {
        placed.position = place(found->sid);
        return placed;
    }
    placed.position = static_cast<std::uint32_t>(m_layout->size());
    m_layout = Layout::appended(m_layout, {&found->sid, 1});
    ++m_layoutChange;
    m_isDirty = true;
    if (m_tracksNewest) {
        m_newest.push_back(newestNone);
    }
    encodeSeries(m_gid, found->sid, placed.position, labels, m_pendingFrames);
    return placed;
}

std::uint32_t Group::place(Sid sid)
{
    if (const auto position = m_layout->find(sid)) {
        return *position;
    }
    const auto position = static_cast<std::uint32_t>(m_layout->size());
    m_layout = Layout::appended(m_layout, {&sid, 1});
    ++m_layoutChange;
    m_isDirty = true;
    if (m_tracksNewest) {
        m_newest.push_back(newestUnknown);
    }
    // Without labels: the series is known by its number already.
    encodeSeries(m_gid, sid, position, {}, m_pendingFrames);
    return position;
}

Group::StripState* Group::open()
{
    return m_strips.empty() || m_strips.back().isClosed ? nullptr : &m_strips.back();
}

void Group::close(StripState& strip)
{
    strip.isClosed = true;
    strip.layout = m_layout;
    m_baseRow = nullptr;
    const std::uint32_t count = strip.rows->count.load(std::memory_order_relaxed);
    m_rowsPerStrip = usualRows;
    // A strip that other reasons ended early says nothing about who went silent.
    m_silent.clear();
    if (count >= usualRows || m_context.clock.now() - strip.openedAt >= greatestAge) {
        m_silent = silentPositions(strip);
    }
}

void Group::closeLate()
{
    if (!m_late.empty()) {
        m_late.back().isClosed = true;
    }
}

std::uint32_t Group::endStrips()
{
    closeLate();
    if (StripState* const strip = open()) {
        if (strip->rows->count.load(std::memory_order_relaxed) == 0) {
            return strip->rows->seq; // rows yet to come will be in it
        }
        close(*strip);
    }
    m_isDirty = true;
    return m_nextSeq;
}

/// Positions without one sample in the strip.
std::vector<std::uint32_t> Group::silentPositions(const StripState& strip) const
{
    std::vector<bool> heard(m_layout->size());
    std::vector<double> cells(m_layout->size());
    const std::uint32_t rows = strip.rows->count.load(std::memory_order_relaxed);
    for (std::uint32_t i = 0; i < rows; ++i) {
        strip.rows->row(i).cells(cells);
        for (std::size_t position = 0; position < cells.size(); ++position) {
            heard[position] = heard[position] || !isAbsent(cells[position]);
        }
    }
    std::vector<std::uint32_t> silent;
    for (std::uint32_t position = 0; position < heard.size(); ++position) {
        if (!heard[position]) {
            silent.push_back(position);
        }
    }
    return silent;
}

/// Drops the positions that were silent through the whole strip that just ended.
void Group::compact()
{
    const std::vector<std::uint32_t> silent = std::exchange(m_silent, {});
    if (silent.size() < fewSilent || silent.size() < m_layout->size() / silentShare) {
        return;
    }
    StripFrame frame{m_gid, m_layout->size(), true, {}};
    std::vector<std::uint32_t> renumbering(m_layout->size(), Layout::dropped);
    std::vector<Sid> sids;
    std::vector<std::int64_t> newest;
    auto nextSilent = silent.begin();
    for (std::uint32_t position = 0; position < renumbering.size(); ++position) {
        if (nextSilent != silent.end() && *nextSilent == position) {
            ++nextSilent;
            continue;
        }
        renumbering[position] = static_cast<std::uint32_t>(sids.size());
        sids.push_back(m_layout->sid(position));
        if (m_tracksNewest) {
            newest.push_back(m_newest[position]);
        }
        frame.kept.push_back(position);
    }
    // Late rows count positions by the layout in their frames, so they end with it.
    closeLate();
    // The frame goes to the ring at once: a commit in between writes the new layout, and its
    // record says that this frame is covered.
    encodeStripFrame(frame, m_pendingFrames);
    m_layoutSeq = push(1);
    m_needsStripFrame = false;
    if (m_hasWriter) {
        m_renumberings.push_back({m_layout, std::move(renumbering)});
    }
    m_layout = Layout::of(sids);
    m_newest = std::move(newest);
    ++m_layoutChange;
}

void Group::beginRow(std::int64_t atMs)
{
    if (atMs <= m_lastMs && m_lastMs != noTime) {
        return; // goes where older rows go
    }
    StripState* strip = open();
    if (strip != nullptr) {
        const std::uint32_t count = strip->rows->count.load(std::memory_order_relaxed);
        const bool ends = count >= strip->rows->capacity
            || (count > 0
                && (windowOf(strip->rows->row(0).atMs) != windowOf(atMs)
                    || m_context.clock.now() - strip->openedAt >= greatestAge));
        if (!ends) {
            return;
        }
        close(*strip);
    }
    m_needsStripFrame = true;
    compact();
    openStrip(0);
}

void Group::openStrip(std::uint64_t seq)
{
    StripState strip;
    strip.rows = std::make_shared<HeadStrip>(m_nextSeq++,
                                             std::min(m_rowsPerStrip, HeadStrip::greatestCapacity));
    strip.layout = m_layout;
    strip.firstSeq = seq;
    strip.lastSeq = seq;
    strip.openedAt = m_context.clock.now();
    m_strips.push_back(std::move(strip));
    m_baseRow = nullptr;
    m_starts = nullptr;
    m_publishedLayout = nullptr;
}

std::uint64_t Group::push(std::uint64_t numbered)
{
    const std::uint64_t seq = m_context.ring->push(m_pendingFrames, numbered);
    if (m_pendingFrames.capacity() > keptFrameBytes) {
        m_pendingFrames = Bytes(); // it held new series; {} would keep its room
    } else {
        m_pendingFrames.clear();
    }
    m_isDirty.store(true, std::memory_order_relaxed);
    if (m_context.wake && m_context.ring->isHalfFull()) {
        m_context.wake();
    }
    return seq;
}

void Group::pushPending()
{
    if (!m_pendingFrames.empty()) {
        push(0);
    }
}

Result<storage::CommitReport> Group::append(const RowInput& row,
                                            std::chrono::milliseconds lateWindow)
{
    if (row.atMs > m_lastMs || m_lastMs == noTime) {
        return appendNewest(row);
    }
    return appendOlder(row, lateWindow);
}

Result<storage::CommitReport> Group::appendBySeries(std::int64_t atMs,
                                                    std::span<const SeriesCell> cells,
                                                    std::chrono::milliseconds lateWindow)
{
    const std::lock_guard lock(mutex);
    beginRow(atMs);
    std::vector<PositionedValue> values;
    std::vector<PositionedHistogramPtr> histograms;
    StartList starts;
    values.reserve(cells.size());
    for (const SeriesCell& cell : cells) {
        const std::uint32_t position = place(cell.sid);
        values.push_back({position, cell.value});
        if (cell.histogram != nullptr) {
            histograms.emplace_back(position, cell.histogram);
        }
        if (cell.startedAtMs != 0) {
            starts.push_back({position, cell.startedAtMs});
        }
    }
    std::ranges::sort(values, {}, &PositionedValue::position);
    std::ranges::sort(histograms, {}, &PositionedHistogramPtr::first);
    std::ranges::sort(starts, {}, &PositionedStart::position);
    return append({atMs, {}, values, histograms, starts}, lateWindow);
}

storage::CommitReport Group::appendNewest(const RowInput& input)
{
    storage::CommitReport report;
    const std::size_t present
        = input.dense.empty() ? input.sparse.size() : countPresent(input.dense);
    if (present == 0) {
        pushPending();
        return report;
    }
    WF_CHECK(open() != nullptr); // beginRow came first
    auto row = std::make_unique<HeadRow>();
    row->atMs = input.atMs;
    row->histograms.assign(input.histograms.begin(), input.histograms.end());
    row->samples = static_cast<std::uint32_t>(present);
    std::uint64_t numbered = 1 + input.histograms.size();
    if (m_needsStripFrame) {
        encodeStripFrame({m_gid, m_layout->size(), false, {}}, m_pendingFrames);
        m_needsStripFrame = false;
        ++numbered;
    }
    std::vector<double> spread;
    std::span<const double> cells;
    if (present * 4 >= m_layout->size()) {
        cells = input.dense;
        if (input.dense.empty()) {
            spread.assign(input.sparse.back().position + 1, absentValue());
            for (const PositionedValue& cell : input.sparse) {
                spread[cell.position] = cell.value;
            }
            cells = spread;
        }
        row->fromRowFrame = true;
        encodeRow(m_gid, input.atMs, cells, base(), m_pendingFrames);
    } else {
        if (input.dense.empty()) {
            row->sparse.assign(input.sparse.begin(), input.sparse.end());
        } else {
            row->sparse.reserve(present);
            for (std::uint32_t position = 0; position < input.dense.size(); ++position) {
                if (!isAbsent(input.dense[position])) {
                    row->sparse.push_back({position, input.dense[position]});
                }
            }
        }
        encodeSparse(FrameType::sparse, m_gid, input.atMs, row->sparse, m_pendingFrames);
    }
    for (const auto& [position, histogram] : row->histograms) {
        encodeHistogramFrame(m_gid, input.atMs, position, *histogram, m_pendingFrames);
    }
    if (m_starts != nullptr || !input.starts.empty()) {
        numbered += noteStarts(*row, cells, input.starts) ? 1U : 0U;
    }
    const std::uint64_t seq = push(numbered);
    if (StripState& strip = m_strips.back(); strip.firstSeq == 0) {
        strip.firstSeq = seq;
    }
    if (m_tracksNewest) {
        const auto note = [&](std::uint32_t position, double value) {
            if (!isAbsent(value)) {
                m_newest[position] = input.atMs;
            }
        };
        for (std::uint32_t position = 0; position < cells.size(); ++position) {
            note(position, cells[position]);
        }
        for (const PositionedValue& cell : row->sparse) {
            note(cell.position, cell.value);
        }
    }
    addRow(std::move(row), cells, seq + numbered - 1);
    report.stored = present;
    m_context.appendedSamples.fetch_add(present, std::memory_order_relaxed);
    return report;
}

/// Gives a new row its starts, with a frame of what is other than in the row before. A staleness
/// marker has no start, and says nothing of it. False: all is as before.
bool Group::noteStarts(HeadRow& row, std::span<const double> cells,
                       std::span<const PositionedStart> known)
{
    const StartList changes = startChanges(m_starts, known, [&](std::uint32_t position) {
        double value = absentValue();
        if (row.fromRowFrame) {
            value = position < cells.size() ? cells[position] : value;
        } else {
            const auto at
                = std::ranges::lower_bound(row.sparse, position, {}, &PositionedValue::position);
            value = at != row.sparse.end() && at->position == position ? at->value : value;
        }
        return !isAbsent(value) && !isStaleMarker(value);
    });
    if (!changes.empty()) {
        m_starts = withStarts(m_starts, changes);
        m_context.heldBytes.fetch_add(m_starts == nullptr ? 0
                                                          : m_starts->size() * sizeof changes[0],
                                      std::memory_order_relaxed);
        encodeStarts(m_gid, row.atMs, changes, m_pendingFrames);
    }
    row.starts = m_starts;
    return !changes.empty();
}

/// Makes the row visible as the newest of the open strip; with these cells, where it is of a ROW
/// frame.
void Group::addRow(std::unique_ptr<HeadRow> row, std::span<const double> cells,
                   std::uint64_t lastSeq)
{
    StripState& strip = m_strips.back();
    const std::uint32_t count = strip.rows->count.load(std::memory_order_relaxed);
    m_lastMs = row->atMs;
    if (row->fromRowFrame) {
        row->pack(cells, strip.rows->base(cells));
        m_baseRow = row.get();
        m_baseCells.assign(cells.begin(), cells.end());
    }
    m_context.heldBytes.fetch_add(row->bytes(), std::memory_order_relaxed);
    strip.lastSeq = lastSeq;
    strip.rows->rows[count].store(row.release(), std::memory_order_release);
    if (m_publishedLayout != m_layout) {
        publish();
    }
    // After the view: whoever sees the row finds its positions in the layout.
    strip.rows->count.store(count + 1, std::memory_order_release);
    noteNeeded();
}

void Group::publish()
{
    if (StripState* const strip = open()) {
        strip->layout = m_layout;
    }
    auto view = std::make_unique<HeadView>();
    view->strips.reserve(m_strips.size());
    for (const StripState& strip : m_strips) {
        view->strips.push_back({strip.rows, strip.layout});
    }
    for (const LateState& late : m_late) {
        view->late.push_back(late.rows);
    }
    view->nextSeq = m_nextSeq;
    m_publishedLayout = m_layout;
    std::unique_ptr<const HeadView> before(m_view.exchange(view.release()));
    if (before != nullptr) {
        m_context.epochs.retire(std::move(before));
    }
}

void Group::noteNeeded()
{
    std::uint64_t oldest = std::numeric_limits<std::uint64_t>::max();
    for (const StripState& strip : m_strips) {
        if (strip.firstSeq != 0) {
            oldest = std::min(oldest, strip.firstSeq);
        }
    }
    for (const LateState& late : m_late) {
        oldest = std::min(oldest, late.firstSeq);
    }
    m_oldestNeeded.store(oldest, std::memory_order_relaxed);
}

std::vector<Group::Renumbering> Group::takeRenumberings()
{
    return std::exchange(m_renumberings, {});
}

void Group::setHasWriter(bool hasWriter)
{
    m_hasWriter = hasWriter;
    m_renumberings.clear();
}

GroupCommit Group::collect(Timestamp now, std::uint64_t endSeq)
{
    if (m_layoutSeq >= endSeq) {
        // Positions were renumbered since: the rows before that cannot be read from their frames.
        endSeq = std::numeric_limits<std::uint64_t>::max();
    }
    if (StripState* const strip = open(); strip != nullptr
        && strip->rows->count.load(std::memory_order_relaxed) > 0
        && now - strip->openedAt >= greatestAge) {
        close(*strip);
    }
    if (!m_late.empty() && now - m_late.back().openedAt >= greatestAge) {
        closeLate();
    }
    GroupCommit commit;
    commit.layoutChange = m_layoutChange;
    GroupRecord& record = commit.record;
    record.sealedThroughMs = m_sealedThroughMs;
    record.coveredSeq = std::max(m_coveredSeq, m_layoutSeq);
    record.lateCoveredSeq = std::max(m_lateCoveredSeq, m_layoutSeq);
    for (const StripState& strip : m_strips) {
        if (strip.isClosed && strip.lastSeq < endSeq) {
            commit.strips.push_back({strip.rows, strip.layout});
            record.coveredSeq = std::max(record.coveredSeq, strip.lastSeq);
            const std::uint32_t count = strip.rows->count.load(std::memory_order_relaxed);
            record.sealedThroughMs
                = std::max(record.sealedThroughMs, strip.rows->row(count - 1).atMs);
        } else if (strip.firstSeq != 0) {
            commit.oldestNeeded = std::min(commit.oldestNeeded, strip.firstSeq);
        }
    }
    for (const LateState& late : m_late) {
        if (late.isClosed && late.lastSeq < endSeq) {
            commit.late.push_back(late.rows);
            record.lateCoveredSeq = std::max(record.lateCoveredSeq, late.lastSeq);
        } else {
            commit.oldestNeeded = std::min(commit.oldestNeeded, late.firstSeq);
        }
    }
    commit.writesRecord
        = m_layoutChange != m_persistedChange || !commit.strips.empty() || !commit.late.empty();
    if (commit.writesRecord) {
        record.identity = m_identity;
        record.nextStripSeq = m_nextSeq;
        record.extents = m_extents;
        record.usedInLast = m_usedInLast;
        record.layout.assign(m_layout->sids().begin(), m_layout->sids().end());
    } else if (m_strips.empty() && m_late.empty()) {
        m_isDirty.store(false, std::memory_order_relaxed);
    }
    return commit;
}

void Group::committed(const GroupCommit& done)
{
    m_persistedChange = std::max(m_persistedChange, done.layoutChange);
    if (!done.writesRecord) {
        return;
    }
    m_coveredSeq = done.record.coveredSeq;
    m_lateCoveredSeq = done.record.lateCoveredSeq;
    m_sealedThroughMs = done.record.sealedThroughMs;
    if (done.strips.empty() && done.late.empty()) {
        return;
    }
    m_strips.erase(m_strips.begin(),
                   m_strips.begin() + static_cast<std::ptrdiff_t>(done.strips.size()));
    m_late.erase(m_late.begin(), m_late.begin() + static_cast<std::ptrdiff_t>(done.late.size()));
    publish();
    noteNeeded();
}

std::optional<GroupRecord> Group::firstRecord() const
{
    if (m_persistedChange != 0) {
        return {};
    }
    GroupRecord record;
    record.identity = m_identity;
    record.extents = m_extents;
    record.usedInLast = m_usedInLast;
    return record;
}

SidSet Group::series() const
{
    SidSet series;
    const auto add = [&](const Layout& layout) {
        for (const Sid sid : layout.sids()) {
            series.add(sid);
        }
    };
    add(*m_layout);
    for (const StripState& strip : m_strips) {
        if (strip.layout != m_layout) {
            add(*strip.layout);
        }
    }
    for (const LateState& late : m_late) {
        for (std::uint32_t i = 0; i < late.rows->count.load(std::memory_order_relaxed); ++i) {
            for (const LateRow::Value& value : late.rows->rows[i]->values) {
                series.add(value.sid);
            }
        }
    }
    return series;
}

std::optional<std::pair<std::int64_t, std::int64_t>> Group::headRange() const
{
    std::optional<std::pair<std::int64_t, std::int64_t>> range;
    const auto add = [&](std::int64_t atMs) {
        range = range ? std::pair(std::min(range->first, atMs), std::max(range->second, atMs))
                      : std::pair(atMs, atMs);
    };
    for (const StripState& strip : m_strips) {
        const std::uint32_t count = strip.rows->count.load(std::memory_order_relaxed);
        if (count > 0) {
            add(strip.rows->row(0).atMs);
            add(strip.rows->row(count - 1).atMs);
        }
    }
    for (const LateState& late : m_late) {
        for (std::uint32_t i = 0; i < late.rows->count.load(std::memory_order_relaxed); ++i) {
            add(late.rows->rows[i]->atMs);
        }
    }
    return range;
}

std::uint64_t Group::headSamples() const
{
    std::uint64_t samples = 0;
    for (const StripState& strip : m_strips) {
        for (std::uint32_t i = 0; i < strip.rows->count.load(std::memory_order_relaxed); ++i) {
            samples += strip.rows->row(i).samples;
        }
    }
    for (const LateState& late : m_late) {
        for (std::uint32_t i = 0; i < late.rows->count.load(std::memory_order_relaxed); ++i) {
            samples += late.rows->rows[i]->values.size();
        }
    }
    return samples;
}

} // namespace watchfire::tsdb
