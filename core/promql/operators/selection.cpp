// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/operators/selection.h"

#include "core/model/sample.h"
#include "core/promql/histogram/arithmetic.h"

#include <algorithm>
#include <utility>

namespace watchfire::promql {

namespace {

Result<std::chrono::milliseconds> resolved(const EvalContext& context, const DurationExpr& expr,
                                           bool mayBeNegative)
{
    return resolve(expr, context.durationTimes(), mayBeNegative);
}

} // namespace

Result<std::int64_t> offsetMs(const EvalContext& context, const Modifiers& modifiers)
{
    if (!modifiers.offsetExpr) {
        return modifiers.offset.count();
    }
    const auto length = resolved(context, *modifiers.offsetExpr, true);
    if (!length) {
        return std::unexpected(length.error());
    }
    return length->count();
}

Result<std::vector<std::int64_t>> shiftedTimes(const EvalContext& context, const StepGrid& grid,
                                               const Modifiers& modifiers)
{
    const auto offset = offsetMs(context, modifiers);
    if (!offset) {
        return std::unexpected(offset.error());
    }
    std::vector<std::int64_t> times(grid.count);
    for (std::size_t step = 0; step < grid.count; ++step) {
        std::int64_t at = grid.at(step);
        switch (modifiers.at) {
        case Modifiers::At::none:
            break;
        case Modifiers::At::timestamp:
            at = modifiers.atMs;
            break;
        case Modifiers::At::start:
            at = unixMs(context.times().start);
            break;
        case Modifiers::At::end:
            at = unixMs(context.times().end);
            break;
        }
        times[step] = at - *offset;
    }
    return times;
}

Result<std::int64_t> lengthMs(const EvalContext& context, std::chrono::milliseconds plain,
                              const std::optional<DurationExpr>& arithmetic)
{
    if (!arithmetic) {
        return plain.count();
    }
    const auto length = resolved(context, *arithmetic, false);
    if (!length) {
        return std::unexpected(length.error());
    }
    return length->count();
}

Result<void> Selection::open(EvalContext& context, const Matchers& matchers, std::int64_t fromMs,
                             std::int64_t toMs)
{
    auto readers = context.querier().select(matchers, {fromUnixMs(fromMs), fromUnixMs(toMs)});
    if (!readers) {
        return std::unexpected(readers.error());
    }
    m_context = &context;
    m_readers = std::move(*readers);
    m_starts.assign(1, 0);
    for (const auto& reader : m_readers) {
        m_starts.push_back(m_starts.back() + reader->size());
    }
    context.statistics.seriesRead += rows();
    return {};
}

std::size_t Selection::groupOf(std::size_t row) const
{
    if (row < m_starts[m_at] || row >= m_starts[m_at + 1]) {
        m_at = static_cast<std::size_t>(std::ranges::upper_bound(m_starts, row) - m_starts.begin())
            - 1;
    }
    return m_at;
}

const Labels& Selection::labels(std::size_t row)
{
    const std::size_t group = groupOf(row);
    const Labels& labels = m_readers[group]->labels(row - m_starts[group]);
    if (labels.empty() && !m_context->failure) {
        m_context->failure = m_readers[group]->labelFailure();
    }
    return labels;
}

Result<std::span<const std::int64_t>> Selection::timeline(std::size_t row)
{
    return m_readers[groupOf(row)]->timeline();
}

Result<void> Selection::read(std::size_t row, storage::Column& out)
{
    const std::size_t group = groupOf(row);
    auto done = m_readers[group]->read(row - m_starts[group], out);
    if (const auto& missing = m_readers[group]->leftOut()) {
        m_context->annotations.warn(textOfLeftOut(*missing), {});
    }
    return done;
}

std::string textOfLeftOut(std::string_view what)
{
    return std::string(what) + "; the answer lacks what it held";
}

void keepStatistics(storage::Column& column)
{
    HistogramPtr before;
    for (auto& [entry, histogram] : column.histograms) {
        if (isStaleMarker(histogram->sum)) {
            continue;
        }
        Histogram statistics;
        statistics.resetHint = histogram->resetHint;
        statistics.schema = histogram->schema;
        statistics.count = histogram->count;
        statistics.sum = histogram->sum;
        if (before != nullptr && statistics.resetHint == CounterReset::unknown) {
            statistics.resetHint
                = isReset(*before, *histogram) ? CounterReset::reset : CounterReset::notReset;
        }
        before = std::exchange(histogram, std::make_shared<const Histogram>(std::move(statistics)));
    }
}

} // namespace watchfire::promql
