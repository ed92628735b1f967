// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/metrics_model.h"

#include "ui/models/format.h"

#include <array>
#include <memory>
#include <string_view>
#include <unordered_map>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

QString groupOf(const std::string& name)
{
    const auto end = name.find_first_of("_:", 1);
    return end == std::string::npos ? MetricsModel::tr("other")
                                    : fromUtf8(std::string_view(name).substr(0, end + 1));
}

/// Samples of a family may carry one of these behind its name.
const FamilyMetadata*
familyOf(std::string_view name,
         const std::unordered_map<std::string_view, const FamilyMetadata*>& families)
{
    if (const auto found = families.find(name); found != families.end()) {
        return found->second;
    }
    static constexpr std::array<std::string_view, 5> endings{"_total", "_bucket", "_count", "_sum",
                                                             "_info"};
    for (const std::string_view ending : endings) {
        if (name.ends_with(ending)) {
            const auto found = families.find(name.substr(0, name.size() - ending.size()));
            if (found != families.end()) {
                return found->second;
            }
        }
    }
    return nullptr;
}

QString typeText(MetricType type)
{
    return type == MetricType::unknown ? QString() : fromUtf8(toText(type));
}

} // namespace

void MetricsModel::setMetrics(const std::vector<std::string>& names,
                              const std::vector<FamilyMetadata>& metadata)
{
    std::unordered_map<std::string_view, const FamilyMetadata*> families;
    for (const FamilyMetadata& family : metadata) {
        families.emplace(family.family, &family);
    }
    auto rows = std::make_shared<std::vector<MetricRow>>();
    rows->reserve(names.size());
    for (const std::string& metric : names) {
        MetricRow row{metric, MetricType::unknown, {}};
        if (const FamilyMetadata* const family = familyOf(metric, families)) {
            row.type = family->metadata.type;
            row.help = family->metadata.help;
        }
        rows->push_back(std::move(row));
    }
    std::vector<Entry> entries;
    entries.reserve(rows->size());
    for (const MetricRow& row : *rows) {
        entries.push_back({groupOf(row.name), std::hash<std::string>()(row.name), &row});
    }
    present(std::move(entries), rows);
}

int MetricsModel::columnCount(const QModelIndex&) const
{
    return columnsEnd;
}

QVariant MetricsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) {
        return {};
    }
    return section == name ? tr("Metric") : section == type ? QVariant(tr("Type")) : QVariant();
}

QVariant MetricsModel::groupData(const Group& group, int column, int role) const
{
    if (column == 0 && role == Qt::DisplayRole) {
        return u"%1 (%2)"_s.arg(group.name).arg(group.all.size());
    }
    return {};
}

QVariant MetricsModel::rowData(const MetricRow& metric, int column, int role) const
{
    switch (role) {
    case Qt::DisplayRole: {
        if (column == type) {
            return typeText(metric.type).left(1).toUpper();
        }
        // The prefix stands in the group's name already.
        const QString full = fromUtf8(metric.name);
        const QString prefix = groupOf(metric.name);
        return full.startsWith(prefix) ? full.mid(prefix.size()) : full;
    }
    case Qt::AccessibleTextRole:
        return column == type ? typeText(metric.type) : fromUtf8(metric.name);
    case Qt::ToolTipRole: {
        QStringList lines{fromUtf8(metric.name)};
        if (metric.type != MetricType::unknown) {
            lines << typeText(metric.type);
        }
        if (!metric.help.empty()) {
            lines << fromUtf8(metric.help);
        }
        return lines.join(u'\n');
    }
    case mutedRole:
        return column == type;
    default:
        return {};
    }
}

void MetricsModel::summarize(Group& group) const
{
    group.state = ItemState::none;
}

bool MetricsModel::hasWord(const MetricRow& metric, const std::string& lowerWord) const
{
    return containsFolded(metric.name, lowerWord) || containsFolded(metric.help, lowerWord);
}

bool MetricsModel::hasChip(const MetricRow& metric, const Filter::Chip& chip) const
{
    return chip.key == "type" && toText(metric.type) == chip.value;
}

std::weak_ordering MetricsModel::compare(const MetricRow& a, const MetricRow& b, int column) const
{
    return column == type ? std::weak_ordering(toText(a.type) <=> toText(b.type))
                          : std::weak_ordering(a.name <=> b.name);
}

} // namespace watchfire::ui
