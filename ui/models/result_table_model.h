// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/result.h"
#include "ui/models/filter.h"
#include "ui/models/sequence_diff.h"

#include <compare>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <QAbstractTableModel>

namespace watchfire::ui {

/// A query's answer as a table: a column per label name (the metric's name first), the value
/// last. Of a matrix each series shows its newest value and how many it has. Sorting works on
/// the arrays; a new answer with the same columns keeps selection and order.
class ResultTableModel final : public QAbstractTableModel {
    Q_OBJECT

public:
    using QAbstractTableModel::QAbstractTableModel;

    void setResult(const QueryValue& value);
    void clear();
    void setFilter(const QString& text);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation,
                        int role = Qt::DisplayRole) const override;
    void sort(int column, Qt::SortOrder order = Qt::AscendingOrder) override;

    int totalCount() const { return int(m_rows->size()); }
    const Labels& labelsAt(int row) const { return rowAt(row).labels; }

    /// Header and shown rows as comma-separated values, the value with all its digits.
    /// Source: RFC 4180.
    QString toCsv() const;

private:
    struct Row {
        std::uint64_t id = 0;
        Labels labels;
        double value = 0;
        QString text; ///< in place of the value, where that is no number
        qint64 points = -1; ///< of a matrix; −1: not one
    };

    using Rows = std::shared_ptr<const std::vector<Row>>;
    using Order = std::vector<std::uint32_t>; ///< of the rows shown, indices in Rows

    void show(std::vector<Row> rows);
    void change(Rows rows);
    void changeStepwise(const SequenceDiff& diff, Rows rows, const Order& order);
    Order orderOf(const std::vector<Row>& rows) const;
    bool passes(const Row& row) const;
    std::weak_ordering compare(const Row& a, const Row& b) const;
    const Row& rowAt(int row) const { return (*m_rows)[m_order[std::size_t(row)]]; }
    int pointsColumn() const { return m_hasPoints ? int(m_names.size()) : -1; }
    int valueColumn() const { return int(m_names.size()) + (m_hasPoints ? 1 : 0); }
    QString cellText(const Row& row, int column, bool exact) const;

    std::vector<std::string> m_names; ///< the label columns
    bool m_hasPoints = false;
    Rows m_rows = std::make_shared<std::vector<Row>>(); ///< as answered
    Order m_order;
    Filter m_filter;
    int m_sortColumn = -1;
    Qt::SortOrder m_sortOrder = Qt::AscendingOrder;
};

} // namespace watchfire::ui
