// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/snapshots.h"
#include "ui/models/grouped_model.h"

#include <memory>

namespace watchfire::ui {

/// Day → what happened to alerts, newest first.
class AlertHistoryModel final : public GroupedModel<engine::AlertEvent> {
    Q_OBJECT

public:
    enum Column { time, what, alert, labels, columnsEnd };

    using GroupedModel::GroupedModel;

    void setSnapshot(const std::shared_ptr<const engine::AlertsSnapshot>& snapshot);

    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

protected:
    QVariant groupData(const Group& group, int column, int role) const override;
    QVariant rowData(const engine::AlertEvent& event, int column, int role) const override;
    void summarize(Group& group) const override;
    bool hasWord(const engine::AlertEvent& event, const std::string& lowerWord) const override;
    bool hasChip(const engine::AlertEvent& event, const Filter::Chip& chip) const override;
    std::weak_ordering compare(const engine::AlertEvent& a, const engine::AlertEvent& b,
                               int column) const override;
};

} // namespace watchfire::ui
