// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/relabel_model.h"

#include "ui/models/format.h"
#include "ui/models/roles.h"

#include <algorithm>
#include <utility>

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(watchfire::ui::Relabelling)
};

QString joined(const std::vector<std::string>& names)
{
    QStringList texts;
    for (const std::string& name : names) {
        texts << fromUtf8(name);
    }
    return texts.join(u", "_s);
}

LabelChange changeOf(const engine::RelabelOutcome& outcome)
{
    if (!outcome.error.empty()) {
        return LabelChange::failed;
    }
    if (!outcome.steps.empty() && !outcome.steps.back().kept) {
        return LabelChange::dropped;
    }
    return outcome.labels == outcome.discovered ? LabelChange::unchanged : LabelChange::changed;
}

} // namespace

QString changeWord(LabelChange change)
{
    switch (change) {
    case LabelChange::unchanged:
        return Words::tr("Unchanged");
    case LabelChange::added:
        return Words::tr("Added");
    case LabelChange::changed:
        return Words::tr("Changed");
    case LabelChange::removed:
        return Words::tr("Removed");
    case LabelChange::dropped:
        return Words::tr("Dropped");
    case LabelChange::failed:
        return Words::tr("Unusable");
    }
    return {};
}

std::vector<LabelDiff> diffLabels(const Labels& before, const Labels& after)
{
    std::vector<LabelDiff> diff;
    auto old = before.begin();
    auto now = after.begin();
    while (old != before.end() || now != after.end()) {
        const bool isOld
            = now == after.end() || (old != before.end() && (*old).name <= (*now).name);
        const bool isNow
            = old == before.end() || (now != after.end() && (*now).name <= (*old).name);
        LabelDiff label;
        label.name = fromUtf8(isOld ? (*old).name : (*now).name);
        label.change = !isNow              ? LabelChange::removed
            : !isOld                       ? LabelChange::added
            : (*old).value == (*now).value ? LabelChange::unchanged
                                           : LabelChange::changed;
        if (isOld) {
            label.before = fromUtf8((*old).value);
            ++old;
        }
        if (isNow) {
            label.after = fromUtf8((*now).value);
            ++now;
        }
        diff.push_back(std::move(label));
    }
    return diff;
}

QString ruleText(const RelabelRule& rule)
{
    const QString action = fromUtf8(toText(rule.action));
    const QString sources = joined(rule.sourceLabels);
    const QString regex = fromUtf8(rule.regexText);
    const QString target = fromUtf8(rule.targetLabel);
    switch (rule.action) {
    case RelabelAction::replace:
        return sources.isEmpty() ? u"%1: %2 = %3"_s.arg(action, target, fromUtf8(rule.replacement))
                                 : u"%1: %2 =~ %3 → %4 = %5"_s.arg(action, sources, regex, target,
                                                                   fromUtf8(rule.replacement));
    case RelabelAction::keep:
    case RelabelAction::drop:
        return u"%1: %2 =~ %3"_s.arg(action, sources, regex);
    case RelabelAction::keepEqual:
    case RelabelAction::dropEqual:
        return u"%1: %2 = %3"_s.arg(action, sources, target);
    case RelabelAction::hashMod:
        return u"%1: %2 mod %3 → %4"_s.arg(action, sources, QString::number(rule.modulus), target);
    case RelabelAction::labelMap:
        return u"%1: %2 → %3"_s.arg(action, regex, fromUtf8(rule.replacement));
    case RelabelAction::labelDrop:
    case RelabelAction::labelKeep:
        return u"%1: %2"_s.arg(action, regex);
    case RelabelAction::lowercase:
    case RelabelAction::uppercase:
        return u"%1: %2 → %3"_s.arg(action, sources, target);
    }
    return action;
}

void RelabelStepsModel::clear()
{
    beginResetModel();
    m_steps.clear();
    endResetModel();
}

void RelabelStepsModel::setOutcome(const engine::RelabelOutcome& outcome,
                                   std::span<const RelabelRule> rules)
{
    beginResetModel();
    m_steps.clear();
    Step discovered;
    discovered.title = tr("Discovered");
    discovered.word = tr("Labels: %1").arg(outcome.discovered.size());
    discovered.labels = diffLabels(outcome.discovered, outcome.discovered);
    m_steps.push_back(std::move(discovered));
    for (std::size_t i = 0; i < outcome.steps.size(); ++i) {
        addRule(i, outcome.steps[i], rules);
    }
    addResult(outcome, outcome.steps.empty() ? outcome.discovered : outcome.steps.back().after);
    endResetModel();
}

void RelabelStepsModel::addRule(std::size_t number, const engine::RelabelStepReport& report,
                                std::span<const RelabelRule> rules)
{
    Step rule;
    rule.title = number < rules.size()
        ? u"%1. %2"_s.arg(QString::number(number + 1), ruleText(rules[number]))
        : tr("Rule %1").arg(number + 1);
    rule.labels = diffLabels(report.before, report.after);
    std::erase_if(rule.labels,
                  [](const LabelDiff& label) { return label.change == LabelChange::unchanged; });
    if (!report.kept) {
        rule.change = LabelChange::dropped;
        rule.word = changeWord(rule.change);
    } else {
        QStringList words;
        for (const auto kind : {LabelChange::added, LabelChange::changed, LabelChange::removed}) {
            const auto count = std::ranges::count(rule.labels, kind, &LabelDiff::change);
            if (count > 0) {
                rule.change = words.isEmpty() ? kind : LabelChange::changed;
                words << tr("%1 %2", "count, then added, changed or removed")
                             .arg(QString::number(count), changeWord(kind).toLower());
            }
        }
        rule.word = words.isEmpty() ? changeWord(LabelChange::unchanged) : words.join(u", "_s);
    }
    m_steps.push_back(std::move(rule));
}

void RelabelStepsModel::addResult(const engine::RelabelOutcome& outcome, const Labels& last)
{
    Step result;
    result.title = tr("Result");
    if (!outcome.error.empty()) {
        result.change = LabelChange::failed;
        result.result = fromUtf8(outcome.error);
    } else if (!outcome.steps.empty() && !outcome.steps.back().kept) {
        result.change = LabelChange::dropped;
        result.result = tr("Rule %1 dropped it").arg(outcome.steps.size());
    } else {
        result.labels = diffLabels(last, outcome.labels);
        result.result = outcome.url ? fromUtf8(*outcome.url) : fromUtf8(outcome.labels.toString());
    }
    result.word = result.change == LabelChange::unchanged
        ? tr("Labels: %1").arg(outcome.labels.size())
        : changeWord(result.change);
    m_steps.push_back(std::move(result));
}

QModelIndex RelabelStepsModel::index(int row, int column, const QModelIndex& parent) const
{
    return hasIndex(row, column, parent)
        ? createIndex(row, column, parent.isValid() ? quintptr(parent.row() + 1) : quintptr(0))
        : QModelIndex();
}

QModelIndex RelabelStepsModel::parent(const QModelIndex& child) const
{
    return child.isValid() && child.internalId() != 0
        ? createIndex(int(child.internalId()) - 1, 0, quintptr(0))
        : QModelIndex();
}

int RelabelStepsModel::rowCount(const QModelIndex& parent) const
{
    if (!parent.isValid()) {
        return int(m_steps.size());
    }
    return parent.internalId() != 0 || parent.column() != 0
        ? 0
        : int(m_steps[std::size_t(parent.row())].labels.size());
}

int RelabelStepsModel::columnCount(const QModelIndex&) const
{
    return columnsEnd;
}

QVariant RelabelStepsModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid()) {
        return {};
    }
    const bool isText = role == Qt::DisplayRole || role == Qt::ToolTipRole;
    if (index.internalId() == 0) {
        const Step& each = m_steps[std::size_t(index.row())];
        if (role == changeRole) {
            return index.column() == change ? QVariant(int(each.change)) : QVariant();
        }
        if (!isText) {
            return {};
        }
        return index.column() == step  ? each.title
            : index.column() == change ? each.word
            : index.column() == after  ? each.result
                                       : QVariant();
    }
    const LabelDiff& label
        = m_steps[std::size_t(index.internalId()) - 1].labels[std::size_t(index.row())];
    if (role == codeRole) {
        return index.column() != change;
    }
    if (role == changeRole) {
        return index.column() == change ? QVariant(int(label.change)) : QVariant();
    }
    if (!isText) {
        return {};
    }
    switch (index.column()) {
    case step:
        return label.name;
    case change:
        return label.change == LabelChange::unchanged ? QString() : changeWord(label.change);
    case before:
        return label.before;
    case after:
        return label.after;
    default:
        return {};
    }
}

QVariant RelabelStepsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) {
        return {};
    }
    switch (section) {
    case step:
        return tr("Rule or label");
    case change:
        return tr("Change");
    case before:
        return tr("Before");
    case after:
        return tr("After");
    default:
        return {};
    }
}

void RelabelOutcomesModel::setOutcomes(std::vector<engine::RelabelOutcome> outcomes)
{
    beginResetModel();
    m_outcomes = std::move(outcomes);
    endResetModel();
}

const engine::RelabelOutcome* RelabelOutcomesModel::at(int row) const
{
    return row >= 0 && row < int(m_outcomes.size()) ? &m_outcomes[std::size_t(row)] : nullptr;
}

int RelabelOutcomesModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(m_outcomes.size());
}

int RelabelOutcomesModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(columnsEnd);
}

QVariant RelabelOutcomesModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid()) {
        return {};
    }
    const engine::RelabelOutcome& outcome = m_outcomes[std::size_t(index.row())];
    const LabelChange what = changeOf(outcome);
    if (role == changeRole) {
        return index.column() == change ? QVariant(int(what)) : QVariant();
    }
    if (role == codeRole) {
        return index.column() != change;
    }
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole) {
        return {};
    }
    switch (index.column()) {
    case series:
        return fromUtf8(outcome.discovered.toString());
    case change:
        return changeWord(what);
    case after:
        return what == LabelChange::failed ? fromUtf8(outcome.error)
            : what == LabelChange::changed ? fromUtf8(outcome.labels.toString())
                                           : QString();
    default:
        return {};
    }
}

QVariant RelabelOutcomesModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) {
        return {};
    }
    switch (section) {
    case series:
        return tr("Series");
    case change:
        return tr("Change");
    case after:
        return tr("Becomes");
    default:
        return {};
    }
}

} // namespace watchfire::ui
