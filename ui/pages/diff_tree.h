// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/relabel_diff.h"

#include <vector>

#include <QAbstractItemModel>
#include <QTreeView>

namespace watchfire::ui {

/// Two levels of DiffRow: what it is (icon and word), name, before, after.
class DiffModel final : public QAbstractItemModel {
    Q_OBJECT

public:
    enum Column { whatColumn, nameColumn, beforeColumn, afterColumn };

    using QAbstractItemModel::QAbstractItemModel;

    void setRows(std::vector<DiffRow> rows);
    const std::vector<DiffRow>& rows() const { return m_rows; }
    /// What the second column has names of: "Target", "Rule".
    void setNameTitle(const QString& title);

    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    QModelIndex parent(const QModelIndex& child) const override;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    const DiffRow& rowOf(const QModelIndex& index) const;

    std::vector<DiffRow> m_rows;
    QString m_nameTitle;
};

/// Shows it. Another set of rows keeps what was selected, open and scrolled to, by id.
class DiffTree final : public QTreeView {
    Q_OBJECT

public:
    DiffTree(const char* objectName, const QString& accessibleName, const QString& nameTitle,
             QWidget* parent = nullptr);

    /// `opensAll`: rows with children are open unless closed by hand.
    void setRows(std::vector<DiffRow> rows, bool opensAll);
    const std::vector<DiffRow>& rows() const { return m_model->rows(); }
    /// Of the first level; −1: none.
    int currentTop() const;

signals:
    void currentTopChanged(int row);

protected:
    void currentChanged(const QModelIndex& current, const QModelIndex& previous) override;

private:
    DiffModel* m_model;
    bool m_filling = false;
};

} // namespace watchfire::ui
