// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/operators/merge.h"

#include <unordered_map>
#include <unordered_set>

namespace watchfire::promql {

namespace {

struct ContentHash {
    std::size_t operator()(const Labels* labels) const { return labels->hash(); }
};
struct ContentEqual {
    bool operator()(const Labels* a, const Labels* b) const { return *a == *b; }
};

} // namespace

bool hasEqualLabels(const Schema& schema)
{
    std::unordered_set<const Labels*, ContentHash, ContentEqual> seen;
    seen.reserve(schema.size());
    for (const SeriesLabels& series : schema) {
        if (!seen.insert(series.labels).second) {
            return true;
        }
    }
    return false;
}

std::unexpected<Error> sameLabelset()
{
    return fail(ErrorKind::invalid, "vector cannot contain metrics with the same labelset");
}

MergeEqual::MergeEqual(OperatorPtr inner, Turns turns)
    : Operator(inner->context(), inner->grid())
    , m_inner(std::move(inner))
    , m_turns(turns)
{
}

Result<void> MergeEqual::prepare()
{
    if (auto opened = m_inner->open(); !opened) {
        return opened;
    }
    const Schema& schema = m_inner->schema();
    if (m_inner->staysDistinct() || !hasEqualLabels(schema)) {
        m_schema = schema;
        m_staysDistinct = m_inner->staysDistinct();
        m_sharesLabels = m_inner->sharesLabels();
        return {};
    }
    std::unordered_map<const Labels*, std::size_t, ContentHash, ContentEqual> places;
    m_target.reserve(schema.size());
    for (const SeriesLabels& series : schema) {
        const auto [place, isNew] = places.emplace(series.labels, m_schema.size());
        if (isNew) {
            m_schema.push_back(series);
        }
        m_target.push_back(place->second);
    }
    return {};
}

void MergeEqual::setPlace(Span place)
{
    Operator::setPlace(place);
    m_inner->setPlace(place);
}

Result<void> MergeEqual::merge()
{
    if (auto taken = take(bytesOfCells(m_schema.size(), grid().count)); !taken) {
        return taken;
    }
    m_rows.reset(0, m_schema.size(), grid().count);
    std::vector<std::uint64_t> there(wordsFor(grid().count));
    std::vector<std::uint64_t> added(there.size());
    return forEachBatch(*m_inner, [&](const Batch& batch) -> Result<void> {
        for (std::size_t row = 0; row < batch.rows(); ++row) {
            const std::size_t target = m_target[batch.firstSeries() + row];
            batch.occupied(row, added);
            m_rows.occupied(target, there);
            const bool clash = m_turns == Turns::allowed ? overlap(there, added)
                                                         : anyBit(there) && anyBit(added);
            if (clash) {
                return sameLabelset();
            }
            forEachBit(added,
                       [&](std::size_t step) { m_rows.set(target, step, batch.cell(row, step)); });
        }
        return {};
    });
}

Result<bool> MergeEqual::produce(Batch& out)
{
    if (m_target.empty()) {
        return m_inner->next(out);
    }
    if (!m_merged) {
        if (auto merged = merge(); !merged) {
            return std::unexpected(merged.error());
        }
        m_merged = true;
    }
    if (!startBatch(out)) {
        return false;
    }
    for (std::size_t row = 0; row < out.rows(); ++row) {
        out.moveRow(row, m_rows, out.firstSeries() + row);
    }
    return true;
}

} // namespace watchfire::promql
