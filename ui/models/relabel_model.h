// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/engine.h"
#include "core/model/relabel.h"

#include <cstdint>
#include <span>
#include <vector>

#include <QAbstractItemModel>
#include <QAbstractTableModel>
#include <QString>

/// What relabelling did, step by step.
namespace watchfire::ui {

/// Told with an icon and a word, see `changeWord`.
enum class LabelChange : std::uint8_t { unchanged, added, changed, removed, dropped, failed };
QString changeWord(LabelChange change);

struct LabelDiff {
    QString name;
    QString before;
    QString after;
    LabelChange change = LabelChange::unchanged;
};
/// Every label of either set, by name.
std::vector<LabelDiff> diffLabels(const Labels& before, const Labels& after);

/// One line for a rule: "replace: __address__ =~ (.+):\d+ → instance = $1".
QString ruleText(const RelabelRule& rule);

/// int of LabelChange, in the column `change`.
inline constexpr int changeRole = Qt::UserRole + 20;

/// What was discovered, each rule with the labels it touched, and what came out of it. Rules that
/// did nothing have no rows under them.
class RelabelStepsModel final : public QAbstractItemModel {
    Q_OBJECT

public:
    enum Column { step, change, before, after, columnsEnd };

    using QAbstractItemModel::QAbstractItemModel;

    /// `rules` are those the outcome came of; where there are fewer, steps have numbers only.
    void setOutcome(const engine::RelabelOutcome& outcome, std::span<const RelabelRule> rules);
    void clear();

    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    QModelIndex parent(const QModelIndex& child) const override;
    using QObject::parent;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Step {
        QString title;
        QString word;
        QString result; ///< in the column `after`
        LabelChange change = LabelChange::unchanged;
        std::vector<LabelDiff> labels;
    };

    void addRule(std::size_t number, const engine::RelabelStepReport& report,
                 std::span<const RelabelRule> rules);
    void addResult(const engine::RelabelOutcome& outcome, const Labels& last);

    std::vector<Step> m_steps;
};

/// Series of an answer and what metric relabelling makes of each; texts are made for what is
/// painted.
class RelabelOutcomesModel final : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { change, series, after, columnsEnd };

    using QAbstractTableModel::QAbstractTableModel;

    void setOutcomes(std::vector<engine::RelabelOutcome> outcomes);
    /// Null where there is no such row.
    const engine::RelabelOutcome* at(int row) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::vector<engine::RelabelOutcome> m_outcomes;
};

} // namespace watchfire::ui
