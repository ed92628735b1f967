// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/popup_banners.h"

#include "ui/models/format.h"
#include "ui/pages/page.h"
#include "ui/pages/widgets.h"
#include "ui/theme/palette.h"

#include <algorithm>

#include <QAccessible>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

theme::State stateOf(const PopupCard& card)
{
    return card.isResolved  ? theme::State::up
        : card.urgency == 2 ? theme::State::critical
        : card.urgency == 1 ? theme::State::warning
                            : theme::State::pending;
}

/// The word for the shape.
QString wordOf(const PopupCard& card)
{
    return card.isResolved  ? PopupBanner::tr("Resolved")
        : card.urgency == 2 ? PopupBanner::tr("Critical")
        : card.urgency == 1 ? PopupBanner::tr("Warning")
                            : PopupBanner::tr("Information");
}

} // namespace

PopupBanner::PopupBanner(const QString& name, QWidget* parent)
    : QFrame(parent)
    , m_shape(new StateShape(18, this))
    , m_summary(plainLabel({}, this))
    , m_body(plainLabel({}, this))
    , m_line(new ElidedLabel(this))
    , m_show(new QPushButton(tr("Show"), this))
    , m_silence(new QPushButton(tr("Silence 1 h"), this))
    , m_snooze(new QPushButton(tr("Snooze 15 min"), this))
    , m_dismiss(toolButton(tr("Dismiss until it changes"), "close", "", this))
{
    setObjectName(name);
    m_summary->setObjectName(name + u".summary"_s);
    m_body->setObjectName(name + u".body"_s);
    m_line->setObjectName(name + u".line"_s);
    m_dismiss->setObjectName(name + u".dismiss"_s);
    QFont bold = font();
    bold.setBold(true);
    m_summary->setFont(bold);
    m_silence->setToolTip(tr("No receiver hears of this group for an hour"));
    m_snooze->setToolTip(tr("This desktop says nothing of it for 15 minutes"));
    for (QLabel* const label : {m_summary, m_body}) {
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    }
    auto* const texts = new QVBoxLayout;
    texts->setSpacing(2);
    texts->addWidget(m_summary);
    texts->addWidget(m_body);
    texts->addWidget(m_line);
    auto* const row = new QHBoxLayout(this);
    row->setContentsMargins(12, 8, 8, 8);
    row->setSpacing(8);
    row->addWidget(m_shape, 0, Qt::AlignTop);
    row->addLayout(texts, 1);
    const auto add = [&](QPushButton* button, const QString& part, NotificationAction action) {
        button->setObjectName(name + part);
        button->setMinimumHeight(28);
        row->addWidget(button, 0, Qt::AlignVCenter);
        connect(button, &QPushButton::clicked, this, [this, action] { emit acted(action); });
    };
    add(m_show, u".show"_s, NotificationAction::show);
    add(m_silence, u".silence"_s, NotificationAction::silence1h);
    add(m_snooze, u".snooze"_s, NotificationAction::snooze15m);
    row->addWidget(m_dismiss, 0, Qt::AlignVCenter);
    connect(m_dismiss, &QToolButton::clicked, this,
            [this] { emit acted(NotificationAction::dismissed); });
}

void PopupBanner::show(const PopupCard& card, bool inOneLine)
{
    m_card = card;
    m_state = stateOf(card);
    m_shape->setState(m_state);
    m_shape->setToolTip(wordOf(card));
    m_summary->setText(fromUtf8(card.summary));
    m_body->setText(fromUtf8(card.body));
    m_line->setText(fromUtf8(card.body).replace(u'\n', u" · "_s));
    m_body->setVisible(!card.body.empty() && !inOneLine);
    m_line->setVisible(!card.body.empty() && inOneLine);
    m_silence->setVisible(card.canSilence);
    m_snooze->setVisible(card.canSnooze);
    setAccessibleName(wordOf(card) + u": "_s + fromUtf8(card.summary));
    setAccessibleDescription(fromUtf8(card.body));
    setVisible(true);
    update();
}

void PopupBanner::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QColor base = palette().color(QPalette::Base);
    const QColor state = theme::stateColor(m_state, theme::schemeOf(palette()));
    painter.setPen(QPen(theme::mix(base, state, 0.45), 1));
    painter.setBrush(theme::mix(base, state, 0.10));
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
}

PopupBanners::PopupBanners(QWidget* parent)
    : QWidget(parent)
    , m_column(new QVBoxLayout(this))
{
    setObjectName(u"popups"_s);
    setAccessibleName(tr("Alerts that the desktop does not show"));
    m_column->setContentsMargins(pageMargin, 8, pageMargin, 0);
    m_column->setSpacing(8);
    hide();
}

void PopupBanners::show(const std::vector<PopupCard>& cards)
{
    while (m_rows.size() < cards.size()) {
        auto* const row = new PopupBanner(u"popups.%1"_s.arg(m_rows.size()), this);
        connect(row, &PopupBanner::acted, this,
                [this, row](NotificationAction action) { emit acted(row->card().id, action); });
        m_column->addWidget(row);
        m_rows.push_back(row);
    }
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        if (i < cards.size()) {
            m_rows[i]->show(cards[i], cards.size() > 1);
        } else {
            m_rows[i]->hide();
        }
    }
    setVisible(!cards.empty());
    for (const PopupCard& card : cards) {
        if (!std::ranges::contains(m_cards, card)) {
            QAccessibleAnnouncementEvent announcement(
                this, wordOf(card) + u": "_s + fromUtf8(card.summary));
            QAccessible::updateAccessibility(&announcement);
        }
    }
    m_cards = cards;
}

} // namespace watchfire::ui
