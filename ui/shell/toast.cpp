// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/toast.h"

#include "ui/pages/widgets.h"
#include "ui/theme/palette.h"

#include <QAccessible>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

Toast::Toast(QWidget* parent)
    : QFrame(parent)
    , m_text(plainLabel({}, this))
    , m_action(button({}, nullptr, "toast.action", this))
{
    setObjectName(u"toast"_s);
    m_text->setObjectName(u"toast.text"_s);
    m_action->setFocusPolicy(Qt::TabFocus);
    QToolButton* const close = toolButton(tr("Dismiss"), "close", "toast.close", this);
    auto* const row = new QHBoxLayout(this);
    row->setContentsMargins(16, 8, 8, 8);
    row->setSpacing(12);
    row->addWidget(m_text, 1);
    row->addWidget(m_action);
    row->addWidget(close);
    m_timer.setSingleShot(true);
    m_timer.setInterval(time);
    connect(&m_timer, &QTimer::timeout, this, &QWidget::hide);
    connect(close, &QToolButton::clicked, this, &QWidget::hide);
    connect(m_action, &QPushButton::clicked, this, [this] {
        hide();
        emit actionClicked();
    });
    parent->installEventFilter(this);
    hide();
}

void Toast::show(const QString& text, const QString& action)
{
    m_text->setText(text);
    m_action->setText(action);
    m_action->setVisible(!action.isEmpty());
    setVisible(true);
    raise();
    place();
    m_timer.start();
    QAccessibleAnnouncementEvent announcement(
        this, action.isEmpty() ? text : tr("%1. %2 is possible.").arg(text, action));
    QAccessible::updateAccessibility(&announcement);
}

QString Toast::text() const
{
    return isHidden() ? QString() : m_text->text();
}

void Toast::place()
{
    adjustSize();
    const QWidget* const over = parentWidget();
    const int width = std::min(sizeHint().width(), over->width() - 32);
    resize(width, std::max(44, sizeHint().height()));
    move(over->width() - width - 16, over->height() - height() - 16);
}

bool Toast::eventFilter(QObject* object, QEvent* event)
{
    if (event->type() == QEvent::Resize && isVisible()) {
        place();
    }
    return QFrame::eventFilter(object, event);
}

void Toast::enterEvent(QEnterEvent*)
{
    m_timer.stop(); // someone is reading
}

void Toast::leaveEvent(QEvent*)
{
    m_timer.start();
}

void Toast::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QColor base = palette().color(QPalette::Base);
    painter.setPen(QPen(theme::mix(base, palette().color(QPalette::Text), 0.35), 1));
    painter.setBrush(theme::mix(base, palette().color(QPalette::Text), 0.04));
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6);
}

} // namespace watchfire::ui
