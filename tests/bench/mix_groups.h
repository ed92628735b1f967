// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/bench/bench_folder.h"
#include "tests/support/sample_mix.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace watchfire::bench {

/// Targets of 500 series each, that all have the same rows of the mix.
class MixGroups {
public:
    static constexpr std::size_t seriesEach = 500;
    static constexpr std::size_t firstBucket = 290; ///< where the mix has its histograms
    static constexpr std::size_t endBucket = 410;
    static constexpr std::size_t bucketsEach = 12;
    /// A counter, which alone of all has the label only="one".
    static constexpr std::size_t theOne = 247;

    using Rows = std::vector<std::vector<double>>;
    /// The mix of so many rows.
    static Rows makeRows(std::size_t count)
    {
        Rows rows(count);
        for (const auto& kind : testing::SampleMix(seriesEach / 100, count).make()) {
            for (const auto& values : kind.series) {
                for (std::size_t row = 0; row < count; ++row) {
                    rows[row].push_back(values[row]);
                }
            }
        }
        return rows;
    }

    /// The rows, which must outlive it, go round.
    MixGroups(tsdb::Store& store, std::size_t groups, const Rows& rows)
        : m_rows(rows)
    {
        for (std::size_t g = 0; g < groups; ++g) {
            m_writers.push_back(
                std::move(*must(store.openGroup(Labels{{"instance", instance(g)}}))));
            for (std::size_t s = 0; s < seriesEach; ++s) {
                must(m_writers.back()->position(labels(g, s)));
            }
        }
    }

    std::size_t series() const { return m_writers.size() * seriesEach; }
    /// Of all groups.
    void commit(std::int64_t atMs, std::size_t row)
    {
        for (auto& writer : m_writers) {
            must(writer->commit({fromUnixMs(atMs), m_rows[row % m_rows.size()], {}, {}, {}, {}}));
        }
    }

private:
    static std::string instance(std::size_t group)
    {
        return "host-" + std::to_string(group) + ":9100";
    }
    static Labels labels(std::size_t group, std::size_t series)
    {
        if (series >= firstBucket && series < endBucket) {
            const std::size_t at = series - firstBucket;
            return Labels{{"__name__", "latency_bucket"},
                          {"instance", instance(group)},
                          {"job", "bench"},
                          {"le", std::to_string(at % bucketsEach)},
                          {"n", std::to_string(at / bucketsEach)}};
        }
        LabelsBuilder builder;
        builder.set("__name__", "metric_" + std::to_string(series / 10));
        builder.set("instance", instance(group));
        builder.set("job", "bench");
        builder.set("n", std::to_string(series % 10));
        if (group == 0 && series == theOne) {
            builder.set("only", "one");
        }
        return builder.build();
    }

    const Rows& m_rows;
    std::vector<std::unique_ptr<storage::GroupWriter>> m_writers;
};

} // namespace watchfire::bench
