// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/snapshots.h"
#include "ui/models/grouped_model.h"

#include <chrono>
#include <memory>

namespace watchfire::ui {

/// Active, waiting and expired silences, a group each.
class SilencesModel final : public GroupedModel<engine::SilenceStatus> {
    Q_OBJECT

public:
    enum Column { matchers, matched, ends, author, comment, columnsEnd };

    using GroupedModel::GroupedModel;

    void setSnapshot(const std::shared_ptr<const engine::AlertsSnapshot>& snapshot, Timestamp now);

    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    /// A silence about to end is worth a look.
    static constexpr std::chrono::minutes warnBefore{10};

    enum class Phase { active, waiting, expired };
    static Phase phaseOf(const engine::SilenceStatus& silence, Timestamp now);
    static std::uint64_t idOf(const std::string& silenceId);

protected:
    QVariant groupData(const Group& group, int column, int role) const override;
    QVariant rowData(const engine::SilenceStatus& silence, int column, int role) const override;
    void summarize(Group& group) const override;
    bool hasWord(const engine::SilenceStatus& silence, const std::string& lowerWord) const override;
    bool hasChip(const engine::SilenceStatus& silence, const Filter::Chip& chip) const override;
    std::weak_ordering compare(const engine::SilenceStatus& a, const engine::SilenceStatus& b,
                               int column) const override;

private:
    Timestamp m_now{};
};

} // namespace watchfire::ui
