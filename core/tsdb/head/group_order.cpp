// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later

// Rows that are not the group's newest: order is judged series by series.

#include "core/tsdb/head/group.h"
#include "core/tsdb/head/stored_samples.h"

#include <algorithm>
#include <bit>
#include <unordered_map>

namespace watchfire::tsdb {

namespace {

bool isSame(double a, const std::shared_ptr<const Histogram>& ha, double b,
            const std::shared_ptr<const Histogram>& hb)
{
    if (ha == nullptr && hb == nullptr) {
        return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
    }
    return ha != nullptr && hb != nullptr && *ha == *hb;
}

} // namespace

std::optional<std::uint32_t> Group::rowOfOpen(std::int64_t atMs)
{
    const StripState* const strip = open();
    if (strip == nullptr) {
        return {};
    }
    for (std::uint32_t i = strip->rows->count.load(std::memory_order_relaxed); i-- > 0;) {
        const std::int64_t there = strip->rows->row(i).atMs;
        if (there <= atMs) {
            return there == atMs ? std::optional(i) : std::nullopt;
        }
    }
    return {};
}

bool Group::hasHeadRow(std::int64_t atMs) const
{
    for (const StripState& strip : m_strips) {
        const std::uint32_t count = strip.rows->count.load(std::memory_order_relaxed);
        for (std::uint32_t i = 0; i < count; ++i) {
            if (strip.rows->row(i).atMs == atMs) {
                return true;
            }
        }
    }
    return false;
}

/// The sample of that series at that moment, where no strip holds it yet.
std::optional<Group::Cell> Group::headCell(Sid sid, std::int64_t atMs, RowReader& rows) const
{
    for (const StripState& strip : m_strips) {
        const std::uint32_t count = strip.rows->count.load(std::memory_order_relaxed);
        if (count == 0 || strip.rows->row(0).atMs > atMs
            || strip.rows->row(count - 1).atMs < atMs) {
            continue;
        }
        const Layout& layout = strip.isClosed ? *strip.layout : *m_layout;
        const auto position = layout.find(sid);
        for (std::uint32_t i = 0; position && i < count; ++i) {
            const HeadRow& row = strip.rows->row(i);
            if (row.atMs != atMs) {
                continue;
            }
            if (const double value = rows.value(row, *position); !isAbsent(value)) {
                return Cell{*position, value, row.histogram(*position), 0};
            }
        }
    }
    for (const LateState& late : m_late) {
        for (std::uint32_t i = 0; i < late.rows->count.load(std::memory_order_relaxed); ++i) {
            const LateRow& row = *late.rows->rows[i];
            if (row.atMs != atMs) {
                continue;
            }
            const auto at = std::ranges::lower_bound(row.values, sid, {}, &LateRow::Value::sid);
            if (at != row.values.end() && at->sid == sid) {
                return Cell{0, at->value, at->histogram, 0};
            }
        }
    }
    return {};
}

/// Learns the newest sample of these series where it is not known.
Result<void> Group::resolveNewest(std::span<const Cell> cells)
{
    if (!m_tracksNewest) {
        m_tracksNewest = true;
        m_newest.assign(m_layout->size(), newestUnknown);
    }
    std::unordered_map<Sid, std::uint32_t> unknown;
    for (const Cell& cell : cells) {
        if (m_newest[cell.position] == newestUnknown) {
            unknown.emplace(m_layout->sid(cell.position), cell.position);
        }
    }
    if (unknown.empty()) {
        return {};
    }
    const auto note = [&](Sid sid, std::int64_t atMs) {
        if (const auto at = unknown.find(sid); at != unknown.end()) {
            m_newest[at->second] = std::max(m_newest[at->second], atMs);
        }
    };
    std::vector<double> values;
    for (const StripState& strip : m_strips) {
        const Layout& layout = strip.isClosed ? *strip.layout : *m_layout;
        for (std::uint32_t i = 0; i < strip.rows->count.load(std::memory_order_relaxed); ++i) {
            const HeadRow& row = strip.rows->row(i);
            values.resize(layout.size());
            row.cells(values);
            for (std::uint32_t position = 0; position < values.size(); ++position) {
                if (!isAbsent(values[position])) {
                    note(layout.sid(position), row.atMs);
                }
            }
        }
    }
    for (const LateState& late : m_late) {
        for (std::uint32_t i = 0; i < late.rows->count.load(std::memory_order_relaxed); ++i) {
            for (const LateRow::Value& value : late.rows->rows[i]->values) {
                note(value.sid, late.rows->rows[i]->atMs);
            }
        }
    }
    // What the head knows may still be late: a strip can hold something newer.
    std::vector<Sid> sids;
    for (const auto& [sid, position] : unknown) {
        sids.push_back(sid);
    }
    const auto stored = newestStored(m_context.environment, m_gid, sids);
    if (!stored) {
        return std::unexpected(stored.error());
    }
    for (const auto& [sid, atMs] : *stored) {
        note(sid, atMs);
    }
    for (const auto& [sid, position] : unknown) {
        if (m_newest[position] == newestUnknown) {
            m_newest[position] = newestNone;
        }
    }
    return {};
}

/// A SPARSE or LATE frame and the HIST and STARTS frames that belong to it; how many.
std::uint64_t Group::encodeCells(FrameType type, std::int64_t atMs, std::span<const Cell> cells)
{
    std::vector<PositionedValue> values;
    StartList starts;
    values.reserve(cells.size());
    for (const Cell& cell : cells) {
        values.push_back({cell.position, cell.value});
        if (cell.startedAtMs != 0) {
            starts.push_back({cell.position, cell.startedAtMs});
        }
    }
    encodeSparse(type, m_gid, atMs, values, m_pendingFrames);
    std::uint64_t frames = 1;
    for (const Cell& cell : cells) {
        if (cell.histogram != nullptr) {
            encodeHistogramFrame(m_gid, atMs, cell.position, *cell.histogram, m_pendingFrames);
            ++frames;
        }
    }
    if (!starts.empty()) {
        encodeStarts(m_gid, atMs, starts, m_pendingFrames);
        ++frames;
    }
    return frames;
}

Result<storage::CommitReport> Group::appendOlder(const RowInput& input,
                                                 std::chrono::milliseconds lateWindow)
{
    storage::CommitReport report;
    std::vector<Cell> cells;
    const auto consider = [&](std::uint32_t position, double value) {
        const auto start
            = std::ranges::lower_bound(input.starts, position, {}, &PositionedStart::position);
        const bool hasStart = start != input.starts.end() && start->position == position;
        Cell cell{position, value, nullptr, hasStart ? start->startedAtMs : 0};
        if (isHistogramMarker(value)) {
            const auto at = std::ranges::lower_bound(input.histograms, position, {},
                                                     &PositionedHistogramPtr::first);
            if (at != input.histograms.end() && at->first == position) {
                cell.histogram = at->second;
            }
        }
        cells.push_back(std::move(cell));
    };
    for (std::uint32_t position = 0; position < input.dense.size(); ++position) {
        if (!isAbsent(input.dense[position])) {
            consider(position, input.dense[position]);
        }
    }
    for (const PositionedValue& cell : input.sparse) {
        consider(cell.position, cell.value);
    }

    std::vector<Cell> open;
    std::vector<Sid> behind; // a strip may hold a sample of that time already
    RowReader rows;
    const auto isTaken = [&](const Cell& cell) {
        const auto there = headCell(m_layout->sid(cell.position), input.atMs, rows);
        if (there) {
            ++(isSame(cell.value, cell.histogram, there->value, there->histogram)
                   ? report.duplicates
                   : report.conflicts);
        }
        return there.has_value();
    };
    if (input.atMs == m_lastMs && hasHeadRow(input.atMs)) {
        // The group's newest row: no series can be ahead of it.
        for (Cell& cell : cells) {
            if (!isTaken(cell)) {
                open.push_back(std::move(cell));
            }
        }
    } else {
        if (auto resolved = resolveNewest(cells); !resolved) {
            return std::unexpected(resolved.error());
        }
        for (Cell& cell : cells) {
            const std::int64_t newest = m_newest[cell.position];
            if (newest == newestNone || input.atMs > newest) {
                open.push_back(std::move(cell));
            } else if (input.atMs != newest && newest - input.atMs >= lateWindow.count()) {
                ++report.tooOld;
            } else if (!isTaken(cell)) {
                behind.push_back(m_layout->sid(cell.position));
                open.push_back(std::move(cell));
            }
        }
    }
    if (!behind.empty()) {
        const auto stored = storedAt(m_context.environment, m_gid, input.atMs, behind);
        if (!stored) {
            return std::unexpected(stored.error());
        }
        std::erase_if(open, [&](const Cell& cell) {
            const auto there = stored->find(m_layout->sid(cell.position));
            if (there == stored->end()) {
                return false;
            }
            ++(isSame(cell.value, cell.histogram, there->second.value, there->second.histogram)
                   ? report.duplicates
                   : report.conflicts);
            return true;
        });
    }
    if (open.empty()) {
        pushPending();
        return report;
    }
    const auto row = rowOfOpen(input.atMs);
    const std::uint64_t numbered
        = encodeCells(row ? FrameType::sparse : FrameType::late, input.atMs, open);
    const std::uint64_t seq = push(numbered);
    if (row) {
        fillRow(*row, open, seq + numbered - 1);
    } else {
        addLate(input.atMs, open, seq, seq + numbered - 1);
    }
    if (m_tracksNewest) {
        for (const Cell& cell : open) {
            std::int64_t& newest = m_newest[cell.position];
            if (newest != newestUnknown) {
                newest = std::max(newest, input.atMs);
            }
        }
    }
    report.stored = open.size();
    m_context.appendedSamples.fetch_add(open.size(), std::memory_order_relaxed);
    return report;
}

void Group::fillRow(std::uint32_t index, std::span<const Cell> cells, std::uint64_t lastSeq)
{
    StripState& strip = m_strips.back();
    const HeadRow& before = strip.rows->row(index);
    auto row = std::make_unique<HeadRow>();
    row->atMs = before.atMs;
    row->fromRowFrame = before.fromRowFrame;
    row->histograms = before.histograms;
    for (const Cell& cell : cells) {
        if (cell.histogram != nullptr) {
            row->histograms.emplace_back(cell.position, cell.histogram);
        }
    }
    std::ranges::sort(row->histograms, {}, &PositionedHistogramPtr::first);
    row->samples = before.samples + static_cast<std::uint32_t>(cells.size());
    StartList starts; // of positions that had no sample: what is told of them does not hold
    for (const Cell& cell : cells) {
        if (cell.startedAtMs != startAt(before.starts, cell.position)) {
            starts.push_back({cell.position, cell.startedAtMs});
        }
    }
    row->starts = withStarts(before.starts, starts);
    std::vector<double> values;
    if (before.width() != 0) {
        values.resize(std::max(before.width(), cells.back().position + 1));
        before.cells(values);
        for (const Cell& cell : cells) {
            values[cell.position] = cell.value;
        }
        row->pack(values, strip.rows->base(values));
    } else {
        row->sparse = before.sparse;
        for (const Cell& cell : cells) {
            row->sparse.push_back({cell.position, cell.value});
        }
        std::ranges::sort(row->sparse, {}, &PositionedValue::position);
    }
    if (m_publishedLayout != m_layout) {
        publish(); // new positions are known before the row has them
    }
    m_context.heldBytes.fetch_add(cells.size() * sizeof(double), std::memory_order_relaxed);
    if (m_baseRow == &before) {
        m_baseRow = row.get();
        m_baseCells = std::move(values);
    }
    strip.lastSeq = lastSeq;
    strip.rows->rows[index].store(row.release(), std::memory_order_release);
    m_context.epochs.retire(std::unique_ptr<const Retirable>(&before));
}

void Group::addLate(std::int64_t atMs, std::span<const Cell> cells, std::uint64_t seq,
                    std::uint64_t lastSeq)
{
    bool isNew = false;
    if (!m_late.empty() && !m_late.back().isClosed
        && m_late.back().rows->count.load(std::memory_order_relaxed) == LateRows::capacity) {
        closeLate();
    }
    if (m_late.empty() || m_late.back().isClosed) {
        LateState late;
        late.rows = std::make_shared<LateRows>(m_nextSeq++);
        late.firstSeq = seq;
        late.openedAt = m_context.clock.now();
        m_late.push_back(std::move(late));
        isNew = true;
    }
    LateState& late = m_late.back();
    late.lastSeq = lastSeq;
    auto row = std::make_unique<LateRow>();
    row->atMs = atMs;
    row->values.reserve(cells.size());
    for (const Cell& cell : cells) {
        row->values.push_back(
            {m_layout->sid(cell.position), cell.value, cell.histogram, cell.startedAtMs});
    }
    std::ranges::sort(row->values, {}, &LateRow::Value::sid);
    m_context.heldBytes.fetch_add(sizeof(LateRow) + cells.size() * sizeof(LateRow::Value),
                                  std::memory_order_relaxed);
    const std::uint32_t count = late.rows->count.load(std::memory_order_relaxed);
    late.rows->rows[count] = std::move(row);
    if (isNew) {
        publish();
    }
    late.rows->count.store(count + 1, std::memory_order_release);
    noteNeeded();
}

} // namespace watchfire::tsdb
