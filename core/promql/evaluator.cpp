// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/sample.h"
#include "core/promql/functions/window_edges.h"
#include "core/promql/operators/merge.h"
#include "core/promql/operators/range_scan.h"
#include "core/promql/operators/selection.h"
#include "core/promql/plan.h"
#include "core/promql/prometheus_counts.h"
#include "core/promql/query.h"

#include <algorithm>
#include <format>

namespace watchfire::promql {

namespace {

/// Names noted to be dropped go now, at the end of the query.
class DropNoted final : public Operator {
public:
    explicit DropNoted(OperatorPtr inner)
        : Operator(inner->context(), inner->grid())
        , m_inner(std::move(inner))
    {
    }

private:
    Result<void> prepare() override
    {
        if (auto opened = m_inner->open(); !opened) {
            return opened;
        }
        m_schema = m_inner->schema();
        for (SeriesLabels& series : m_schema) {
            if (series.dropName) {
                series.labels = context().own(withoutName(*series.labels));
            }
        }
        return {};
    }
    Result<bool> produce(Batch& out) override { return m_inner->next(out); }

    OperatorPtr m_inner;
};

OperatorPtr finished(OperatorPtr last)
{
    if (!last->context().options().delayedNameRemoval) {
        return last;
    }
    return std::make_unique<MergeEqual>(std::make_unique<DropNoted>(std::move(last)));
}

Result<Vector> instantVector(Operator& from)
{
    if (auto opened = from.open(); !opened) {
        return std::unexpected(opened.error());
    }
    Vector out;
    Batch batch;
    for (;;) {
        const auto more = from.next(batch);
        if (!more) {
            return std::unexpected(more.error());
        }
        if (!*more) {
            return out;
        }
        for (std::size_t row = 0; row < batch.rows(); ++row) {
            Cell cell = batch.cell(row, 0);
            if (cell.kind != Cell::Kind::absent) {
                out.push_back({*from.schema()[batch.firstSeries() + row].labels,
                               from.grid().startMs, cell.number, std::move(cell.histogram)});
            }
        }
    }
}

/// `times`: of the steps.
void appendRow(const Batch& batch, std::size_t row, const std::vector<std::int64_t>& times,
               MatrixSeries& out)
{
    const auto values = batch.values(row);
    if (batch.isFull(row)) {
        out.atMs = times;
        out.values.assign(values.begin(), values.end());
        return;
    }
    const std::size_t count = countBits(batch.present(row));
    out.atMs.reserve(count);
    out.values.reserve(count);
    forEachBit(batch.present(row), [&](std::size_t step) {
        out.atMs.push_back(times[step]);
        out.values.push_back(values[step]);
    });
    const auto histograms = batch.histograms(row);
    for (std::size_t step = 0; step < histograms.size(); ++step) {
        if (histograms[step]) {
            out.histogramAtMs.push_back(times[step]);
            out.histograms.push_back(histograms[step]);
        }
    }
}

Matrix sorted(Matrix matrix)
{
    std::ranges::sort(matrix, {}, &MatrixSeries::labels);
    return matrix;
}

Result<Matrix> matrixOf(Operator& from)
{
    if (auto opened = from.open(); !opened) {
        return std::unexpected(opened.error());
    }
    std::vector<std::int64_t> times(from.grid().count);
    for (std::size_t step = 0; step < times.size(); ++step) {
        times[step] = from.grid().at(step);
    }
    Matrix out;
    Batch batch;
    for (;;) {
        const auto more = from.next(batch);
        if (!more) {
            return std::unexpected(more.error());
        }
        if (!*more) {
            return sorted(std::move(out));
        }
        for (std::size_t row = 0; row < batch.rows(); ++row) {
            if (!batch.isEmpty(row)) {
                MatrixSeries& series = out.emplace_back();
                series.labels = *from.schema()[batch.firstSeries() + row].labels;
                appendRow(batch, row, times, series);
            }
        }
    }
}

/// Samples of the series as Prometheus counts them.
std::uint64_t countsOf(const MatrixSeries& series)
{
    std::uint64_t counts = series.values.size();
    for (const HistogramPtr& histogram : series.histograms) {
        counts += samplesInSeries(*histogram);
    }
    return counts;
}

/// The samples a range selector finds, as they are stored. `usage` may be null.
Result<Matrix> storedSamples(EvalContext& context, const MatrixSelector& matrix,
                             const StepGrid& grid, NodeUsage* usage)
{
    const auto& selector = std::get<VectorSelector>(matrix.selector->kind);
    const auto ends = shiftedTimes(context, grid, selector.modifiers);
    if (!ends) {
        return std::unexpected(ends.error());
    }
    const auto range = lengthMs(context, matrix.range, matrix.rangeExpr);
    if (!range) {
        return std::unexpected(range.error());
    }
    const std::int64_t end = ends->front();
    const std::int64_t start = end - *range;
    const bool smoothed = selector.edges == RangeEdges::smoothed;
    const std::int64_t before
        = selector.edges == RangeEdges::plain ? 0 : context.options().lookback.count();
    Selection selection;
    if (auto opened = selection.open(context, selector.matchers, start - before + 1,
                                     smoothed ? end + before : end);
        !opened) {
        return std::unexpected(opened.error());
    }
    Matrix out;
    storage::Column column;
    for (std::size_t row = 0; row < selection.rows(); ++row) {
        if (auto checked = context.checkpoint(); !checked) {
            return std::unexpected(checked.error());
        }
        const auto timeline = selection.timeline(row);
        if (!timeline) {
            return std::unexpected(timeline.error());
        }
        if (auto read = selection.read(row, column); !read) {
            return std::unexpected(read.error());
        }
        MatrixSeries series;
        series.labels = selection.labels(row);
        auto histogram = column.histograms.begin();
        for (std::size_t entry = 0; entry < timeline->size(); ++entry) {
            const std::int64_t at = (*timeline)[entry];
            const bool isHistogram
                = histogram != column.histograms.end() && histogram->first == entry;
            if (isHistogram) {
                if (!isStaleMarker(histogram->second->sum)) {
                    series.histogramAtMs.push_back(at);
                    series.histograms.push_back(histogram->second);
                }
                ++histogram;
            } else if (column.isPresent(entry) && !isStaleMarker(column.values[entry])) {
                series.atMs.push_back(at);
                series.values.push_back(column.values[entry]);
            }
        }
        WindowCounts counts;
        counts.left = countsOf(series);
        counts.peak = counts.left;
        if (selector.edges != RangeEdges::plain) {
            if (!series.histograms.empty()) {
                return fail(ErrorKind::invalid,
                            std::format("{} modifier is not supported with histograms",
                                        smoothed ? "smoothed" : "anchored"));
            }
            extendToEdges(series.atMs, series.values, start, end, smoothed);
        }
        if (usage != nullptr) {
            counts.all = {countsOf(series)};
            usage->windows.append(counts);
        }
        const std::size_t samples = series.values.size() + series.histograms.size();
        context.statistics.samplesRead += samples;
        if (auto held = context.hold(samples); !held) {
            return std::unexpected(held.error());
        }
        if (samples > 0) {
            out.push_back(std::move(series));
        }
    }
    return sorted(std::move(out));
}

/// One evaluation, from the tree to the value.
class Evaluation {
public:
    Evaluation(EvalContext& context, const Node& root)
        : m_context(context)
        , m_root(unwrap(root))
        , m_facts(root)
        , m_planner(context, m_facts)
    {
        const QueryTimes& times = context.times();
        m_grid.startMs = unixMs(times.start);
        if (context.isRangeQuery()) {
            m_grid.stepMs = times.step.count();
            m_grid.isRange = times.start < times.end;
            m_grid.count = times.end < times.start
                ? 0
                : static_cast<std::size_t>((times.end - times.start) / times.step) + 1;
        }
    }

    const StepGrid& grid() const { return m_grid; }

    Result<QueryValue> run()
    {
        if (m_context.isRangeQuery()
            && (m_root.type == ValueType::matrix || m_root.type == ValueType::string)) {
            return fail(ErrorKind::invalid,
                        std::format("invalid expression type \"{}\" for range query, must be "
                                    "Scalar or instant Vector",
                                    toText(m_root.type)));
        }
        switch (m_root.type) {
        case ValueType::string:
            return StringValue{m_grid.startMs, std::get<StringLiteral>(m_root.kind).value};
        case ValueType::scalar:
            return scalar();
        case ValueType::matrix:
            return matrix();
        case ValueType::vector:
        case ValueType::none:
            break;
        }
        return vector();
    }

private:
    Result<QueryValue> scalar()
    {
        auto values = m_planner.scalar(m_root, m_grid);
        if (!values) {
            return std::unexpected(values.error());
        }
        if (!m_context.isRangeQuery()) {
            return Scalar{m_grid.startMs, values->front()};
        }
        MatrixSeries series;
        for (std::size_t step = 0; step < m_grid.count; ++step) {
            series.atMs.push_back(m_grid.at(step));
        }
        series.values = std::move(*values);
        return Matrix{std::move(series)};
    }

    Result<QueryValue> matrix()
    {
        const Measure measure(m_context, m_context.usageOf(m_root));
        if (const auto* const selector = std::get_if<MatrixSelector>(&m_root.kind)) {
            auto samples = storedSamples(m_context, *selector, m_grid, m_context.usageOf(m_root));
            if (!samples) {
                return std::unexpected(samples.error());
            }
            return std::move(*samples);
        }
        const auto& subquery = std::get<Subquery>(m_root.kind);
        const auto grid = m_planner.subqueryGrid(m_root, m_grid);
        if (!grid) {
            return std::unexpected(grid.error());
        }
        auto inner = m_planner.vector(*subquery.inner, *grid);
        if (!inner) {
            return std::unexpected(inner.error());
        }
        m_planner.end();
        auto rows = matrixOf(*finished(std::move(*inner)));
        if (!rows) {
            return std::unexpected(rows.error());
        }
        return std::move(*rows);
    }

    Result<QueryValue> vector()
    {
        auto planned = m_planner.vector(m_root, m_grid);
        if (!planned) {
            return std::unexpected(planned.error());
        }
        m_planner.end();
        const OperatorPtr last = finished(std::move(*planned));
        if (m_context.isRangeQuery()) {
            auto rows = matrixOf(*last);
            if (!rows) {
                return std::unexpected(rows.error());
            }
            return std::move(*rows);
        }
        auto samples = instantVector(*last);
        if (!samples) {
            return std::unexpected(samples.error());
        }
        return std::move(*samples);
    }

    EvalContext& m_context;
    const Node& m_root;
    QueryFacts m_facts;
    Planner m_planner;
    StepGrid m_grid;
};

} // namespace

Result<QueryResult> evaluate(const Ast& query, storage::Queryable& store, QueryTimes times,
                             const QueryOptions& options, std::stop_token stop)
{
    const auto started = std::chrono::steady_clock::now();
    const auto querier = store.querier();
    if (!querier) {
        return std::unexpected(querier.error());
    }
    EvalContext context(**querier, times, options, std::move(stop));
    if (auto checked = checkDurations(query, context.durationTimes()); !checked) {
        return std::unexpected(checked.error());
    }
    Profile profile;
    context.profile = options.explain || options.countSamples ? &profile : nullptr;
    Evaluation evaluation(context, *query.root);
    auto value = evaluation.run();
    if (value && context.failure) {
        value = std::unexpected(*context.failure);
    }
    QueryReport report;
    report.statistics = context.statistics;
    if (options.explain) {
        report.explanation = profile.report(*query.root);
    }
    if (options.countSamples) {
        report.statistics.counts = countAsPrometheus(*query.root, evaluation.grid(), profile);
    }
    report.statistics.evaluate = std::chrono::steady_clock::now() - started;
    if (options.report != nullptr) {
        *options.report = report;
    }
    if (!value) {
        return std::unexpected(value.error());
    }
    QueryResult result;
    result.value = std::move(*value);
    result.annotations = context.annotations.take();
    result.statistics = std::move(report.statistics);
    result.explanation = std::move(report.explanation);
    return result;
}

Result<QueryResult> evaluate(std::string_view query, storage::Queryable& store, QueryTimes times,
                             const QueryOptions& options, std::stop_token stop)
{
    const auto started = std::chrono::steady_clock::now();
    auto ast = parse(query, options.features);
    if (!ast) {
        return std::unexpected(ast.error());
    }
    const auto parsed = std::chrono::steady_clock::now() - started;
    auto result = evaluate(*ast, store, times, options, std::move(stop));
    if (result) {
        result->statistics.parse = parsed;
    }
    if (options.report != nullptr) {
        options.report->statistics.parse = parsed;
    }
    return result;
}

} // namespace watchfire::promql
