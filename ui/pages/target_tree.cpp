// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/target_tree.h"

#include <utility>

#include <QHeaderView>
#include <QPainter>
#include <QScrollBar>

namespace watchfire::ui {

namespace {

/// Below these widths labels, then samples, then the time of the last scrape are left to the
/// details, so that an error can be read.
constexpr int labelsFrom = 900;
constexpr int samplesFrom = 800;
constexpr int lastScrapeFrom = 740;

} // namespace

TargetTree::TargetTree(const char* objectName, TargetsModel* model, QWidget* parent)
    : ItemTree(objectName, parent)
    , m_model(model)
    , m_delegate(new TargetDelegate(this))
{
    setItemDelegate(m_delegate);
    setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    setIndentation(16);
    setModel(model);
    m_seen.setSingleShot(true);
    m_seen.setInterval(0);
    connect(&m_seen, &QTimer::timeout, this, [this] {
        m_model->setVisibleRows(visibleRows());
        emit visibleRowsChanged();
    });
    const auto look = [this] { m_seen.start(); };
    connect(verticalScrollBar(), &QScrollBar::valueChanged, this, look);
    connect(verticalScrollBar(), &QScrollBar::rangeChanged, this, look);
    const auto touch = [this, look](const QModelIndex& index) {
        if (!m_opening) {
            m_touched.insert(index.data(idRole).toULongLong());
        }
        look();
    };
    connect(this, &QTreeView::expanded, this, touch);
    connect(this, &QTreeView::collapsed, this, touch);
    connect(model, &TargetsModel::aboutToChange, this, &TargetTree::rememberTop);
    connect(model, &TargetsModel::changed, this, [this, look] {
        openGroups();
        executeDelayedItemsLayout();
        restoreTop();
        look();
    });
    connect(model, &TargetsModel::settled, this, [this] { m_openAsNew = false; });
}

/// Headers are painted across the row by drawRow. Telling the view that they span would cost it
/// a search in a table for each row of its layout: 14 ms at 100,000 rows instead of 5.
void TargetTree::dressGroups(int, int) { }

bool TargetTree::isSortable(int section) const
{
    return section != TargetsModel::availability;
}

void TargetTree::openGroups()
{
    // Only what is done before the layout costs nothing.
    const bool all = m_model->shownCount() < openAllBelow;
    m_opening = true;
    for (int row = 0; row < m_model->rowCount(); ++row) {
        const QModelIndex group = m_model->index(row, 0);
        const auto id = group.data(idRole).toULongLong();
        if (m_touched.contains(id)) {
            continue;
        }
        const auto state = ItemState(group.data(stateRole).toInt());
        const bool opens = all || state == ItemState::critical || state == ItemState::warning;
        const bool isOpen = isExpanded(group);
        if (opens != isOpen && (opens || m_openAsNew)) {
            scheduleDelayedItemsLayout();
            setExpanded(group, opens);
        }
    }
    m_opening = false;
}

QModelIndexList TargetTree::visibleRows() const
{
    QModelIndexList rows;
    const int bottom = viewport()->height();
    for (QModelIndex index = indexAt(QPoint(0, 0)); index.isValid(); index = indexBelow(index)) {
        if (visualRect(index).top() > bottom) {
            break;
        }
        rows << index.siblingAtColumn(0);
    }
    return rows;
}

/// While rows are sorted by what each scrape changes, there is no place to keep.
bool TargetTree::keepsItsOrder() const
{
    if (!header()->isSortIndicatorShown()) {
        return true;
    }
    const int section = header()->sortIndicatorSection();
    return section == TargetsModel::endpoint || section == TargetsModel::labels;
}

void TargetTree::rememberTop()
{
    m_top = QPersistentModelIndex();
    if (verticalScrollBar()->value() > 0 && keepsItsOrder() && !m_openAsNew) {
        const QModelIndex top = indexAt(QPoint(0, 0));
        m_top = top;
        m_topAt = visualRect(top).top();
    }
}

void TargetTree::restoreTop()
{
    if (m_top.isValid()) {
        const int moved = visualRect(m_top).top() - m_topAt;
        if (moved != 0) {
            verticalScrollBar()->setValue(verticalScrollBar()->value() + moved);
        }
    }
    m_top = QPersistentModelIndex();
}

void TargetTree::drawRow(QPainter* painter, const QStyleOptionViewItem& option,
                         const QModelIndex& index) const
{
    if (index.parent().isValid()) {
        ItemTree::drawRow(painter, option, index);
        return;
    }
    QStyleOptionViewItem row = option;
    row.state.setFlag(QStyle::State_Selected, selectionModel()->isSelected(index));
    row.state.setFlag(QStyle::State_HasFocus, false);
    row.showDecorationSelected = true;
    row.viewItemPosition = QStyleOptionViewItem::OnlyOne;
    style()->drawPrimitive(QStyle::PE_PanelItemViewItem, &row, painter, this);
    const QRect branch(row.rect.left(), row.rect.top(), indentation(), row.rect.height());
    drawBranches(painter, QStyle::visualRect(layoutDirection(), row.rect, branch), index);
    QStyleOptionViewItem content = row;
    content.rect = QStyle::visualRect(layoutDirection(), row.rect,
                                      row.rect.adjusted(indentation(), 0, 0, 0));
    m_delegate->paintGroup(*painter, content, index);
    if (hasFocus() && currentIndex().siblingAtColumn(0) == index) {
        QStyleOptionFocusRect focus;
        focus.initFrom(this);
        focus.rect = row.rect;
        focus.state |= QStyle::State_KeyboardFocusChange;
        style()->drawPrimitive(QStyle::PE_FrameFocusRect, &focus, painter, this);
    }
}

void TargetTree::showOnly(QList<int> columns)
{
    m_columns = std::move(columns);
    fitColumns();
}

void TargetTree::fitColumns()
{
    const int width = viewport()->width();
    for (int column = 0; column < TargetsModel::columnsEnd; ++column) {
        const bool isWanted = m_columns.isEmpty() || m_columns.contains(column);
        const int from = !m_columns.isEmpty()    ? 0
            : column == TargetsModel::labels     ? labelsFrom
            : column == TargetsModel::samples    ? samplesFrom
            : column == TargetsModel::lastScrape ? lastScrapeFrom
                                                 : 0;
        header()->setSectionHidden(column, !isWanted || width < from);
    }
}

void TargetTree::resizeEvent(QResizeEvent* event)
{
    fitColumns();
    ItemTree::resizeEvent(event);
    m_seen.start();
}

void TargetTree::showEvent(QShowEvent* event)
{
    ItemTree::showEvent(event);
    m_seen.start();
}

} // namespace watchfire::ui
