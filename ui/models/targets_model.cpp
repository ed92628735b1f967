// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/targets_model.h"

#include "ui/models/format.h"

#include <array>
#include <string_view>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

/// These two stand in the group's name and in the endpoint already.
constexpr std::array<std::string_view, 2> shownElsewhere{"job", "instance"};

/// The order in which a person wants to see them: trouble first.
int rank(const engine::TargetStatus& target)
{
    switch (target.health) {
    case engine::Health::down:
        return 0;
    case engine::Health::unknown:
        return 1;
    case engine::Health::up:
        break;
    }
    return 2;
}

} // namespace

void TargetsModel::setSnapshot(const std::shared_ptr<const engine::TargetsSnapshot>& snapshot,
                               Timestamp now)
{
    m_now = now;
    std::vector<Entry> entries;
    entries.reserve(snapshot->targets.size());
    for (const engine::TargetStatus& target : snapshot->targets) {
        entries.push_back({fromUtf8(target.job), target.id, &target});
    }
    present(std::move(entries), snapshot);
}

void TargetsModel::setNow(Timestamp now)
{
    m_now = now;
    announceAllChanged();
}

int TargetsModel::columnCount(const QModelIndex&) const
{
    return columnsEnd;
}

QVariant TargetsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation == Qt::Horizontal && role == Qt::TextAlignmentRole
        && (section == lastScrape || section == duration || section == samples)) {
        return int(Qt::AlignRight | Qt::AlignVCenter);
    }
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) {
        return {};
    }
    switch (section) {
    case state:
        return tr("State");
    case endpoint:
        return tr("Endpoint");
    case labels:
        return tr("Labels");
    case lastScrape:
        return tr("Last scrape");
    case duration:
        return tr("Duration");
    case samples:
        return tr("Samples");
    case error:
        return tr("Error");
    default:
        return {};
    }
}

ItemState TargetsModel::stateOf(const engine::TargetStatus& target)
{
    if (target.paused) {
        return ItemState::silenced;
    }
    switch (target.health) {
    case engine::Health::up:
        return ItemState::up;
    case engine::Health::down:
        return ItemState::critical;
    case engine::Health::unknown:
        break;
    }
    return ItemState::unknown;
}

QString TargetsModel::stateWord(const engine::TargetStatus& target)
{
    if (target.paused) {
        return tr("Paused");
    }
    switch (target.health) {
    case engine::Health::up:
        return tr("Up");
    case engine::Health::down:
        return tr("Down");
    case engine::Health::unknown:
        break;
    }
    return tr("Unknown");
}

QString TargetsModel::endpointOf(const engine::TargetStatus& target)
{
    if (target.collector) {
        return tr("built-in, %1").arg(fromUtf8(target.instance));
    }
    std::string_view address = target.url;
    if (const auto scheme = address.find("://"); scheme != std::string_view::npos) {
        address.remove_prefix(scheme + 3);
    }
    address = address.substr(0, address.find_first_of("/?"));
    return fromUtf8(address.empty() ? std::string_view(target.instance) : address);
}

QVariant TargetsModel::groupData(const Group& group, int column, int role) const
{
    if (column == 0 && role == Qt::DisplayRole) {
        return u"%1 (%2)"_s.arg(group.name).arg(group.all.size());
    }
    return {};
}

QVariant TargetsModel::rowData(const engine::TargetStatus& target, int column, int role) const
{
    switch (role) {
    case Qt::DisplayRole:
        break;
    case stateRole:
        return column == state ? QVariant(int(stateOf(target))) : QVariant();
    case Qt::ToolTipRole:
        return column == endpoint                          ? QVariant(fromUtf8(target.url))
            : column == error && !target.lastError.empty() ? QVariant(fromUtf8(target.lastError))
                                                           : QVariant();
    case Qt::TextAlignmentRole:
        return column == duration || column == samples || column == lastScrape
            ? QVariant(int(Qt::AlignRight | Qt::AlignVCenter))
            : QVariant();
    case mutedRole:
        return column == labels || column == lastScrape;
    default:
        return {};
    }
    switch (column) {
    case state:
        return stateWord(target);
    case endpoint:
        return endpointOf(target);
    case labels:
        return labelsText(target.labels, shownElsewhere);
    case lastScrape:
        return agoText(target.lastScrape, m_now);
    case duration:
        return target.lastScrape == Timestamp{} ? QString() : durationText(target.lastDuration);
    case samples:
        return target.lastScrape == Timestamp{} ? QString() : countText(target.samples);
    case error:
        return fromUtf8(target.lastError);
    default:
        return {};
    }
}

void TargetsModel::summarize(Group& group) const
{
    int up = 0;
    int down = 0;
    int unknown = 0;
    for (const engine::TargetStatus* target : group.all) {
        switch (target->health) {
        case engine::Health::up:
            ++up;
            break;
        case engine::Health::down:
            ++down;
            break;
        case engine::Health::unknown:
            ++unknown;
            break;
        }
    }
    QStringList parts;
    if (up > 0) {
        parts << tr("%1 up").arg(up);
    }
    if (down > 0) {
        parts << tr("%1 down").arg(down);
    }
    if (unknown > 0) {
        parts << tr("%1 not scraped yet").arg(unknown);
    }
    group.summary = parts.join(u", "_s);
    group.state = down > 0 ? ItemState::critical : up > 0 ? ItemState::up : ItemState::unknown;
}

bool TargetsModel::hasWord(const engine::TargetStatus& target, const std::string& lowerWord) const
{
    if (containsFolded(target.job, lowerWord) || containsFolded(target.url, lowerWord)
        || containsFolded(target.instance, lowerWord)
        || containsFolded(target.lastError, lowerWord)) {
        return true;
    }
    for (const Label label : target.labels) {
        if (containsFolded(label.value, lowerWord) || containsFolded(label.name, lowerWord)) {
            return true;
        }
    }
    return false;
}

bool TargetsModel::hasChip(const engine::TargetStatus& target, const Filter::Chip& chip) const
{
    if (chip.key == "state") {
        const std::string_view word = target.paused ? "paused"
            : target.health == engine::Health::up   ? "up"
            : target.health == engine::Health::down ? "down"
                                                    : "unknown";
        return word == chip.value;
    }
    if (chip.key == "error") {
        return containsFolded(target.lastError, chip.value);
    }
    for (const Label label : target.labels) {
        if (equalsFolded(label.name, chip.key)) {
            return containsFolded(label.value, chip.value);
        }
    }
    return chip.key == "job" && containsFolded(target.job, chip.value);
}

std::weak_ordering TargetsModel::compare(const engine::TargetStatus& a,
                                         const engine::TargetStatus& b, int column) const
{
    switch (column) {
    case state:
        return rank(a) <=> rank(b);
    case endpoint:
        return a.url <=> b.url;
    case labels:
        return a.labels <=> b.labels;
    case lastScrape:
        return b.lastScrape <=> a.lastScrape; // the youngest is the shortest ago
    case duration:
        return a.lastDuration <=> b.lastDuration;
    case samples:
        return a.samples <=> b.samples;
    case error:
        return a.lastError <=> b.lastError;
    default:
        return std::weak_ordering::equivalent;
    }
}

} // namespace watchfire::ui
