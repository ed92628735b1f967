// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/roles.h"
#include "ui/pages/target_tree.h"
#include "ui/pages/widgets.h"
#include "ui/theme/palette.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <QPainter>
#include <QStyle>

namespace watchfire::ui {

namespace {

constexpr int sparklineWidth = 56;
constexpr int cellWidth = 2;
/// Up for so much of a half hour counts as all of it: a scrape that was late is no outage.
constexpr float wholly = 0.999F;

bool isSelected(const QStyleOptionViewItem& option)
{
    return (option.state & QStyle::State_Selected) != 0;
}

/// `rect` for reading from the left, where the widget reads from the right.
QRect placed(const QStyleOptionViewItem& option, const QRect& rect)
{
    return QStyle::visualRect(option.direction, option.rect, rect);
}

} // namespace

void TargetDelegate::paint(QPainter* painter, const QStyleOptionViewItem& given,
                           const QModelIndex& index) const
{
    const bool isDuration = index.column() == TargetsModel::duration;
    if (!isDuration && index.column() != TargetsModel::availability) {
        ItemDelegate::paint(painter, given, index);
        return;
    }
    QStyleOptionViewItem option = given;
    paintBackground(*painter, option, index);
    const auto trace = index.data(traceRole).value<TargetTracePtr>();
    const QRect inner = option.rect.adjusted(4, 0, -6, 0);
    painter->save();
    if (isDuration) {
        QRect spark = inner.adjusted(0, 7, 0, -7);
        spark.setWidth(std::min(sparklineWidth, inner.width() / 2));
        if (trace) {
            paintSparkline(*painter, placed(option, spark), *trace, option);
        }
        const QRect text = placed(option, inner.adjusted(spark.width() + 6, 0, 0, 0));
        painter->setPen(textColor(option, false));
        const QString words = option.fontMetrics.elidedText(index.data(Qt::DisplayRole).toString(),
                                                            Qt::ElideRight, text.width());
        painter->drawText(
            text,
            int(QStyle::visualAlignment(option.direction, Qt::AlignLeft) | Qt::AlignVCenter)
                | Qt::TextSingleLine,
            words);
    } else if (trace) {
        QRect strip = inner.adjusted(0, 7, 0, -7);
        strip.setWidth(int(TargetTrace::cells) * cellWidth);
        paintStrip(*painter, placed(option, strip), *trace, option);
    }
    painter->restore();
}

void TargetDelegate::paintSparkline(QPainter& painter, const QRect& rect, const TargetTrace& trace,
                                    const QStyleOptionViewItem& option)
{
    float most = 0;
    for (const float each : trace.durations) {
        most = std::isnan(each) ? most : std::max(most, each);
    }
    const QColor color = isSelected(option)
        ? textColor(option, false)
        : theme::seriesColors(theme::schemeOf(option.palette)).front();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(color, 1.2));
    const double step = double(rect.width() - 1) / double(TargetTrace::points - 1);
    std::array<QPointF, TargetTrace::points> line;
    int length = 0;
    const auto flush = [&] {
        if (length == 1) {
            line[1] = line[0] + QPointF(1, 0); // one minute alone is a dot
            length = 2;
        }
        if (length > 1) {
            painter.drawPolyline(line.data(), length);
        }
        length = 0;
    };
    for (std::size_t i = 0; i < trace.durations.size(); ++i) {
        const float value = trace.durations.at(i);
        if (std::isnan(value)) {
            flush();
            continue;
        }
        const double height = most > 0 ? double(value / most) : 0;
        line.at(std::size_t(length++))
            = QPointF(rect.left() + 0.5 + double(i) * step,
                      rect.bottom() - height * double(rect.height() - 2));
    }
    flush();
}

void TargetDelegate::paintStrip(QPainter& painter, const QRect& rect, const TargetTrace& trace,
                                const QStyleOptionViewItem& option)
{
    const auto scheme = theme::schemeOf(option.palette);
    const bool selected = isSelected(option);
    const QColor text = textColor(option, false);
    const QColor ground = selected ? text : theme::gridColor(option.palette);
    const std::array colors{selected ? text : theme::stateColor(theme::State::critical, scheme),
                            selected ? text : theme::stateColor(theme::State::warning, scheme),
                            selected ? text : theme::stateColor(theme::State::up, scheme)};
    painter.setRenderHint(QPainter::Antialiasing, false);
    for (std::size_t i = 0; i < trace.up.size(); ++i) {
        const int x = rect.left() + int(i) * cellWidth;
        const float up = trace.up.at(i);
        if (std::isnan(up)) {
            painter.fillRect(x, rect.bottom(), cellWidth, 1, ground);
            continue;
        }
        // Height tells as much as colour: whole is up, a stump is down.
        const int height = std::max(3, int(std::lround(up * float(rect.height()))));
        painter.fillRect(x, rect.bottom() + 1 - height, cellWidth, height,
                         colors.at(up >= wholly ? 2
                                       : up > 0 ? 1
                                                : 0));
    }
}

void TargetDelegate::paintGroup(QPainter& painter, const QStyleOptionViewItem& option,
                                const QModelIndex& index) const
{
    painter.save();
    QRect rest = option.rect.adjusted(4, 0, -6, 0);
    const auto paintPart
        = [&](ItemState state, const QString& text, const QFont& font, bool muted) {
              if (rest.width() < shapeSize) {
                  return;
              }
              if (const auto shape = shapeOf(state)) {
                  const QRect place(rest.left(), rest.center().y() - shapeSize / 2 + 1, shapeSize,
                                    shapeSize);
                  paintShapeOf(painter, placed(option, place), *shape, option);
                  rest.setLeft(rest.left() + shapeSize + 4);
              }
              const QFontMetrics metrics(font);
              painter.setFont(font);
              painter.setPen(textColor(option, muted));
              const QString shown = metrics.elidedText(text, Qt::ElideRight, rest.width());
              painter.drawText(
                  placed(option, rest),
                  int(QStyle::visualAlignment(option.direction, Qt::AlignLeft) | Qt::AlignVCenter)
                      | Qt::TextSingleLine,
                  shown);
              rest.setLeft(rest.left() + metrics.horizontalAdvance(shown) + 14);
          };
    QFont bold = option.font;
    bold.setBold(true);
    const QVariant state = index.data(stateRole);
    paintPart(state.isValid() ? ItemState(state.toInt()) : ItemState::none,
              index.data(Qt::DisplayRole).toString(), bold, false);
    const auto parts = index.data(partsRole).value<QList<StatePart>>();
    for (const StatePart& part : parts) {
        paintPart(part.state, part.text, option.font, part.state != ItemState::warning);
    }
    painter.restore();
}

} // namespace watchfire::ui
