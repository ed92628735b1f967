// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later

// How the model takes over what was planned: the announcements, and the rows while they last.

#include "ui/models/targets_model.h"

#include <algorithm>
#include <utility>

namespace watchfire::ui {

void TargetsModel::take(const std::shared_ptr<const TargetsChange>& change)
{
    emit aboutToChange();
    // The rows about to be removed may be looked at while they go.
    auto before = std::exchange(m_view, change->view);
    changeGroups(*change);
    for (std::size_t i = 0; i < m_groups.size(); ++i) {
        Group& group = *m_groups[i];
        const TargetGroup& planned = m_view->groups[i];
        const GroupChange& rows = change->rows[i];
        if (rows.rows.isScattered) {
            changeScattered(group, planned.rows, rows);
        } else if (!rows.isNew) {
            changeByRuns(group, *planned.rows, rows.rows.runs);
        }
        group.rows = planned.rows;
        group.shown = &planned;
    }
    announceSeen(0, columnsEnd - 1);
    emit changed();
    m_background.discard(std::move(before));
    m_background.discard(change);
}

void TargetsModel::changeGroups(const TargetsChange& change)
{
    for (const RowRun& run : change.groups.removed) {
        beginRemoveRows({}, run.first, run.last);
        m_groups.erase(m_groups.begin() + run.first, m_groups.begin() + run.last + 1);
        renumber();
        endRemoveRows();
    }
    if (const auto& order = change.groups.order; !order.empty()) {
        emit layoutAboutToBeChanged({}, VerticalSortHint);
        std::vector<int> newRow(order.size());
        std::vector<std::unique_ptr<Group>> groups;
        for (std::size_t i = 0; i < order.size(); ++i) {
            newRow[std::size_t(order[i])] = int(i);
            groups.push_back(std::move(m_groups[std::size_t(order[i])]));
        }
        m_groups = std::move(groups);
        renumber();
        const QModelIndexList from = persistentIndexList();
        QModelIndexList to;
        for (const QModelIndex& index : from) {
            to << (isRow(index) ? index
                                : createIndex(newRow[std::size_t(index.row())], index.column()));
        }
        changePersistentIndexList(from, to);
        emit layoutChanged({}, VerticalSortHint);
    }
    for (const RowRun& run : change.groups.inserted) {
        beginInsertRows({}, run.first, run.last);
        for (int row = run.first; row <= run.last; ++row) {
            const TargetGroup& planned = m_view->groups[std::size_t(row)];
            auto group = std::make_unique<Group>();
            group->id = planned.id;
            group->shown = &planned;
            group->rows = planned.rows;
            m_groups.insert(m_groups.begin() + row, std::move(group));
        }
        renumber();
        endInsertRows();
    }
}

void TargetsModel::changeByRuns(Group& group, const TargetRows& rows, const SequenceDiff& runs)
{
    if (runs.empty()) {
        return;
    }
    const QModelIndex parent = createIndex(group.position, 0);
    const auto between = std::make_shared<TargetRows>(*group.rows);
    group.rows = between;
    for (const RowRun& run : runs.removed) {
        beginRemoveRows(parent, run.first, run.last);
        between->erase(between->begin() + run.first, between->begin() + run.last + 1);
        endRemoveRows();
    }
    for (const RowRun& run : runs.inserted) {
        beginInsertRows(parent, run.first, run.last);
        between->insert(between->begin() + run.first, rows.begin() + run.first,
                        rows.begin() + run.last + 1);
        endInsertRows();
    }
}

void TargetsModel::changeScattered(Group& group, const TargetRowsPtr& rows,
                                   const GroupChange& change)
{
    const QModelIndex parent = createIndex(group.position, 0);
    const int survivors = change.rows.survivors;
    if (!change.rows.gather.empty()) {
        reorder(group, change.rows.gather, change.gathered);
    }
    if (survivors < int(group.rows->size())) {
        beginRemoveRows(parent, survivors, int(group.rows->size()) - 1);
        group.rows
            = std::make_shared<TargetRows>(group.rows->begin(), group.rows->begin() + survivors);
        endRemoveRows();
    }
    if (survivors < int(rows->size())) {
        beginInsertRows(parent, survivors, int(rows->size()) - 1);
        group.rows = change.joined;
        endInsertRows();
    }
    if (!change.rows.scatter.empty()) {
        reorder(group, change.rows.scatter, rows);
    }
}

void TargetsModel::reorder(Group& group, const std::vector<int>& order, TargetRowsPtr rows)
{
    const QList<QPersistentModelIndex> parents{createIndex(group.position, 0)};
    emit layoutAboutToBeChanged(parents, VerticalSortHint);
    group.rows = std::move(rows);
    QModelIndexList from;
    QModelIndexList to;
    const QModelIndexList all = persistentIndexList();
    for (const QModelIndex& index : all) {
        if (index.internalPointer() == &group) {
            // Views hold on to a handful: searching costs less than turning the order round.
            const auto now = std::ranges::find(order, index.row());
            from << index;
            to << createIndex(int(now - order.begin()), index.column(), &group);
        }
    }
    changePersistentIndexList(from, to);
    emit layoutChanged(parents, VerticalSortHint);
}

void TargetsModel::renumber()
{
    for (std::size_t i = 0; i < m_groups.size(); ++i) {
        m_groups[i]->position = int(i);
    }
}

} // namespace watchfire::ui
