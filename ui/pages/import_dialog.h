// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/import_plan.h"
#include "ui/pages/page.h"

#include <optional>
#include <vector>

#include <QDialog>
#include <QPointer>

class QFileDialog;
class QLabel;
class QLineEdit;
class QPushButton;
class QTreeWidget;
class QTreeWidgetItem;

namespace watchfire::ui {

class FieldNote;

namespace chart {
class ProgressLine;
}

/// Brings somebody's prometheus.yml in: what there is as a tree to choose from, what of a taken
/// name shall become, and every key that would be lost, with its place and what helps. Nothing
/// changes before *Import*; that is one edit, and undone as one. Not modal.
class ImportDialog final : public QDialog {
    Q_OBJECT

public:
    ImportDialog(PageContext& context, QWidget* parent);

    /// Reads that file; the answer comes later.
    void read(const QString& file);

signals:
    /// The import is in force.
    void imported();

private:
    QLayout* buildFile();
    QWidget* buildTree();
    QWidget* buildLosses();
    QLayout* buildButtons();
    void chooseFile();
    void showPreview(const Result<engine::ImportPreview>& preview);
    void showLosses();
    void fillTree();
    void addItem(QTreeWidgetItem* section, std::size_t item);
    void addConflict(QTreeWidgetItem* row, std::size_t item);
    void takeChoices(QTreeWidgetItem* row);
    void check();
    void apply();

    PageContext& m_context;
    Pending m_reading;
    std::optional<engine::ImportPreview> m_preview;
    std::vector<ImportItem> m_items;
    std::vector<QTreeWidgetItem*> m_rows; ///< one for each item
    QLineEdit* m_file;
    QPushButton* m_read;
    QPointer<QFileDialog> m_chooser;
    FieldNote* m_fileNote;
    chart::ProgressLine* m_progress;
    QTreeWidget* m_tree;
    QLabel* m_lossTitle;
    QTreeWidget* m_losses;
    FieldNote* m_note;
    QPushButton* m_import;
    bool m_filling = false;
    bool m_applying = false;
};

} // namespace watchfire::ui
