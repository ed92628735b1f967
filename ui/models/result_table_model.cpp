// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/result_table_model.h"

#include "core/text/number.h"
#include "ui/models/format.h"
#include "ui/models/roles.h"
#include "ui/models/sequence_diff.h"

#include <algorithm>
#include <compare>
#include <set>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

/// More runs than this in one change are announced as a new table.
constexpr std::size_t manyRuns = 64;

/// The label names of all rows, the metric's name first.
template <class Rows> std::vector<std::string> namesOf(const Rows& rows)
{
    std::set<std::string, std::less<>> names;
    bool hasMetric = false;
    for (const auto& row : rows) {
        for (const Label label : row.labels) {
            if (label.name == metricNameLabel) {
                hasMetric = true;
            } else if (!names.contains(label.name)) {
                names.emplace(label.name);
            }
        }
    }
    std::vector<std::string> ordered;
    if (hasMetric) {
        ordered.emplace_back(metricNameLabel);
    }
    ordered.insert(ordered.end(), names.begin(), names.end());
    return ordered;
}

QString histogramText(const Histogram& histogram)
{
    return ResultTableModel::tr("histogram: count %1, sum %2")
        .arg(valueText(histogram.count), valueText(histogram.sum));
}

QString csvCell(QString text)
{
    if (text.contains(u'"') || text.contains(u',') || text.contains(u'\n')
        || text.contains(u'\r')) {
        text.replace(u'"', u"\"\""_s);
        return u'"' + text + u'"';
    }
    return text;
}

} // namespace

void ResultTableModel::clear()
{
    m_names.clear();
    show({});
}

void ResultTableModel::setResult(const QueryValue& value)
{
    std::vector<Row> rows;
    if (const auto* vector = std::get_if<Vector>(&value)) {
        rows.reserve(vector->size());
        for (const VectorSample& sample : *vector) {
            Row row{sample.labels.hash(), sample.labels, sample.value, {}, -1};
            if (sample.histogram) {
                row.text = histogramText(*sample.histogram);
                row.value = sample.histogram->count;
            }
            rows.push_back(std::move(row));
        }
    } else if (const auto* matrix = std::get_if<Matrix>(&value)) {
        rows.reserve(matrix->size());
        for (const MatrixSeries& series : *matrix) {
            Row row{series.labels.hash(),
                    series.labels,
                    0,
                    {},
                    qint64(series.values.size() + series.histograms.size())};
            if (!series.values.empty()) {
                row.value = series.values.back();
            } else if (!series.histograms.empty()) {
                row.text = histogramText(*series.histograms.back());
                row.value = series.histograms.back()->count;
            }
            rows.push_back(std::move(row));
        }
    } else if (const auto* scalar = std::get_if<Scalar>(&value)) {
        rows.push_back({1, {}, scalar->value, {}, -1});
    } else if (const auto* string = std::get_if<StringValue>(&value)) {
        rows.push_back({1, {}, 0, fromUtf8(string->value), -1});
    }
    show(std::move(rows));
}

void ResultTableModel::show(std::vector<Row> rows)
{
    auto names = namesOf(rows);
    const bool hasPoints = !rows.empty() && rows.front().points >= 0;
    auto shared = std::make_shared<const std::vector<Row>>(std::move(rows));
    if (names == m_names && hasPoints == m_hasPoints) {
        change(std::move(shared));
        return;
    }
    beginResetModel();
    m_names = std::move(names);
    m_hasPoints = hasPoints;
    m_rows = std::move(shared);
    if (m_sortColumn >= columnCount()) {
        m_sortColumn = -1;
    }
    m_order = orderOf(*m_rows);
    endResetModel();
}

void ResultTableModel::change(Rows rows)
{
    const auto idsOf = [](const std::vector<Row>& all, const Order& order) {
        std::vector<std::uint64_t> ids;
        ids.reserve(order.size());
        for (const std::uint32_t row : order) {
            ids.push_back(all[row].id);
        }
        return ids;
    };
    Order order = orderOf(*rows);
    const SequenceDiff diff = diffSequences(idsOf(*m_rows, m_order), idsOf(*rows, order));
    if (diff.removed.size() > manyRuns || diff.inserted.size() > manyRuns) {
        beginResetModel();
        m_rows = std::move(rows);
        m_order = std::move(order);
        endResetModel();
        return;
    }
    changeStepwise(diff, std::move(rows), order);
    if (!m_order.empty()) {
        emit dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
    }
}

void ResultTableModel::changeStepwise(const SequenceDiff& diff, Rows rows, const Order& order)
{
    for (const RowRun& run : diff.removed) {
        beginRemoveRows({}, run.first, run.last);
        m_order.erase(m_order.begin() + run.first, m_order.begin() + run.last + 1);
        endRemoveRows();
    }
    if (!diff.order.empty()) {
        emit layoutAboutToBeChanged({}, QAbstractItemModel::VerticalSortHint);
        std::vector<int> newRow(diff.order.size());
        Order moved;
        moved.reserve(diff.order.size());
        for (std::size_t i = 0; i < diff.order.size(); ++i) {
            newRow[std::size_t(diff.order[i])] = int(i);
            moved.push_back(m_order[std::size_t(diff.order[i])]);
        }
        const QModelIndexList from = persistentIndexList();
        QModelIndexList to;
        for (const QModelIndex& each : from) {
            to.push_back(index(newRow[std::size_t(each.row())], each.column()));
        }
        m_order = std::move(moved);
        changePersistentIndexList(from, to);
        emit layoutChanged({}, QAbstractItemModel::VerticalSortHint);
    }
    // The survivors, now in their final order, are looked up in the new answer.
    m_order.clear();
    auto nextRun = diff.inserted.begin();
    for (int row = 0; row < int(order.size()); ++row) {
        while (nextRun != diff.inserted.end() && nextRun->last < row) {
            ++nextRun;
        }
        if (nextRun == diff.inserted.end() || row < nextRun->first) {
            m_order.push_back(order[std::size_t(row)]);
        }
    }
    m_rows = std::move(rows);
    for (const RowRun& run : diff.inserted) {
        beginInsertRows({}, run.first, run.last);
        m_order.insert(m_order.begin() + run.first, order.begin() + run.first,
                       order.begin() + run.last + 1);
        endInsertRows();
    }
}

ResultTableModel::Order ResultTableModel::orderOf(const std::vector<Row>& rows) const
{
    Order order;
    order.reserve(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (m_filter.empty() || passes(rows[i])) {
            order.push_back(std::uint32_t(i));
        }
    }
    if (m_sortColumn >= 0) {
        std::ranges::stable_sort(order, [&](std::uint32_t a, std::uint32_t b) {
            const auto less = compare(rows[a], rows[b]);
            return m_sortOrder == Qt::AscendingOrder ? less < 0 : less > 0;
        });
    }
    return order;
}

bool ResultTableModel::passes(const Row& row) const
{
    const auto hasWord = [&](const std::string& word) {
        return std::ranges::any_of(row.labels, [&](const Label label) {
            return containsFolded(label.value, word) || containsFolded(label.name, word);
        });
    };
    const auto hasChip = [&](const Filter::Chip& chip) {
        return std::ranges::any_of(row.labels, [&](const Label label) {
            return equalsFolded(label.name, chip.key) && containsFolded(label.value, chip.value);
        });
    };
    return std::ranges::all_of(m_filter.words, hasWord)
        && std::ranges::all_of(m_filter.chips, hasChip);
}

std::weak_ordering ResultTableModel::compare(const Row& a, const Row& b) const
{
    if (m_sortColumn == valueColumn()) {
        return a.text.isEmpty() && b.text.isEmpty() ? std::weak_order(a.value, b.value)
                                                    : a.text.compare(b.text) <=> 0;
    }
    if (m_sortColumn == pointsColumn()) {
        return a.points <=> b.points;
    }
    const std::string& name = m_names[std::size_t(m_sortColumn)];
    return a.labels.get(name) <=> b.labels.get(name);
}

void ResultTableModel::setFilter(const QString& text)
{
    Filter filter = parseFilter(text);
    if (filter != m_filter) {
        m_filter = std::move(filter);
        change(m_rows);
    }
}

void ResultTableModel::sort(int column, Qt::SortOrder order)
{
    m_sortColumn = column < columnCount() ? column : -1;
    m_sortOrder = order;
    change(m_rows);
}

int ResultTableModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(m_order.size());
}

int ResultTableModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : valueColumn() + 1;
}

QString ResultTableModel::cellText(const Row& row, int column, bool exact) const
{
    if (column == valueColumn()) {
        if (!row.text.isEmpty()) {
            return row.text;
        }
        return exact ? fromUtf8(text::formatValue(row.value)) : valueText(row.value);
    }
    if (column == pointsColumn()) {
        return QString::number(row.points);
    }
    return fromUtf8(row.labels.get(m_names[std::size_t(column)]));
}

QVariant ResultTableModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid()) {
        return {};
    }
    const Row& row = rowAt(index.row());
    const bool isNumber = index.column() == pointsColumn()
        || (index.column() == valueColumn() && row.text.isEmpty());
    switch (role) {
    case Qt::DisplayRole:
        return cellText(row, index.column(), false);
    case Qt::ToolTipRole:
        return index.column() == valueColumn() ? QVariant(cellText(row, index.column(), true))
                                               : QVariant();
    case Qt::TextAlignmentRole:
        return isNumber ? QVariant(int(Qt::AlignRight | Qt::AlignVCenter)) : QVariant();
    case idRole:
        return quint64(row.id);
    default:
        return {};
    }
}

QVariant ResultTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal) {
        return {};
    }
    const bool isNumber = section == valueColumn() || section == pointsColumn();
    if (role == Qt::TextAlignmentRole) {
        return int((isNumber ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    }
    if (role != Qt::DisplayRole || section > valueColumn()) {
        return {};
    }
    if (section == valueColumn()) {
        return tr("Value");
    }
    if (section == pointsColumn()) {
        return tr("Samples");
    }
    const std::string& name = m_names[std::size_t(section)];
    return name == metricNameLabel ? tr("Metric") : fromUtf8(name);
}

QString ResultTableModel::toCsv() const
{
    QStringList lines;
    QStringList cells;
    for (const std::string& name : m_names) {
        cells << csvCell(fromUtf8(name));
    }
    if (m_hasPoints) {
        cells << u"samples"_s;
    }
    cells << u"value"_s;
    lines << cells.join(u',');
    for (int row = 0; row < rowCount(); ++row) {
        cells.clear();
        for (int column = 0; column < columnCount(); ++column) {
            cells << csvCell(cellText(rowAt(row), column, true));
        }
        lines << cells.join(u',');
    }
    return lines.join(u"\r\n"_s) + u"\r\n"_s;
}

} // namespace watchfire::ui
