// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/alert_timeline_view.h"

#include "ui/chart/axes.h"
#include "ui/models/format.h"
#include "ui/pages/widgets.h"
#include "ui/theme/palette.h"
#include "ui/theme/state.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <QAccessible>
#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>
#include <QTimeZone>
#include <QToolTip>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

constexpr int laneHeight = 24;
constexpr int axisHeight = 24;
constexpr int barInset = 5; // above and below a bar in its lane
constexpr int clickSlack = 4; // a press that moves less is no drag
constexpr int pixelsPerTick = 90;
constexpr auto shortestRange = std::chrono::seconds(10);

QString nameOf(const engine::AlertSpan& span)
{
    constexpr std::array<std::string_view, 2> without{"alertname", "severity"};
    const QString name = fromUtf8(span.labels.get("alertname"));
    const QString labels = labelsText(span.labels, without);
    return labels.isEmpty() ? name : u"%1  %2"_s.arg(name, labels);
}

} // namespace

AlertTimelineView::AlertTimelineView(QWidget* parent)
    : QAbstractScrollArea(parent)
{
    setFocusPolicy(Qt::StrongFocus);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    viewport()->setBackgroundRole(QPalette::Base);
    viewport()->setMouseTracking(true);
    setMinimumHeight(axisHeight + 3 * laneHeight);
}

void AlertTimelineView::setRows(AlertSpanRowsPtr rows, const Filter& filter)
{
    m_rows = std::move(rows);
    m_lanes.clear();
    for (const AlertSpanRow& row : *m_rows) {
        if (!filter.empty() && !fits(row.span, filter)) {
            continue;
        }
        const bool isNext
            = !m_lanes.empty() && m_lanes.back().spans.back()->span.labels == row.span.labels;
        if (!isNext) {
            m_lanes.emplace_back();
        }
        m_lanes.back().spans.push_back(&row);
        m_lanes.back().newest = std::max(m_lanes.back().newest, row.span.to);
    }
    std::ranges::stable_sort(m_lanes,
                             [](const Lane& a, const Lane& b) { return a.newest > b.newest; });
    m_currentLane = laneOf(m_current);
    if (m_currentLane < 0) {
        m_current = 0;
    }
    fitScrollBar();
    viewport()->update();
}

void AlertTimelineView::setRange(TimeRange range)
{
    m_range = range;
    viewport()->update();
}

void AlertTimelineView::setEmptyText(const QString& text)
{
    m_emptyText = text;
    viewport()->update();
}

void AlertTimelineView::setCurrent(std::uint64_t id)
{
    if (id == m_current) {
        return;
    }
    m_current = id;
    m_currentLane = laneOf(id);
    if (m_currentLane >= 0) {
        const QRect place = laneRect(m_currentLane);
        if (place.top() < axisHeight) {
            verticalScrollBar()->setValue(m_currentLane * laneHeight);
        } else if (place.bottom() > viewport()->height()) {
            verticalScrollBar()->setValue((m_currentLane + 1) * laneHeight
                                          - (viewport()->height() - axisHeight));
        }
    }
    viewport()->update();
}

int AlertTimelineView::labelWidth() const
{
    return std::clamp(viewport()->width() / 3, 80, 280);
}

QRect AlertTimelineView::plot() const
{
    return QRect(QPoint(labelWidth(), axisHeight),
                 QPoint(viewport()->width() - 9, viewport()->height() - 1));
}

QRect AlertTimelineView::laneRect(int lane) const
{
    return {0, axisHeight + lane * laneHeight - verticalScrollBar()->value(), viewport()->width(),
            laneHeight};
}

double AlertTimelineView::xOf(Timestamp at) const
{
    const QRect place = plot();
    const double span = std::max(1.0, double((m_range.to - m_range.from).count()));
    return place.left() + double((at - m_range.from).count()) / span * place.width();
}

Timestamp AlertTimelineView::timeAt(double x) const
{
    const QRect place = plot();
    const double part = (x - place.left()) / std::max(1, place.width());
    const double span = double((m_range.to - m_range.from).count());
    return m_range.from + std::chrono::milliseconds(std::int64_t(part * span));
}

int AlertTimelineView::xOfSpan(const engine::AlertSpan& span, int& right) const
{
    const QRect place = plot();
    const double left = std::max(xOf(span.from), double(place.left()));
    const double end = std::min(xOf(span.to), double(place.right()));
    // What lasted an instant is seen, too.
    right = std::max(int(end), int(left) + 1);
    return int(left);
}

std::optional<QRect> AlertTimelineView::placeOf(std::uint64_t id) const
{
    const int lane = laneOf(id);
    if (lane < 0) {
        return std::nullopt;
    }
    int right = 0;
    const int left = xOfSpan(rowOf(id)->span, right);
    const QRect band = laneRect(lane).adjusted(0, barInset, 0, -barInset);
    return QRect(QPoint(left, band.top()), QPoint(right, band.bottom()));
}

void AlertTimelineView::fitScrollBar()
{
    const int room = std::max(1, viewport()->height() - axisHeight);
    verticalScrollBar()->setSingleStep(laneHeight);
    verticalScrollBar()->setPageStep(room);
    verticalScrollBar()->setRange(0, std::max(0, laneCount() * laneHeight - room));
}

void AlertTimelineView::resizeEvent(QResizeEvent* event)
{
    QAbstractScrollArea::resizeEvent(event);
    fitScrollBar();
}

void AlertTimelineView::paintEvent(QPaintEvent*)
{
    QPainter painter(viewport());
    m_painted = 0;
    const QRect whole = viewport()->rect();
    if (m_lanes.empty()) {
        painter.setPen(theme::mutedText(palette()));
        painter.drawText(whole.adjusted(24, 0, -24, 0), int(Qt::AlignCenter) | Qt::TextWordWrap,
                         m_emptyText);
        return;
    }
    paintAxis(painter); // its lines lie below the bars
    painter.save();
    painter.setClipRect(whole.adjusted(0, axisHeight, 0, 0));
    const int first = verticalScrollBar()->value() / laneHeight;
    const int last
        = std::min(laneCount() - 1, first + (whole.height() - axisHeight) / laneHeight + 1);
    for (int lane = first; lane <= last; ++lane) {
        paintLane(painter, lane);
    }
    painter.restore();
    if (m_brushFrom) {
        QColor over = palette().color(QPalette::Highlight);
        over.setAlpha(60);
        const QRect place = plot();
        painter.fillRect(QRect(QPoint(std::min(*m_brushFrom, m_brushTo), place.top()),
                               QPoint(std::max(*m_brushFrom, m_brushTo), place.bottom())),
                         over);
    }
    if (hasFocus()) {
        painter.setPen(palette().color(QPalette::Highlight));
        painter.drawRect(whole.adjusted(0, 0, -1, -1));
    }
}

void AlertTimelineView::paintAxis(QPainter& painter)
{
    const QRect place = plot();
    const auto ticks = chart::timeTicks(double(unixMs(m_range.from)), double(unixMs(m_range.to)),
                                        std::max(2, place.width() / pixelsPerTick),
                                        QTimeZone(QTimeZone::LocalTime));
    const QFontMetrics metrics = painter.fontMetrics();
    int free = place.left();
    for (const chart::Tick& tick : ticks) {
        const int x = int(xOf(fromUnixMs(std::int64_t(tick.at))));
        painter.setPen(theme::gridColor(palette()));
        painter.drawLine(x, axisHeight - 4, x, place.bottom());
        const int width = metrics.horizontalAdvance(tick.label);
        const int left = std::clamp(x - width / 2, place.left(), place.right() - width);
        if (left >= free) {
            painter.setPen(theme::mutedText(palette()));
            painter.drawText(left, axisHeight - 8, tick.label);
            free = left + width + 8;
        }
    }
    painter.setPen(theme::gridColor(palette()));
    painter.drawLine(0, axisHeight, place.right(), axisHeight);
}

void AlertTimelineView::paintLane(QPainter& painter, int lane)
{
    const Lane& what = m_lanes[std::size_t(lane)];
    const QRect row = laneRect(lane);
    const QRect name(8, row.top(), labelWidth() - 16, row.height());
    if (lane == m_currentLane) {
        painter.fillRect(row, palette().color(QPalette::AlternateBase));
    }
    painter.setPen(palette().color(QPalette::Text));
    painter.drawText(name, int(Qt::AlignVCenter | Qt::AlignLeft) | Qt::TextSingleLine,
                     painter.fontMetrics().elidedText(nameOf(what.spans.front()->span),
                                                      Qt::ElideRight, name.width()));
    painter.setPen(theme::gridColor(palette()));
    painter.drawLine(0, row.bottom(), plot().right(), row.bottom());
    int covered = -1; // the last pixel that is painted, and by what
    ItemState by = ItemState::none;
    for (const AlertSpanRow* const span : what.spans) {
        if (span->span.to < m_range.from || span->span.from > m_range.to) {
            continue;
        }
        int right = 0;
        const int left = xOfSpan(span->span, right);
        const ItemState state = stateOf(span->span);
        if (right <= covered && state == by && span->id != m_current) {
            continue;
        }
        paintSpan(painter,
                  QRect(QPoint(left, row.top() + barInset), QPoint(right, row.bottom() - barInset)),
                  *span);
        ++m_painted;
        covered = std::max(covered, right);
        by = state;
    }
}

void AlertTimelineView::paintSpan(QPainter& painter, const QRect& place,
                                  const AlertSpanRow& row) const
{
    const ItemState state = stateOf(row.span);
    const QColor color = theme::stateColor(shapeOf(state).value_or(theme::State::unknown),
                                           theme::schemeOf(palette()));
    if (state == ItemState::pending || state == ItemState::unknown) {
        painter.fillRect(place, theme::mix(palette().color(QPalette::Base), color, 0.2));
        painter.fillRect(
            place,
            QBrush(color, state == ItemState::pending ? Qt::BDiagPattern : Qt::Dense6Pattern));
        painter.setPen(color);
        painter.drawRect(place.adjusted(0, 0, -1, -1));
    } else {
        painter.fillRect(place, color);
    }
    if (row.id == m_current) {
        painter.setPen(QPen(palette().color(QPalette::Text), 2));
        painter.drawRect(place.adjusted(-2, -2, 1, 1));
    }
}

const AlertSpanRow* AlertTimelineView::rowAt(const QPoint& at) const
{
    const int lane = (at.y() - axisHeight + verticalScrollBar()->value()) / laneHeight;
    if (at.y() < axisHeight || lane < 0 || lane >= laneCount() || at.x() < labelWidth()) {
        return nullptr;
    }
    // The last one that is painted there lies on top.
    const auto& spans = m_lanes[std::size_t(lane)].spans;
    const auto found = std::find_if(spans.rbegin(), spans.rend(), [&](const AlertSpanRow* row) {
        int right = 0;
        const int left = xOfSpan(row->span, right);
        return row->span.to >= m_range.from && row->span.from <= m_range.to && at.x() >= left - 1
            && at.x() <= right + 1;
    });
    return found == spans.rend() ? nullptr : *found;
}

const AlertSpanRow* AlertTimelineView::rowOf(std::uint64_t id) const
{
    if (id == 0 || m_rows == nullptr) {
        return nullptr;
    }
    const auto found = std::ranges::find(*m_rows, id, &AlertSpanRow::id);
    return found == m_rows->end() ? nullptr : &*found;
}

int AlertTimelineView::laneOf(std::uint64_t id) const
{
    const AlertSpanRow* const row = rowOf(id);
    if (row == nullptr) {
        return -1;
    }
    const auto found = std::ranges::find_if(m_lanes, [&](const Lane& lane) {
        return lane.spans.front()->span.labels == row->span.labels;
    });
    return found == m_lanes.end() ? -1 : int(found - m_lanes.begin());
}

void AlertTimelineView::choose(const AlertSpanRow* row)
{
    if (row == nullptr) {
        return;
    }
    setCurrent(row->id);
    QAccessibleAnnouncementEvent announcement(this, tipOf(*row).replace(u'\n', u' '));
    QAccessible::updateAccessibility(&announcement);
    emit chosen(row->id);
}

void AlertTimelineView::step(int lanes, int spans)
{
    if (m_lanes.empty()) {
        return;
    }
    const int lane = laneOf(m_current);
    if (lane < 0) {
        choose(m_lanes.front().spans.back());
        return;
    }
    if (lanes != 0) {
        const int next = std::clamp(lane + lanes, 0, laneCount() - 1);
        choose(m_lanes[std::size_t(next)].spans.back());
        return;
    }
    const auto& all = m_lanes[std::size_t(lane)].spans;
    const auto here = std::ranges::find(all, m_current, &AlertSpanRow::id);
    const auto next = (here - all.begin()) + spans;
    if (next >= 0 && next < std::ssize(all)) {
        choose(all[std::size_t(next)]);
    }
}

void AlertTimelineView::want(Timestamp from, Timestamp to)
{
    if (to - from < shortestRange) {
        return;
    }
    setRange({from, to});
    emit rangeWanted(unixMs(from), unixMs(to));
}

void AlertTimelineView::zoom(double factor, Timestamp around)
{
    const auto scaled = [&](Timestamp at) {
        return around
            + std::chrono::milliseconds(std::int64_t(double((at - around).count()) * factor));
    };
    want(scaled(m_range.from), scaled(m_range.to));
}

void AlertTimelineView::pan(double part)
{
    const auto by = std::chrono::milliseconds(
        std::int64_t(double((m_range.to - m_range.from).count()) * part));
    want(m_range.from + by, m_range.to + by);
}

void AlertTimelineView::mousePressEvent(QMouseEvent* event)
{
    const QPoint at = event->position().toPoint();
    if (event->button() == Qt::LeftButton && at.x() >= labelWidth()) {
        m_brushFrom = at.x();
        m_brushTo = at.x();
    } else if (event->button() == Qt::MiddleButton) {
        m_panFrom = at.x();
        m_panRange = m_range;
    }
}

void AlertTimelineView::mouseMoveEvent(QMouseEvent* event)
{
    const QPoint at = event->position().toPoint();
    if (m_brushFrom) {
        m_brushTo = std::clamp(at.x(), plot().left(), plot().right());
        viewport()->update();
    } else if (m_panFrom) {
        const double span = double((m_panRange.to - m_panRange.from).count());
        const auto by = std::chrono::milliseconds(
            std::int64_t((*m_panFrom - at.x()) * span / std::max(1, plot().width())));
        want(m_panRange.from + by, m_panRange.to + by);
    } else {
        viewport()->setCursor(rowAt(at) != nullptr ? Qt::PointingHandCursor : Qt::ArrowCursor);
    }
}

void AlertTimelineView::mouseReleaseEvent(QMouseEvent* event)
{
    m_panFrom.reset();
    const auto from = std::exchange(m_brushFrom, std::nullopt);
    viewport()->update();
    if (!from || event->button() != Qt::LeftButton) {
        return;
    }
    if (std::abs(m_brushTo - *from) < clickSlack) {
        choose(rowAt(event->position().toPoint()));
        return;
    }
    want(timeAt(std::min(*from, m_brushTo)), timeAt(std::max(*from, m_brushTo)));
}

void AlertTimelineView::mouseDoubleClickEvent(QMouseEvent*)
{
    m_brushFrom.reset();
    emit homeWanted();
}

void AlertTimelineView::wheelEvent(QWheelEvent* event)
{
    if (!event->modifiers().testFlag(Qt::ControlModifier)) {
        QAbstractScrollArea::wheelEvent(event);
        return;
    }
    if (const int turned = event->angleDelta().y(); turned != 0) {
        zoom(turned > 0 ? 0.8 : 1.25, timeAt(event->position().x()));
    }
    event->accept();
}

void AlertTimelineView::keyPressEvent(QKeyEvent* event)
{
    const bool control = event->modifiers().testFlag(Qt::ControlModifier);
    const Timestamp middle = m_range.from + (m_range.to - m_range.from) / 2;
    switch (event->key()) {
    case Qt::Key_Left:
        control ? pan(-0.25) : step(0, -1);
        return;
    case Qt::Key_Right:
        control ? pan(0.25) : step(0, 1);
        return;
    case Qt::Key_Up:
        step(-1, 0);
        return;
    case Qt::Key_Down:
        step(1, 0);
        return;
    case Qt::Key_Plus:
        zoom(0.5, middle);
        return;
    case Qt::Key_Minus:
        zoom(2, middle);
        return;
    case Qt::Key_Home:
        emit homeWanted();
        return;
    default:
        QAbstractScrollArea::keyPressEvent(event);
    }
}

QString AlertTimelineView::tipOf(const AlertSpanRow& row) const
{
    const engine::AlertSpan& span = row.span;
    QString text
        = tr("%1: %2\n%3 to %4, %5")
              .arg(stateWord(span), nameOf(span), dateTimeText(span.from),
                   span.isOpen ? tr("now") : dateTimeText(span.to), spanText(span.to - span.from));
    if (row.end != SpanEnd::open) {
        text += tr("\nEnded: %1").arg(endWord(row.end));
    }
    if (!row.news.empty()) {
        text += tr("\nSent to %1").arg(newsText(row.news.front()));
    }
    return text;
}

bool AlertTimelineView::viewportEvent(QEvent* event)
{
    if (event->type() != QEvent::ToolTip) {
        return QAbstractScrollArea::viewportEvent(event);
    }
    const auto* const help = static_cast<QHelpEvent*>(event);
    const AlertSpanRow* const row = rowAt(help->pos());
    const QPoint at = help->pos();
    const bool isName = at.x() < labelWidth() && at.y() >= axisHeight;
    const int lane = (at.y() - axisHeight + verticalScrollBar()->value()) / laneHeight;
    if (row != nullptr) {
        QToolTip::showText(help->globalPos(), tipOf(*row).toHtmlEscaped().replace(u'\n', u"<br>"_s),
                           viewport());
    } else if (isName && lane < laneCount()) {
        QToolTip::showText(
            help->globalPos(),
            u"<p>"_s + nameOf(m_lanes[std::size_t(lane)].spans.front()->span).toHtmlEscaped(),
            viewport());
    } else {
        QToolTip::hideText();
    }
    return true;
}

} // namespace watchfire::ui
