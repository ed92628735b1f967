// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/operators/group_pick.h"

#include "core/promql/functions/label_hash.h"
#include "core/text/number.h"

#include <algorithm>
#include <cmath>
#include <format>

namespace watchfire::promql {

GroupPick::GroupPick(OperatorPtr inner, const Aggregate& aggregate, std::vector<double> parameter,
                     Span call, Span parameterSpan)
    : Materialized(inner->context(), inner->grid())
    , m_inner(std::move(inner))
    , m_aggregate(aggregate)
    , m_parameter(std::move(parameter))
    , m_call(call)
    , m_parameterSpan(parameterSpan)
{
}

Result<void> GroupPick::prepare()
{
    const bool isRatio = m_aggregate.op == AggregateOp::limitRatio;
    if (auto opened = m_inner->open(); !opened) {
        return opened;
    }
    const auto any = isRatio ? checkRatio() : checkCount();
    if (!any) {
        return std::unexpected(any.error());
    }
    if (!*any) {
        // For what there is to remark on the way.
        return forEachBatch(*m_inner, [](const Batch&) { return Result<void>(); });
    }
    m_grouping = groupSeries(*m_inner, context(), m_aggregate.grouping, m_aggregate.without);
    const bool ranks
        = m_aggregate.op == AggregateOp::topk || m_aggregate.op == AggregateOp::bottomk;
    return ranks ? rank() : limit();
}

/// False: nothing passes at any step.
Result<bool> GroupPick::checkCount() const
{
    double least = m_parameter.empty() ? 0 : m_parameter.front();
    double greatest = least;
    bool anyNaN = false;
    for (const double k : m_parameter) {
        anyNaN = anyNaN || std::isnan(k);
        least = std::min(least, k);
        greatest = std::max(greatest, k);
    }
    if (anyNaN) {
        return fail(ErrorKind::invalid, "Parameter value is NaN", m_parameterSpan);
    }
    if (greatest < 1) {
        return false;
    }
    constexpr double limit = 9223372036854775808.0; // 2^63
    if (least <= -limit) {
        return fail(ErrorKind::invalid,
                    std::format("Scalar value {} underflows int64", text::formatG(least)),
                    m_parameterSpan);
    }
    if (greatest >= limit) {
        return fail(ErrorKind::invalid,
                    std::format("Scalar value {} overflows int64", text::formatG(greatest)),
                    m_parameterSpan);
    }
    return true;
}

Result<bool> GroupPick::checkRatio()
{
    double least = 0;
    double greatest = 0;
    for (const double ratio : m_parameter) {
        if (std::isnan(ratio)) {
            return fail(ErrorKind::invalid, "Ratio value is NaN", m_parameterSpan);
        }
        least = std::min(least, ratio);
        greatest = std::max(greatest, ratio);
    }
    if (greatest > 1) {
        context().annotations.warn(remarks::invalidRatio(greatest, 1), m_parameterSpan);
    }
    if (least < -1) {
        context().annotations.warn(remarks::invalidRatio(least, -1), m_parameterSpan);
    }
    return least != 0 || greatest != 0;
}

std::size_t GroupPick::count(std::size_t step) const
{
    const double k = m_parameter[step];
    return k < 1
        ? 0
        : static_cast<std::size_t>(std::min(k, static_cast<double>(m_grouping.ofRow.size())));
}

bool GroupPick::better(double a, double b) const
{
    if (std::isnan(a) || std::isnan(b)) {
        return !std::isnan(a);
    }
    return m_aggregate.op == AggregateOp::topk ? a > b : a < b;
}

void GroupPick::offerTo(std::vector<Entry>& heap, std::size_t k, Entry entry) const
{
    // Of equal values the earlier series stays.
    const auto worseLast = [this](const Entry& a, const Entry& b) {
        if (better(a.value, b.value)) {
            return true;
        }
        return !better(b.value, a.value) && a.row < b.row;
    };
    if (heap.size() < k) {
        heap.push_back(entry);
        std::ranges::push_heap(heap, worseLast);
    } else if (worseLast(entry, heap.front())) {
        std::ranges::pop_heap(heap, worseLast);
        heap.back() = entry;
        std::ranges::push_heap(heap, worseLast);
    }
}

void GroupPick::offer(const Batch& batch, std::size_t row)
{
    const std::size_t series = batch.firstSeries() + row;
    const std::size_t first = m_grouping.ofRow[series] * grid().count;
    const std::span<const double> values = batch.values(row);
    forEachBit(batch.present(row), [&](std::size_t step) {
        const std::size_t k = count(step);
        std::vector<Entry>& heap = m_heaps[first + step];
        // Nearly all values of a long list are worse than the worst of the k best.
        if (k > 0 && (heap.size() < k || better(values[step], heap.front().value))) {
            offerTo(heap, k, {values[step], static_cast<std::uint32_t>(series)});
        }
    });
}

Result<void> GroupPick::rank()
{
    const std::size_t heaps = m_grouping.size() * grid().count;
    std::size_t most = 0;
    for (std::size_t step = 0; step < grid().count; ++step) {
        most = std::max(most, count(step));
    }
    const std::size_t perGroup = std::min(most, m_grouping.ofRow.size());
    if (auto taken = take(heaps * sizeof(std::vector<Entry>)
                          + std::min(m_grouping.size() * perGroup, m_grouping.ofRow.size())
                              * grid().count * sizeof(Entry));
        !taken) {
        return taken;
    }
    m_heaps.resize(heaps);
    const auto read = forEachBatch(*m_inner, [this](const Batch& batch) -> Result<void> {
        for (std::size_t row = 0; row < batch.rows(); ++row) {
            offer(batch, row);
            const auto histograms = batch.histograms(row);
            if (std::ranges::any_of(histograms,
                                    [](const HistogramPtr& h) { return h != nullptr; })) {
                context().annotations.inform(remarks::ignoredInAggregation(toText(m_aggregate.op)),
                                             m_call);
            }
        }
        return {};
    });
    if (!read) {
        return read;
    }
    return takeBest(std::exchange(m_heaps, {}));
}

Result<void> GroupPick::takeBest(const std::vector<std::vector<Entry>>& heaps)
{
    const std::size_t steps = grid().count;
    std::vector<std::uint32_t> order; // rows of the input, in the order of the result
    if (context().isRangeQuery() || steps != 1) {
        for (const auto& heap : heaps) {
            for (const Entry& entry : heap) {
                order.push_back(entry.row);
            }
        }
        std::ranges::sort(order);
        const auto repeated = std::ranges::unique(order);
        order.erase(repeated.begin(), repeated.end());
    } else {
        for (std::vector<Entry> heap : heaps) {
            std::ranges::sort(heap, [this](const Entry& a, const Entry& b) {
                return better(a.value, b.value) || (!better(b.value, a.value) && a.row < b.row);
            });
            for (const Entry& entry : heap) {
                order.push_back(entry.row);
            }
        }
    }
    constexpr std::uint32_t none = ~std::uint32_t{0};
    std::vector<std::uint32_t> place(m_grouping.ofRow.size(), none);
    for (const std::uint32_t row : order) {
        place[row] = static_cast<std::uint32_t>(m_schema.size());
        m_schema.push_back(m_inner->schema()[row]);
    }
    if (auto started = startRows(m_schema.size()); !started) {
        return started;
    }
    for (std::size_t at = 0; at < heaps.size(); ++at) {
        for (const Entry& entry : heaps[at]) {
            m_rows.set(place[entry.row], at % steps, entry.value);
        }
    }
    return {};
}

void GroupPick::admit(const Batch& batch, std::size_t row, std::vector<std::uint32_t>& counts,
                      Bits out) const
{
    batch.occupied(row, out);
    const std::size_t series = batch.firstSeries() + row;
    if (m_aggregate.op == AggregateOp::limitRatio) {
        const double place = labelRatio(*m_inner->schema()[series].labels);
        forEachBit(out, [&](std::size_t step) {
            const double ratio = std::clamp(m_parameter[step], -1.0, 1.0);
            const bool passes = ratio >= 0 ? place < ratio : place >= 1 + ratio;
            if (!passes) {
                clearBit(out, step);
            }
        });
        return;
    }
    const std::size_t first = m_grouping.ofRow[series] * grid().count;
    forEachBit(out, [&](std::size_t step) {
        if (counts[first + step] < count(step)) {
            ++counts[first + step];
        } else {
            clearBit(out, step);
        }
    });
}

Result<void> GroupPick::limit()
{
    std::vector<std::uint32_t> counts(m_grouping.size() * grid().count);
    std::vector<std::uint64_t> passes(wordsFor(grid().count));
    std::vector<Batch> kept;
    const auto read = forEachBatch(*m_inner, [&](const Batch& batch) -> Result<void> {
        for (std::size_t row = 0; row < batch.rows(); ++row) {
            admit(batch, row, counts, passes);
            if (!anyBit(passes)) {
                continue;
            }
            m_schema.push_back(m_inner->schema()[batch.firstSeries() + row]);
            if (auto taken = take(bytesOfCells(1, grid().count)); !taken) {
                return taken;
            }
            Batch& one = kept.emplace_back();
            one.reset(0, 1, grid().count);
            forEachBit(passes, [&](std::size_t step) { one.set(0, step, batch.cell(row, step)); });
        }
        return {};
    });
    if (!read) {
        return read;
    }
    if (auto started = startRows(kept.size()); !started) {
        return started;
    }
    for (std::size_t row = 0; row < kept.size(); ++row) {
        m_rows.moveRow(row, kept[row], 0);
    }
    giveBack(bytesOfCells(kept.size(), grid().count));
    return {};
}

} // namespace watchfire::promql
