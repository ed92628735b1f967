// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/navigation.h"

#include "ui/theme/icons.h"
#include "ui/theme/palette.h"
#include "ui/theme/state.h"

#include <algorithm>

#include <QApplication>
#include <QPainter>
#include <QPainterPath>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

NavigationModel::NavigationModel(std::vector<Entry> entries, QObject* parent)
    : QAbstractListModel(parent)
    , m_entries(std::move(entries))
{
}

void NavigationModel::setBadge(const QString& name, int count)
{
    const int row = rowOf(name);
    if (row >= 0 && m_entries[std::size_t(row)].badge != count) {
        m_entries[std::size_t(row)].badge = count;
        emit dataChanged(index(row), index(row));
    }
}

int NavigationModel::rowOf(const QString& name) const
{
    const auto found = std::ranges::find(m_entries, name, &Entry::name);
    return found == m_entries.end() ? -1 : int(found - m_entries.begin());
}

int NavigationModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(m_entries.size());
}

QVariant NavigationModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid()) {
        return {};
    }
    const Entry& entry = m_entries[std::size_t(index.row())];
    switch (role) {
    case Qt::DisplayRole:
        return entry.label;
    case Qt::ToolTipRole:
    case Qt::AccessibleTextRole:
        return entry.badge > 0 ? tr("%1, %n need attention", nullptr, entry.badge).arg(entry.label)
                               : entry.label;
    case Qt::DecorationRole:
        return theme::icon(entry.icon);
    case nameRole:
        return entry.name;
    case badgeRole:
        return entry.badge;
    default:
        return {};
    }
}

void NavigationDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                               const QModelIndex& index) const
{
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const QPalette& palette = option.palette;
    const bool selected = (option.state & QStyle::State_Selected) != 0;
    const bool hovered = (option.state & QStyle::State_MouseOver) != 0;
    const QRectF plate = QRectF(option.rect).adjusted(6, 1, -6, -1);
    const QColor accent = palette.color(QPalette::Accent);
    if (selected || hovered) {
        painter->setPen(Qt::NoPen);
        painter->setBrush(theme::mix(palette.color(QPalette::Window),
                                     selected ? accent : palette.color(QPalette::WindowText),
                                     selected ? 0.16 : 0.06));
        painter->drawRoundedRect(plate, 5, 5);
    }
    if (selected) {
        painter->setPen(Qt::NoPen);
        painter->setBrush(accent);
        painter->drawRoundedRect(QRectF(plate.left(), plate.top() + 7, 3, plate.height() - 14), 1.5,
                                 1.5);
    }
    const bool focused = (option.state & QStyle::State_HasFocus) != 0
        && (option.state & QStyle::State_KeyboardFocusChange) != 0;
    if (focused) {
        painter->setPen(QPen(accent, 2));
        painter->setBrush(Qt::NoBrush);
        painter->drawRoundedRect(plate.adjusted(1, 1, -1, -1), 5, 5);
    }

    constexpr int iconSize = 20;
    const int iconLeft
        = m_compact ? option.rect.center().x() - iconSize / 2 + 1 : int(plate.left()) + 10;
    const QRect iconRect(iconLeft, option.rect.center().y() - iconSize / 2 + 1, iconSize, iconSize);
    index.data(Qt::DecorationRole).value<QIcon>().paint(painter, iconRect);

    QRect text = option.rect.adjusted(48, 0, -12, 0);
    const int badge = index.data(NavigationModel::badgeRole).toInt();
    if (badge > 0) {
        const QString number = badge > 99 ? u"99+"_s : QString::number(badge);
        QFont small = option.font;
        small.setPointSizeF(small.pointSizeF() * 0.88);
        small.setBold(true);
        const QFontMetrics metrics(small);
        const QColor alarm = theme::stateColor(theme::State::critical, theme::schemeOf(palette));
        if (m_compact) {
            theme::paintShape(*painter, QRectF(iconRect.right() - 5, iconRect.top() - 5, 12, 12),
                              theme::Shape::diamond, alarm);
        } else {
            const int width = metrics.horizontalAdvance(number) + 14;
            const QRect place(text.right() - width - 2, option.rect.center().y() - 8, width + 2,
                              18);
            painter->setFont(small);
            painter->setPen(alarm);
            painter->drawText(place.adjusted(0, 0, -16, 0), int(Qt::AlignRight | Qt::AlignVCenter),
                              number);
            theme::paintShape(*painter, QRectF(place.right() - 12, place.top() + 3, 12, 12),
                              theme::Shape::diamond, alarm);
            text.setRight(place.left() - 4);
        }
    }
    if (!m_compact) {
        QFont font = option.font;
        font.setBold(selected);
        painter->setFont(font);
        painter->setPen(palette.color(QPalette::WindowText));
        const QString label = index.data(Qt::DisplayRole).toString();
        painter->drawText(text, int(Qt::AlignLeft | Qt::AlignVCenter),
                          QFontMetrics(font).elidedText(label, Qt::ElideRight, text.width()));
    }
    painter->restore();
}

QSize NavigationDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex&) const
{
    return {m_compact ? NavigationView::narrow : NavigationView::wide,
            std::max(36, QFontMetrics(option.font).height() + 16)};
}

NavigationView::NavigationView(NavigationModel* model, QWidget* parent)
    : QListView(parent)
    , m_model(model)
    , m_delegate(new NavigationDelegate(this))
{
    setObjectName(u"navigation"_s);
    setAccessibleName(tr("Pages"));
    setModel(model);
    setItemDelegate(m_delegate);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setMouseTracking(true);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    viewport()->setBackgroundRole(QPalette::Window);
    setBackgroundRole(QPalette::Window);
    viewport()->setAutoFillBackground(false);
    setViewportMargins(0, 6, 0, 6);
    setUniformItemSizes(true);
    setCompact(false);
}

void NavigationView::setCompact(bool compact)
{
    m_compact = compact;
    m_delegate->setCompact(compact);
    setFixedWidth(compact ? narrow : wide);
    scheduleDelayedItemsLayout();
}

void NavigationView::setCurrentPage(const QString& name)
{
    const QModelIndex index = m_model->index(m_model->rowOf(name));
    if (index.isValid() && index != currentIndex()) {
        setCurrentIndex(index);
    }
}

void NavigationView::currentChanged(const QModelIndex& current, const QModelIndex& previous)
{
    QListView::currentChanged(current, previous);
    if (current.isValid()) {
        emit pageChosen(current.data(NavigationModel::nameRole).toString());
    }
}

} // namespace watchfire::ui
