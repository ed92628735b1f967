// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/import_plan.h"

#include <vector>

#include <QTreeWidget>

namespace watchfire::ui {

/// What can be imported, in sections, each thing with a box to tick; where its name is taken, with
/// what shall become of it.
class ImportTree final : public QTreeWidget {
    Q_OBJECT

public:
    explicit ImportTree(QWidget* parent = nullptr);

    void setItems(std::vector<ImportItem> items);
    /// With what was chosen.
    const std::vector<ImportItem>& items() const { return m_items; }

signals:
    void choicesChanged();

private:
    void addItem(QTreeWidgetItem* section, std::size_t item);
    void addConflict(QTreeWidgetItem* row, std::size_t item);
    void takeChoices(QTreeWidgetItem* row);

    std::vector<ImportItem> m_items;
    std::vector<QTreeWidgetItem*> m_rows; ///< one for each item
    bool m_filling = false;
};

} // namespace watchfire::ui
