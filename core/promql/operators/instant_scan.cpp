// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/operators/instant_scan.h"

#include "core/model/sample.h"
#include "core/promql/kernels/windows.h"

#include <algorithm>

namespace watchfire::promql {

namespace {

class InstantFiller final : public SeriesFiller {
public:
    InstantFiller(const std::vector<std::int64_t>& at, std::int64_t lookbackMs,
                  InstantScan::Yield yield)
        : m_at(at)
        , m_lookbackMs(lookbackMs)
        , m_yield(yield)
    {
    }
    void startTimeline(std::span<const std::int64_t> timeline) override
    {
        m_timeline = timeline;
        m_windows = makeWindows(timeline, m_at, m_lookbackMs);
    }
    void fill(const storage::Column& column, std::string_view metric, Batch& out, std::size_t row,
              Findings& findings) override;

private:
    /// The entry the step sees, or -1.
    std::int64_t newest(const storage::Column& column, std::size_t step) const;

    const std::vector<std::int64_t>& m_at;
    std::int64_t m_lookbackMs;
    InstantScan::Yield m_yield;
    std::span<const std::int64_t> m_timeline;
    Windows m_windows;
};

std::int64_t InstantFiller::newest(const storage::Column& column, std::size_t step) const
{
    const std::int64_t first = m_windows.first[step];
    std::int64_t entry = std::int64_t{m_windows.last[step]} - 1;
    while (entry >= first && !column.isPresent(static_cast<std::size_t>(entry))) {
        --entry;
    }
    return entry >= first ? entry : -1;
}

void InstantFiller::fill(const storage::Column& column, std::string_view /*metric*/, Batch& out,
                         std::size_t row, Findings& findings)
{
    const std::span<double> values = out.values(row);
    const Bits present = out.present(row);
    if (column.present.empty() && column.histograms.empty() && !column.mayHoldStale
        && m_yield == InstantScan::Yield::sample) {
        // Every step with a row in its window has a number: nothing to ask about any of them.
        std::ranges::copy(m_windows.some, present.begin());
        for (std::size_t step = 0; step < values.size(); ++step) {
            const std::uint32_t last = m_windows.last[step];
            values[step] = last > 0 ? column.values[last - 1] : 0;
        }
        findings.samplesRead += countBits(present);
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
        ++findings.samplesRead;
        if (m_yield == InstantScan::Yield::timestamp) {
            out.set(row, step, static_cast<double>(m_timeline[at]) / 1000);
        } else if (m_yield == InstantScan::Yield::millisecondsOfSample) {
            if (isHistogram) {
                out.set(row, step, histogram->second);
            } else {
                out.set(row, step, static_cast<double>(m_timeline[at]));
            }
        } else if (m_yield == InstantScan::Yield::startTimestamp) {
            const std::int64_t start = column.startedAtMs.empty() ? 0 : column.startedAtMs[at];
            out.set(row, step, static_cast<double>(start) / 1000);
        } else if (isHistogram) {
            out.set(row, step, histogram->second);
        } else {
            out.set(row, step, column.values[at]);
        }
    }
}

} // namespace

InstantScan::InstantScan(EvalContext& context, StepGrid grid, const VectorSelector& selector,
                         std::vector<std::int64_t> at, Yield yield)
    : Scan(context, grid, selector)
    , m_yield(yield)
    , m_at(std::move(at))
{
}

Result<void> InstantScan::prepare()
{
    if (m_at.empty()) {
        return {};
    }
    const bool keepsName = m_yield == Yield::sample || m_yield == Yield::millisecondsOfSample;
    return select(m_at.front() - lookbackMs() + 1, m_at.back(),
                  keepsName ? Names::kept : Names::dropped);
}

std::unique_ptr<SeriesFiller> InstantScan::filler() const
{
    return std::make_unique<InstantFiller>(m_at, lookbackMs(), m_yield);
}

} // namespace watchfire::promql
