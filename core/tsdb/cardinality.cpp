// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/cardinality.h"

#include "core/tsdb/index/container.h"
#include "core/tsdb/index/label_reader.h"
#include "core/tsdb/index/sid_set.h"
#include "core/tsdb/store_core.h"
#include "core/tsdb/window_record.h"

#include <algorithm>
#include <optional>
#include <tuple>

namespace watchfire::tsdb {

namespace {

/// The greatest few of many.
template <class T> class Top {
public:
    explicit Top(std::size_t limit)
        : m_limit(limit)
    {
    }
    void add(std::uint64_t value, T what)
    {
        if (m_all.size() >= 2 * m_limit + 64) {
            cut();
        }
        if (m_all.size() < m_limit || value >= m_least) {
            m_all.emplace_back(value, std::move(what));
        }
    }
    /// Descending; of equal ones all that may belong in.
    std::vector<std::pair<std::uint64_t, T>> take()
    {
        std::ranges::stable_sort(m_all, std::greater(), &std::pair<std::uint64_t, T>::first);
        return std::move(m_all);
    }

private:
    /// Equal ones are kept until their names are known.
    void cut()
    {
        std::ranges::nth_element(m_all, m_all.begin() + static_cast<std::ptrdiff_t>(m_limit),
                                 std::greater(), &std::pair<std::uint64_t, T>::first);
        m_least = m_all[m_limit].first;
        std::erase_if(m_all, [this](const auto& one) { return one.first < m_least; });
        if (m_all.size() >= 2 * m_limit + 64) {
            m_all.resize(m_limit + 64); // a store full of equals: any of them will do
        }
    }

    std::size_t m_limit;
    std::uint64_t m_least = 0;
    std::vector<std::pair<std::uint64_t, T>> m_all;
};

void rank(std::vector<CardinalityReport::Count>& counts, std::size_t limit)
{
    std::ranges::sort(counts, [](const auto& a, const auto& b) {
        return std::tie(b.value, a.name) < std::tie(a.value, b.name);
    });
    counts.resize(std::min(limit, counts.size()));
}

class Counting {
public:
    Counting(StoreCore& core, Txn& txn, std::size_t limit)
        : m_core(core)
        , m_txn(txn)
        , m_names(core.index().names())
        , m_limit(limit)
        , m_pairs(limit)
        , m_metrics(limit)
    {
    }

    Result<CardinalityReport> run()
    {
        gatherActive();
        readLengths();
        if (auto counted = countChurn(); !counted) {
            return std::unexpected(counted.error());
        }
        Cursor cursor(m_txn, Table::post);
        LabelPair pair;
        std::uint64_t series = 0;
        std::uint64_t active = 0;
        const Nid metricNid = m_names->find(metricNameLabel);
        for (bool more = cursor.first(); more; more = cursor.next()) {
            if (cursor.key().size() != 10) {
                continue;
            }
            const LabelPair here{be32At(cursor.key(), 0), be32At(cursor.key(), 4)};
            if (here.nid == allSeriesNid) {
                continue;
            }
            if (here != pair) {
                finish(pair, series, active);
                pair = here;
                series = active = 0;
            }
            const ContainerView view(cursor.value());
            series += view.cardinality();
            if (here.nid == metricNid) {
                active += activeIn(be16At(cursor.key(), 8), view);
            }
        }
        finish(pair, series, active);
        if (auto read = cursor.result(m_txn.environment()); !read) {
            return std::unexpected(read.error());
        }
        return report();
    }

private:
    struct PerLabel {
        std::uint64_t values = 0;
        std::uint64_t bytes = 0;
    };
    struct MetricCount {
        LabelPair pair;
        std::uint64_t active = 0;
    };

    /// Series with a place in a row that is being written.
    void gatherActive()
    {
        for (const auto& group : m_core.head().all()) {
            const std::lock_guard lock(group->mutex);
            for (const Sid sid : group->layout().sids()) {
                m_active.add(sid);
            }
        }
    }

    /// Sealed windows know their series; of what is open only the rows do.
    Result<void> countChurn()
    {
        std::vector<std::pair<Window, WindowRecord>> sealed;
        Cursor windows(m_txn, Table::wins, Cursor::Damage::isTold);
        for (bool more = windows.last(); more && sealed.size() <= m_limit;
             more = windows.previous()) {
            const auto record = WindowRecord::parse(windows.value());
            if (record && record->isSealed && windows.key().size() == 4) {
                sealed.emplace_back(be32At(windows.key(), 0), *record);
            }
        }
        std::optional<SidSet> later;
        const WindowRecord* laterRecord = nullptr;
        Cursor cursor(m_txn, Table::live, Cursor::Damage::isTold);
        for (const auto& [window, record] : sealed) {
            SidSet live;
            const Key prefix = Key().be32(window);
            for (bool more = cursor.seek(prefix); more && startsWith(cursor.key(), prefix);
                 more = cursor.next()) {
                if (cursor.key().size() == 6) {
                    live.unite(be16At(cursor.key(), 4), Container(ContainerView(cursor.value())));
                }
            }
            if (later) {
                SidSet both = *later;
                both.intersect(live);
                m_report.churn.push_back(
                    {{fromUnixMs(laterRecord->minMs), fromUnixMs(laterRecord->maxMs)},
                     later->cardinality(),
                     later->cardinality() - both.cardinality(),
                     live.cardinality() - both.cardinality()});
            }
            later = std::move(live);
            laterRecord = &record;
        }
        return cursor.result(m_txn.environment());
    }

    std::uint64_t activeIn(std::uint16_t high, const ContainerView& view) const
    {
        const auto part = m_active.parts().find(high);
        if (part == m_active.parts().end()) {
            return 0;
        }
        Container both(view);
        both.intersect(part->second);
        return both.cardinality();
    }

    /// How long the values are, by their numbers.
    void readLengths()
    {
        Cursor cursor(m_txn, Table::lval, Cursor::Damage::isTold);
        for (bool more = cursor.first(); more; more = cursor.next()) {
            if (cursor.value().size() != 4 || cursor.key().size() < 4) {
                continue;
            }
            const Vid vid = native32At(cursor.value(), 0);
            if (vid >= m_lengths.size()) {
                m_lengths.resize(std::max<std::size_t>(vid + 1, m_lengths.size() * 2));
            }
            m_lengths[vid] = static_cast<std::uint16_t>(cursor.key().size() - 4);
        }
    }

    void finish(const LabelPair& pair, std::uint64_t series, std::uint64_t active)
    {
        if (series == 0) {
            return;
        }
        PerLabel& label = m_labels[pair.nid];
        ++label.values;
        label.bytes += series * (pair.vid < m_lengths.size() ? m_lengths[pair.vid] : 0U);
        ++m_report.labelPairs;
        m_pairs.add(series, pair);
        if (pair.nid == m_names->find(metricNameLabel)) {
            m_metrics.add(series, MetricCount{pair, active});
        }
    }

    Result<CardinalityReport> report()
    {
        LabelReader reader(m_txn, m_names);
        m_report.series = m_core.index().seriesCount();
        m_report.active = m_active.cardinality();
        m_report.newSeries = m_core.index().createdSeries();
        for (const auto& [nid, label] : m_labels) {
            m_report.valuesByLabel.push_back({std::string(m_names->name(nid)), label.values});
            m_report.bytesByLabel.push_back({std::string(m_names->name(nid)), label.bytes});
        }
        for (const auto& [count, pair] : m_pairs.take()) {
            const auto value = reader.value(pair.vid);
            if (!value) {
                return std::unexpected(value.error());
            }
            m_report.seriesByPair.push_back(
                {std::string(m_names->name(pair.nid)) + "=" + std::string(*value), count});
        }
        for (const auto& [count, metric] : m_metrics.take()) {
            const auto value = reader.value(metric.pair.vid);
            if (!value) {
                return std::unexpected(value.error());
            }
            m_report.metrics.push_back({std::string(*value), count, metric.active});
        }
        rank(m_report.valuesByLabel, m_limit);
        rank(m_report.bytesByLabel, m_limit);
        rank(m_report.seriesByPair, m_limit);
        std::ranges::sort(m_report.metrics, [](const auto& a, const auto& b) {
            return std::tie(b.series, a.name) < std::tie(a.series, b.name);
        });
        m_report.metrics.resize(std::min(m_limit, m_report.metrics.size()));
        return std::move(m_report);
    }

    StoreCore& m_core;
    Txn& m_txn;
    NameTablePtr m_names;
    std::size_t m_limit;
    SidSet m_active;
    std::vector<std::uint16_t> m_lengths;
    std::map<Nid, PerLabel> m_labels;
    Top<LabelPair> m_pairs;
    Top<MetricCount> m_metrics;
    CardinalityReport m_report;
};

} // namespace

Result<CardinalityReport> countCardinality(StoreCore& core, std::size_t limit)
{
    auto txn = core.environment().read();
    if (!txn) {
        return std::unexpected(txn.error());
    }
    return Counting(core, *txn, limit).run();
}

} // namespace watchfire::tsdb
