// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/scrape_log_model.h"

#include "ui/models/format.h"
#include "ui/models/roles.h"

#include <algorithm>
#include <utility>

namespace watchfire::ui {

namespace {

bool isSame(const engine::TargetDetail::Event& a, const engine::TargetDetail::Event& b)
{
    return a.at == b.at && a.took == b.took && a.samples == b.samples && a.error == b.error;
}

} // namespace

void ScrapeLogModel::setEvents(Events events)
{
    // How many came on top of what is shown.
    std::size_t come = 0;
    while (come < events.size() && (m_events.empty() || !isSame(events[come], m_events.front()))) {
        ++come;
    }
    const std::size_t stay = std::min(events.size() - come, m_events.size());
    const bool isLater = come < events.size() || m_events.empty() || events.empty();
    if (!isLater
        || !std::equal(m_events.begin(), m_events.begin() + std::ptrdiff_t(stay),
                       events.begin() + std::ptrdiff_t(come), isSame)) {
        beginResetModel();
        m_events = std::move(events);
        endResetModel();
        return;
    }
    if (stay < m_events.size()) {
        beginRemoveRows({}, int(stay), int(m_events.size()) - 1);
        m_events.resize(stay);
        endRemoveRows();
    }
    if (come > 0) {
        beginInsertRows({}, 0, int(come) - 1);
        m_events.insert(m_events.begin(), events.begin(), events.begin() + std::ptrdiff_t(come));
        endInsertRows();
    }
    if (m_events.size() < events.size()) {
        beginInsertRows({}, int(m_events.size()), int(events.size()) - 1);
        m_events = std::move(events);
        endInsertRows();
    }
}

int ScrapeLogModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(m_events.size());
}

int ScrapeLogModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(columnsEnd);
}

QVariant ScrapeLogModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid()) {
        return {};
    }
    const auto& event = m_events[std::size_t(index.row())];
    const bool isFine = event.error.empty();
    switch (role) {
    case stateRole:
        return index.column() == result
            ? QVariant(int(isFine ? ItemState::up : ItemState::critical))
            : QVariant();
    case Qt::TextAlignmentRole:
        return index.column() == took || index.column() == samples
            ? QVariant(int(Qt::AlignRight | Qt::AlignVCenter))
            : QVariant();
    case Qt::ToolTipRole:
        return index.column() == message ? QVariant(fromUtf8(event.error)) : QVariant();
    case Qt::DisplayRole:
        break;
    default:
        return {};
    }
    switch (index.column()) {
    case time:
        return dateTimeText(event.at);
    case result:
        return isFine ? tr("Stored") : tr("Failed");
    case took:
        return durationText(event.took);
    case samples:
        return countText(event.samples);
    case message:
        return fromUtf8(event.error).simplified();
    default:
        return {};
    }
}

QVariant ScrapeLogModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal) {
        return {};
    }
    if (role == Qt::TextAlignmentRole) {
        return section == took || section == samples
            ? QVariant(int(Qt::AlignRight | Qt::AlignVCenter))
            : QVariant();
    }
    if (role != Qt::DisplayRole) {
        return {};
    }
    switch (section) {
    case time:
        return tr("Time");
    case result:
        return tr("Result");
    case took:
        return tr("Took");
    case samples:
        return tr("Samples");
    case message:
        return tr("Error");
    default:
        return {};
    }
}

} // namespace watchfire::ui
