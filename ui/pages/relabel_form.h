// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/relabel.h"

#include <map>
#include <vector>

#include <QString>
#include <QStringList>

/// Relabelling rules as rows of a table.
namespace watchfire::ui {

enum class RelabelColumn { action, sources, separator, regex, replacement, target, modulus };
inline constexpr int relabelColumns = 7;

/// One rule as its cells show it. Cells that its action has no use for do not count.
struct RelabelForm {
    QString action = QStringLiteral("replace");
    QString sources; ///< label names, separated by commas
    QString separator = QStringLiteral(";");
    QString regex = QStringLiteral("(.*)");
    QString replacement = QStringLiteral("$1");
    QString target;
    QString modulus;
    int kept = -1; ///< which of the job's rules it was; −1: none of them

    static RelabelForm of(const RelabelRule& rule, int kept);
    QStringList cells() const;
    static RelabelForm ofCells(const QStringList& cells, int kept);
    friend bool operator==(const RelabelForm&, const RelabelForm&) = default;
};

/// What is wrong, by column.
using CellFaults = std::map<RelabelColumn, QString>;

std::vector<RelabelForm> relabelRows(const std::vector<RelabelRule>& rules);
/// Prepared rules; a row that nobody changed is the rule it was. Rows at fault are left out.
std::vector<RelabelRule> toRules(const std::vector<RelabelForm>& rows,
                                 const std::vector<RelabelRule>& base);
CellFaults checkRow(const RelabelForm& row);
/// The rule's action has a use for that column.
bool usesColumn(RelabelAction action, RelabelColumn column);

/// All actions in the words of the configuration.
QStringList relabelActions();
/// What the action does, in a sentence.
QString actionHelp(RelabelAction action);

} // namespace watchfire::ui
