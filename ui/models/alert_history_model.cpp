// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/alert_history_model.h"

#include "ui/models/format.h"

#include <array>
#include <string_view>
#include <unordered_map>

#include <QDateTime>
#include <QLocale>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

constexpr std::array<std::string_view, 1> shownElsewhere{"alertname"};

ItemState stateOf(const engine::AlertEvent& event)
{
    const std::string_view what = event.what;
    return what == "firing"  ? ItemState::critical
        : what == "pending"  ? ItemState::pending
        : what == "resolved" ? ItemState::up
        : what == "silenced" ? ItemState::silenced
                             : ItemState::none;
}

} // namespace

void AlertHistoryModel::setSnapshot(const std::shared_ptr<const engine::AlertsSnapshot>& snapshot)
{
    std::vector<Entry> entries;
    entries.reserve(snapshot->history.size());
    std::unordered_map<std::uint64_t, std::uint64_t> seen;
    for (const engine::AlertEvent& event : snapshot->history) {
        std::uint64_t id = event.labels.hash() ^ std::hash<std::string>()(event.what)
            ^ (std::uint64_t(unixMs(event.at)) * 0x9E37'79B9'7F4A'7C15);
        id += seen[id]++; // the same twice in a millisecond
        const QDate day = QDateTime::fromMSecsSinceEpoch(unixMs(event.at)).date();
        entries.push_back({QLocale().toString(day, QLocale::LongFormat), id, &event});
    }
    present(std::move(entries), snapshot);
}

int AlertHistoryModel::columnCount(const QModelIndex&) const
{
    return columnsEnd;
}

QVariant AlertHistoryModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) {
        return {};
    }
    switch (section) {
    case time:
        return tr("Time");
    case what:
        return tr("Event");
    case alert:
        return tr("Alert");
    case labels:
        return tr("Labels");
    default:
        return {};
    }
}

QVariant AlertHistoryModel::groupData(const Group& group, int column, int role) const
{
    if (column == 0 && role == Qt::DisplayRole) {
        return u"%1 (%2)"_s.arg(group.name).arg(group.all.size());
    }
    return {};
}

QVariant AlertHistoryModel::rowData(const engine::AlertEvent& event, int column, int role) const
{
    switch (role) {
    case Qt::DisplayRole:
        break;
    case stateRole:
        return column == what ? QVariant(int(stateOf(event))) : QVariant();
    case mutedRole:
        return column == labels;
    default:
        return {};
    }
    switch (column) {
    case time:
        return clockText(event.at);
    case what: {
        QString word = fromUtf8(event.what);
        if (!word.isEmpty()) {
            word[0] = word[0].toUpper();
        }
        return word;
    }
    case alert:
        return fromUtf8(event.labels.get("alertname"));
    case labels:
        return labelsText(event.labels, shownElsewhere);
    default:
        return {};
    }
}

void AlertHistoryModel::summarize(Group& group) const
{
    group.state = ItemState::none;
}

bool AlertHistoryModel::hasWord(const engine::AlertEvent& event, const std::string& lowerWord) const
{
    return containsFolded(event.what, lowerWord)
        || std::ranges::any_of(event.labels, [&](const Label label) {
               return containsFolded(label.value, lowerWord);
           });
}

bool AlertHistoryModel::hasChip(const engine::AlertEvent& event, const Filter::Chip& chip) const
{
    if (chip.key == "event") {
        return containsFolded(event.what, chip.value);
    }
    return std::ranges::any_of(event.labels, [&](const Label label) {
        return equalsFolded(label.name, chip.key) && containsFolded(label.value, chip.value);
    });
}

std::weak_ordering AlertHistoryModel::compare(const engine::AlertEvent& a,
                                              const engine::AlertEvent& b, int column) const
{
    switch (column) {
    case time:
        return a.at <=> b.at;
    case what:
        return a.what <=> b.what;
    case alert:
        return a.labels.get("alertname") <=> b.labels.get("alertname");
    case labels:
        return a.labels <=> b.labels;
    default:
        return std::weak_ordering::equivalent;
    }
}

} // namespace watchfire::ui
