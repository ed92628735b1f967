// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/operators/group_fold.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace watchfire::promql {

GroupFold::GroupFold(OperatorPtr inner, const Aggregate& aggregate, Span argument)
    : Operator(inner->context(), inner->grid())
    , m_inner(std::move(inner))
    , m_aggregate(aggregate)
    , m_argument(argument)
{
}

Result<void> GroupFold::prepare()
{
    if (auto opened = m_inner->open(); !opened) {
        return opened;
    }
    m_grouping = groupSeries(*m_inner, context(), m_aggregate.grouping, m_aggregate.without);
    for (std::size_t group = 0; group < m_grouping.size(); ++group) {
        m_schema.push_back({m_grouping.labels[group], m_grouping.dropName[group]});
    }
    constexpr std::size_t mostAccumulators = 4; // value, error, count, mean
    return take(mostAccumulators * bytesOfCells(m_grouping.size(), grid().count));
}

Result<bool> GroupFold::produce(Batch& out)
{
    if (!m_folded) {
        if (auto folded = fold(); !folded) {
            return std::unexpected(folded.error());
        }
        m_folded = true;
    }
    if (!startBatch(out)) {
        return false;
    }
    for (std::size_t row = 0; row < out.rows(); ++row) {
        finish(out, row, out.firstSeries() + row);
    }
    return true;
}

Result<void> GroupFold::fold()
{
    const std::size_t cells = m_grouping.size() * grid().count;
    const AggregateOp op = m_aggregate.op;
    const bool isMean = op == AggregateOp::avg;
    const bool isVariance = op == AggregateOp::stddev || op == AggregateOp::stdvar;
    const bool isExtreme = op == AggregateOp::min || op == AggregateOp::max;
    m_value.assign(cells, isExtreme ? std::numeric_limits<double>::quiet_NaN() : 0);
    m_error.assign(op == AggregateOp::sum || isMean ? cells : 0, 0);
    m_count.assign(op == AggregateOp::count || isMean || isVariance ? cells : 0, 0);
    m_mean.assign(isMean || isVariance ? cells : 0, 0);
    m_present.assign(m_grouping.size() * wordsFor(grid().count), 0);
    m_running.assign(isMean ? m_present.size() : 0, 0);
    m_histograms.resize(m_grouping.size());
    return forEachBatch(*m_inner, [this](const Batch& batch) -> Result<void> {
        for (std::size_t row = 0; row < batch.rows(); ++row) {
            const std::size_t group = m_grouping.ofRow[batch.firstSeries() + row];
            addNumbers(batch, row, group);
            if (batch.hasHistograms(row)) {
                addHistograms(batch, row, group);
            }
        }
        return {};
    });
}

kernels::Accumulators GroupFold::accumulators(std::size_t group)
{
    const std::size_t steps = grid().count;
    const auto part = [&](std::vector<double>& all) {
        return all.empty() ? std::span<double>() : std::span(all).subspan(group * steps, steps);
    };
    return {part(m_value), part(m_error), part(m_count), part(m_mean)};
}

void GroupFold::addNumbers(const Batch& batch, std::size_t row, std::size_t group)
{
    const std::span<const double> values = batch.values(row);
    const ConstBits present = batch.present(row);
    const kernels::Accumulators to = accumulators(group);
    addBits(bitsOf(m_present, group), present);
    const bool full = batch.isFull(row);
    const auto add = [&](auto&& wholeRow, auto&& byBits) {
        if (full) {
            wholeRow();
        } else {
            byBits();
        }
    };
    switch (m_aggregate.op) {
    case AggregateOp::sum:
        add([&] { kernels::addToSum(values, to); },
            [&] { kernels::addToSum(values, present, to); });
        break;
    case AggregateOp::avg:
        kernels::addToMean(values, present, bitsOf(m_running, group), to);
        break;
    case AggregateOp::count:
        add([&] { kernels::addToCount(to); }, [&] { kernels::addToCount(present, to); });
        break;
    case AggregateOp::min:
        add([&] { kernels::addToMin(values, to); },
            [&] { kernels::addToMin(values, present, to); });
        break;
    case AggregateOp::max:
        add([&] { kernels::addToMax(values, to); },
            [&] { kernels::addToMax(values, present, to); });
        break;
    case AggregateOp::stddev:
    case AggregateOp::stdvar:
        add([&] { kernels::addToVariance(values, to); },
            [&] { kernels::addToVariance(values, present, to); });
        break;
    case AggregateOp::group:
    case AggregateOp::topk:
    case AggregateOp::bottomk:
    case AggregateOp::countValues:
    case AggregateOp::quantile:
    case AggregateOp::limitk:
    case AggregateOp::limitRatio:
        break;
    }
}

void GroupFold::addHistograms(const Batch& batch, std::size_t row, std::size_t group)
{
    const std::span<const HistogramPtr> histograms = batch.histograms(row);
    const Bits present = bitsOf(m_present, group);
    switch (m_aggregate.op) {
    case AggregateOp::count:
    case AggregateOp::group:
        for (std::size_t step = 0; step < histograms.size(); ++step) {
            if (histograms[step]) {
                setBit(present, step);
                if (!m_count.empty()) {
                    accumulators(group).count[step] += 1;
                }
            }
        }
        return;
    case AggregateOp::sum:
    case AggregateOp::avg:
        break;
    default: // the others know numbers only
        if (std::ranges::any_of(histograms, [](const HistogramPtr& h) { return h != nullptr; })) {
            context().annotations.inform(remarks::ignoredInAggregation(toText(m_aggregate.op)),
                                         m_argument);
        }
        return;
    }
    auto& cells = m_histograms[group];
    if (!cells) {
        noteTaken(grid().count * sizeof(cells->sums.front()));
        cells = std::make_unique<HistogramCells>();
        cells->sums.resize(grid().count);
        cells->incompatible.resize(wordsFor(grid().count));
    }
    const std::string_view metric
        = m_inner->schema()[batch.firstSeries() + row].labels->metricName();
    for (std::size_t step = 0; step < histograms.size(); ++step) {
        if (histograms[step]) {
            addHistogram(*cells, step, *histograms[step], metric);
        }
    }
}

void GroupFold::addHistogram(HistogramCells& cells, std::size_t step, const Histogram& histogram,
                             std::string_view metric)
{
    auto& sum = cells.sums[step];
    if (!sum) {
        noteTaken(2 * bytesOf(histogram)); // the sum and what it lacks
        sum = std::make_unique<HistogramAccumulator>(m_aggregate.op == AggregateOp::sum
                                                         ? HistogramAccumulator::Kind::sum
                                                         : HistogramAccumulator::Kind::mean,
                                                     histogram);
        return;
    }
    if (testBit(cells.incompatible, step)) {
        return;
    }
    const HistogramOutcome outcome = sum->add(histogram);
    if (!outcome.compatible) {
        context().annotations.warn(remarks::mixedExponentialAndCustom(metric), m_argument);
        setBit(cells.incompatible, step);
    } else if (outcome.reconciledBounds) {
        context().annotations.inform(remarks::reconciledBounds("aggregation"), m_argument);
    }
}

void GroupFold::finish(Batch& out, std::size_t row, std::size_t group)
{
    const std::span<double> values = out.values(row);
    const kernels::Accumulators from = accumulators(group);
    std::ranges::copy(bitsOf(m_present, group), out.present(row).begin());
    const std::size_t steps = grid().count;
    switch (m_aggregate.op) {
    case AggregateOp::sum:
        for (std::size_t step = 0; step < steps; ++step) {
            values[step] = from.value[step] + from.error[step];
        }
        break;
    case AggregateOp::avg:
        for (std::size_t step = 0; step < steps; ++step) {
            values[step] = testBit(bitsOf(m_running, group), step)
                ? from.mean[step] + from.error[step]
                : from.value[step] / from.count[step] + from.error[step] / from.count[step];
        }
        break;
    case AggregateOp::count:
        std::ranges::copy(from.count, values.begin());
        break;
    case AggregateOp::group:
        std::ranges::fill(values, 1.0);
        break;
    case AggregateOp::stdvar:
        for (std::size_t step = 0; step < steps; ++step) {
            values[step] = from.value[step] / from.count[step];
        }
        break;
    case AggregateOp::stddev:
        for (std::size_t step = 0; step < steps; ++step) {
            values[step] = std::sqrt(from.value[step] / from.count[step]);
        }
        break;
    default: // what was gathered is the result
        std::ranges::copy(from.value, values.begin());
        break;
    }
    if (m_histograms[group]) {
        finishHistograms(out, row, group);
    }
}

void GroupFold::finishHistograms(Batch& out, std::size_t row, std::size_t group)
{
    HistogramCells& cells = *m_histograms[group];
    const Bits present = out.present(row);
    for (std::size_t step = 0; step < cells.sums.size(); ++step) {
        const auto& sum = cells.sums[step];
        if (!sum) {
            continue;
        }
        if (testBit(present, step)) {
            context().annotations.warn(remarks::mixedInAggregation(), m_argument);
            clearBit(present, step);
            continue;
        }
        if (testBit(cells.incompatible, step)) {
            continue;
        }
        if (sum->resetsCollide()) {
            context().annotations.warn(remarks::resetCollision("aggregation"), m_argument);
        }
        out.set(row, step, std::make_shared<const Histogram>(sum->value()));
    }
}

} // namespace watchfire::promql
