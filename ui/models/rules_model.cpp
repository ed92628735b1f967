// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/rules_model.h"

#include "core/text/duration.h"
#include "ui/models/format.h"

#include <string>
#include <string_view>
#include <unordered_map>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

struct Rows {
    std::shared_ptr<const engine::RulesSnapshot> snapshot;
    std::vector<RuleRow> rows;
};

/// A rule has no name of its own that is sure to be unique, so a second one of the same name in
/// its group counts on.
std::uint64_t ruleId(const engine::RuleGroupStatus& group, const std::string& rule, int occurrence)
{
    const std::string key
        = group.file + '\n' + group.name + '\n' + rule + '\n' + std::to_string(occurrence);
    return std::hash<std::string>()(key);
}

/// "in 12 s"; empty: it is not known when.
QString dueText(const std::optional<Timestamp>& at, Timestamp now)
{
    if (!at) {
        return {};
    }
    return *at <= now ? RulesModel::tr("now") : RulesModel::tr("in %1").arg(spanText(*at - now));
}

QString oneLine(const std::string& text)
{
    return fromUtf8(text).simplified();
}

} // namespace

void RulesModel::setSnapshot(const std::shared_ptr<const engine::RulesSnapshot>& snapshot,
                             Timestamp now)
{
    m_now = now;
    auto rows = std::make_shared<Rows>();
    rows->snapshot = snapshot;
    for (const engine::RuleGroupStatus& group : snapshot->groups) {
        for (std::size_t i = 0; i < group.rules.size(); ++i) {
            rows->rows.push_back({&group.rules[i], &group, i});
        }
    }
    std::vector<Entry> entries;
    entries.reserve(rows->rows.size());
    std::unordered_map<std::uint64_t, int> seen;
    for (const RuleRow& row : rows->rows) {
        const std::string& rule = row.status->rule.name();
        const int occurrence = seen[ruleId(*row.group, rule, 0)]++;
        // Two files may hold groups of the same name.
        entries.push_back({fromUtf8(row.group->name) + u'\n' + fromUtf8(row.group->file),
                           ruleId(*row.group, rule, occurrence), &row});
    }
    present(std::move(entries), rows);
}

void RulesModel::setNow(Timestamp now)
{
    m_now = now;
    announceAllChanged();
}

int RulesModel::columnCount(const QModelIndex&) const
{
    return columnsEnd;
}

QVariant RulesModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation == Qt::Horizontal && role == Qt::TextAlignmentRole
        && (section == lastEvaluation || section == duration || section == nextDue)) {
        return int(Qt::AlignRight | Qt::AlignVCenter);
    }
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) {
        return {};
    }
    switch (section) {
    case name:
        return tr("Name");
    case state:
        return tr("State");
    case expression:
        return tr("Expression");
    case active:
        return tr("Active");
    case lastEvaluation:
        return tr("Evaluated");
    case duration:
        return tr("Duration");
    case nextDue:
        return tr("Next");
    case error:
        return tr("Error");
    default:
        return {};
    }
}

ItemState RulesModel::stateOf(const engine::RuleStatus& rule)
{
    if (rule.health == engine::Health::down) {
        return ItemState::warning;
    }
    if (!rule.rule.isAlerting()) {
        return rule.health == engine::Health::up ? ItemState::up : ItemState::unknown;
    }
    switch (rule.state) {
    case AlertState::firing:
        return ItemState::critical;
    case AlertState::pending:
        return ItemState::pending;
    case AlertState::inactive:
        break;
    }
    return rule.health == engine::Health::unknown ? ItemState::unknown : ItemState::up;
}

QString RulesModel::stateWord(const engine::RuleStatus& rule)
{
    if (rule.health == engine::Health::down) {
        return tr("Error");
    }
    if (rule.health == engine::Health::unknown) {
        return tr("Not evaluated yet");
    }
    if (!rule.rule.isAlerting()) {
        return tr("Recording");
    }
    switch (rule.state) {
    case AlertState::firing:
        return tr("Firing");
    case AlertState::pending:
        return tr("Pending");
    case AlertState::inactive:
        break;
    }
    return tr("Inactive");
}

const engine::RuleGroupStatus* RulesModel::groupStatusAt(const QModelIndex& index) const
{
    const Group* const group = groupAt(index);
    return group == nullptr || group->all.empty() ? nullptr : group->all.front()->group;
}

QVariant RulesModel::groupData(const Group& group, int column, int role) const
{
    const engine::RuleGroupStatus& status = *group.all.front()->group;
    if (column != 0) {
        return {};
    }
    if (role == Qt::DisplayRole) {
        return u"%1 (%2)"_s.arg(fromUtf8(status.name)).arg(group.all.size());
    }
    return role == Qt::ToolTipRole ? QVariant(fromUtf8(status.file)) : QVariant();
}

QVariant RulesModel::rowData(const RuleRow& row, int column, int role) const
{
    const engine::RuleStatus& rule = *row.status;
    switch (role) {
    case Qt::DisplayRole:
        break;
    case stateRole:
        return column == state ? QVariant(int(stateOf(rule))) : QVariant();
    case codeRole:
        return column == expression;
    case mutedRole:
        return column == lastEvaluation || column == duration || column == nextDue;
    case Qt::TextAlignmentRole:
        return column == duration || column == lastEvaluation || column == nextDue
            ? QVariant(int(Qt::AlignRight | Qt::AlignVCenter))
            : QVariant();
    case Qt::ToolTipRole:
        return column == expression                      ? QVariant(fromUtf8(rule.rule.expr))
            : column == error && !rule.lastError.empty() ? QVariant(fromUtf8(rule.lastError))
                                                         : QVariant();
    default:
        return {};
    }
    switch (column) {
    case name:
        return fromUtf8(rule.rule.name());
    case state:
        return stateWord(rule);
    case expression:
        return oneLine(rule.rule.expr);
    case active: {
        QStringList parts;
        if (rule.firing > 0) {
            parts << tr("%1 firing").arg(rule.firing);
        }
        if (rule.pending > 0) {
            parts << tr("%1 pending").arg(rule.pending);
        }
        return parts.join(u", "_s);
    }
    case lastEvaluation:
        return agoText(rule.lastEvaluation, m_now);
    case duration:
        return rule.lastEvaluation == Timestamp{} ? QString() : durationText(rule.duration);
    case nextDue:
        return dueText(row.group->nextDue, m_now);
    case error:
        return oneLine(rule.lastError);
    default:
        return {};
    }
}

void RulesModel::summarize(Group& group) const
{
    const engine::RuleGroupStatus& status = *group.all.front()->group;
    QStringList parts;
    group.state = ItemState::up;
    std::size_t firing = 0;
    std::size_t pending = 0;
    std::size_t failing = 0;
    for (const RuleRow* row : group.all) {
        firing += row->status->firing;
        pending += row->status->pending;
        failing += row->status->health == engine::Health::down ? 1 : 0;
    }
    if (firing > 0) {
        parts << tr("%1 firing").arg(firing);
        group.state = ItemState::critical;
    }
    if (pending > 0) {
        parts << tr("%1 pending").arg(pending);
    }
    if (failing > 0) {
        parts << tr("%1 with an error").arg(failing);
    }
    if (firing == 0 && failing > 0) {
        group.state = ItemState::warning;
    } else if (firing == 0 && pending > 0) {
        group.state = ItemState::pending;
    }
    parts << tr("every %1").arg(fromUtf8(text::formatDuration(status.interval)));
    if (status.lastEvaluation != Timestamp{}) {
        parts << tr("evaluated %1 in %2")
                     .arg(agoText(status.lastEvaluation, m_now), durationText(status.duration));
    }
    parts << fromUtf8(status.file);
    group.summary = parts.join(u" · "_s);
}

bool RulesModel::hasWord(const RuleRow& row, const std::string& lowerWord) const
{
    const engine::RuleStatus& rule = *row.status;
    if (containsFolded(rule.rule.name(), lowerWord) || containsFolded(rule.rule.expr, lowerWord)
        || containsFolded(row.group->name, lowerWord) || containsFolded(row.group->file, lowerWord)
        || containsFolded(rule.lastError, lowerWord)) {
        return true;
    }
    return std::ranges::any_of(rule.rule.labels, [&](const auto& label) {
        return containsFolded(label.second, lowerWord);
    });
}

bool RulesModel::hasChip(const RuleRow& row, const Filter::Chip& chip) const
{
    const engine::RuleStatus& rule = *row.status;
    if (chip.key == "state") {
        const std::string_view word = rule.health == engine::Health::down ? "error"
            : !rule.rule.isAlerting()                                     ? "recording"
            : rule.state == AlertState::firing                            ? "firing"
            : rule.state == AlertState::pending                           ? "pending"
                                                                          : "inactive";
        return word == chip.value;
    }
    if (chip.key == "group") {
        return containsFolded(row.group->name, chip.value);
    }
    if (chip.key == "file") {
        return containsFolded(row.group->file, chip.value);
    }
    return std::ranges::any_of(rule.rule.labels, [&](const auto& label) {
        return equalsFolded(label.first, chip.key) && containsFolded(label.second, chip.value);
    });
}

std::weak_ordering RulesModel::compare(const RuleRow& a, const RuleRow& b, int column) const
{
    const auto& left = *a.status;
    const auto& right = *b.status;
    switch (column) {
    case name:
        return left.rule.name() <=> right.rule.name();
    case state: {
        const auto rank = [](const engine::RuleStatus& rule) {
            return rule.health == engine::Health::down ? 3 : int(rule.state);
        };
        return rank(right) <=> rank(left); // what needs a person first
    }
    case expression:
        return left.rule.expr <=> right.rule.expr;
    case active:
        return std::pair(left.firing, left.pending) <=> std::pair(right.firing, right.pending);
    case lastEvaluation:
        return right.lastEvaluation <=> left.lastEvaluation;
    case duration:
        return left.duration <=> right.duration;
    case nextDue:
        return a.group->nextDue <=> b.group->nextDue;
    case error:
        return left.lastError <=> right.lastError;
    default:
        return std::weak_ordering::equivalent;
    }
}

} // namespace watchfire::ui
