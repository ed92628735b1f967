// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/diff_tree.h"

#include "ui/pages/form_fields.h"
#include "ui/theme/icons.h"

#include <QFont>
#include <QHeaderView>
#include <QScrollBar>
#include <QSet>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

constexpr quintptr topLevel = 0; ///< of a child: the number of its parent's row, from 1

} // namespace

void DiffModel::setRows(std::vector<DiffRow> rows)
{
    beginResetModel();
    m_rows = std::move(rows);
    endResetModel();
}

void DiffModel::setNameTitle(const QString& title)
{
    m_nameTitle = title;
}

const DiffRow& DiffModel::rowOf(const QModelIndex& index) const
{
    return index.internalId() == topLevel
        ? m_rows[std::size_t(index.row())]
        : m_rows[std::size_t(index.internalId() - 1)].children[std::size_t(index.row())];
}

QModelIndex DiffModel::index(int row, int column, const QModelIndex& parent) const
{
    if (!hasIndex(row, column, parent)) {
        return {};
    }
    return createIndex(row, column, parent.isValid() ? quintptr(parent.row()) + 1 : topLevel);
}

QModelIndex DiffModel::parent(const QModelIndex& child) const
{
    return !child.isValid() || child.internalId() == topLevel
        ? QModelIndex()
        : createIndex(int(child.internalId() - 1), 0, topLevel);
}

int DiffModel::rowCount(const QModelIndex& parent) const
{
    if (!parent.isValid()) {
        return int(m_rows.size());
    }
    return parent.internalId() == topLevel && parent.column() == 0
        ? int(m_rows[std::size_t(parent.row())].children.size())
        : 0;
}

int DiffModel::columnCount(const QModelIndex&) const
{
    return 4;
}

QVariant DiffModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid()) {
        return {};
    }
    const DiffRow& row = rowOf(index);
    switch (role) {
    case Qt::DisplayRole:
        switch (Column(index.column())) {
        case whatColumn:
            return diffWord(row.state);
        case nameColumn:
            return row.name;
        case beforeColumn:
            return row.before;
        case afterColumn:
            return row.after;
        }
        return {};
    case Qt::DecorationRole:
        return index.column() == whatColumn ? QVariant(theme::icon(diffIcon(row.state)))
                                            : QVariant();
    case Qt::FontRole:
        return index.column() == whatColumn ? QVariant() : QVariant(fixedFont());
    case Qt::ToolTipRole:
        // Texts of a tooltip may be read as HTML.
        return data(index, Qt::DisplayRole).toString().toHtmlEscaped();
    default:
        return {};
    }
}

QVariant DiffModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) {
        return {};
    }
    switch (Column(section)) {
    case whatColumn:
        return tr("What");
    case nameColumn:
        return m_nameTitle;
    case beforeColumn:
        return tr("Before");
    case afterColumn:
        return tr("After");
    }
    return {};
}

DiffTree::DiffTree(const char* objectName, const QString& accessibleName, const QString& nameTitle,
                   QWidget* parent)
    : QTreeView(parent)
    , m_model(new DiffModel(this))
{
    setObjectName(QString::fromLatin1(objectName));
    setAccessibleName(accessibleName);
    m_model->setNameTitle(nameTitle);
    setModel(m_model);
    setUniformRowHeights(true);
    setAllColumnsShowFocus(true);
    setTextElideMode(Qt::ElideMiddle);
    setIndentation(16);
    header()->setSectionsMovable(false);
    header()->setSectionResizeMode(DiffModel::afterColumn, QHeaderView::Stretch);
    header()->setMinimumSectionSize(60);
    setColumnWidth(DiffModel::whatColumn, 124);
    setColumnWidth(DiffModel::nameColumn, 132);
    setColumnWidth(DiffModel::beforeColumn, 84);
}

void DiffTree::setRows(std::vector<DiffRow> rows, bool opensAll)
{
    QSet<std::uint64_t> marked; // open, or (where all open by themselves) closed by hand
    const auto& before = m_model->rows();
    for (int i = 0; i < int(before.size()); ++i) {
        if (!before[std::size_t(i)].children.empty()
            && isExpanded(m_model->index(i, 0)) != opensAll) {
            marked.insert(before[std::size_t(i)].id);
        }
    }
    const int current = currentTop();
    const std::uint64_t selected = current < 0 ? 0 : before[std::size_t(current)].id;
    const int scrolled = verticalScrollBar()->value();

    m_filling = true;
    m_model->setRows(std::move(rows));
    int found = -1;
    const auto& now = m_model->rows();
    for (int i = 0; i < int(now.size()); ++i) {
        const DiffRow& row = now[std::size_t(i)];
        if (!row.children.empty() && marked.contains(row.id) != opensAll) {
            setExpanded(m_model->index(i, 0), true);
        }
        if (selected != 0 && row.id == selected && found < 0) {
            found = i;
        }
    }
    if (found >= 0) {
        setCurrentIndex(m_model->index(found, 0));
    }
    m_filling = false;
    verticalScrollBar()->setValue(scrolled);
    emit currentTopChanged(found);
}

int DiffTree::currentTop() const
{
    const QModelIndex current = currentIndex();
    return current.parent().isValid() ? current.parent().row() : current.row();
}

void DiffTree::currentChanged(const QModelIndex& current, const QModelIndex& previous)
{
    QTreeView::currentChanged(current, previous);
    if (!m_filling) {
        emit currentTopChanged(currentTop());
    }
}

} // namespace watchfire::ui
