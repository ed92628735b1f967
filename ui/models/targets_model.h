// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/snapshots.h"
#include "ui/models/background.h"
#include "ui/models/roles.h"
#include "ui/models/target_trace.h"
#include "ui/models/targets_plan.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include <QAbstractItemModel>

namespace watchfire::ui {

/// Job → target, of a snapshot of any size. What is to be shown, in which order, and how the rows
/// get there is worked out on a worker (`planTargets`); the GUI thread only exchanges the result
/// and announces it, and texts are made for the cells that are painted. So everything set here
/// shows a little later; `settled` says when.
///
/// Rows are known by their target's id, groups by their job's name. dataChanged is announced for
/// the rows on the screen, once these have been said with `setVisibleRows`.
class TargetsModel final : public QAbstractItemModel {
    Q_OBJECT

public:
    enum Column {
        state,
        endpoint,
        labels,
        lastScrape,
        duration,
        samples,
        availability,
        error,
        columnsEnd
    };

    explicit TargetsModel(TargetsList list, QObject* parent = nullptr);
    explicit TargetsModel(QObject* parent = nullptr)
        : TargetsModel(TargetsList::scraped, parent)
    {
    }
    ~TargetsModel() override;

    /// Where plans are made; null: a worker. It must outlive the model.
    void setExecutor(Executor* executor) { m_background.setExecutor(executor); }

    void setSnapshot(TargetsSnapshotPtr snapshot, Timestamp now);
    /// Ages move on without a new snapshot.
    void setNow(Timestamp now);
    /// Words, state:down, label:part, label=value: see TargetFilter.
    void setFilter(const QString& text);
    bool isFiltered() const { return !m_filterText.isEmpty(); }
    /// By a column; −1: the snapshot's own order.
    void sort(int column, Qt::SortOrder order = Qt::AscendingOrder) override;
    /// What was set last is not shown yet.
    bool isSettling() const { return m_background.isBusy(); }

    /// The rows on the screen, of any column.
    void setVisibleRows(const QModelIndexList& rows);
    /// Past samples of targets, for the sparkline and the strip, in place of those before.
    using Traces = std::unordered_map<std::uint64_t, TargetTracePtr>;
    void setTraces(Traces traces);
    const TargetTracePtr& traceOf(std::uint64_t target) const;

    /// Of what the filter passes, its states left aside.
    const TargetCounts& counts() const { return m_view->counts; }
    int shownCount() const { return int(m_view->shown); }
    int totalCount() const { return int(m_view->total); }

    /// Null for a group.
    const engine::TargetStatus* itemAt(const QModelIndex& index) const;
    /// The group of a row, or the group itself; null for neither.
    const TargetGroup* groupAt(const QModelIndex& index) const;
    /// The row with that id, where it is shown. Looks through all rows.
    QModelIndex indexOf(std::uint64_t id) const;
    QModelIndex indexOfJob(const std::string& job) const;
    static bool isRow(const QModelIndex& index) { return index.internalPointer() != nullptr; }

    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    QModelIndex parent(const QModelIndex& child) const override;
    using QObject::parent;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    bool hasChildren(const QModelIndex& parent = {}) const override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    static ItemState stateOf(const engine::TargetStatus& target);
    /// "Up", "Down", "Unknown", "Paused".
    static QString stateWord(const engine::TargetStatus& target);
    /// host:port of the URL, or the name of an own collector.
    static QString endpointOf(const engine::TargetStatus& target);

signals:
    /// Rows are about to come, go or move; and they have.
    void aboutToChange();
    void changed();
    /// What was set last is shown.
    void settled();

private:
    struct Group {
        const TargetGroup* shown = nullptr; ///< of m_view
        std::uint64_t id = 0;
        int position = 0;
        TargetRowsPtr rows; ///< never null
    };
    struct Seen {
        std::uint64_t group = 0;
        bool header = false;
        int first = 0; ///< none: first > last
        int last = -1;
    };

    void replan(bool supersedes);
    void start();
    void take(const std::shared_ptr<const TargetsChange>& change);
    void changeGroups(const TargetsChange& change);
    void changeByRuns(Group& group, const TargetRows& rows, const SequenceDiff& runs);
    void changeScattered(Group& group, const TargetRowsPtr& rows, const GroupChange& change);
    void reorder(Group& group, const std::vector<int>& order, TargetRowsPtr rows);
    void renumber();
    void announceSeen(int firstColumn, int lastColumn);
    void announce(const Group& group, const Seen& seen, int firstColumn, int lastColumn);
    Group* groupById(std::uint64_t id) const;
    QVariant groupData(const Group& group, int column, int role) const;
    QVariant rowData(const engine::TargetStatus& target, int column, int role) const;
    QVariant cellText(const engine::TargetStatus& target, int column) const;

    TargetsList m_list;
    Background m_background;
    TargetsViewPtr m_view; ///< never null
    std::vector<std::unique_ptr<Group>> m_groups;
    TargetsSnapshotPtr m_wanted; ///< the newest
    QString m_filterText;
    TargetFilter m_filter;
    TargetKey m_key = TargetKey::none;
    Qt::SortOrder m_order = Qt::AscendingOrder;
    bool m_again = false; ///< something was set while a plan was being made
    std::optional<std::vector<Seen>> m_seen;
    Traces m_traces;
    Timestamp m_now{};
};

} // namespace watchfire::ui
