// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/import_dialog.h"

#include "ui/chart/progress_line.h"
#include "ui/models/format.h"
#include "ui/pages/form_fields.h"
#include "ui/pages/form_layout.h"
#include "ui/pages/widgets.h"
#include "ui/theme/icons.h"

#include <algorithm>
#include <array>

#include <QComboBox>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSplitter>
#include <QStyledItemDelegate>
#include <QTreeWidget>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

using Kind = ImportItem::Kind;
using Conflict = ImportItem::Conflict;

constexpr int itemRole = Qt::UserRole; ///< of a row: the number of its item

constexpr int rowHeight = 26;

enum Column { nameColumn, summaryColumn, conflictColumn, newNameColumn };

QString conflictText(Conflict conflict)
{
    switch (conflict) {
    case Conflict::none:
        break;
    case Conflict::skip:
        return ImportDialog::tr("Skip");
    case Conflict::rename:
        return ImportDialog::tr("Rename");
    case Conflict::replace:
        return ImportDialog::tr("Replace");
    }
    return {};
}

QString sectionText(Kind kind)
{
    switch (kind) {
    case Kind::global:
    case Kind::storage:
        return ImportDialog::tr("Settings");
    case Kind::job:
        return ImportDialog::tr("Jobs");
    case Kind::ruleGroup:
        return ImportDialog::tr("Rule groups");
    case Kind::route:
    case Kind::receiver:
    case Kind::inhibition:
        break;
    }
    return ImportDialog::tr("Alerting");
}

QString placeText(const config::Fault& fault)
{
    QString place = fromUtf8(fault.file);
    if (fault.line > 0) {
        place += u":%1"_s.arg(fault.line);
    }
    if (fault.column > 0) {
        place += u":%1"_s.arg(fault.column);
    }
    return place;
}

QTreeWidget* treeWidget(const char* name, const QString& accessibleName, const QStringList& titles,
                        QWidget* parent)
{
    auto* const tree = new QTreeWidget(parent);
    tree->setObjectName(QString::fromLatin1(name));
    tree->setAccessibleName(accessibleName);
    tree->setHeaderLabels(titles);
    tree->setAllColumnsShowFocus(true);
    tree->setTextElideMode(Qt::ElideMiddle);
    tree->header()->setSectionsMovable(false);
    tree->header()->setStretchLastSection(true);
    return tree;
}

/// Text that does not fit in its column goes on in the next line.
class WrapDelegate final : public QStyledItemDelegate {
public:
    explicit WrapDelegate(QTreeWidget* tree)
        : QStyledItemDelegate(tree)
        , m_tree(tree)
    {
        tree->setWordWrap(true);
        tree->setTextElideMode(Qt::ElideNone);
        connect(tree->header(), &QHeaderView::sectionResized, tree, &QTreeWidget::doItemsLayout);
    }

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        const int iconWidth = index.column() == 0 ? 24 : 0;
        const QRect room(0, 0, std::max(40, m_tree->columnWidth(index.column()) - 10 - iconWidth),
                         10'000);
        const int height
            = option.fontMetrics.boundingRect(room, Qt::TextWordWrap, index.data().toString())
                  .height();
        return {0, std::max(rowHeight, height + 8)};
    }

private:
    QTreeWidget* m_tree;
};

} // namespace

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
    splitter->addWidget(buildTree());
    splitter->addWidget(buildLosses());
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

QWidget* ImportDialog::buildTree()
{
    m_tree
        = treeWidget("import.dialog.tree", tr("What can be imported"),
                     {tr("Import"), tr("What it is"), tr("Name is taken"), tr("New name")}, this);
    m_tree->setColumnWidth(nameColumn, 240);
    m_tree->setColumnWidth(summaryColumn, 320);
    m_tree->setColumnWidth(conflictColumn, 120);
    connect(m_tree, &QTreeWidget::itemChanged, this,
            [this](QTreeWidgetItem* row) { takeChoices(row); });
    return m_tree;
}

QWidget* ImportDialog::buildLosses()
{
    auto* const box = new QWidget(this);
    m_lossTitle = plainLabel({}, this);
    m_lossTitle->setObjectName(u"import.dialog.losses.title"_s);
    m_lossTitle->setWordWrap(true);
    m_losses = treeWidget("import.dialog.losses", tr("What is not imported, with its place"),
                          {tr("Not imported"), tr("Where"), tr("What helps")}, this);
    m_losses->setRootIsDecorated(false);
    m_losses->setItemDelegate(new WrapDelegate(m_losses));
    m_losses->setColumnWidth(0, 300);
    m_losses->setColumnWidth(1, 250);
    auto* const column = new QVBoxLayout(box);
    column->setContentsMargins(0, 4, 0, 0);
    column->setSpacing(4);
    column->addWidget(m_lossTitle);
    column->addWidget(m_losses, 1);
    return box;
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
    m_items.clear();
    if (!preview) {
        m_fileNote->setError(fromUtf8(preview.error().message));
    } else {
        m_preview = *preview;
        if (preview->faults.empty()) {
            m_items = importItems(m_preview->config, m_context.bridge.config()->config);
        }
    }
    showLosses();
    fillTree();
    check();
}

void ImportDialog::showLosses()
{
    m_losses->clear();
    if (!m_preview) {
        m_lossTitle->clear();
        return;
    }
    const bool isFaulty = !m_preview->faults.empty();
    const auto& list = isFaulty ? m_preview->faults : m_preview->losses;
    m_losses->headerItem()->setText(0, isFaulty ? tr("Fault") : tr("Not imported"));
    m_losses->setColumnHidden(2, isFaulty);
    m_lossTitle->setText(
        isFaulty ? tr("%n fault(s): nothing of this file can be imported until they are mended.",
                      nullptr, int(list.size()))
            : list.empty()
            ? tr("Nothing is lost: every key of the files is understood.")
            : tr("%n thing(s) of these files will not be done here:", nullptr, int(list.size())));
    for (const config::Fault& fault : list) {
        const LossText text
            = isFaulty ? LossText{fromUtf8(fault.message), {}} : lossText(fault.message);
        auto* const row = new QTreeWidgetItem(m_losses, {text.what, placeText(fault), text.remedy});
        row->setIcon(0,
                     theme::stateIcon(isFaulty ? theme::State::critical : theme::State::warning));
        for (int column = 0; column < 3; ++column) {
            // Texts of a tooltip may be read as HTML.
            row->setToolTip(column, row->text(column).toHtmlEscaped());
        }
    }
}

void ImportDialog::fillTree()
{
    m_filling = true;
    m_tree->clear();
    m_rows.assign(m_items.size(), nullptr);
    QTreeWidgetItem* section = nullptr;
    for (std::size_t i = 0; i < m_items.size(); ++i) {
        const QString title = sectionText(m_items[i].kind);
        if (section == nullptr || section->text(nameColumn) != title) {
            section = new QTreeWidgetItem(m_tree, {title});
            section->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable
                              | Qt::ItemIsAutoTristate);
            section->setExpanded(true);
            section->setSizeHint(nameColumn, QSize(0, rowHeight));
        }
        addItem(section, i);
    }
    m_filling = false;
}

void ImportDialog::addItem(QTreeWidgetItem* section, std::size_t item)
{
    const ImportItem& from = m_items[item];
    auto* const row = new QTreeWidgetItem(section, {from.name, from.summary});
    m_rows[item] = row;
    row->setSizeHint(nameColumn, QSize(0, rowHeight));
    row->setData(nameColumn, itemRole, quint64(item));
    row->setToolTip(summaryColumn, from.summary.toHtmlEscaped());
    if (from.isThere) {
        row->setText(conflictColumn, tr("The same is there"));
        row->setFlags(Qt::ItemIsSelectable);
        return;
    }
    row->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable);
    row->setCheckState(nameColumn, from.counts() ? Qt::Checked : Qt::Unchecked);
    if (from.isTaken) {
        addConflict(row, item);
    }
}

void ImportDialog::addConflict(QTreeWidgetItem* row, std::size_t item)
{
    const ImportItem& from = m_items[item];
    QStringList words;
    QStringList values;
    for (const Conflict conflict : conflictsOf(from.kind)) {
        words << conflictText(conflict);
        values << QString::number(int(conflict));
    }
    const QString name = u"import.dialog.conflict.%1"_s.arg(item);
    QComboBox* const choice = choiceBox(
        name, tr("What becomes of %1, whose name is taken").arg(from.name), words, values, m_tree);
    setChoice(choice, QString::number(int(from.conflict)));
    m_tree->setItemWidget(row, conflictColumn, choice);
    // In a box, since the view shows whatever stands in a cell.
    auto* const box = new QWidget(m_tree);
    QLineEdit* const edit = lineEdit(name + u".name"_s, tr("New name of %1").arg(from.name), box);
    edit->setText(from.newName);
    edit->setVisible(from.conflict == Conflict::rename);
    auto* const inner = new QHBoxLayout(box);
    inner->setContentsMargins(0, 0, 0, 0);
    inner->addWidget(edit);
    m_tree->setItemWidget(row, newNameColumn, box);
    connect(choice, &QComboBox::currentIndexChanged, this, [this, item, choice, edit] {
        const auto conflict = Conflict(choiceOf(choice).toInt());
        m_items[item].conflict = conflict;
        edit->setVisible(conflict == Conflict::rename);
        // What is skipped is not imported, and the box in front says so.
        m_filling = true;
        m_items[item].isTakenOver = conflict != Conflict::skip;
        m_rows[item]->setCheckState(nameColumn,
                                    m_items[item].isTakenOver ? Qt::Checked : Qt::Unchecked);
        m_filling = false;
        check();
    });
    connect(edit, &QLineEdit::textEdited, this, [this, item](const QString& text) {
        m_items[item].newName = text;
        check();
    });
}

void ImportDialog::takeChoices(QTreeWidgetItem* row)
{
    const QVariant number = row->data(nameColumn, itemRole);
    if (m_filling || !number.isValid()) {
        return;
    }
    const auto item = std::size_t(number.toULongLong());
    ImportItem& to = m_items[item];
    to.isTakenOver = row->checkState(nameColumn) == Qt::Checked;
    if (to.isTaken) {
        // Taken over after all: under another name, until somebody says otherwise.
        auto* const choice = qobject_cast<QComboBox*>(m_tree->itemWidget(row, conflictColumn));
        const Conflict wanted = !to.isTakenOver ? Conflict::skip
            : to.conflict == Conflict::skip     ? conflictsOf(to.kind)[1]
                                                : to.conflict;
        setChoice(choice, QString::number(int(wanted)));
    }
    check();
}

void ImportDialog::check()
{
    const bool isRead = m_preview && m_preview->faults.empty();
    const auto counted = std::ranges::count_if(m_items, &ImportItem::counts);
    m_import->setText(counted > 0 ? tr("Import %n thing(s)", nullptr, int(counted)) : tr("Import"));
    QString fault;
    if (isRead) {
        const auto faults
            = checkImport(m_items, m_preview->config, m_context.bridge.config()->config);
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
    const auto counted = std::ranges::count_if(m_items, &ImportItem::counts);
    const ImportEdit edit = importEdit(m_items, m_preview->config);
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
