// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/operators/instant_scan.h"

#include "core/model/sample.h"

#include <algorithm>

namespace watchfire::promql {

InstantScan::InstantScan(EvalContext& context, StepGrid grid, const VectorSelector& selector,
                         std::vector<std::int64_t> at, Yield yield)
    : Operator(context, grid)
    , m_selector(selector)
    , m_yield(yield)
    , m_at(std::move(at))
{
}

Result<void> InstantScan::prepare()
{
    if (m_at.empty()) {
        return {};
    }
    const std::int64_t lookback = context().options().lookback.count();
    auto opened = m_selection.open(context(), m_selector.matchers, m_at.front() - lookback + 1,
                                   m_at.back());
    if (!opened) {
        return opened;
    }
    m_schema.reserve(m_selection.rows());
    for (std::size_t row = 0; row < m_selection.rows(); ++row) {
        const Labels& labels = m_selection.labels(row);
        const bool keepsName = m_yield == Yield::sample || m_yield == Yield::millisecondsOfSample;
        m_schema.push_back(keepsName ? SeriesLabels{&labels, false}
                                     : droppingName(context(), {&labels, false}));
    }
    return {};
}

Result<bool> InstantScan::produce(Batch& out)
{
    if (!startBatch(out)) {
        return false;
    }
    for (std::size_t row = 0; row < out.rows(); ++row) {
        const std::size_t series = out.firstSeries() + row;
        if (m_selection.startsGroup(series)) {
            auto timeline = m_selection.timeline(series);
            if (!timeline) {
                return std::unexpected(timeline.error());
            }
            m_timeline = *timeline;
            m_windows = makeWindows(m_timeline, m_at, context().options().lookback.count());
        }
        if (auto read = m_selection.read(series, m_column); !read) {
            return std::unexpected(read.error());
        }
        if (m_settlesResets) {
            settleUnknownResets(m_column);
        }
        fill(m_column, out, row);
    }
    return true;
}

std::int64_t InstantScan::newest(const storage::Column& column, std::size_t step) const
{
    const std::int64_t first = m_windows.first[step];
    std::int64_t entry = std::int64_t{m_windows.last[step]} - 1;
    while (entry >= first && !column.isPresent(static_cast<std::size_t>(entry))) {
        --entry;
    }
    return entry >= first ? entry : -1;
}

void InstantScan::fill(const storage::Column& column, Batch& out, std::size_t row)
{
    const std::span<double> values = out.values(row);
    const Bits present = out.present(row);
    std::uint64_t& samplesRead = context().statistics.samplesRead;
    if (column.present.empty() && column.histograms.empty() && !column.mayHoldStale
        && m_yield == Yield::sample) {
        // Every step with a row in its window has a number: nothing to ask about any of them.
        std::ranges::copy(m_windows.some, present.begin());
        for (std::size_t step = 0; step < values.size(); ++step) {
            const std::uint32_t last = m_windows.last[step];
            values[step] = last > 0 ? column.values[last - 1] : 0;
        }
        samplesRead += countBits(present);
        return;
    }
    std::int64_t before = -1; // the entry of the step before, often this step's too
    auto histogram = column.histograms.begin();
    for (std::size_t step = 0; step < values.size(); ++step) {
        const std::int64_t entry = newest(column, step);
        if (entry < 0) {
            continue;
        }
        const auto at = static_cast<std::size_t>(entry);
        if (entry < before) {
            histogram = column.histograms.begin();
        }
        before = entry;
        while (histogram != column.histograms.end() && histogram->first < at) {
            ++histogram;
        }
        const bool isHistogram = histogram != column.histograms.end() && histogram->first == at;
        if (isStaleMarker(isHistogram ? histogram->second->sum : column.values[at])) {
            continue;
        }
        ++samplesRead;
        if (m_yield == Yield::timestamp) {
            out.set(row, step, static_cast<double>(m_timeline[at]) / 1000);
        } else if (m_yield == Yield::millisecondsOfSample) {
            if (isHistogram) {
                out.set(row, step, histogram->second);
            } else {
                out.set(row, step, static_cast<double>(m_timeline[at]));
            }
        } else if (m_yield == Yield::startTimestamp) {
            const std::int64_t start = column.startedAtMs.empty() ? 0 : column.startedAtMs[at];
            out.set(row, step, static_cast<double>(start) / 1000);
        } else if (isHistogram) {
            out.set(row, step, histogram->second);
        } else {
            out.set(row, step, column.values[at]);
        }
    }
}

} // namespace watchfire::promql
