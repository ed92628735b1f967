// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/link_button.h"

#include <algorithm>

#include <QPainter>
#include <QStyle>
#include <QStyleOptionFocusRect>

namespace watchfire::ui {

namespace {

constexpr int margin = 4;
constexpr int leastHeight = 24; // of anything that is clicked
constexpr int leastWidth = 48;

} // namespace

LinkButton::LinkButton(const QString& text, const QString& objectName, QWidget* parent)
    : QAbstractButton(parent)
{
    setText(text);
    setObjectName(objectName);
    setFocusPolicy(Qt::StrongFocus);
    setCursor(Qt::PointingHandCursor);
    setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
}

QFont LinkButton::linkFont() const
{
    QFont shown = font();
    shown.setUnderline(true);
    return shown;
}

QSize LinkButton::sizeHint() const
{
    const QFontMetrics metrics(linkFont());
    return {metrics.horizontalAdvance(text()) + 2 * margin,
            std::max(leastHeight, metrics.height() + 2 * margin)};
}

QSize LinkButton::minimumSizeHint() const
{
    const QSize whole = sizeHint();
    return {std::min(leastWidth, whole.width()), whole.height()};
}

void LinkButton::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const QRect place = rect().adjusted(margin, 0, -margin, 0);
    painter.setFont(linkFont());
    painter.setPen(palette().color(QPalette::Link));
    const QString shown = painter.fontMetrics().elidedText(text(), Qt::ElideMiddle, place.width());
    setToolTip(shown == text() ? QString() : text());
    painter.drawText(place, int(Qt::AlignVCenter | Qt::AlignLeading) | Qt::TextSingleLine, shown);
    if (hasFocus()) {
        QStyleOptionFocusRect option;
        option.initFrom(this);
        option.rect = rect();
        style()->drawPrimitive(QStyle::PE_FrameFocusRect, &option, &painter, this);
    }
}

} // namespace watchfire::ui
