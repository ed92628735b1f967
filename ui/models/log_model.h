// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/snapshots.h"
#include "ui/models/grouped_model.h"

#include <memory>

namespace watchfire::ui {

/// Day → what the engine has said, newest first. Chips: level, from.
class LogModel final : public GroupedModel<engine::LogEntry> {
    Q_OBJECT

public:
    enum Column { time, level, component, text, columnsEnd };

    using GroupedModel::GroupedModel;

    void setSnapshot(const std::shared_ptr<const engine::StatusSnapshot>& snapshot);

    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

protected:
    QVariant groupData(const Group& group, int column, int role) const override;
    QVariant rowData(const engine::LogEntry& entry, int column, int role) const override;
    void summarize(Group& group) const override;
    bool hasWord(const engine::LogEntry& entry, const std::string& lowerWord) const override;
    bool hasChip(const engine::LogEntry& entry, const Filter::Chip& chip) const override;
    std::weak_ordering compare(const engine::LogEntry& a, const engine::LogEntry& b,
                               int column) const override;
};

} // namespace watchfire::ui
