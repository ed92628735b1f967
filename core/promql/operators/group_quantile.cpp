// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/operators/group_quantile.h"

#include "core/promql/kernels/quantile.h"

#include <algorithm>
#include <cmath>

namespace watchfire::promql {

GroupQuantile::GroupQuantile(OperatorPtr inner, const Aggregate& aggregate, std::vector<double> phi,
                             Span argument, Span parameter)
    : Materialized(inner->context(), inner->grid())
    , m_inner(std::move(inner))
    , m_aggregate(aggregate)
    , m_phi(std::move(phi))
    , m_argument(argument)
    , m_parameter(parameter)
{
}

Result<void> GroupQuantile::prepare()
{
    if (auto opened = m_inner->open(); !opened) {
        return opened;
    }
    m_grouping = groupSeries(*m_inner, context(), m_aggregate.grouping, m_aggregate.without);
    for (std::size_t group = 0; group < m_grouping.size(); ++group) {
        m_schema.push_back({m_grouping.labels[group], m_grouping.dropName[group]});
    }
    remarkOnPhi();
    return {};
}

void GroupQuantile::remarkOnPhi()
{
    double least = 0;
    double greatest = 0;
    for (const double phi : m_phi) {
        if (std::isnan(phi)) {
            context().annotations.warn(remarks::invalidQuantile(phi), m_parameter);
        }
        least = std::min(least, phi);
        greatest = std::max(greatest, phi);
    }
    if (greatest > 1) {
        context().annotations.warn(remarks::invalidQuantile(greatest), m_parameter);
    }
    if (least < 0) {
        context().annotations.warn(remarks::invalidQuantile(least), m_parameter);
    }
}

Result<bool> GroupQuantile::produce(Batch& out)
{
    if (!m_computed) {
        if (auto computed = compute(); !computed) {
            return std::unexpected(computed.error());
        }
        m_computed = true;
    }
    return Materialized::produce(out);
}

Result<void> GroupQuantile::compute()
{
    auto input = collect(*m_inner);
    if (!input) {
        return std::unexpected(input.error());
    }
    if (auto started = startRows(m_grouping.size()); !started) {
        return started;
    }
    std::vector<std::vector<std::size_t>> members(m_grouping.size());
    for (std::size_t row = 0; row < m_grouping.ofRow.size(); ++row) {
        members[m_grouping.ofRow[row]].push_back(row);
        const auto histograms = input->histograms(row);
        if (std::ranges::any_of(histograms, [](const HistogramPtr& h) { return h != nullptr; })) {
            context().annotations.inform(remarks::ignoredInAggregation("quantile"), m_argument);
        }
    }
    std::vector<double> values;
    for (std::size_t group = 0; group < members.size(); ++group) {
        for (std::size_t step = 0; step < grid().count; ++step) {
            if (context().stop().stop_requested()) {
                return context().checkpoint();
            }
            values.clear();
            for (const std::size_t row : members[group]) {
                if (testBit(input->present(row), step)) {
                    values.push_back(input->values(row)[step]);
                }
            }
            if (!values.empty()) {
                std::ranges::sort(values, kernels::nanFirst);
                m_rows.set(group, step, kernels::quantileOfSorted(m_phi[step], values));
            }
        }
    }
    return {};
}

} // namespace watchfire::promql
