// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/relabel_form.h"

#include "ui/models/format.h"
#include "ui/pages/form_text.h"

#include <algorithm>
#include <array>
#include <optional>

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(watchfire::ui::RelabelForm)
};

constexpr std::array<RelabelAction, 11> actions{
    RelabelAction::replace,   RelabelAction::keep,      RelabelAction::drop,
    RelabelAction::keepEqual, RelabelAction::dropEqual, RelabelAction::hashMod,
    RelabelAction::labelMap,  RelabelAction::labelDrop, RelabelAction::labelKeep,
    RelabelAction::lowercase, RelabelAction::uppercase};

std::optional<RelabelAction> actionOf(const RelabelForm& row)
{
    return relabelActionFrom(row.action.trimmed().toStdString());
}

/// Without the regex being looked at.
RelabelRule shapeOf(const RelabelForm& row, RelabelAction action)
{
    const RelabelRule usual;
    RelabelRule rule;
    rule.action = action;
    const auto uses = [&](RelabelColumn column) { return usesColumn(action, column); };
    if (uses(RelabelColumn::sources)) {
        rule.sourceLabels = readWords(row.sources);
    }
    if (uses(RelabelColumn::separator)) {
        rule.separator = row.separator.toStdString();
    }
    if (uses(RelabelColumn::regex)) {
        rule.regexText = row.regex.toStdString();
    }
    if (uses(RelabelColumn::replacement)) {
        rule.replacement = row.replacement.toStdString();
    }
    if (uses(RelabelColumn::target)) {
        rule.targetLabel = row.target.trimmed().toStdString();
    }
    if (uses(RelabelColumn::modulus)) {
        rule.modulus = readCount(row.modulus).value_or(0);
    }
    rule.givenSeparator = rule.separator != usual.separator;
    rule.givenRegex = rule.regexText != usual.regexText;
    rule.givenReplacement = rule.replacement != usual.replacement;
    return rule;
}

} // namespace

RelabelForm RelabelForm::of(const RelabelRule& rule, int kept)
{
    return {fromUtf8(toText(rule.action)),
            wordsText(rule.sourceLabels),
            fromUtf8(rule.separator),
            fromUtf8(rule.regexText),
            fromUtf8(rule.replacement),
            fromUtf8(rule.targetLabel),
            rule.modulus == 0 ? QString() : QString::number(rule.modulus),
            kept};
}

QStringList RelabelForm::cells() const
{
    return {action, sources, separator, regex, replacement, target, modulus};
}

RelabelForm RelabelForm::ofCells(const QStringList& cells, int kept)
{
    return {cells[0], cells[1], cells[2], cells[3], cells[4], cells[5], cells[6], kept};
}

std::vector<RelabelForm> relabelRows(const std::vector<RelabelRule>& rules)
{
    std::vector<RelabelForm> rows;
    for (std::size_t i = 0; i < rules.size(); ++i) {
        rows.push_back(RelabelForm::of(rules[i], int(i)));
    }
    return rows;
}

std::vector<RelabelRule> toRules(const std::vector<RelabelForm>& rows,
                                 const std::vector<RelabelRule>& base)
{
    std::vector<RelabelRule> rules;
    for (const RelabelForm& row : rows) {
        if (row.kept >= 0 && std::size_t(row.kept) < base.size()) {
            const RelabelRule& before = base[std::size_t(row.kept)];
            if (RelabelForm::of(before, row.kept) == row) {
                rules.push_back(before);
                continue;
            }
        }
        const auto action = actionOf(row);
        if (!action) {
            continue;
        }
        RelabelRule rule = shapeOf(row, *action);
        if (rule.prepare()) {
            rules.push_back(std::move(rule));
        }
    }
    return rules;
}

CellFaults checkRow(const RelabelForm& row)
{
    const auto action = actionOf(row);
    if (!action) {
        return {{RelabelColumn::action, Words::tr("“%1” is no action.").arg(row.action)}};
    }
    CellFaults faults;
    RelabelRule rule = shapeOf(row, *action);
    if (usesColumn(*action, RelabelColumn::regex)) {
        if (const auto compiled = text::Regex::compile(rule.regexText); !compiled) {
            faults[RelabelColumn::regex] = fromUtf8(compiled.error().message);
        }
    }
    if (usesColumn(*action, RelabelColumn::target) && rule.targetLabel.empty()) {
        faults[RelabelColumn::target] = Words::tr("Name the label to write to.");
        if (*action == RelabelAction::keepEqual || *action == RelabelAction::dropEqual) {
            faults[RelabelColumn::target] = Words::tr("Name the label to compare with.");
        }
    }
    if (usesColumn(*action, RelabelColumn::modulus) && rule.modulus == 0) {
        faults[RelabelColumn::modulus] = Words::tr("Write a whole number above zero.");
    }
    if (faults.empty()) {
        if (const auto prepared = rule.prepare(); !prepared) {
            const bool isMapping = *action == RelabelAction::labelMap;
            faults[isMapping ? RelabelColumn::replacement : RelabelColumn::action]
                = fromUtf8(prepared.error().message);
        }
    }
    return faults;
}

bool usesColumn(RelabelAction action, RelabelColumn column)
{
    const bool byName = action == RelabelAction::labelMap || action == RelabelAction::labelDrop
        || action == RelabelAction::labelKeep;
    const bool equality = action == RelabelAction::keepEqual || action == RelabelAction::dropEqual;
    const bool filter = action == RelabelAction::keep || action == RelabelAction::drop;
    switch (column) {
    case RelabelColumn::action:
        return true;
    case RelabelColumn::sources:
        return !byName;
    case RelabelColumn::separator:
        return !byName && !equality;
    case RelabelColumn::regex:
        return action == RelabelAction::replace || filter || byName;
    case RelabelColumn::replacement:
        return action == RelabelAction::replace || action == RelabelAction::labelMap;
    case RelabelColumn::target:
        return !byName && !filter;
    case RelabelColumn::modulus:
        return action == RelabelAction::hashMod;
    }
    return false;
}

QStringList relabelActions()
{
    QStringList words;
    for (const RelabelAction action : actions) {
        words << fromUtf8(toText(action));
    }
    return words;
}

QString actionHelp(RelabelAction action)
{
    switch (action) {
    case RelabelAction::replace:
        return Words::tr(
            "Where the sources match the regex, writes the replacement to the target.");
    case RelabelAction::keep:
        return Words::tr("Drops what does not match the regex.");
    case RelabelAction::drop:
        return Words::tr("Drops what matches the regex.");
    case RelabelAction::keepEqual:
        return Words::tr("Drops what has something else in the target than in the sources.");
    case RelabelAction::dropEqual:
        return Words::tr("Drops what has the same in the target as in the sources.");
    case RelabelAction::hashMod:
        return Words::tr("Writes the hash of the sources, modulo the modulus, to the target.");
    case RelabelAction::labelMap:
        return Words::tr("Copies each label whose name matches to the name in the replacement.");
    case RelabelAction::labelDrop:
        return Words::tr("Removes the labels whose names match.");
    case RelabelAction::labelKeep:
        return Words::tr("Removes the labels whose names do not match.");
    case RelabelAction::lowercase:
        return Words::tr("Writes the sources in lower case to the target.");
    case RelabelAction::uppercase:
        return Words::tr("Writes the sources in upper case to the target.");
    }
    return {};
}

} // namespace watchfire::ui
