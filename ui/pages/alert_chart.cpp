// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/alert_chart.h"

#include "core/promql/syntax/parser.h"
#include "core/promql/syntax/threshold.h"
#include "ui/chart/time_chart.h"
#include "ui/models/format.h"
#include "ui/pages/query_step.h"
#include "ui/pages/query_unit.h"

#include <algorithm>
#include <utility>
#include <vector>

#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

/// What a chart has that was not shown yet.
constexpr int leastColumns = 400;

} // namespace

Matrix seriesOfAlert(Matrix all, const Labels& alert)
{
    const auto isOf = [&](const MatrixSeries& series) {
        return std::ranges::all_of(series.labels, [&](const Label label) {
            return label.name == metricNameLabel || alert.get(label.name) == label.value;
        });
    };
    if (std::ranges::any_of(all, isOf)) {
        std::erase_if(all, [&](const MatrixSeries& series) { return !isOf(series); });
    }
    return all;
}

AlertChart::AlertChart(PageContext& context, QWidget* parent)
    : QWidget(parent)
    , m_context(context)
    , m_chart(new chart::TimeChart(this))
{
    m_chart->setObjectName(u"alerts.chart"_s);
    m_chart->setAccessibleName(tr("What the rule looks at, and when the alert fired"));
    m_chart->setCompact(true);
    m_chart->setColorBook(context.colors);
    m_chart->setMinimumHeight(120);
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_chart);
    connect(m_chart, &chart::TimeChart::rangeWanted, this, [this](qint64 from, qint64 to) {
        m_context.view.setRange(ViewRange::between(fromUnixMs(from), fromUnixMs(to)));
    });
    connect(m_chart, &chart::TimeChart::homeWanted, &context.view, &ViewState::goLive);
    connect(&context.view, &ViewState::rangeChanged, this, [this] {
        m_query.cancel();
        m_spans.cancel();
        ask();
    });
    connect(&context.view, &ViewState::tick, this, &AlertChart::ask);
}

void AlertChart::showAlert(const engine::AlertStatus* alert)
{
    const std::string expr = alert != nullptr ? alert->expr : std::string();
    const Labels labels = alert != nullptr ? alert->labels : Labels();
    if (expr == m_expr && labels == m_labels) {
        return;
    }
    m_expr = expr;
    m_labels = labels;
    m_query.cancel();
    m_spans.cancel();
    m_chart->clear();
    m_chart->setBands({});
    readExpression();
    ask();
}

void AlertChart::readExpression()
{
    m_curve = m_expr;
    std::vector<chart::Threshold> thresholds;
    const auto ast = promql::parse(m_expr);
    if (ast) {
        if (const auto threshold = promql::thresholdOf(*ast)) {
            m_curve = m_expr.substr(threshold->curve.begin,
                                    threshold->curve.end - threshold->curve.begin);
            thresholds.push_back({threshold->value, tr("Threshold"), {}, false});
        }
    }
    if (const auto curve = promql::parse(m_curve)) {
        m_chart->setUnit(unitOf(*curve->root));
    }
    m_chart->setThresholds(std::move(thresholds));
}

void AlertChart::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    ask();
}

void AlertChart::ask()
{
    if (m_expr.empty() || !isVisible()) {
        return;
    }
    const TimeRange range = m_context.view.range().resolve(m_context.bridge.now());
    if (!m_query.isActive()) {
        askCurve(range);
    }
    if (!m_spans.isActive()) {
        askBands(range);
    }
}

void AlertChart::askCurve(TimeRange range)
{
    auto request = rangeQuery(m_curve, range, std::max(leastColumns, m_chart->plotColumns()));
    const auto step = request.step;
    m_chart->setBusy(true);
    m_query = m_context.bridge.query(
        std::move(request), this,
        [this, range, step](Result<QueryResult> result) { take(std::move(result), range, step); });
}

void AlertChart::take(Result<QueryResult> result, TimeRange range, std::chrono::milliseconds step)
{
    m_chart->setBusy(false);
    if (!result) {
        m_chart->setEmptyText(fromUtf8(result.error().message));
        return;
    }
    m_chart->setEmptyText(tr("No samples of it in this range"));
    auto* const matrix = std::get_if<Matrix>(&result->value);
    m_chart->setData(
        std::make_shared<const Matrix>(
            matrix != nullptr ? seriesOfAlert(std::move(*matrix), m_labels) : Matrix()),
        range, step);
}

void AlertChart::askBands(TimeRange range)
{
    engine::AlertTimelineRequest request;
    request.range = range;
    for (const Label label : m_labels) {
        request.filter.push_back(Matcher::equal(std::string(label.name), std::string(label.value)));
    }
    m_spans = m_context.bridge.alertTimeline(
        std::move(request), this,
        [this](const Result<std::vector<engine::AlertSpan>>& result) { take(result); });
}

void AlertChart::take(const Result<std::vector<engine::AlertSpan>>& result)
{
    if (!result) {
        return; // the curve's answer says what is wrong with the store
    }
    std::vector<chart::Band> bands;
    for (const engine::AlertSpan& span : *result) {
        if (span.labels != m_labels) {
            continue; // of an alert with more labels
        }
        const bool isPending = span.state == AlertState::pending;
        bands.push_back({unixMs(span.from), unixMs(span.to),
                         isPending ? chart::BandKind::pending : chart::BandKind::firing,
                         tr("%1 from %2 for %3")
                             .arg(isPending ? tr("Pending") : tr("Firing"), dateTimeText(span.from),
                                  spanText(span.to - span.from))});
    }
    m_chart->setBands(std::move(bands));
}

} // namespace watchfire::ui
