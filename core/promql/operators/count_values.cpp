// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/histogram/arithmetic.h"
#include "core/promql/operators/group_pick.h"
#include "core/promql/operators/matching.h"
#include "core/text/number.h"

#include <unordered_map>

namespace watchfire::promql {

CountValues::CountValues(OperatorPtr inner, const Aggregate& aggregate, std::string label)
    : Materialized(inner->context(), inner->grid())
    , m_inner(std::move(inner))
    , m_aggregate(aggregate)
    , m_label(std::move(label))
{
}

Result<void> CountValues::prepare()
{
    if (auto opened = m_inner->open(); !opened) {
        return opened;
    }
    std::vector<std::string> names = m_aggregate.grouping;
    if (!m_aggregate.without) {
        names.push_back(m_label);
    }
    names = sorted(std::move(names));
    const std::size_t steps = grid().count;
    std::unordered_map<Labels, std::size_t> places;
    std::vector<std::vector<double>> counts; // by result row, 0 where absent
    const auto read = forEachBatch(*m_inner, [&](const Batch& batch) -> Result<void> {
        for (std::size_t row = 0; row < batch.rows(); ++row) {
            const Labels& labels = *m_inner->schema()[batch.firstSeries() + row].labels;
            std::unordered_map<std::string, std::size_t> ofValue;
            for (std::size_t step = 0; step < steps; ++step) {
                const Cell cell = batch.cell(row, step);
                if (cell.kind == Cell::Kind::absent) {
                    continue;
                }
                std::string value = cell.kind == Cell::Kind::number ? text::formatFixed(cell.number)
                                                                    : toText(*cell.histogram);
                const auto [known, isNew] = ofValue.try_emplace(std::move(value), 0);
                if (isNew) {
                    const Labels marked = labels.with(m_label, known->first);
                    const Labels key
                        = m_aggregate.without ? marked.dropAll(names) : marked.keepOnly(names);
                    known->second = places.try_emplace(key, counts.size()).first->second;
                    if (known->second == counts.size()) {
                        if (auto taken = take(bytesOfCells(1, steps)); !taken) {
                            return taken;
                        }
                        counts.emplace_back(steps);
                        m_schema.push_back({context().own(key), false});
                    }
                }
                counts[known->second][step] += 1;
            }
        }
        return {};
    });
    if (!read) {
        return read;
    }
    if (auto started = startRows(counts.size()); !started) {
        return started;
    }
    for (std::size_t row = 0; row < counts.size(); ++row) {
        for (std::size_t step = 0; step < steps; ++step) {
            if (counts[row][step] > 0) {
                m_rows.set(row, step, counts[row][step]);
            }
        }
    }
    giveBack(counts.size() * bytesOfCells(1, steps));
    return {};
}

} // namespace watchfire::promql
