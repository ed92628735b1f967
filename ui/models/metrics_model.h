// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/metadata.h"
#include "ui/models/grouped_model.h"

#include <string>
#include <vector>

namespace watchfire::ui {

/// A metric as the tree of Explore shows it.
struct MetricRow {
    std::string name;
    MetricType type = MetricType::unknown;
    std::string help;
};

/// Prefix (up to the first underscore) → metric. Chips: type.
class MetricsModel final : public GroupedModel<MetricRow> {
    Q_OBJECT

public:
    enum Column { name, type, columnsEnd };

    using GroupedModel::GroupedModel;

    /// `names` sorted, each once.
    void setMetrics(const std::vector<std::string>& names,
                    const std::vector<FamilyMetadata>& metadata);

    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

protected:
    QVariant groupData(const Group& group, int column, int role) const override;
    QVariant rowData(const MetricRow& metric, int column, int role) const override;
    void summarize(Group& group) const override;
    bool hasWord(const MetricRow& metric, const std::string& lowerWord) const override;
    bool hasChip(const MetricRow& metric, const Filter::Chip& chip) const override;
    std::weak_ordering compare(const MetricRow& a, const MetricRow& b, int column) const override;
};

} // namespace watchfire::ui
