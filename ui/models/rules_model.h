// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/snapshots.h"
#include "ui/models/grouped_model.h"

#include <memory>

namespace watchfire::ui {

/// A rule and the group it stands in.
struct RuleRow {
    const engine::RuleStatus* status = nullptr;
    const engine::RuleGroupStatus* group = nullptr;
    std::size_t position = 0; ///< in the group
};

/// Group → rule. Chips: state (firing, pending, inactive, error, recording), group, file, and
/// the labels of the rule.
class RulesModel final : public GroupedModel<RuleRow> {
    Q_OBJECT

public:
    enum Column {
        name,
        state,
        expression,
        active,
        lastEvaluation,
        duration,
        nextDue,
        error,
        columnsEnd
    };

    using GroupedModel::GroupedModel;

    void setSnapshot(const std::shared_ptr<const engine::RulesSnapshot>& snapshot, Timestamp now);
    void setNow(Timestamp now);

    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    /// Of the group in which that row stands, or which it is; null: of none.
    const engine::RuleGroupStatus* groupStatusAt(const QModelIndex& index) const;

    static ItemState stateOf(const engine::RuleStatus& rule);
    static QString stateWord(const engine::RuleStatus& rule);

protected:
    QVariant groupData(const Group& group, int column, int role) const override;
    QVariant rowData(const RuleRow& row, int column, int role) const override;
    void summarize(Group& group) const override;
    bool hasWord(const RuleRow& row, const std::string& lowerWord) const override;
    bool hasChip(const RuleRow& row, const Filter::Chip& chip) const override;
    std::weak_ordering compare(const RuleRow& a, const RuleRow& b, int column) const override;

private:
    Timestamp m_now{};
};

} // namespace watchfire::ui
