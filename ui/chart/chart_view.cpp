// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chart/chart_view.h"

#include "ui/theme/palette.h"

#include <algorithm>
#include <cmath>

#include <QCategoryAxis>
#include <QEvent>
#include <QGraphicsLayout>
#include <QPainter>
#include <QResizeEvent>

using namespace Qt::StringLiterals;

namespace watchfire::ui::chart {

namespace {

QCategoryAxis* makeAxis(QChart* chart, Qt::Alignment side)
{
    auto* const axis = new QCategoryAxis(chart);
    axis->setLabelsPosition(QCategoryAxis::AxisLabelsPositionOnValue);
    axis->setTruncateLabels(false);
    axis->setMinorGridLineVisible(false);
    chart->addAxis(axis, side);
    return axis;
}

/// Puts those marks on an axis. QCategoryAxis wants labels that differ, and "12:00" comes back
/// every day: repeats get spaces without width.
void label(QCategoryAxis* axis, const Ticks& ticks)
{
    const QStringList old = axis->categoriesLabels();
    for (const QString& text : old) {
        axis->remove(text);
    }
    QStringList used;
    for (const Tick& tick : ticks) {
        QString text = tick.label;
        while (used.contains(text)) {
            text += QChar(0x200b);
        }
        used.append(text);
        axis->append(text, tick.at);
    }
}

} // namespace

ChartView::ChartView(QWidget* parent)
    : QChartView(new QChart, parent) // setChart() would leave behind the one a view makes itself
    , m_chart(chart())
{
    m_chart->legend()->hide();
    m_chart->setAnimationOptions(QChart::NoAnimation);
    m_chart->setBackgroundVisible(false);
    m_chart->setPlotAreaBackgroundVisible(false);
    m_chart->layout()->setContentsMargins(0, 0, 0, 0);
    m_chart->setMargins(QMargins());
    m_timeAxis = makeAxis(m_chart, Qt::AlignBottom);
    m_valueAxis = makeAxis(m_chart, Qt::AlignLeft);
    m_layer = new LineLayer(m_chart);

    setInteractive(false);
    setFrameShape(QFrame::NoFrame);
    setViewportUpdateMode(QGraphicsView::NoViewportUpdate); // we say what to repaint
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFocusPolicy(Qt::StrongFocus);
    setMinimumSize(120, 60);
    viewport()->setMouseTracking(true);
    viewport()->setAttribute(Qt::WA_OpaquePaintEvent);
    connect(scene(), &QGraphicsScene::changed, this, &ChartView::markDirty);
    m_map.window = {0, 3'600'000};
    m_values = fitValues(0, 1, 5, m_unit, true);
    dress();
    layOut();
}

ChartView::~ChartView() = default;

void ChartView::setCompact(bool compact)
{
    m_compact = compact;
    dress();
    layOut();
}

void ChartView::setZone(const QTimeZone& zone)
{
    m_zone = zone;
    relabelTime();
}

void ChartView::setStep(double stepMs, double anchorMs)
{
    m_stepMs = stepMs;
    m_anchorMs = anchorMs;
}

void ChartView::setMessage(const QString& message)
{
    if (m_message != message) {
        m_message = message;
        markDirty();
    }
}

QFont ChartView::axisFont() const
{
    QFont axis = font();
    axis.setPointSizeF(std::max(6.5, font().pointSizeF() * (m_compact ? 0.8 : 0.88)));
    axis.setFeature("tnum", 1); // figures of one width, so that columns stand still
    return axis;
}

void ChartView::setPicture(std::shared_ptr<const Picture> picture)
{
    m_picture = std::move(picture);
    m_layer->setPicture(m_picture);
    m_highlightRow.reset();
    m_highlight = QImage();
    if (m_picture != nullptr) {
        if (m_margins.left() != m_picture->margins.left()) {
            m_margins.setLeft(m_picture->margins.left());
            layOut();
        }
        setValues(m_picture->scale);
    }
    markDirty();
}

void ChartView::setWindow(const Window& window)
{
    if (m_map.window == window || !(window.toMs > window.fromMs)) {
        return;
    }
    m_map.window = window;
    m_layer->setMap(m_map);
    relabelTime();
    markDirty();
}

void ChartView::setValues(const ValueScale& scale)
{
    const bool relabel = scale.ticks != m_values.ticks;
    m_values = scale;
    m_map.low = scale.low;
    m_map.high = scale.high;
    m_layer->setMap(m_map);
    m_layer->setMarks(m_thresholds, m_bands, scale.logarithmic);
    if (relabel) {
        relabelValues();
    }
    m_valueAxis->setRange(scale.low, scale.high);
    markDirty();
}

void ChartView::setMarks(std::vector<Threshold> thresholds, std::vector<Band> bands)
{
    m_thresholds = std::move(thresholds);
    m_bands = std::move(bands);
    m_layer->setMarks(m_thresholds, m_bands, m_values.logarithmic);
    markDirty();
}

void ChartView::setHighlight(std::optional<std::size_t> row)
{
    if (m_picture == nullptr || (row && *row >= m_picture->table.rows())) {
        row.reset();
    }
    if (row == m_highlightRow) {
        return;
    }
    m_highlightRow = row;
    if (row) {
        if (m_highlight.size() != m_picture->image.size()) {
            m_highlight = QImage(m_picture->image.size(), QImage::Format_ARGB32_Premultiplied);
        }
        m_highlight.fill(Qt::transparent);
        paintRow(*m_picture, *row, 1.5 * m_picture->style.devicePixelRatio, m_highlight);
    }
    viewport()->update(m_map.area.toAlignedRect());
}

/// Colours and fonts of the frame, from palette and size.
void ChartView::dress()
{
    const QPalette& colors = palette();
    const QPen grid(theme::gridColor(colors), 1);
    const QBrush text(theme::mutedText(colors));
    for (QCategoryAxis* const axis : {m_timeAxis, m_valueAxis}) {
        axis->setLabelsFont(axisFont());
        axis->setLabelsBrush(text);
        axis->setGridLinePen(grid);
        axis->setLinePen(grid);
    }
    m_timeAxis->setGridLineVisible(!m_compact);
    m_valueAxis->setLineVisible(false);
    m_layer->setPalette(colors);
    m_layer->setFont(axisFont());
    const int height = int(std::ceil(QFontMetricsF(axisFont()).height()));
    m_margins = QMargins(m_margins.left(), height / 2 + 2, m_compact ? 10 : 16, height + 8);
    markDirty();
}

/// Where the plot lies. Fixed by us, so that Qt Charts never moves it under the picture.
void ChartView::layOut()
{
    const QRectF area = QRectF(viewport()->rect()).marginsRemoved(m_margins.toMarginsF());
    if (area.width() < 1 || area.height() < 1) {
        return;
    }
    m_map.area = area;
    m_map.low = m_values.low;
    m_map.high = m_values.high;
    m_chart->setPlotArea(area);
    m_layer->setMap(m_map);
    relabelTime();
    markDirty();
}

void ChartView::relabelTime()
{
    const QFontMetricsF metrics(axisFont());
    // Room for the widest label there can be, and as much again, reads well.
    const double span = m_map.window.width();
    const QString widest = span < 20'000 ? u"00:00:00.000"_s
        : span < 1'200'000               ? u"00:00:00"_s
                                         : u"00 Mmm"_s;
    const double room = metrics.horizontalAdvance(widest);
    const int most = std::clamp(int(m_map.area.width() / (room * 1.9)), 2, 24);
    Ticks ticks = timeTicks(m_map.window.fromMs, m_map.window.toMs, most, m_zone);
    for (Tick& tick : ticks) {
        // Half a label would stand outside: the mark stays, its text goes.
        const double half = metrics.horizontalAdvance(tick.label) / 2;
        if (m_map.x(tick.at) + half > viewport()->width()) {
            tick.label = QChar(0x200b);
        }
    }
    if (ticks != m_timeTicks) {
        m_timeTicks = std::move(ticks);
        label(m_timeAxis, m_timeTicks);
    }
    m_timeAxis->setRange(m_map.window.fromMs, m_map.window.toMs);
}

void ChartView::relabelValues()
{
    label(m_valueAxis, m_values.ticks);
}

void ChartView::markDirty()
{
    m_sceneDirty = true;
    viewport()->update();
}

/// Paints frame and lines into the pixmap that the overlay is laid on.
void ChartView::paintScene()
{
    const double ratio = devicePixelRatioF();
    const QSize pixels = viewport()->size() * ratio;
    if (m_scene.size() != pixels) {
        m_scene = QPixmap(pixels);
    }
    m_scene.setDevicePixelRatio(ratio);
    m_scene.fill(palette().color(QPalette::Base));
    m_chart->layout()->activate(); // else the axes would follow one frame later
    QPainter painter(&m_scene);
    render(&painter, QRectF(QPointF(), viewport()->size()), viewport()->rect());
    if (!m_message.isEmpty()) {
        painter.setPen(theme::mutedText(palette()));
        painter.setFont(font());
        painter.drawText(m_map.area, Qt::AlignCenter | Qt::TextWordWrap, m_message);
    }
    m_sceneDirty = false;
    ++m_scenePaints;
}

void ChartView::paintEvent(QPaintEvent* event)
{
    if (m_sceneDirty || m_scene.deviceIndependentSize().toSize() != viewport()->size()) {
        paintScene();
    }
    QPainter painter(viewport());
    const QRectF part = event->rect();
    const double ratio = m_scene.devicePixelRatio();
    painter.drawPixmap(part, m_scene, QRectF(part.topLeft() * ratio, part.size() * ratio));
    paintOverlay(painter);
}

void ChartView::resizeEvent(QResizeEvent* event)
{
    QChartView::resizeEvent(event);
    layOut();
    emit resized();
}

void ChartView::changeEvent(QEvent* event)
{
    QChartView::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange
        || event->type() == QEvent::StyleChange) {
        if (m_layer != nullptr) {
            dress();
            layOut();
        }
    }
}

} // namespace watchfire::ui::chart
