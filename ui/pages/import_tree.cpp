// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/import_tree.h"

#include "ui/pages/form_fields.h"
#include "ui/pages/widgets.h"

#include <utility>

#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLineEdit>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

using Kind = ImportItem::Kind;
using Conflict = ImportItem::Conflict;

constexpr int itemRole = Qt::UserRole; ///< of a row: the number of its item

constexpr int heightOfRow = 26;

enum Column { nameColumn, summaryColumn, conflictColumn, newNameColumn };

QString conflictText(Conflict conflict)
{
    switch (conflict) {
    case Conflict::none:
        break;
    case Conflict::skip:
        return ImportTree::tr("Skip");
    case Conflict::rename:
        return ImportTree::tr("Rename");
    case Conflict::replace:
        return ImportTree::tr("Replace");
    }
    return {};
}

QString sectionText(Kind kind)
{
    switch (kind) {
    case Kind::global:
    case Kind::storage:
        return ImportTree::tr("Settings");
    case Kind::job:
        return ImportTree::tr("Jobs");
    case Kind::ruleGroup:
        return ImportTree::tr("Rule groups");
    case Kind::route:
    case Kind::receiver:
    case Kind::inhibition:
        break;
    }
    return ImportTree::tr("Alerting");
}

} // namespace

ImportTree::ImportTree(QWidget* parent)
    : QTreeWidget(parent)
{
    setObjectName(u"import.dialog.tree"_s);
    setAccessibleName(tr("What can be imported"));
    setHeaderLabels({tr("Import"), tr("What it is"), tr("Name is taken"), tr("New name")});
    setAllColumnsShowFocus(true);
    setTextElideMode(Qt::ElideMiddle);
    header()->setSectionsMovable(false);
    header()->setStretchLastSection(false);
    header()->setSectionResizeMode(summaryColumn, QHeaderView::Stretch);
    setColumnWidth(nameColumn, 220);
    setColumnWidth(conflictColumn, 130);
    setColumnWidth(newNameColumn, 150);
    connect(this, &QTreeWidget::itemChanged, this, &ImportTree::takeChoices);
}

void ImportTree::setItems(std::vector<ImportItem> items)
{
    m_filling = true;
    clear();
    m_items = std::move(items);
    m_rows.assign(m_items.size(), nullptr);
    QTreeWidgetItem* section = nullptr;
    for (std::size_t i = 0; i < m_items.size(); ++i) {
        const QString title = sectionText(m_items[i].kind);
        if (section == nullptr || section->text(nameColumn) != title) {
            section = new QTreeWidgetItem(this, {title});
            section->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable
                              | Qt::ItemIsAutoTristate);
            section->setExpanded(true);
            section->setSizeHint(nameColumn, QSize(0, heightOfRow));
        }
        addItem(section, i);
    }
    m_filling = false;
    emit choicesChanged();
}

void ImportTree::addItem(QTreeWidgetItem* section, std::size_t item)
{
    const ImportItem& from = m_items[item];
    auto* const row = new QTreeWidgetItem(section, {from.name, from.summary});
    m_rows[item] = row;
    row->setSizeHint(nameColumn, QSize(0, heightOfRow));
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

void ImportTree::addConflict(QTreeWidgetItem* row, std::size_t item)
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
        name, tr("What becomes of %1, whose name is taken").arg(from.name), words, values, this);
    setChoice(choice, QString::number(int(from.conflict)));
    setItemWidget(row, conflictColumn, choice);
    // In a box, since the view shows whatever stands in a cell.
    auto* const box = new QWidget(this);
    QLineEdit* const edit = lineEdit(name + u".name"_s, tr("New name of %1").arg(from.name), box);
    edit->setText(from.newName);
    edit->setVisible(from.conflict == Conflict::rename);
    auto* const inner = new QHBoxLayout(box);
    inner->setContentsMargins(0, 0, 0, 0);
    inner->addWidget(edit);
    setItemWidget(row, newNameColumn, box);
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
        emit choicesChanged();
    });
    connect(edit, &QLineEdit::textEdited, this, [this, item](const QString& text) {
        m_items[item].newName = text;
        emit choicesChanged();
    });
}

void ImportTree::takeChoices(QTreeWidgetItem* row)
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
        auto* const choice = qobject_cast<QComboBox*>(itemWidget(row, conflictColumn));
        const Conflict wanted = !to.isTakenOver ? Conflict::skip
            : to.conflict == Conflict::skip     ? conflictsOf(to.kind)[1]
                                                : to.conflict;
        setChoice(choice, QString::number(int(wanted)));
    }
    emit choicesChanged();
}

} // namespace watchfire::ui
