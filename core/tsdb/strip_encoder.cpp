// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/strip_encoder.h"

#include "core/base/check.h"
#include "core/tsdb/codec/strip.h"

#include <algorithm>
#include <array>
#include <map>
#include <numeric>
#include <unordered_map>

namespace watchfire::tsdb {

namespace {

// So many columns are turned at once: their part of a row is one cache line.
constexpr std::size_t tileColumns = 8;

using ColumnHistograms = std::unordered_map<std::uint32_t, std::vector<HistogramAt>>;

class RowsEncoder {
public:
    RowsEncoder(Gid gid, const HeadStrip& rows, const Layout& layout,
                std::vector<EncodeHint>& hints)
        : m_rows(rows)
        , m_layout(layout)
        , m_hints(hints)
        , m_count(rows.count.load(std::memory_order_acquire))
        , m_times(timesOf(rows, m_count))
        , m_builder(gid, m_times)
    {
        for (std::uint32_t r = 0; r < m_count; ++r) {
            const HeadRow& row = rows.row(r);
            m_isSparse = m_isSparse && row.width() == 0;
            for (const auto& [position, histogram] : row.histograms) {
                m_histograms[position].emplace_back(r, histogram);
            }
            m_hasStarts = m_hasStarts || row.starts != nullptr;
        }
        m_hints.resize(std::max(m_hints.size(), layout.size()));
    }

    EncodedStrip encode()
    {
        if (m_isSparse) {
            encodeSparse();
        } else {
            encodeDense();
        }
        EncodedStrip strip;
        strip.window = windowOf(m_times.front());
        strip.seq = m_rows.seq;
        strip.minMs = m_times.front();
        strip.maxMs = m_times.back();
        strip.samples = m_samples;
        strip.value = m_builder.finish();
        return strip;
    }

private:
    static std::vector<std::int64_t> timesOf(const HeadStrip& rows, std::uint32_t count)
    {
        std::vector<std::int64_t> times(count);
        for (std::uint32_t r = 0; r < count; ++r) {
            times[r] = rows.row(r).atMs;
        }
        return times;
    }

    void add(std::uint32_t position, std::span<const double> values)
    {
        std::size_t present = 0;
        for (const double value : values) {
            present += isAbsent(value) ? 0 : 1;
        }
        if (present == 0) {
            return;
        }
        m_samples += present;
        ColumnInput column;
        column.values = values;
        if (!m_histograms.empty()) {
            if (const auto at = m_histograms.find(position); at != m_histograms.end()) {
                column.histograms = at->second;
            }
        }
        if (m_hasStarts) {
            column.startedAtMs = startsOf(position);
        }
        m_builder.add(m_layout.sid(position), column, m_hints[position]);
    }

    /// One for each row.
    std::span<const std::int64_t> startsOf(std::uint32_t position)
    {
        m_starts.resize(m_count);
        const StartList* before = nullptr;
        for (std::uint32_t r = 0; r < m_count; ++r) {
            const StartListPtr& starts = m_rows.row(r).starts;
            // Rows share a list as long as nothing changes.
            const bool isSame = r > 0 && starts.get() == before;
            m_starts[r] = isSame ? m_starts[r - 1] : startAt(starts, position);
            before = starts.get();
        }
        return m_starts;
    }

    void encodeDense()
    {
        const std::size_t width = m_layout.size();
        std::vector<double> cells(m_count * width);
        for (std::uint32_t r = 0; r < m_count; ++r) {
            m_rows.row(r).cells(std::span(cells).subspan(r * width, width));
        }
        const auto addTile = [&](std::span<const std::uint32_t> positions) {
            std::array<std::array<double, HeadStrip::greatestCapacity>, tileColumns> tile;
            for (std::uint32_t r = 0; r < m_count; ++r) {
                for (std::size_t c = 0; c < positions.size(); ++c) {
                    tile[c][r] = cells[r * width + positions[c]];
                }
            }
            for (std::size_t c = 0; c < positions.size(); ++c) {
                add(positions[c], std::span(tile[c]).first(m_count));
            }
        };
        std::vector<std::uint32_t> order(m_layout.size());
        std::iota(order.begin(), order.end(), 0U);
        if (!m_layout.isSorted()) {
            std::ranges::sort(order, {},
                              [&](std::uint32_t position) { return m_layout.sid(position); });
        }
        const std::span<const std::uint32_t> all = order;
        for (std::size_t from = 0; from < all.size(); from += tileColumns) {
            addTile(all.subspan(from, std::min(tileColumns, all.size() - from)));
        }
    }

    void encodeSparse()
    {
        std::vector<std::uint32_t> positions;
        for (std::uint32_t r = 0; r < m_count; ++r) {
            for (const PositionedValue& cell : m_rows.row(r).sparse) {
                positions.push_back(cell.position);
            }
        }
        std::ranges::sort(positions, {},
                          [&](std::uint32_t position) { return m_layout.sid(position); });
        const auto repeated = std::ranges::unique(positions);
        positions.erase(repeated.begin(), repeated.end());
        RowReader reader;
        std::vector<double> values(m_count);
        for (const std::uint32_t position : positions) {
            for (std::uint32_t r = 0; r < m_count; ++r) {
                values[r] = reader.value(m_rows.row(r), position);
            }
            add(position, values);
        }
    }

    const HeadStrip& m_rows;
    const Layout& m_layout;
    std::vector<EncodeHint>& m_hints;
    std::uint32_t m_count;
    std::vector<std::int64_t> m_times;
    StripBuilder m_builder;
    ColumnHistograms m_histograms;
    bool m_isSparse = true; ///< no row is packed
    bool m_hasStarts = false; ///< of some row
    std::vector<std::int64_t> m_starts; // scratch
    std::uint64_t m_samples = 0;
};

using Moment = std::map<Sid, const LateRow::Value*>;

EncodedStrip encodeMoments(Gid gid, std::uint32_t seq,
                           std::span<const std::pair<std::int64_t, Moment>> moments)
{
    std::vector<std::int64_t> times;
    std::map<Sid, std::vector<std::pair<std::uint32_t, const LateRow::Value*>>> columns;
    for (std::uint32_t r = 0; r < moments.size(); ++r) {
        times.push_back(moments[r].first);
        for (const auto& [sid, value] : moments[r].second) {
            columns[sid].emplace_back(r, value);
        }
    }
    StripBuilder builder(gid, times, true);
    std::uint64_t samples = 0;
    std::vector<double> values;
    std::vector<HistogramAt> histograms;
    std::vector<std::int64_t> starts;
    for (const auto& [sid, cells] : columns) {
        values.assign(times.size(), absentValue());
        starts.assign(times.size(), 0);
        histograms.clear();
        for (const auto& [row, value] : cells) {
            values[row] = value->value;
            starts[row] = value->startedAtMs;
            if (value->histogram != nullptr) {
                histograms.emplace_back(row, value->histogram);
            }
        }
        samples += cells.size();
        EncodeHint hint;
        builder.add(sid, {values, histograms, starts}, hint);
    }
    EncodedStrip strip;
    strip.window = windowOf(times.front());
    strip.seq = seq;
    strip.minMs = times.front();
    strip.maxMs = times.back();
    strip.samples = samples;
    strip.value = builder.finish();
    return strip;
}

} // namespace

std::vector<EncodedStrip> encodeStrip(Gid gid, const HeadStrip& rows, const Layout& layout,
                                      std::vector<EncodeHint>& hints)
{
    std::vector<EncodedStrip> strips;
    if (rows.count.load(std::memory_order_acquire) > 0) {
        strips.push_back(RowsEncoder(gid, rows, layout, hints).encode());
    }
    return strips;
}

std::vector<EncodedStrip> encodeLateStrips(Gid gid, const LateRows& rows)
{
    // One set of late rows has at most 256 moments, so each window's fit one strip.
    static_assert(LateRows::capacity <= maxStripRows);
    std::map<Window, std::map<std::int64_t, Moment>> windows;
    for (std::uint32_t r = 0; r < rows.count.load(std::memory_order_acquire); ++r) {
        const LateRow& row = *rows.rows[r];
        Moment& moment = windows[windowOf(row.atMs)][row.atMs];
        for (const LateRow::Value& value : row.values) {
            moment.try_emplace(value.sid, &value);
        }
    }
    std::vector<EncodedStrip> strips;
    for (const auto& [window, moments] : windows) {
        const std::vector<std::pair<std::int64_t, Moment>> list(moments.begin(), moments.end());
        strips.push_back(encodeMoments(gid, rows.seq, list));
    }
    return strips;
}

} // namespace watchfire::tsdb
