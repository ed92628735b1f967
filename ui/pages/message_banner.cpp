// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/message_banner.h"

#include "ui/pages/widgets.h"
#include "ui/theme/icons.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

MessageBanner::MessageBanner(QWidget* parent, const char* objectName)
    : QFrame(parent)
    , m_shape(new StateShape(18, this))
    , m_cause(plainLabel({}, this))
    , m_rest(plainLabel({}, this))
    , m_action(new QPushButton(this))
    , m_close(new QToolButton(this))
{
    const QString name = QString::fromLatin1(objectName);
    setObjectName(name);
    m_cause->setObjectName(name + u".cause"_s);
    m_rest->setObjectName(name + u".rest"_s);
    m_action->setObjectName(name + u".action"_s);
    m_close->setObjectName(name + u".close"_s);
    QFont bold = font();
    bold.setBold(true);
    m_cause->setFont(bold);
    m_cause->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_rest->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_cause->setWordWrap(true);
    m_rest->setWordWrap(true);
    m_close->setIcon(theme::icon("close"));
    m_close->setAutoRaise(true);
    m_close->setAccessibleName(tr("Dismiss this message"));
    m_close->setToolTip(tr("Dismiss"));

    auto* const texts = new QVBoxLayout;
    texts->setSpacing(2);
    texts->addWidget(m_cause);
    texts->addWidget(m_rest);
    auto* const row = new QHBoxLayout(this);
    row->setContentsMargins(12, 8, 8, 8);
    row->setSpacing(12);
    row->addWidget(m_shape, 0, Qt::AlignTop);
    row->addLayout(texts, 1);
    row->addWidget(m_action, 0, Qt::AlignVCenter);
    row->addWidget(m_close, 0, Qt::AlignVCenter);

    connect(m_action, &QPushButton::clicked, this, &MessageBanner::actionClicked);
    connect(m_close, &QToolButton::clicked, this, [this] {
        clear();
        emit closed();
    });
    setVisible(false);
}

void MessageBanner::show(theme::State state, const QString& cause, const QString& rest,
                         const QString& action)
{
    m_state = state;
    m_shape->setState(state);
    m_cause->setText(cause);
    m_rest->setText(rest);
    m_rest->setVisible(!rest.isEmpty());
    m_action->setText(action);
    m_action->setVisible(!action.isEmpty());
    setAccessibleName(theme::stateWord(state) + u": "_s + cause);
    setAccessibleDescription(rest);
    setVisible(true);
    update();
}

void MessageBanner::clear()
{
    setVisible(false);
    m_cause->clear();
}

QString MessageBanner::cause() const
{
    return m_cause->text();
}

void MessageBanner::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QColor base = palette().color(QPalette::Base);
    const QColor state = theme::stateColor(m_state, theme::schemeOf(palette()));
    painter.setPen(QPen(theme::mix(base, state, 0.45), 1));
    painter.setBrush(theme::mix(base, state, 0.10));
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
}

} // namespace watchfire::ui
