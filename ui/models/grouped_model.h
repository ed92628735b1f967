// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/filter.h"
#include "ui/models/roles.h"
#include "ui/models/sequence_diff.h"

#include <algorithm>
#include <compare>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include <QAbstractItemModel>
#include <QHash>

namespace watchfire::ui {

/// A tree of two levels, groups and rows, over immutable snapshots. A new snapshot becomes
/// removals, one reordering, insertions and one dataChanged per group, so that selection,
/// expansion and scroll position survive. Filtering and sorting work on the plain arrays of the
/// snapshot; a proxy model would cost several times as much.
///
/// Rows are known by a stable id, distinct in the whole model; groups by their name. A group
/// whose rows are all filtered out is not shown.
template <class Item> class GroupedModel : public QAbstractItemModel {
public:
    /// One row as a snapshot offers it. `item` belongs to the owner given with it.
    struct Entry {
        QString group;
        std::uint64_t id = 0;
        const Item* item = nullptr;
    };
    struct Group {
        std::uint64_t id = 0;
        QString name;
        int position = 0;
        std::vector<std::uint64_t> ids; ///< of the rows shown, in order
        std::vector<const Item*> items; ///< likewise
        std::vector<const Item*> all; ///< filtered out or not, as the snapshot has them
        QString summary; ///< what `summarize` said of `all`
        ItemState state = ItemState::none;
    };

    using QAbstractItemModel::QAbstractItemModel;

    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override
    {
        if (row < 0 || column < 0 || column >= columnCount()) {
            return {};
        }
        if (!parent.isValid()) {
            return row < int(m_groups.size()) ? createIndex(row, column) : QModelIndex();
        }
        if (isRow(parent) || parent.column() != 0) {
            return {};
        }
        Group* const group = m_groups[std::size_t(parent.row())].get();
        return row < int(group->ids.size()) ? createIndex(row, column, group) : QModelIndex();
    }

    QModelIndex parent(const QModelIndex& child) const override
    {
        return child.isValid() && isRow(child) ? createIndex(groupBehind(child)->position, 0)
                                               : QModelIndex();
    }
    using QObject::parent;

    int rowCount(const QModelIndex& parent = {}) const override
    {
        if (!parent.isValid()) {
            return int(m_groups.size());
        }
        if (isRow(parent) || parent.column() != 0) {
            return 0;
        }
        return int(m_groups[std::size_t(parent.row())]->ids.size());
    }

    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override
    {
        if (!index.isValid()) {
            return {};
        }
        if (!isRow(index)) {
            const Group& group = *m_groups[std::size_t(index.row())];
            switch (role) {
            case idRole:
                return quint64(group.id);
            case summaryRole:
                return index.column() == 0 ? QVariant(group.summary) : QVariant();
            case stateRole:
                return index.column() == 0 ? QVariant(int(group.state)) : QVariant();
            default:
                return groupData(group, index.column(), role);
            }
        }
        const Group& group = *groupBehind(index);
        if (role == idRole) {
            return quint64(group.ids[std::size_t(index.row())]);
        }
        return rowData(*group.items[std::size_t(index.row())], index.column(), role);
    }

    Qt::ItemFlags flags(const QModelIndex& index) const override
    {
        Qt::ItemFlags flags = QAbstractItemModel::flags(index);
        if (index.isValid() && isRow(index)) {
            flags |= Qt::ItemNeverHasChildren;
        }
        return flags;
    }

    /// Column −1: the snapshot's own order.
    void sort(int column, Qt::SortOrder order = Qt::AscendingOrder) override
    {
        m_sortColumn = column;
        m_sortOrder = order;
        rebuild();
    }

    void setFilter(const QString& text)
    {
        Filter filter = parseFilter(text);
        if (filter != m_filter) {
            m_filter = std::move(filter);
            rebuild();
        }
    }
    bool isFiltered() const { return !m_filter.empty(); }

    int shownCount() const { return m_shown; }
    int totalCount() const { return int(m_entries.size()); }

    /// Null for a group.
    const Item* itemAt(const QModelIndex& index) const
    {
        return index.isValid() && isRow(index) ? groupBehind(index)->items[std::size_t(index.row())]
                                               : nullptr;
    }
    /// The group of a row, or the group itself.
    const Group* groupAt(const QModelIndex& index) const
    {
        if (!index.isValid()) {
            return nullptr;
        }
        return isRow(index) ? groupBehind(index) : m_groups[std::size_t(index.row())].get();
    }
    bool isRow(const QModelIndex& index) const { return index.internalPointer() != nullptr; }

    /// The row with that id where it is shown.
    QModelIndex indexOf(std::uint64_t id) const
    {
        for (const auto& group : m_groups) {
            if (const auto found = std::ranges::find(group->ids, id); found != group->ids.end()) {
                return createIndex(int(found - group->ids.begin()), 0, group.get());
            }
        }
        return {};
    }

protected:
    /// Shows another snapshot; `owner` keeps its items alive.
    void present(std::vector<Entry> entries, std::shared_ptr<const void> owner)
    {
        // The rows about to be removed may be looked at while they go.
        const std::shared_ptr<const void> before = std::exchange(m_owner, std::move(owner));
        m_entries = std::move(entries);
        rebuild();
    }

    /// For a change that only time has made.
    void announceAllChanged()
    {
        for (const auto& group : m_groups) {
            announceChanged(*group);
        }
    }

    virtual QVariant groupData(const Group& group, int column, int role) const
    {
        return column == 0 && role == Qt::DisplayRole ? QVariant(group.name) : QVariant();
    }
    virtual QVariant rowData(const Item& item, int column, int role) const = 0;
    /// Fills `summary` and `state` from `all`.
    virtual void summarize(Group& group) const = 0;
    virtual bool hasWord(const Item& item, const std::string& lowerWord) const = 0;
    virtual bool hasChip(const Item& item, const Filter::Chip& chip) const = 0;
    virtual std::weak_ordering compare(const Item& a, const Item& b, int column) const = 0;

private:
    /// More runs than this in one change are announced as one removal and one insertion.
    static constexpr std::size_t manyRuns = 64;

    static Group* groupBehind(const QModelIndex& row)
    {
        return static_cast<Group*>(row.internalPointer());
    }

    bool passes(const Item& item) const
    {
        return std::ranges::all_of(m_filter.words,
                                   [&](const auto& word) { return hasWord(item, word); })
            && std::ranges::all_of(m_filter.chips,
                                   [&](const auto& chip) { return hasChip(item, chip); });
    }

    std::uint64_t groupId(const QString& name)
    {
        auto& id = m_groupIds[name];
        if (id == 0) {
            id = std::uint64_t(m_groupIds.size());
        }
        return id;
    }

    /// What should be shown, in order.
    std::vector<std::unique_ptr<Group>> plan()
    {
        std::vector<std::unique_ptr<Group>> groups;
        QHash<QString, Group*> byName;
        m_shown = 0;
        for (const Entry& entry : m_entries) {
            Group*& group = byName[entry.group];
            if (group == nullptr) {
                groups.push_back(std::make_unique<Group>());
                group = groups.back().get();
                group->id = groupId(entry.group);
                group->name = entry.group;
            }
            group->all.push_back(entry.item);
            if (m_filter.empty() || passes(*entry.item)) {
                group->ids.push_back(entry.id);
                group->items.push_back(entry.item);
                ++m_shown;
            }
        }
        std::erase_if(groups, [](const auto& group) { return group->ids.empty(); });
        for (std::size_t i = 0; i < groups.size(); ++i) {
            groups[i]->position = int(i);
            sortRows(*groups[i]);
            summarize(*groups[i]);
        }
        return groups;
    }

    void sortRows(Group& group) const
    {
        if (m_sortColumn < 0) {
            return;
        }
        std::vector<std::uint32_t> order(group.items.size());
        for (std::size_t i = 0; i < order.size(); ++i) {
            order[i] = std::uint32_t(i);
        }
        std::ranges::stable_sort(order, [&](std::uint32_t a, std::uint32_t b) {
            const auto less = compare(*group.items[a], *group.items[b], m_sortColumn);
            return m_sortOrder == Qt::AscendingOrder ? less < 0 : less > 0;
        });
        std::vector<std::uint64_t> ids(order.size());
        std::vector<const Item*> items(order.size());
        for (std::size_t i = 0; i < order.size(); ++i) {
            ids[i] = group.ids[order[i]];
            items[i] = group.items[order[i]];
        }
        group.ids = std::move(ids);
        group.items = std::move(items);
    }

    void rebuild()
    {
        auto planned = plan();
        changeGroups(planned);
        // Now both have the same groups in the same order.
        for (std::size_t i = 0; i < m_groups.size(); ++i) {
            if (planned[i]) { // else it is the planned one itself, just inserted
                changeRows(*m_groups[i], *planned[i]);
            }
        }
    }

    /// Afterwards m_groups has the planned groups in their order; of those that were new, the
    /// planned one itself has moved there.
    void changeGroups(std::vector<std::unique_ptr<Group>>& planned)
    {
        const auto idsOf = [](const std::vector<std::unique_ptr<Group>>& groups) {
            std::vector<std::uint64_t> ids;
            ids.reserve(groups.size());
            for (const auto& group : groups) {
                ids.push_back(group->id);
            }
            return ids;
        };
        const SequenceDiff diff = diffSequences(idsOf(m_groups), idsOf(planned));
        for (const RowRun& run : diff.removed) {
            beginRemoveRows({}, run.first, run.last);
            m_groups.erase(m_groups.begin() + run.first, m_groups.begin() + run.last + 1);
            renumber();
            endRemoveRows();
        }
        if (!diff.order.empty()) {
            reorder({}, diff.order, [&] {
                std::vector<std::unique_ptr<Group>> groups;
                for (const int from : diff.order) {
                    groups.push_back(std::move(m_groups[std::size_t(from)]));
                }
                m_groups = std::move(groups);
                renumber();
            });
        }
        for (const RowRun& run : diff.inserted) {
            beginInsertRows({}, run.first, run.last);
            for (int row = run.first; row <= run.last; ++row) {
                m_groups.insert(m_groups.begin() + row, std::move(planned[std::size_t(row)]));
            }
            renumber();
            endInsertRows();
        }
    }

    void changeRows(Group& group, Group& planned)
    {
        const QModelIndex parent = createIndex(group.position, 0);
        const SequenceDiff diff = diffSequences(group.ids, planned.ids);
        if (diff.removed.size() > manyRuns || diff.inserted.size() > manyRuns) {
            replaceRows(group, planned, parent);
        } else {
            for (const RowRun& run : diff.removed) {
                beginRemoveRows(parent, run.first, run.last);
                group.ids.erase(group.ids.begin() + run.first, group.ids.begin() + run.last + 1);
                group.items.erase(group.items.begin() + run.first,
                                  group.items.begin() + run.last + 1);
                endRemoveRows();
            }
            if (!diff.order.empty()) {
                reorder(parent, diff.order, [&] {
                    std::vector<std::uint64_t> ids;
                    std::vector<const Item*> items;
                    for (const int from : diff.order) {
                        ids.push_back(group.ids[std::size_t(from)]);
                        items.push_back(group.items[std::size_t(from)]);
                    }
                    group.ids = std::move(ids);
                    group.items = std::move(items);
                });
            }
            for (const RowRun& run : diff.inserted) {
                const auto first = planned.ids.begin() + run.first;
                const auto last = planned.ids.begin() + run.last + 1;
                beginInsertRows(parent, run.first, run.last);
                group.ids.insert(group.ids.begin() + run.first, first, last);
                group.items.insert(group.items.begin() + run.first,
                                   planned.items.begin() + run.first,
                                   planned.items.begin() + run.last + 1);
                endInsertRows();
            }
        }
        group.items = std::move(planned.items);
        group.all = std::move(planned.all);
        group.summary = std::move(planned.summary);
        group.state = planned.state;
        announceChanged(group);
    }

    void replaceRows(Group& group, const Group& planned, const QModelIndex& parent)
    {
        if (!group.ids.empty()) {
            beginRemoveRows(parent, 0, int(group.ids.size()) - 1);
            group.ids.clear();
            group.items.clear();
            endRemoveRows();
        }
        beginInsertRows(parent, 0, int(planned.ids.size()) - 1);
        group.ids = planned.ids;
        group.items = planned.items;
        endInsertRows();
    }

    template <class Move>
    void reorder(const QModelIndex& parent, const std::vector<int>& order, Move move)
    {
        QList<QPersistentModelIndex> parents; // none: the top level
        if (parent.isValid()) {
            parents.emplace_back(parent);
        }
        emit this->layoutAboutToBeChanged(parents, QAbstractItemModel::VerticalSortHint);
        std::vector<int> newRow(order.size());
        for (std::size_t i = 0; i < order.size(); ++i) {
            newRow[std::size_t(order[i])] = int(i);
        }
        QModelIndexList from;
        QModelIndexList to;
        for (const QModelIndex& index : persistentIndexList()) {
            const bool moves = parent.isValid()
                ? isRow(index) && groupBehind(index)->position == parent.row()
                : !isRow(index);
            if (moves) {
                from.push_back(index);
                to.push_back(createIndex(newRow[std::size_t(index.row())], index.column(),
                                         index.internalPointer()));
            }
        }
        move();
        changePersistentIndexList(from, to);
        emit this->layoutChanged(parents, QAbstractItemModel::VerticalSortHint);
    }

    void announceChanged(const Group& group)
    {
        const QModelIndex header = createIndex(group.position, 0);
        emit this->dataChanged(header, header.siblingAtColumn(columnCount() - 1));
        emit this->dataChanged(index(0, 0, header),
                               index(int(group.ids.size()) - 1, columnCount() - 1, header));
    }

    void renumber()
    {
        for (std::size_t i = 0; i < m_groups.size(); ++i) {
            m_groups[i]->position = int(i);
        }
    }

    std::vector<Entry> m_entries;
    std::shared_ptr<const void> m_owner;
    std::vector<std::unique_ptr<Group>> m_groups;
    QHash<QString, std::uint64_t> m_groupIds;
    Filter m_filter;
    int m_sortColumn = -1;
    Qt::SortOrder m_sortOrder = Qt::AscendingOrder;
    int m_shown = 0;
};

} // namespace watchfire::ui
