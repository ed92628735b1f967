// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chart/legend_model.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_map>

namespace watchfire::ui::chart {

namespace {

QString fullName(const Labels& labels)
{
    const std::string text = labels.toString();
    return QString::fromUtf8(text.data(), qsizetype(text.size()));
}

} // namespace

LegendModel::LegendModel(QObject* parent)
    : QAbstractTableModel(parent)
{
}

void LegendModel::setPrepared(std::shared_ptr<const Prepared> prepared)
{
    m_prepared = std::move(prepared);
    replaceRows(order());
}

void LegendModel::setVisibility(const Visibility& visibility)
{
    m_visibility = visibility;
    if (!m_rows.empty()) {
        emit dataChanged(index(0, 0), index(rowCount() - 1, columnCount_ - 1));
    }
}

void LegendModel::setUnit(const Unit& unit)
{
    m_unit = unit;
    if (!m_rows.empty()) {
        emit dataChanged(index(0, 0), index(rowCount() - 1, columnCount_ - 1));
    }
}

void LegendModel::setFilter(const QString& words)
{
    m_words = words.split(u' ', Qt::SkipEmptyParts);
    replaceRows(order());
}

std::uint64_t LegendModel::hashAt(int row) const
{
    return m_hashes[std::size_t(row)];
}

int LegendModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int LegendModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(columnCount_);
}

double LegendModel::number(const SeriesInfo& info, int column) const
{
    switch (column) {
    case last:
        return info.last;
    case min:
        return info.min;
    case max:
        return info.max;
    case average:
        return info.average;
    default:
        return std::numeric_limits<double>::quiet_NaN();
    }
}

QVariant LegendModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || m_prepared == nullptr || index.row() >= rowCount()) {
        return {};
    }
    const std::uint32_t series = seriesAt(index.row());
    const SeriesInfo& info = m_prepared->series[series];
    switch (role) {
    case Qt::DisplayRole:
        return index.column() == name ? info.name
            : info.samples == 0       ? QString(QChar(0x2013))
                                      : formatValue(number(info, index.column()), m_unit);
    case Qt::TextAlignmentRole:
        return int(Qt::AlignVCenter | (index.column() == name ? Qt::AlignLeft : Qt::AlignRight));
    case Qt::ToolTipRole:
        return index.column() == name
            ? fullName((*m_prepared->matrix)[series].labels).toHtmlEscaped()
            : QString();
    case Qt::AccessibleTextRole:
        return index.column() != name       ? data(index, Qt::DisplayRole)
            : m_visibility.shows(info.hash) ? QVariant(info.name)
                                            : QVariant(tr("%1, hidden").arg(info.name));
    case SlotRole:
        return info.slot;
    case ShownRole:
        return m_visibility.shows(info.hash);
    case SortRole:
        return index.column() == name ? QVariant(info.name)
                                      : QVariant(number(info, index.column()));
    default:
        return {};
    }
}

QVariant LegendModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal) {
        return {};
    }
    if (role == Qt::TextAlignmentRole) {
        return int(Qt::AlignVCenter | (section == name ? Qt::AlignLeft : Qt::AlignRight));
    }
    if (role != Qt::DisplayRole) {
        return {};
    }
    switch (section) {
    case name:
        return tr("Series");
    case last:
        return tr("Last");
    case min:
        return tr("Min");
    case max:
        return tr("Max");
    case average:
        return tr("Avg");
    default:
        return {};
    }
}

void LegendModel::sort(int column, Qt::SortOrder direction)
{
    m_sortColumn = column;
    m_sortOrder = direction;
    replaceRows(order());
}

/// The rows to show: those that match the filter, sorted.
std::vector<std::uint32_t> LegendModel::order() const
{
    std::vector<std::uint32_t> rows;
    if (m_prepared == nullptr) {
        return rows;
    }
    const std::vector<SeriesInfo>& series = m_prepared->series;
    rows.reserve(series.size());
    for (std::uint32_t i = 0; i < series.size(); ++i) {
        const bool matches = std::ranges::all_of(m_words, [&](const QString& word) {
            return series[i].name.contains(word, Qt::CaseInsensitive);
        });
        if (matches) {
            rows.push_back(i);
        }
    }
    const bool descending = m_sortOrder == Qt::DescendingOrder;
    if (m_sortColumn == name) {
        std::ranges::stable_sort(rows, [&](std::uint32_t a, std::uint32_t b) {
            const QString& first = series[descending ? b : a].name;
            const QString& second = series[descending ? a : b].name;
            return first.compare(second, Qt::CaseInsensitive) < 0;
        });
    } else if (m_sortColumn > name) {
        // What is not a number comes last, whichever way the column is sorted.
        const auto key = [&](std::uint32_t i) {
            const double value = number(series[i], m_sortColumn);
            return std::isnan(value) ? std::numeric_limits<double>::infinity()
                                     : (descending ? -value : value);
        };
        std::ranges::stable_sort(rows, {}, key);
    }
    return rows;
}

/// Shows other rows. The same ones in the same order are a change of data only; the same in
/// another order keep their persistent indices; anything else is a reset.
void LegendModel::replaceRows(std::vector<std::uint32_t> rows)
{
    std::vector<std::uint64_t> hashes;
    hashes.reserve(rows.size());
    for (const std::uint32_t row : rows) {
        hashes.push_back(m_prepared->series[row].hash);
    }
    if (hashes == m_hashes) {
        m_rows = std::move(rows);
        if (!m_rows.empty()) {
            emit dataChanged(index(0, 0), index(rowCount() - 1, columnCount_ - 1));
        }
        return;
    }
    std::unordered_map<std::uint64_t, int> places;
    for (std::size_t i = 0; i < hashes.size(); ++i) {
        places.emplace(hashes[i], int(i));
    }
    const bool same = hashes.size() == m_hashes.size()
        && std::ranges::all_of(m_hashes, [&](std::uint64_t hash) { return places.contains(hash); });
    if (!same) {
        beginResetModel();
        m_rows = std::move(rows);
        m_hashes = std::move(hashes);
        endResetModel();
        return;
    }
    emit layoutAboutToBeChanged({}, QAbstractItemModel::VerticalSortHint);
    const QModelIndexList before = persistentIndexList();
    QModelIndexList after;
    for (const QModelIndex& old : before) {
        after.append(index(places.at(hashAt(old.row())), old.column()));
    }
    m_rows = std::move(rows);
    m_hashes = std::move(hashes);
    changePersistentIndexList(before, after);
    emit layoutChanged({}, QAbstractItemModel::VerticalSortHint);
}

} // namespace watchfire::ui::chart
