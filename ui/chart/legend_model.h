// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/chart/format.h"
#include "ui/chart/series_info.h"

#include <memory>
#include <vector>

#include <QAbstractTableModel>

namespace watchfire::ui::chart {

/// The series of a prepared matrix as rows: name, last, minimum, maximum, average; filtered by
/// words and sorted over plain arrays. A refresh with the same series keeps rows, selection and
/// scroll position.
class LegendModel final : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { name, last, min, max, average, columnCount_ };
    enum Role {
        SlotRole = Qt::UserRole, ///< uint, see ColorBook
        ShownRole, ///< bool
        SortRole ///< double or text
    };

    explicit LegendModel(QObject* parent = nullptr);

    void setPrepared(std::shared_ptr<const Prepared> prepared);
    void setVisibility(const Visibility& visibility);
    void setUnit(const Unit& unit);
    /// Rows whose names contain every word, whatever their case.
    void setFilter(const QString& words);

    /// Index into the prepared series of a row.
    std::uint32_t seriesAt(int row) const { return m_rows[std::size_t(row)]; }
    std::uint64_t hashAt(int row) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    void sort(int column, Qt::SortOrder order) override;

private:
    std::vector<std::uint32_t> order() const;
    void replaceRows(std::vector<std::uint32_t> rows);
    double number(const SeriesInfo& info, int column) const;

    std::shared_ptr<const Prepared> m_prepared;
    std::vector<std::uint32_t> m_rows;
    std::vector<std::uint64_t> m_hashes; ///< of m_rows, to know them again after a refresh
    Visibility m_visibility;
    Unit m_unit;
    QStringList m_words;
    int m_sortColumn = -1; ///< −1: in the order of the result
    Qt::SortOrder m_sortOrder = Qt::DescendingOrder;
};

} // namespace watchfire::ui::chart
