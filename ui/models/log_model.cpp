// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/log_model.h"

#include "ui/models/format.h"

#include <string_view>
#include <unordered_map>

#include <QDateTime>
#include <QLocale>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

std::string_view levelWord(LogLevel level)
{
    switch (level) {
    case LogLevel::debug:
        return "debug";
    case LogLevel::info:
        return "info";
    case LogLevel::warning:
        return "warning";
    case LogLevel::error:
        return "error";
    }
    return {};
}

QString levelText(LogLevel level)
{
    switch (level) {
    case LogLevel::debug:
        return LogModel::tr("Debug");
    case LogLevel::info:
        return LogModel::tr("Info");
    case LogLevel::warning:
        return LogModel::tr("Warning");
    case LogLevel::error:
        return LogModel::tr("Error");
    }
    return {};
}

ItemState stateOf(LogLevel level)
{
    return level == LogLevel::error  ? ItemState::critical
        : level == LogLevel::warning ? ItemState::warning
                                     : ItemState::none;
}

} // namespace

void LogModel::setSnapshot(const std::shared_ptr<const engine::StatusSnapshot>& snapshot)
{
    std::vector<Entry> entries;
    entries.reserve(snapshot->log.size());
    std::unordered_map<std::uint64_t, std::uint64_t> seen;
    // Twins are counted from the oldest on: what is new must not rename what is there.
    std::vector<std::uint64_t> ids;
    for (const engine::LogEntry& entry : snapshot->log) {
        const std::uint64_t id = std::hash<std::string>()(entry.component + '\n' + entry.text)
            ^ (std::uint64_t(unixMs(entry.at)) * 0x9E37'79B9'7F4A'7C15);
        ids.push_back(id + seen[id]++);
    }
    for (std::size_t i = snapshot->log.size(); i-- > 0;) {
        const engine::LogEntry& entry = snapshot->log[i];
        const QDate day = QDateTime::fromMSecsSinceEpoch(unixMs(entry.at)).date();
        entries.push_back({QLocale().toString(day, QLocale::LongFormat), ids[i], &entry});
    }
    present(std::move(entries), snapshot);
}

int LogModel::columnCount(const QModelIndex&) const
{
    return columnsEnd;
}

QVariant LogModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) {
        return {};
    }
    switch (section) {
    case time:
        return tr("Time");
    case level:
        return tr("Level");
    case component:
        return tr("From");
    case text:
        return tr("Message");
    default:
        return {};
    }
}

QVariant LogModel::groupData(const Group& group, int column, int role) const
{
    if (column == 0 && role == Qt::DisplayRole) {
        return u"%1 (%2)"_s.arg(group.name).arg(group.all.size());
    }
    return {};
}

QVariant LogModel::rowData(const engine::LogEntry& entry, int column, int role) const
{
    switch (role) {
    case Qt::DisplayRole:
        break;
    case stateRole:
        return column == level && stateOf(entry.level) != ItemState::none
            ? QVariant(int(stateOf(entry.level)))
            : QVariant();
    case mutedRole:
        return column == component || entry.level == LogLevel::debug;
    case Qt::ToolTipRole:
        return column == text ? QVariant(fromUtf8(entry.text)) : QVariant();
    default:
        return {};
    }
    switch (column) {
    case time:
        return clockText(entry.at);
    case level:
        return levelText(entry.level);
    case component:
        return fromUtf8(entry.component);
    case text:
        return fromUtf8(entry.text).simplified();
    default:
        return {};
    }
}

void LogModel::summarize(Group& group) const
{
    group.state = ItemState::none;
}

bool LogModel::hasWord(const engine::LogEntry& entry, const std::string& lowerWord) const
{
    return containsFolded(entry.text, lowerWord) || containsFolded(entry.component, lowerWord);
}

bool LogModel::hasChip(const engine::LogEntry& entry, const Filter::Chip& chip) const
{
    return chip.key == "level" ? levelWord(entry.level) == chip.value
                               : chip.key == "from" && equalsFolded(entry.component, chip.value);
}

std::weak_ordering LogModel::compare(const engine::LogEntry& a, const engine::LogEntry& b,
                                     int column) const
{
    switch (column) {
    case time:
        return a.at <=> b.at;
    case level:
        return a.level <=> b.level;
    case component:
        return a.component <=> b.component;
    case text:
        return a.text <=> b.text;
    default:
        return std::weak_ordering::equivalent;
    }
}

} // namespace watchfire::ui
