// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/operators/absent.h"

#include <set>

namespace watchfire::promql {

Absent::Absent(OperatorPtr inner, Labels labels)
    : Materialized(inner->context(), inner->grid())
    , m_inner(std::move(inner))
    , m_labels(std::move(labels))
{
}

Result<void> Absent::prepare()
{
    if (auto opened = m_inner->open(); !opened) {
        return opened;
    }
    m_schema.push_back({context().own(m_labels), false});
    return {};
}

Result<bool> Absent::produce(Batch& out)
{
    if (!m_looked) {
        m_looked = true;
        std::vector<std::uint64_t> there(wordsFor(grid().count));
        std::vector<std::uint64_t> row(there.size());
        Batch batch;
        for (;;) {
            const auto more = m_inner->next(batch);
            if (!more) {
                return more;
            }
            if (!*more) {
                break;
            }
            for (std::size_t i = 0; i < batch.rows(); ++i) {
                batch.occupied(i, row);
                addBits(there, row);
            }
        }
        if (auto started = startRows(1); !started) {
            return std::unexpected(started.error());
        }
        for (std::size_t step = 0; step < grid().count; ++step) {
            if (!testBit(there, step)) {
                m_rows.set(0, step, 1.0);
            }
        }
    }
    return Materialized::produce(out);
}

Labels labelsOfAbsent(const Matchers& matchers)
{
    LabelsBuilder builder;
    std::set<std::string> seen;
    for (const Matcher& matcher : matchers) {
        if (matcher.name() == metricNameLabel) {
            continue;
        }
        if (matcher.type() == MatchType::equal && seen.insert(matcher.name()).second) {
            builder.set(matcher.name(), matcher.value());
        } else {
            builder.remove(matcher.name());
        }
    }
    return builder.build();
}

} // namespace watchfire::promql
