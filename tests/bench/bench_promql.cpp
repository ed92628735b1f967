// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The query engine over columns that lie ready in memory: what it costs beside decoding.
// Shape of the targets in query-engine.md §9: groups of 1,000 series, 15 s apart.
#include "core/promql/query.h"

#include <algorithm>
#include <benchmark/benchmark.h>
#include <map>
#include <random>

namespace {

using namespace watchfire;

constexpr std::int64_t scrapeMs = 15'000;
constexpr std::int64_t startMs = 1'700'000'000'000;

struct Group {
    std::vector<std::int64_t> timeline;
    std::vector<Labels> labels;
    std::vector<std::vector<double>> values;
};

class Reader final : public storage::GroupReader {
public:
    Reader(const Group& group, std::vector<std::size_t> series, TimeRange range)
        : m_group(group)
        , m_series(std::move(series))
    {
        const auto first = std::ranges::lower_bound(group.timeline, unixMs(range.from));
        const auto last = std::ranges::upper_bound(group.timeline, unixMs(range.to));
        m_first = static_cast<std::size_t>(first - group.timeline.begin());
        m_count = static_cast<std::size_t>(last - first);
    }
    std::size_t size() const override { return m_series.size(); }
    storage::SeriesRef ref(std::size_t) const override { return 0; }
    const Labels& labels(std::size_t index) override { return m_group.labels[m_series[index]]; }
    Result<std::span<const std::int64_t>> timeline() override
    {
        return std::span(m_group.timeline).subspan(m_first, m_count);
    }
    Result<void> read(std::size_t index, storage::Column& out) override
    {
        out.clear();
        const auto all = std::span(m_group.values[m_series[index]]).subspan(m_first, m_count);
        out.values.assign(all.begin(), all.end());
        out.mayHoldStale = false;
        return {};
    }

private:
    const Group& m_group;
    std::vector<std::size_t> m_series;
    std::size_t m_first = 0;
    std::size_t m_count = 0;
};

class Columns final : public storage::Queryable, public storage::Querier {
public:
    std::vector<Group> groups;

    struct Borrowed final : storage::Querier {
        explicit Borrowed(Columns& from)
            : columns(from)
        {
        }
        Result<storage::GroupReaders> select(std::span<const Matcher> matchers,
                                             TimeRange range) override
        {
            return columns.select(matchers, range);
        }
        Result<std::vector<Labels>> series(std::span<const Matcher>, TimeRange) override
        {
            return std::vector<Labels>();
        }
        Result<std::vector<std::string>> labelNames(std::span<const Matcher>, TimeRange) override
        {
            return std::vector<std::string>();
        }
        Result<std::vector<std::string>> labelValues(std::string_view, std::span<const Matcher>,
                                                     TimeRange) override
        {
            return std::vector<std::string>();
        }
        Columns& columns;
    };

    Result<std::unique_ptr<storage::Querier>> querier() override
    {
        return std::make_unique<Borrowed>(*this);
    }
    Result<storage::GroupReaders> select(std::span<const Matcher> matchers,
                                         TimeRange range) override
    {
        // The index is not measured: what a query matches is kept.
        std::string key;
        for (const Matcher& matcher : matchers) {
            key += matcher.toString();
        }
        auto& known = m_selected[key];
        if (known.empty()) {
            known.resize(groups.size());
            for (std::size_t i = 0; i < groups.size(); ++i) {
                for (std::size_t j = 0; j < groups[i].labels.size(); ++j) {
                    if (matchesAll(matchers, groups[i].labels[j])) {
                        known[i].push_back(j);
                    }
                }
            }
        }
        storage::GroupReaders readers;
        for (std::size_t i = 0; i < groups.size(); ++i) {
            if (!known[i].empty()) {
                readers.push_back(std::make_unique<Reader>(groups[i], known[i], range));
            }
        }
        return readers;
    }
    Result<std::vector<Labels>> series(std::span<const Matcher>, TimeRange) override
    {
        return std::vector<Labels>();
    }
    Result<std::vector<std::string>> labelNames(std::span<const Matcher>, TimeRange) override
    {
        return std::vector<std::string>();
    }
    Result<std::vector<std::string>> labelValues(std::string_view, std::span<const Matcher>,
                                                 TimeRange) override
    {
        return std::vector<std::string>();
    }

private:
    std::map<std::string, std::vector<std::vector<std::size_t>>> m_selected;
};

/// Ten groups of a thousand counters m, as many n, and 1,000 histograms b of twelve buckets.
Columns& store()
{
    static Columns columns;
    if (!columns.groups.empty()) {
        return columns;
    }
    std::mt19937_64 random(5);
    constexpr std::size_t samples = 24 * 240;
    for (int g = 0; g < 10; ++g) {
        Group group;
        const auto phase = static_cast<std::int64_t>(random() % 15'000);
        for (std::size_t i = 0; i < samples; ++i) {
            group.timeline.push_back(startMs + phase + static_cast<std::int64_t>(i) * scrapeMs);
        }
        const auto add = [&](Labels labels, double step) {
            group.labels.push_back(std::move(labels));
            double value = static_cast<double>(random() % 100'000);
            std::vector<double>& values = group.values.emplace_back();
            for (std::size_t i = 0; i < samples; ++i) {
                value += static_cast<double>(random() % 100) * step;
                values.push_back(value);
            }
        };
        const std::string instance = "host-" + std::to_string(g) + ".example.net:9100";
        for (int s = 0; s < 1000; ++s) {
            const std::string x = "x" + std::to_string(s % 20);
            const std::string id = "series-" + std::to_string(s);
            for (const char* const name : {"m_total", "n_total"}) {
                add(Labels({{"__name__", name},
                            {"instance", instance},
                            {"job", "node"},
                            {"id", id},
                            {"x", x}}),
                    1);
            }
        }
        for (int h = 0; h < 100; ++h) {
            for (int b = 0; b < 12; ++b) {
                add(Labels({{"__name__", "b_bucket"},
                            {"instance", instance},
                            {"job", "node"},
                            {"handler", "/" + std::to_string(h)},
                            {"le", b == 11 ? "+Inf" : std::to_string(b + 1)}}),
                    1 + b);
            }
        }
        columns.groups.push_back(std::move(group));
    }
    return columns;
}

void run(benchmark::State& state, const std::string& query, int seconds, int stepSeconds)
{
    Columns& columns = store();
    const std::int64_t end = startMs + 23 * 3'600'000;
    const promql::QueryTimes times = stepSeconds == 0
        ? promql::QueryTimes::instant(fromUnixMs(end))
        : promql::QueryTimes{fromUnixMs(end - seconds * 1000), fromUnixMs(end),
                             std::chrono::seconds(stepSeconds)};
    for (auto _ : state) {
        auto result = promql::evaluate(query, columns, times, {});
        if (!result) {
            state.SkipWithError(result.error().message);
            return;
        }
        benchmark::DoNotOptimize(result);
    }
    state.SetLabel(query);
}

} // namespace

#define WF_BENCH(name, query, seconds, step)                                                       \
    BENCHMARK_CAPTURE(run, name, query, seconds, step)->Unit(benchmark::kMillisecond)

WF_BENCH(sumOfRates, "sum by (x)(rate(m_total[5m]))", 3600, 15);
WF_BENCH(sumOfRatesMinutely, "sum by (x)(rate(m_total[5m]))", 3600, 60);
WF_BENCH(instantSelector, "m_total", 0, 0);
WF_BENCH(instantSumOfRates, "sum by (x)(rate(m_total[5m]))", 0, 0);
WF_BENCH(oneRate, "rate(m_total{id=\"series-7\",instance=~\"host-3.*\"}[5m])", 3600, 15);
WF_BENCH(maxOverTime, "max_over_time(m_total{instance=~\"host-3.*\"}[1h])", 80000, 60);
WF_BENCH(avgOverTime, "avg_over_time(m_total{instance=~\"host-3.*\"}[1h])", 80000, 60);
WF_BENCH(stddevOverTime, "stddev_over_time(m_total{instance=~\"host-3.*\"}[1h])", 80000, 60);
WF_BENCH(quantileOverTime, "quantile_over_time(0.9, m_total{instance=~\"host-3.*\"}[1h])", 80000,
         60);
WF_BENCH(buckets, "histogram_quantile(0.9, sum by (le)(rate(b_bucket[5m])))", 3600, 15);
WF_BENCH(bucketsApart, "histogram_quantile(0.9, rate(b_bucket[5m]))", 3600, 15);
WF_BENCH(topk, "topk(10, rate(m_total[5m]))", 3600, 15);
WF_BENCH(division, "m_total / n_total", 3600, 15);
WF_BENCH(avg, "avg by (x)(m_total)", 3600, 15);
WF_BENCH(quantile, "quantile by (x)(0.9, m_total)", 3600, 60);
WF_BENCH(subquery, "max_over_time(rate(m_total{instance=~\"host-3.*\"}[5m])[1h:1m])", 3600, 60);

BENCHMARK_MAIN();
