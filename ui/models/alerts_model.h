// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/snapshots.h"
#include "ui/models/grouped_model.h"

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace watchfire::ui {

/// How serious an alert is by its `severity` label, the most serious first.
enum class Severity { critical, warning, other };
Severity severityOf(const Labels& labels);

/// Another program posted it: it is in no rule.
inline bool isPosted(const engine::AlertStatus& alert)
{
    return alert.group.empty() && alert.expr.empty();
}

/// Alert name → active alert. Chips: state (firing, pending, silenced, inhibited), and the
/// labels of the alert.
class AlertsModel final : public GroupedModel<engine::AlertStatus> {
    Q_OBJECT

public:
    enum Column { state, labels, severity, since, value, summary, columnsEnd };

    using GroupedModel::GroupedModel;

    void setSnapshot(const std::shared_ptr<const engine::AlertsSnapshot>& snapshot, Timestamp now);
    void setNow(Timestamp now);
    /// Where posted alerts come from (generatorURL), by labels.
    using Origins = std::unordered_map<Labels, QString>;
    void setOrigins(Origins origins);
    QString originOf(const engine::AlertStatus& alert) const;
    /// All posted ones among the newest have one.
    bool knowsOrigins(const engine::AlertsSnapshot& snapshot) const;

    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    static ItemState stateOf(const engine::AlertStatus& alert);
    static QString stateWord(const engine::AlertStatus& alert);
    /// The annotation that says it in a sentence: summary, else description, else message.
    static QString summaryOf(const engine::AlertStatus& alert);
    /// The labels without the alert's name and severity.
    static QString labelsOf(const engine::AlertStatus& alert);

protected:
    QVariant groupData(const Group& group, int column, int role) const override;
    QVariant rowData(const engine::AlertStatus& alert, int column, int role) const override;
    void summarize(Group& group) const override;
    bool hasWord(const engine::AlertStatus& alert, const std::string& lowerWord) const override;
    bool hasChip(const engine::AlertStatus& alert, const Filter::Chip& chip) const override;
    std::weak_ordering compare(const engine::AlertStatus& a, const engine::AlertStatus& b,
                               int column) const override;

private:
    /// What all alerts of the group have alike goes to its header, and out of its rows.
    void addShared(Group& group) const;
    QString ownLabelsOf(const engine::AlertStatus& alert) const;

    Timestamp m_now{};
    Origins m_origins;
    /// Names of the labels that all alerts of a rule share.
    mutable std::unordered_map<std::string, std::vector<std::string>> m_shared;
};

} // namespace watchfire::ui
