// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/storage/memory_series.h"

#include <algorithm>
#include <bit>

namespace watchfire::storage::memory {

namespace {

bool sameContent(const StoredSample& a, const StoredSample& b)
{
    if ((a.histogram != nullptr) != (b.histogram != nullptr)) {
        return false;
    }
    if (a.histogram) {
        return *a.histogram == *b.histogram;
    }
    return std::bit_cast<std::uint64_t>(a.value) == std::bit_cast<std::uint64_t>(b.value);
}

struct CopiedSeries {
    SeriesRef ref = 0;
    Labels labels;
    std::vector<StoredSample> samples;
};

class Reader final : public GroupReader {
public:
    explicit Reader(std::vector<CopiedSeries> series)
        : m_series(std::move(series))
    {
        for (const CopiedSeries& one : m_series) {
            for (const StoredSample& sample : one.samples) {
                m_timeline.push_back(sample.atMs);
            }
        }
        std::ranges::sort(m_timeline);
        const auto repeated = std::ranges::unique(m_timeline);
        m_timeline.erase(repeated.begin(), repeated.end());
    }

    std::size_t size() const override { return m_series.size(); }
    SeriesRef ref(std::size_t index) const override { return m_series[index].ref; }
    const Labels& labels(std::size_t index) override { return m_series[index].labels; }
    Result<std::span<const std::int64_t>> timeline() override { return m_timeline; }

    Result<void> read(std::size_t index, Column& out) override
    {
        const std::vector<StoredSample>& samples = m_series[index].samples;
        out.clear();
        out.mayHoldStale = false;
        out.values.resize(m_timeline.size());
        const bool full = samples.size() == m_timeline.size();
        if (!full) {
            out.present.assign((m_timeline.size() + 63) / 64, 0);
        }
        const bool hasStarts = std::ranges::any_of(
            samples, [](const StoredSample& sample) { return sample.startedAtMs != 0; });
        if (hasStarts) {
            out.startedAtMs.resize(m_timeline.size());
        }
        std::size_t entry = 0;
        for (const StoredSample& sample : samples) {
            while (m_timeline[entry] != sample.atMs) {
                ++entry;
            }
            out.values[entry] = sample.value;
            out.mayHoldStale = out.mayHoldStale || isStaleMarker(sample.value);
            if (!full) {
                out.present[entry / 64] |= std::uint64_t{1} << (entry % 64);
            }
            if (hasStarts) {
                out.startedAtMs[entry] = sample.startedAtMs;
            }
            if (sample.histogram) {
                out.histograms.emplace_back(static_cast<std::uint32_t>(entry), sample.histogram);
            }
        }
        return {};
    }

private:
    std::vector<CopiedSeries> m_series;
    std::vector<std::int64_t> m_timeline;
};

} // namespace

void Series::insert(const StoredSample& sample, CommitReport& report)
{
    const auto place = std::ranges::lower_bound(samples, sample.atMs, {}, &StoredSample::atMs);
    if (place != samples.end() && place->atMs == sample.atMs) {
        ++(sameContent(*place, sample) ? report.duplicates : report.conflicts);
        return;
    }
    samples.insert(place, sample);
    ++report.stored;
}

std::unique_ptr<GroupReader> makeReader(std::span<const Series* const> series, std::int64_t fromMs,
                                        std::int64_t toMs, std::uint64_t commit)
{
    std::vector<CopiedSeries> copies;
    for (const Series* one : series) {
        CopiedSeries copy{one->ref, one->labels, {}};
        auto at = std::ranges::lower_bound(one->samples, fromMs, {}, &StoredSample::atMs);
        for (; at != one->samples.end() && at->atMs <= toMs; ++at) {
            if (at->commit <= commit) {
                copy.samples.push_back(*at);
            }
        }
        if (!copy.samples.empty()) {
            copies.push_back(std::move(copy));
        }
    }
    return copies.empty() ? nullptr : std::make_unique<Reader>(std::move(copies));
}

} // namespace watchfire::storage::memory
