// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <map>
#include <vector>

#include <QAbstractTableModel>
#include <QStringList>

namespace watchfire::ui {

struct TableColumn {
    QString title;
    QString help;
    QStringList choices{}; ///< empty: any text
    int width = 0; ///< pixels; 0: takes what is left
};

struct TableRow {
    QStringList cells;
    int tag = -1; ///< the owner's; goes where the row goes
    friend bool operator==(const TableRow&, const TableRow&) = default;
};

/// Rows of texts that are edited in place and moved about. A cell may have a fault, which it
/// shows with a shape and tells in its tooltip and to accessibility.
class TextTableModel final : public QAbstractTableModel {
    Q_OBJECT

public:
    explicit TextTableModel(std::vector<TableColumn> columns, QObject* parent = nullptr);

    const std::vector<TableColumn>& columns() const { return m_columns; }
    const std::vector<TableRow>& rows() const { return m_rows; }
    void setRows(std::vector<TableRow> rows);
    /// By row, then column.
    void setFaults(std::vector<std::map<int, QString>> faults);
    QString fault(const QModelIndex& index) const;
    /// Which cells mean something; the others show a dash and cannot be edited. Unset: all.
    void setUsed(std::function<bool(const TableRow& row, int column)> used);
    /// Which cells show dots. Unset: none.
    void setSecret(std::function<bool(const TableRow& row, int column)> secret);
    bool isSecret(const QModelIndex& index) const;

    void insert(int at, TableRow row);
    void remove(int row);
    /// `to`: where the row stands afterwards.
    void move(int row, int to);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;
    Qt::DropActions supportedDropActions() const override { return Qt::MoveAction; }
    QStringList mimeTypes() const override;
    QMimeData* mimeData(const QModelIndexList& indexes) const override;
    bool dropMimeData(const QMimeData* data, Qt::DropAction action, int row, int column,
                      const QModelIndex& parent) override;

signals:
    /// By a person: rows or cells have changed.
    void edited();
    void moved(int to);

private:
    bool isUsed(const QModelIndex& index) const;

    std::vector<TableColumn> m_columns;
    std::vector<TableRow> m_rows;
    std::vector<std::map<int, QString>> m_faults;
    std::function<bool(const TableRow&, int)> m_used;
    std::function<bool(const TableRow&, int)> m_secret;
};

} // namespace watchfire::ui
