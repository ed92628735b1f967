// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/import_dialog.h"

#include "ui/chart/progress_line.h"
#include "ui/models/format.h"
#include "ui/pages/form_fields.h"
#include "ui/pages/form_layout.h"
#include "ui/pages/import_tree.h"
#include "ui/pages/loss_list.h"
#include "ui/pages/widgets.h"

#include <algorithm>
#include <utility>

#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSplitter>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

ImportDialog::ImportDialog(PageContext& context, QWidget* parent)
    : QDialog(parent)
    , m_context(context)
{
    setObjectName(u"import.dialog"_s);
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Import configuration"));
    resize(900, 640);
    m_progress = new chart::ProgressLine(this);
    auto* const splitter = new QSplitter(Qt::Vertical, this);
    m_tree = new ImportTree(this);
    m_losses = new LossList(this);
    splitter->addWidget(m_tree);
    splitter->addWidget(m_losses);
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 2);
    splitter->setChildrenCollapsible(false);
    m_note = new FieldNote("import.dialog.note", this);
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(8);
    column->addLayout(buildFile());
    column->addWidget(m_progress);
    column->addWidget(splitter, 1);
    column->addWidget(m_note);
    column->addLayout(buildButtons());
    connect(&context.bridge, &EngineBridge::configChanged, this, [this] {
        if (!m_applying) {
            check();
        }
    });
    connect(m_tree, &ImportTree::choicesChanged, this, &ImportDialog::check);
    check();
    tabInLayoutOrder(this);
    m_file->setFocus();
}

QLayout* ImportDialog::buildFile()
{
    m_file = lineEdit(u"import.dialog.file"_s, tr("File to import"), this);
    m_file->setPlaceholderText(u"/etc/prometheus/prometheus.yml"_s);
    m_fileNote = new FieldNote("import.dialog.file.note", this);
    QPushButton* const choose = button(tr("Choose…"), "open", "import.dialog.choose", this);
    m_read = button(tr("Read"), "import", "import.dialog.read", this);
    QLabel* const label = plainLabel(tr("&File"), this);
    label->setBuddy(m_file);
    auto* const row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(label);
    row->addWidget(m_file, 1);
    row->addWidget(choose);
    row->addWidget(m_read);
    auto* const column = new QVBoxLayout;
    column->setSpacing(2);
    column->addLayout(row);
    column->addWidget(m_fileNote);
    connect(choose, &QPushButton::clicked, this, &ImportDialog::chooseFile);
    connect(m_read, &QPushButton::clicked, this, [this] { read(m_file->text()); });
    connect(m_file, &QLineEdit::returnPressed, this, [this] { read(m_file->text()); });
    connect(m_file, &QLineEdit::textEdited, this, [this] { m_fileNote->setError({}); });
    return column;
}

QLayout* ImportDialog::buildButtons()
{
    QPushButton* const cancel = button(tr("Cancel"), nullptr, "import.dialog.cancel", this);
    m_import = button(tr("Import"), nullptr, "import.dialog.import", this);
    auto* const row = new QHBoxLayout;
    row->setSpacing(8);
    row->addStretch(1);
    row->addWidget(cancel);
    row->addWidget(m_import);
    connect(cancel, &QPushButton::clicked, this, &ImportDialog::reject);
    connect(m_import, &QPushButton::clicked, this, &ImportDialog::apply);
    return row;
}

void ImportDialog::chooseFile()
{
    if (m_chooser) {
        m_chooser->raise();
        return;
    }
    m_chooser
        = new QFileDialog(this, tr("Choose a prometheus.yml, an alertmanager.yml or a rule file"));
    m_chooser->setObjectName(u"import.dialog.chooser"_s);
    m_chooser->setAttribute(Qt::WA_DeleteOnClose);
    m_chooser->setFileMode(QFileDialog::ExistingFile);
    m_chooser->setNameFilters({tr("YAML files (*.yml *.yaml)"), tr("All files (*)")});
    connect(m_chooser, &QFileDialog::fileSelected, this, [this](const QString& file) {
        m_file->setText(file);
        read(file);
    });
    m_chooser->open();
}

void ImportDialog::read(const QString& file)
{
    const QString path = file.trimmed();
    m_file->setText(path);
    if (const QString fault = pathFault(path); !fault.isEmpty()) {
        m_fileNote->setError(fault);
        return;
    }
    m_fileNote->setError({});
    m_read->setEnabled(false);
    m_progress->setBusy(true);
    m_reading = m_context.bridge.inspectImport(
        path.toStdString(), this,
        [this](const Result<engine::ImportPreview>& preview) { showPreview(preview); });
}

void ImportDialog::showPreview(const Result<engine::ImportPreview>& preview)
{
    m_read->setEnabled(true);
    m_progress->setBusy(false);
    m_preview.reset();
    std::vector<ImportItem> items;
    if (!preview) {
        m_fileNote->setError(fromUtf8(preview.error().message));
    } else {
        m_preview = *preview;
        if (preview->faults.empty()) {
            items = importItems(m_preview->config, m_context.bridge.config()->config);
        }
    }
    m_losses->show(m_preview);
    m_tree->setItems(std::move(items)); // and checks them
}

void ImportDialog::check()
{
    const bool isRead = m_preview && m_preview->faults.empty();
    const auto counted = std::ranges::count_if(m_tree->items(), &ImportItem::counts);
    m_import->setText(counted > 0 ? tr("Import %n thing(s)", nullptr, int(counted)) : tr("Import"));
    QString fault;
    if (isRead) {
        const auto faults
            = checkImport(m_tree->items(), m_preview->config, m_context.bridge.config()->config);
        fault = faults.empty() ? QString() : faults.front().text;
    }
    m_note->setError(fault);
    m_import->setEnabled(isRead && counted > 0 && fault.isEmpty() && !m_applying);
}

void ImportDialog::apply()
{
    if (m_applying) {
        return;
    }
    m_applying = true;
    m_import->setEnabled(false);
    const auto counted = std::ranges::count_if(m_tree->items(), &ImportItem::counts);
    const ImportEdit edit = importEdit(m_tree->items(), m_preview->config);
    m_context.edits.changeConfig(Edits::tr("%n thing(s) imported", nullptr, int(counted)),
                                 edit.apply, edit.revert, this, [this](const Result<void>& result) {
                                     m_applying = false;
                                     check();
                                     if (!result) {
                                         m_note->setError(fromUtf8(result.error().message));
                                         return;
                                     }
                                     emit imported();
                                     accept();
                                 });
}

} // namespace watchfire::ui
