// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/alerts_model.h"

#include "ui/models/format.h"

#include <array>
#include <string_view>
#include <tuple>
#include <utility>

#include <QUrl>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

constexpr std::array<std::string_view, 2> shownElsewhere{"alertname", "severity"};

/// What needs a person first.
using Rank = std::tuple<bool, bool, Severity, Timestamp>;
Rank rank(const engine::AlertStatus& alert)
{
    const bool muted = alert.silenced || alert.inhibited;
    return {muted, alert.state != AlertState::firing, severityOf(alert.labels), alert.activeAt};
}

/// The labels that all of them have alike, but for those that are shown elsewhere.
std::vector<Label> sharedLabels(const std::vector<const engine::AlertStatus*>& alerts)
{
    std::vector<Label> shared;
    if (alerts.size() < 2) {
        return shared; // what one alert has is in its row
    }
    for (const Label label : alerts.front()->labels) {
        if (std::ranges::find(shownElsewhere, label.name) == shownElsewhere.end()) {
            shared.push_back(label);
        }
    }
    for (const engine::AlertStatus* const alert : alerts) {
        if (shared.empty()) {
            break;
        }
        std::erase_if(shared, [&](const Label label) {
            return alert->labels.get(label.name) != label.value;
        });
    }
    return shared;
}

} // namespace

Severity severityOf(const Labels& labels)
{
    const std::string_view word = labels.get("severity");
    if (equalsFolded(word, "critical") || equalsFolded(word, "page")
        || equalsFolded(word, "emergency")) {
        return Severity::critical;
    }
    return equalsFolded(word, "warning") || equalsFolded(word, "warn") ? Severity::warning
                                                                       : Severity::other;
}

void AlertsModel::setSnapshot(const std::shared_ptr<const engine::AlertsSnapshot>& snapshot,
                              Timestamp now)
{
    m_now = now;
    // Ranks and names are made once each: there may be ten thousand alerts of one rule.
    std::vector<std::pair<Rank, const engine::AlertStatus*>> order;
    order.reserve(snapshot->alerts.size());
    for (const engine::AlertStatus& alert : snapshot->alerts) {
        order.emplace_back(rank(alert), &alert);
    }
    std::ranges::stable_sort(order, {},
                             [](const auto& entry) -> const Rank& { return entry.first; });
    std::unordered_map<std::string_view, QString> names;
    std::vector<Entry> entries;
    entries.reserve(order.size());
    for (const auto& [place, alert] : order) {
        QString& name = names[alert->rule];
        if (name.isNull()) {
            name = alert->rule.empty() ? tr("without a name") : fromUtf8(alert->rule);
        }
        entries.push_back({name, alert->id, alert});
    }
    m_shared.clear();
    present(std::move(entries), snapshot);
}

void AlertsModel::setNow(Timestamp now)
{
    m_now = now;
    announceAllChanged();
}

void AlertsModel::setOrigins(Origins origins)
{
    m_origins = std::move(origins);
    announceAllChanged();
}

QString AlertsModel::originOf(const engine::AlertStatus& alert) const
{
    const auto found = m_origins.find(alert.labels);
    return found == m_origins.end() ? QString() : found->second;
}

bool AlertsModel::knowsOrigins(const engine::AlertsSnapshot& snapshot) const
{
    return std::ranges::all_of(snapshot.alerts, [this](const engine::AlertStatus& alert) {
        return !isPosted(alert) || m_origins.contains(alert.labels);
    });
}

int AlertsModel::columnCount(const QModelIndex&) const
{
    return columnsEnd;
}

QVariant AlertsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation == Qt::Horizontal && role == Qt::TextAlignmentRole
        && (section == since || section == value)) {
        return int(Qt::AlignRight | Qt::AlignVCenter);
    }
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) {
        return {};
    }
    switch (section) {
    case state:
        return tr("State");
    case labels:
        return tr("Labels");
    case severity:
        return tr("Severity");
    case since:
        return tr("Active for");
    case value:
        return tr("Value");
    case summary:
        return tr("Summary");
    default:
        return {};
    }
}

ItemState AlertsModel::stateOf(const engine::AlertStatus& alert)
{
    if (alert.silenced || alert.inhibited) {
        return ItemState::silenced;
    }
    if (alert.state == AlertState::pending) {
        return ItemState::pending;
    }
    return severityOf(alert.labels) == Severity::warning ? ItemState::warning : ItemState::critical;
}

QString AlertsModel::stateWord(const engine::AlertStatus& alert)
{
    if (alert.silenced) {
        return tr("Silenced");
    }
    if (alert.inhibited) {
        return tr("Inhibited");
    }
    return alert.state == AlertState::pending ? tr("Pending") : tr("Firing");
}

QString AlertsModel::summaryOf(const engine::AlertStatus& alert)
{
    for (const std::string_view key : {"summary", "description", "message"}) {
        if (const auto text = alert.annotations.get(key); !text.empty()) {
            return fromUtf8(text).simplified();
        }
    }
    return {};
}

QString AlertsModel::labelsOf(const engine::AlertStatus& alert)
{
    return labelsText(alert.labels, shownElsewhere);
}

QVariant AlertsModel::groupData(const Group& group, int column, int role) const
{
    if (column == 0 && role == Qt::DisplayRole) {
        return u"%1 (%2)"_s.arg(group.name).arg(group.all.size());
    }
    return {};
}

QVariant AlertsModel::rowData(const engine::AlertStatus& alert, int column, int role) const
{
    switch (role) {
    case Qt::DisplayRole:
        break;
    case stateRole:
        return column == state ? QVariant(int(stateOf(alert))) : QVariant();
    case mutedRole:
        return column == since;
    case Qt::TextAlignmentRole:
        return column == since || column == value ? QVariant(int(Qt::AlignRight | Qt::AlignVCenter))
                                                  : QVariant();
    case Qt::ToolTipRole:
        if (column == value && isPosted(alert)) {
            const QString origin = originOf(alert);
            return origin.isEmpty() ? tr("Posted by another program")
                                    : tr("Posted by another program: %1").arg(origin);
        }
        return column == since ? QVariant(tr("since %1").arg(dateTimeText(alert.activeAt)))
                               : QVariant();
    default:
        return {};
    }
    switch (column) {
    case state:
        return stateWord(alert);
    case labels:
        return ownLabelsOf(alert);
    case severity:
        return fromUtf8(alert.labels.get("severity"));
    case since:
        return spanText(m_now - alert.activeAt);
    case value:
        return isPosted(alert) ? tr("posted") : valueText(alert.value);
    case summary: {
        const QString text = summaryOf(alert);
        const QString from = QUrl(originOf(alert)).host();
        return !isPosted(alert) || from.isEmpty() ? text
            : text.isEmpty()                      ? tr("from %1").arg(from)
                                                  : tr("from %1: %2").arg(from, text);
    }
    default:
        return {};
    }
}

void AlertsModel::summarize(Group& group) const
{
    int firing = 0;
    int pending = 0;
    int silenced = 0;
    int inhibited = 0;
    const engine::AlertStatus* const worst = group.all.front(); // they come by rank
    for (const engine::AlertStatus* alert : group.all) {
        if (alert->silenced) {
            ++silenced;
        } else if (alert->inhibited) {
            ++inhibited;
        } else if (alert->state == AlertState::firing) {
            ++firing;
        } else {
            ++pending;
        }
    }
    QStringList parts;
    if (firing > 0) {
        parts << tr("%1 firing").arg(firing);
    }
    if (pending > 0) {
        parts << tr("%1 pending").arg(pending);
    }
    if (silenced > 0) {
        parts << tr("%1 silenced").arg(silenced);
    }
    if (inhibited > 0) {
        parts << tr("%1 inhibited").arg(inhibited);
    }
    group.summary = parts.join(u", "_s);
    group.state = stateOf(*worst);
    addShared(group);
}

void AlertsModel::addShared(Group& group) const
{
    std::vector<std::string>& names = m_shared[group.all.front()->rule];
    names.clear();
    QStringList texts;
    for (const Label label : sharedLabels(group.all)) {
        names.emplace_back(label.name);
        texts << u"%1=\"%2\""_s.arg(fromUtf8(label.name), fromUtf8(label.value));
    }
    QStringList parts{group.summary};
    if (!texts.isEmpty()) {
        parts << texts.join(u", "_s);
    }
    const Labels& annotations = group.all.front()->annotations;
    const bool isAlike = std::ranges::all_of(group.all, [&](const engine::AlertStatus* alert) {
        return alert->annotations == annotations;
    });
    if (const QString text = summaryOf(*group.all.front());
        group.all.size() > 1 && isAlike && !text.isEmpty()) {
        parts << text;
    }
    group.summary = parts.join(u" · "_s);
}

QString AlertsModel::ownLabelsOf(const engine::AlertStatus& alert) const
{
    std::vector<std::string_view> without(shownElsewhere.begin(), shownElsewhere.end());
    if (const auto shared = m_shared.find(alert.rule); shared != m_shared.end()) {
        without.insert(without.end(), shared->second.begin(), shared->second.end());
    }
    return labelsText(alert.labels, without);
}

bool AlertsModel::hasWord(const engine::AlertStatus& alert, const std::string& lowerWord) const
{
    if (containsFolded(alert.rule, lowerWord) || containsFolded(alert.group, lowerWord)) {
        return true;
    }
    const auto inValues = [&](const Labels& texts) {
        return std::ranges::any_of(
            texts, [&](const Label label) { return containsFolded(label.value, lowerWord); });
    };
    return inValues(alert.labels) || inValues(alert.annotations)
        || (isPosted(alert) && containsFolded(originOf(alert).toStdString(), lowerWord));
}

bool AlertsModel::hasChip(const engine::AlertStatus& alert, const Filter::Chip& chip) const
{
    if (chip.key == "state") {
        if (chip.value == "posted") {
            return isPosted(alert);
        }
        if (chip.value == "silenced") {
            return alert.silenced;
        }
        if (chip.value == "inhibited") {
            return alert.inhibited;
        }
        const bool muted = alert.silenced || alert.inhibited;
        return !muted && chip.value == (alert.state == AlertState::firing ? "firing" : "pending");
    }
    return std::ranges::any_of(alert.labels, [&](const Label label) {
        return equalsFolded(label.name, chip.key) && containsFolded(label.value, chip.value);
    });
}

std::weak_ordering AlertsModel::compare(const engine::AlertStatus& a, const engine::AlertStatus& b,
                                        int column) const
{
    switch (column) {
    case state:
        return rank(a) <=> rank(b);
    case labels:
        return a.labels <=> b.labels;
    case severity:
        return severityOf(a.labels) <=> severityOf(b.labels);
    case since:
        return b.activeAt <=> a.activeAt;
    case value:
        return std::weak_order(a.value, b.value);
    case summary:
        return summaryOf(a).compare(summaryOf(b)) <=> 0;
    default:
        return std::weak_ordering::equivalent;
    }
}

} // namespace watchfire::ui
