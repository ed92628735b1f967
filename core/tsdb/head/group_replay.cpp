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

void Group::replayRow(const RowFrame& frame, std::span<const PositionedHistogramPtr> histograms,
                      std::uint64_t seq, std::uint64_t lastSeq)
{
    if (seq <= m_coveredSeq || m_isBroken) {
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
    row->histograms.assign(histograms.begin(), histograms.end());
    std::ranges::sort(row->histograms, {}, &PositionedHistogramPtr::first);
    std::vector<double> cells(frame.positions);
    const auto decoded = decodeRow(frame, base(), cells);
    if (!decoded) {
        m_isBroken = true;
        return;
    }
    if (open() == nullptr
        || m_strips.back().rows->count.load(std::memory_order_relaxed)
            == HeadStrip::greatestCapacity) {
        if (StripState* const strip = open()) {
            close(*strip);
        }
        openStrip(seq);
    }
    row->samples = static_cast<std::uint32_t>(countPresent(cells));
    addRow(std::move(row), cells, lastSeq);
    m_isDirty = true;
}

void Group::replaySparse(const SparseFrame& frame,
                         std::span<const PositionedHistogramPtr> histograms, std::uint64_t seq,
                         std::uint64_t lastSeq)
{
    if (seq <= m_coveredSeq || m_isBroken || frame.values.empty()) {
        return;
    }
    std::vector<Cell> cells;
    for (const PositionedValue& value : frame.values) {
        if (value.position >= m_layout->size()) {
            m_isBroken = true;
            return;
        }
        cells.push_back({value.position, value.value, histogramAt(histograms, value.position)});
    }
    if (const auto row = rowOfOpen(frame.atMs)) {
        fillRow(*row, cells, lastSeq);
        return;
    }
    if (open() == nullptr
        || m_strips.back().rows->count.load(std::memory_order_relaxed)
            == HeadStrip::greatestCapacity) {
        if (StripState* const strip = open()) {
            close(*strip);
        }
        openStrip(seq);
    }
    auto row = std::make_unique<HeadRow>();
    row->atMs = frame.atMs;
    row->sparse = frame.values;
    row->samples = static_cast<std::uint32_t>(frame.values.size());
    row->histograms.assign(histograms.begin(), histograms.end());
    std::ranges::sort(row->histograms, {}, &PositionedHistogramPtr::first);
    addRow(std::move(row), {}, lastSeq);
    m_isDirty = true;
}

void Group::replayLate(const SparseFrame& frame, std::span<const PositionedHistogramPtr> histograms,
                       std::uint64_t seq, std::uint64_t lastSeq)
{
    if (seq <= m_lateCoveredSeq || m_isBroken) {
        return;
    }
    std::vector<Cell> cells;
    for (const PositionedValue& value : frame.values) {
        if (value.position >= m_layout->size()) {
            m_isBroken = true;
            return;
        }
        cells.push_back({value.position, value.value, histogramAt(histograms, value.position)});
    }
    addLate(frame.atMs, cells, seq, lastSeq);
    m_isDirty = true;
}

} // namespace watchfire::tsdb
