// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/snapshots.h"
#include "ui/models/grouped_model.h"

#include <memory>

namespace watchfire::ui {

/// Job → target. Chips: state (up, down, unknown, paused), job, instance, error, and any label.
class TargetsModel final : public GroupedModel<engine::TargetStatus> {
    Q_OBJECT

public:
    enum Column { state, endpoint, labels, lastScrape, duration, samples, error, columnsEnd };

    using GroupedModel::GroupedModel;

    void setSnapshot(const std::shared_ptr<const engine::TargetsSnapshot>& snapshot, Timestamp now);
    /// Shows this again: ages move on without a new snapshot.
    void setNow(Timestamp now);

    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    static ItemState stateOf(const engine::TargetStatus& target);
    /// "Up", "Down", "Unknown", "Paused".
    static QString stateWord(const engine::TargetStatus& target);
    /// host:port of the URL, or the name of an own collector.
    static QString endpointOf(const engine::TargetStatus& target);

protected:
    QVariant groupData(const Group& group, int column, int role) const override;
    QVariant rowData(const engine::TargetStatus& target, int column, int role) const override;
    void summarize(Group& group) const override;
    bool hasWord(const engine::TargetStatus& target, const std::string& lowerWord) const override;
    bool hasChip(const engine::TargetStatus& target, const Filter::Chip& chip) const override;
    std::weak_ordering compare(const engine::TargetStatus& a, const engine::TargetStatus& b,
                               int column) const override;

private:
    Timestamp m_now{};
};

} // namespace watchfire::ui
