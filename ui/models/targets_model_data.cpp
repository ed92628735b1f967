// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later

// What the model says of its groups and rows. Called for what is painted only.

#include "ui/models/format.h"
#include "ui/models/targets_model.h"

#include <algorithm>
#include <array>
#include <string_view>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

/// These two stand in the group's name and in the endpoint already.
constexpr std::array<std::string_view, 2> shownElsewhere{"job", "instance"};

bool isNumber(int column)
{
    return column == TargetsModel::lastScrape || column == TargetsModel::samples;
}

ItemState groupState(const TargetGroup& group)
{
    const bool discoveryFails = std::ranges::any_of(
        group.discoveries, [](const auto* discovery) { return !discovery->lastError.empty(); });
    return group.counts.of(TargetState::down) > 0  ? ItemState::critical
        : discoveryFails                           ? ItemState::warning
        : group.counts.of(TargetState::up) > 0     ? ItemState::up
        : group.counts.of(TargetState::paused) > 0 ? ItemState::silenced
                                                   : ItemState::unknown;
}

QString discoveryText(const engine::DiscoveryStatus& discovery, Timestamp now)
{
    const QString kind = fromUtf8(discovery.kind);
    if (!discovery.lastError.empty()) {
        return TargetsModel::tr("%1 discovery failed: %2")
            .arg(kind, fromUtf8(discovery.lastError).simplified());
    }
    return discovery.lastUpdate == Timestamp{}
        ? TargetsModel::tr("%1 discovery: no answer yet").arg(kind)
        : TargetsModel::tr("%1 discovery: %2 found, %3")
              .arg(kind, countText(discovery.targets), agoText(discovery.lastUpdate, now));
}

QList<StatePart> partsOf(const TargetGroup& group, TargetsList list, Timestamp now)
{
    QList<StatePart> parts;
    const auto add = [&](TargetState state, ItemState shape, const QString& text) {
        if (const auto count = group.counts.of(state); count > 0) {
            parts.push_back({shape, text.arg(countText(count))});
        }
    };
    if (list == TargetsList::dropped) {
        return parts;
    }
    add(TargetState::up, ItemState::up, TargetsModel::tr("%1 up"));
    add(TargetState::down, ItemState::critical, TargetsModel::tr("%1 down"));
    add(TargetState::unknown, ItemState::unknown, TargetsModel::tr("%1 not scraped yet"));
    add(TargetState::paused, ItemState::silenced, TargetsModel::tr("%1 paused"));
    for (const engine::DiscoveryStatus* discovery : group.discoveries) {
        parts.push_back({discovery->lastError.empty() ? ItemState::none : ItemState::warning,
                         discoveryText(*discovery, now)});
    }
    return parts;
}

QString joined(const QList<StatePart>& parts)
{
    QStringList texts;
    for (const StatePart& part : parts) {
        texts << part.text;
    }
    return texts.join(u", "_s);
}

QString groupToolTip(const TargetGroup& group, Timestamp now)
{
    QStringList lines{fromUtf8(group.job)};
    for (const engine::DiscoveryStatus* discovery : group.discoveries) {
        lines << u"%1 — %2"_s.arg(discoveryText(*discovery, now), fromUtf8(discovery->source));
    }
    return lines.join(u'\n');
}

} // namespace

QVariant TargetsModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid()) {
        return {};
    }
    if (!isRow(index)) {
        return groupData(*m_groups[std::size_t(index.row())], index.column(), role);
    }
    const engine::TargetStatus& target = *itemAt(index);
    return role == idRole ? QVariant(quint64(rowId(target)))
                          : rowData(target, index.column(), role);
}

QVariant TargetsModel::groupData(const Group& group, int column, int role) const
{
    if (column != 0) {
        return role == idRole ? QVariant(quint64(group.id)) : QVariant();
    }
    const TargetGroup& shown = *group.shown;
    switch (role) {
    case Qt::DisplayRole:
        return u"%1 (%2)"_s.arg(fromUtf8(shown.job), countText(shown.counts.all()));
    case Qt::AccessibleTextRole:
        return u"%1 (%2): %3"_s.arg(fromUtf8(shown.job), countText(shown.counts.all()),
                                    joined(partsOf(shown, m_list, m_now)));
    case Qt::ToolTipRole:
        return shown.discoveries.empty() ? QVariant() : QVariant(groupToolTip(shown, m_now));
    case idRole:
        return quint64(group.id);
    case stateRole:
        return m_list == TargetsList::dropped ? QVariant() : QVariant(int(groupState(shown)));
    case summaryRole:
        return joined(partsOf(shown, m_list, m_now));
    case partsRole:
        return QVariant::fromValue(partsOf(shown, m_list, m_now));
    default:
        return {};
    }
}

QVariant TargetsModel::rowData(const engine::TargetStatus& target, int column, int role) const
{
    switch (role) {
    case Qt::DisplayRole:
        return cellText(target, column);
    case stateRole:
        if (column == error && target.lastError.empty() && !target.lastWarning.empty()) {
            return int(ItemState::warning);
        }
        return column == state && m_list == TargetsList::scraped ? QVariant(int(stateOf(target)))
                                                                 : QVariant();
    case Qt::ToolTipRole:
        return column == endpoint ? QVariant(fromUtf8(target.url))
            : column == labels    ? QVariant(labelsText(shownLabels(target)))
            : column == error     ? cellText(target, column)
                                  : QVariant();
    case Qt::TextAlignmentRole:
        return isNumber(column) ? QVariant(int(Qt::AlignRight | Qt::AlignVCenter)) : QVariant();
    case mutedRole:
        return column == labels || column == lastScrape;
    case traceRole:
        return QVariant::fromValue(traceOf(rowId(target)));
    default:
        return {};
    }
}

QVariant TargetsModel::cellText(const engine::TargetStatus& target, int column) const
{
    const bool scraped = target.lastScrape != Timestamp{};
    switch (column) {
    case state:
        return m_list == TargetsList::dropped ? tr("Dropped") : stateWord(target);
    case endpoint:
        return endpointOf(target);
    case labels:
        return labelsText(shownLabels(target), shownElsewhere);
    case lastScrape:
        return agoText(target.lastScrape, m_now);
    case duration:
        return scraped ? durationText(target.lastDuration) : QString();
    case samples:
        return scraped ? countText(target.samples) : QString();
    case availability: {
        const TargetTracePtr& trace = traceOf(rowId(target));
        const auto up = trace ? trace->availability() : std::nullopt;
        return up ? percentText(*up * 100) : QString();
    }
    case error:
        return fromUtf8(target.lastError.empty() ? target.lastWarning : target.lastError)
            .simplified();
    default:
        return {};
    }
}

QVariant TargetsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal) {
        return {};
    }
    if (role == Qt::TextAlignmentRole) {
        return isNumber(section) ? QVariant(int(Qt::AlignRight | Qt::AlignVCenter)) : QVariant();
    }
    if (role == Qt::ToolTipRole) {
        return section == duration ? QVariant(tr("How long scrapes took in the last hour"))
            : section == availability
            ? QVariant(tr("How much of each half hour of the last 24 hours it was up"))
            : QVariant();
    }
    if (role != Qt::DisplayRole) {
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
    case availability:
        return tr("Up, 24 h");
    case error:
        return tr("Error");
    default:
        return {};
    }
}

ItemState TargetsModel::stateOf(const engine::TargetStatus& target)
{
    switch (ui::stateOf(target)) {
    case TargetState::up:
        return ItemState::up;
    case TargetState::down:
        return ItemState::critical;
    case TargetState::paused:
        return ItemState::silenced;
    case TargetState::unknown:
        break;
    }
    return ItemState::unknown;
}

QString TargetsModel::stateWord(const engine::TargetStatus& target)
{
    switch (ui::stateOf(target)) {
    case TargetState::up:
        return tr("Up");
    case TargetState::down:
        return tr("Down");
    case TargetState::paused:
        return tr("Paused");
    case TargetState::unknown:
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
    if (address.empty()) {
        address = target.instance;
    }
    return fromUtf8(address.empty() ? target.discoveredLabels.get("__address__") : address);
}

} // namespace watchfire::ui
