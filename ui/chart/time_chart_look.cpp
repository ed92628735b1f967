// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a TimeChart looks like and says, as its owner sets it.
#include "ui/chart/chart_view.h"
#include "ui/chart/legend.h"
#include "ui/chart/progress_line.h"
#include "ui/chart/time_chart.h"

#include <QLabel>
#include <QSplitter>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace watchfire::ui::chart {

void TimeChart::setTitle(const QString& title)
{
    m_titleText = title;
    m_title->setText(QString(title).replace(u'&', u"&&"_s));
    m_title->setToolTip(tr("Open in Explore"));
    m_title->setAccessibleName(title);
    m_title->setVisible(!title.isEmpty());
    m_header->setVisible(!title.isEmpty() || !m_headlineText.isEmpty() || m_wasLive);
    m_view->setAccessibleName(title.isEmpty() ? tr("Graph") : tr("Graph: %1").arg(title));
}

QString TimeChart::title() const
{
    return m_titleText;
}

void TimeChart::setHeadline(const QString& headline)
{
    m_headlineText = headline;
    sayHeadline();
}

void TimeChart::sayHeadline()
{
    QString text = m_headlineText;
    if (text.isEmpty() && m_prepared != nullptr && m_prepared->series.size() == 1
        && m_prepared->series.front().samples > 0) {
        text = formatValue(m_prepared->series.front().last, m_unit);
    }
    m_headline->setText(text);
}

void TimeChart::setUnit(const Unit& unit)
{
    m_unit = unit;
    m_view->setUnit(unit);
    m_legend->setUnit(unit);
    sayHeadline();
    redraw(true);
}

void TimeChart::setMode(DrawMode mode)
{
    m_mode = mode;
    redraw(true);
}

void TimeChart::setLogarithmic(bool logarithmic)
{
    m_logarithmic = logarithmic;
    m_zoomedValues.reset();
    redraw(true);
}

void TimeChart::setValueRange(std::optional<double> low, std::optional<double> high)
{
    m_fixedLow = low;
    m_fixedHigh = high;
    redraw(true);
}

void TimeChart::setTimeZone(const QTimeZone& zone)
{
    m_zone = zone;
    m_view->setZone(zone);
}

void TimeChart::setThresholds(std::vector<Threshold> thresholds)
{
    m_thresholds = std::move(thresholds);
    m_view->setMarks(m_thresholds, m_bands);
    redraw(false);
}

void TimeChart::setBands(std::vector<Band> bands)
{
    const bool stripChanges = bands.empty() != m_bands.empty();
    m_bands = std::move(bands);
    m_view->setMarks(m_thresholds, m_bands);
    if (stripChanges) {
        redraw(true);
    }
}

void TimeChart::setCompact(bool compact)
{
    m_compact = compact;
    m_view->setCompact(compact);
    if (compact) {
        m_legend->hide();
    }
    redraw(true);
}

void TimeChart::setLegendVisible(bool visible)
{
    m_legendVisible = visible;
    m_legend->setVisible(visible && !m_compact);
}

void TimeChart::setLegendBelow(bool below)
{
    m_splitter->setOrientation(below ? Qt::Vertical : Qt::Horizontal);
}

void TimeChart::setEmptyText(const QString& text)
{
    m_emptyText = text;
    if (m_view->picture() == nullptr || m_view->picture()->wanted == 0) {
        m_view->setMessage(text);
    }
}

void TimeChart::setBusy(bool busy)
{
    m_progress->setBusy(busy);
}

void TimeChart::setLive(bool live)
{
    m_live = live;
    m_wasLive = m_wasLive || live;
    m_liveButton->setVisible(m_wasLive && !live);
    if (m_wasLive) {
        m_header->show();
    }
}

void TimeChart::leaveLive()
{
    if (m_live) {
        setLive(false);
        emit liveChanged(false);
    }
}

} // namespace watchfire::ui::chart
