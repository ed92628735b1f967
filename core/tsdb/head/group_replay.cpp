// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later

// Rows of a former process, from the journal and the hand-off ring. Frames come in the order of
// their numbers, so each step does what the writer did then.

#include "core/base/log.h"
#include "core/tsdb/head/group.h"

#include <algorithm>

namespace watchfire::tsdb {

namespace {

std::shared_ptr<const Histogram> histogramAt(std::span<const PositionedHistogramPtr> histograms,
                                             std::uint32_t position)
{
    const auto at = std::ranges::find(histograms, position, &PositionedHistogramPtr::first);
    return at == histograms.end() ? nullptr : at->second;
}

} // namespace

void Group::replaySeries(Sid sid, std::uint32_t position, std::uint64_t nextSeq)
{
    const std::uint32_t extent = sid >> extentBits;
    const std::uint32_t used = sid % extentSize + 1;
    if (!m_extents.empty() && m_extents.back() == extent) {
        m_usedInLast = std::max(m_usedInLast, used);
    } else if (std::ranges::find(m_extents, extent) == m_extents.end()) {
        m_extents.push_back(extent);
        m_usedInLast = used;
    }
    // A commit that was cut short wrote the layout and did not get to the journal. The positions
    // may have been numbered anew since.
    if (nextSeq <= m_coveredSeq
        || (position < m_layout->size() && m_layout->sid(position) == sid)) {
        return;
    }
    if (position != m_layout->size()) {
        m_isBroken = true;
        return;
    }
    m_layout = Layout::appended(m_layout, {&sid, 1});
    ++m_layoutChange;
    m_isDirty = true;
    if (m_tracksNewest) {
        m_newest.push_back(newestUnknown);
    }
}

void Group::replayStrip(const StripFrame& frame, std::uint64_t seq)
{
    if (seq <= m_coveredSeq) {
        return;
    }
    if (StripState* const strip = open()) {
        close(*strip);
    }
    m_isBroken = frame.compacted && frame.positions != m_layout->size();
    if (m_isBroken) {
        log(LogLevel::error, "tsdb", "group {}: rows after a gap in the journal are left out",
            m_gid);
        return;
    }
    if (frame.compacted) {
        std::vector<Sid> sids;
        std::vector<std::int64_t> newest;
        for (const std::uint32_t position : frame.kept) {
            sids.push_back(m_layout->sid(position));
            if (m_tracksNewest) {
                newest.push_back(m_newest[position]);
            }
        }
        closeLate();
        m_layout = Layout::of(sids);
        m_newest = std::move(newest);
        m_layoutSeq = seq;
        ++m_layoutChange;
    }
    openStrip(seq);
    m_isDirty = true;
}

void Group::replayRow(const RowFrame& frame, const Attached& with)
{
    if (with.seq <= m_coveredSeq || m_isBroken) {
        return;
    }
    if (frame.positions > m_layout->size() || (m_baseRow == nullptr && !frame.againstZero)) {
        m_isBroken = true;
        log(LogLevel::error, "tsdb", "group {}: a row has nothing to stand on and is left out",
            m_gid);
        return;
    }
    auto row = std::make_unique<HeadRow>();
    row->atMs = frame.atMs;
    row->fromRowFrame = true;
    std::vector<double> cells(frame.positions);
    const auto decoded = decodeRow(frame, base(), cells);
    if (!decoded) {
        m_isBroken = true;
        return;
    }
    row->samples = static_cast<std::uint32_t>(countPresent(cells));
    replayNewest(std::move(row), cells, with);
}

/// Adds a row behind those that are there, in a strip of its own where none is open.
void Group::replayNewest(std::unique_ptr<HeadRow> row, std::span<const double> cells,
                         const Attached& with)
{
    if (open() == nullptr
        || m_strips.back().rows->count.load(std::memory_order_relaxed)
            == HeadStrip::greatestCapacity) {
        if (StripState* const strip = open()) {
            close(*strip);
        }
        openStrip(with.seq);
    }
    row->histograms = with.histograms;
    std::ranges::sort(row->histograms, {}, &PositionedHistogramPtr::first);
    m_starts = withStarts(m_starts, with.starts);
    row->starts = m_starts;
    addRow(std::move(row), cells, with.lastSeq);
    m_isDirty = true;
}

/// By position; nothing: one is not in the layout.
std::optional<std::vector<Group::Cell>> Group::replayedCells(const SparseFrame& frame,
                                                             const Attached& with) const
{
    std::vector<Cell> cells;
    cells.reserve(frame.values.size());
    for (const auto& [position, value] : frame.values) {
        if (position >= m_layout->size()) {
            return {};
        }
        const auto start = std::ranges::find(with.starts, position, &PositionedStart::position);
        cells.push_back({position, value, histogramAt(with.histograms, position),
                         start == with.starts.end() ? 0 : start->startedAtMs});
    }
    return cells;
}

void Group::replaySparse(const SparseFrame& frame, const Attached& with)
{
    if (with.seq <= m_coveredSeq || m_isBroken || frame.values.empty()) {
        return;
    }
    const auto cells = replayedCells(frame, with);
    if (!cells) {
        m_isBroken = true;
        return;
    }
    if (const auto row = rowOfOpen(frame.atMs)) {
        fillRow(*row, *cells, with.lastSeq);
        return;
    }
    auto row = std::make_unique<HeadRow>();
    row->atMs = frame.atMs;
    row->sparse = frame.values;
    row->samples = static_cast<std::uint32_t>(frame.values.size());
    replayNewest(std::move(row), {}, with);
}

void Group::replayLate(const SparseFrame& frame, const Attached& with)
{
    if (with.seq <= m_lateCoveredSeq || m_isBroken) {
        return;
    }
    const auto cells = replayedCells(frame, with);
    if (!cells) {
        m_isBroken = true;
        return;
    }
    addLate(frame.atMs, *cells, with.seq, with.lastSeq);
    m_isDirty = true;
}

} // namespace watchfire::tsdb
