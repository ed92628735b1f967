// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/chart_tile.h"

#include "ui/chart/time_chart.h"
#include "ui/models/format.h"
#include "ui/pages/query_step.h"

#include <algorithm>
#include <cmath>

#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

constexpr auto shortestRange = std::chrono::seconds(30);

} // namespace

ChartTile::ChartTile(PageContext& context, TileQuery query, QWidget* parent)
    : QWidget(parent)
    , m_context(context)
    , m_query(std::move(query))
    , m_chart(new chart::TimeChart(this))
{
    setObjectName(u"tile."_s + m_query.name);
    setAccessibleName(m_query.title);
    setMinimumHeight(190);
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_chart);
    m_chart->setObjectName(u"tile."_s + m_query.name + u".chart"_s);
    m_chart->setAccessibleName(m_query.title);
    m_chart->setCompact(true);
    m_chart->setColorBook(context.colors);
    m_chart->setTitle(m_query.title);
    m_chart->setUnit(m_query.unit);
    m_chart->setValueRange(m_query.low, std::nullopt);
    m_chart->setMode(m_query.area ? chart::DrawMode::areas : chart::DrawMode::lines);
    m_chart->setEmptyText(tr("Waiting for the first samples"));
    connect(m_chart, &chart::TimeChart::titleClicked, this,
            [this] { emit exploreWanted(fromUtf8(exprFor(shownRange()))); });
    connect(m_chart, &chart::TimeChart::rangeWanted, this, &ChartTile::rangeWanted);
    connect(m_chart, &chart::TimeChart::homeWanted, this, &ChartTile::homeWanted);
}

QSize ChartTile::sizeHint() const
{
    return {QWidget::sizeHint().width(), minimumHeight()};
}

TimeRange ChartTile::shownRange() const
{
    TimeRange range = m_context.view.range().resolve(m_context.bridge.now());
    if (m_context.view.range().isLive()) {
        // A young store fills the tile from its first seconds on, not a sliver at the edge.
        const Timestamp oldest = m_context.bridge.status()->oldestSample;
        const Timestamp latest = range.to - shortestRange;
        range.from
            = std::max(range.from, oldest == Timestamp{} ? latest : std::min(oldest, latest));
    }
    return range;
}

std::string ChartTile::exprFor(TimeRange range) const
{
    return m_query.expr(stepFor(range, m_chart->plotColumns()));
}

void ChartTile::rangeChanged()
{
    m_pending.cancel();
    m_chart->setRange(shownRange());
    ask();
}

void ChartTile::ask()
{
    if (m_pending.isActive()) {
        return;
    }
    const TimeRange range = shownRange();
    const auto request = rangeQuery(exprFor(range), range, m_chart->plotColumns());
    m_chart->setBusy(true);
    m_pending
        = m_context.bridge.query(request, this, [this, request, range](Result<QueryResult> result) {
              take(std::move(result), request, range);
          });
}

void ChartTile::take(Result<QueryResult> result, const engine::QueryRequest& request,
                     TimeRange range)
{
    m_chart->setBusy(false);
    const QString fault = result ? QString() : fromUtf8(result.error().message);
    if (fault != m_fault) {
        m_fault = fault;
        emit faultChanged();
    }
    if (!result) {
        m_chart->setEmptyText(fault);
        return;
    }
    auto* const matrix = std::get_if<Matrix>(&result->value);
    if (matrix == nullptr) {
        return;
    }
    m_hasData = !matrix->empty();
    if (!m_hasData) {
        m_chart->setEmptyText(tr("No samples in this range"));
    }
    sayHeadline(*matrix);
    m_chart->setData(std::make_shared<const Matrix>(std::move(*matrix)), range, request.step);
    m_chart->setLive(m_context.view.range().isLive() && !m_context.view.isPaused());
}

void ChartTile::sayHeadline(const Matrix& matrix)
{
    QStringList parts;
    for (const MatrixSeries& series : matrix) {
        if (series.values.empty() || std::isnan(series.values.back())) {
            continue;
        }
        QString name = fromUtf8(series.labels.get("direction"));
        if (!name.isEmpty()) {
            name += u' ';
        }
        parts << name + chart::formatValue(series.values.back(), m_query.unit);
    }
    // More than two figures are a table, not a headline.
    m_chart->setHeadline(parts.size() <= 2 ? parts.join(u"   "_s) : QString());
}

} // namespace watchfire::ui
