// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/text_table_model.h"

#include <QWidget>

class QTableView;
class QToolButton;

namespace watchfire::ui {

/// A table of texts with its buttons: add, duplicate, remove and, where the order counts, up and
/// down; rows are dragged, too. Cells take over each key as it is typed.
class TextTable final : public QWidget {
    Q_OBJECT

public:
    struct Words {
        QString name; ///< of the table, for accessibility: "Rules for targets"
        QString row; ///< "rule": "Add rule"
        QString none; ///< what an empty table says
    };

    TextTable(const char* objectName, const Words& words, std::vector<TableColumn> columns,
              const QStringList& newRow, bool isOrdered, QWidget* parent = nullptr);

    TextTableModel& model() { return *m_model; }
    const TextTableModel& model() const { return *m_model; }
    QTableView* view() const { return m_view; }
    /// −1: none.
    int currentRow() const;
    void select(int row, int column = 0);

signals:
    void edited();
    void currentChanged(int row, int column);

private:
    QToolButton* addButton(const QString& text, const char* icon, const char* part);
    void updateButtons();
    void addRow(const TableRow& row, int at, bool edits);

    QStringList m_newRow;
    TextTableModel* m_model;
    QTableView* m_view;
    QToolButton* m_duplicate;
    QToolButton* m_remove;
    QToolButton* m_up = nullptr;
    QToolButton* m_down = nullptr;
};

} // namespace watchfire::ui
