// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/targets_model.h"

#include <algorithm>
#include <utility>

namespace watchfire::ui {

namespace {

TargetKey keyOf(int column)
{
    switch (column) {
    case TargetsModel::state:
        return TargetKey::state;
    case TargetsModel::endpoint:
        return TargetKey::endpoint;
    case TargetsModel::labels:
        return TargetKey::labels;
    case TargetsModel::lastScrape:
        return TargetKey::lastScrape;
    case TargetsModel::duration:
        return TargetKey::duration;
    case TargetsModel::samples:
        return TargetKey::samples;
    case TargetsModel::error:
        return TargetKey::error;
    default: // what the store says of the past is known for the rows on the screen only
        return TargetKey::none;
    }
}

} // namespace

TargetsModel::TargetsModel(TargetsList list, QObject* parent)
    : QAbstractItemModel(parent)
    , m_list(list)
    , m_wanted(std::make_shared<engine::TargetsSnapshot>())
{
    auto nothing = std::make_shared<TargetsView>();
    nothing->snapshot = m_wanted;
    m_view = std::move(nothing);
}

TargetsModel::~TargetsModel()
{
    m_background.stop();
    m_background.discard(std::move(m_wanted));
    m_background.discard(std::move(m_view));
}

void TargetsModel::setSnapshot(TargetsSnapshotPtr snapshot, Timestamp now)
{
    m_now = now;
    if (snapshot != m_wanted) {
        m_background.discard(std::exchange(m_wanted, std::move(snapshot)));
        replan(false);
    }
}

void TargetsModel::setNow(Timestamp now)
{
    m_now = now;
    announceSeen(lastScrape, lastScrape);
}

void TargetsModel::setFilter(const QString& text)
{
    if (text != m_filterText) {
        m_filterText = text;
        m_filter = TargetFilter(text);
        replan(true);
    }
}

void TargetsModel::sort(int column, Qt::SortOrder order)
{
    m_key = keyOf(column);
    m_order = order;
    replan(true);
}

/// `supersedes`: what is being made is of no use any more. A stream of snapshots does not, or it
/// would starve the screen.
void TargetsModel::replan(bool supersedes)
{
    if (!m_background.isBusy()) {
        start();
        return;
    }
    m_again = true;
    if (supersedes) {
        m_background.stop();
    }
}

void TargetsModel::start()
{
    m_again = false;
    m_background.start(
        [request = TargetsRequest{m_wanted, m_list, m_filter, m_key, m_order, m_view}](
            const std::stop_token& stop) -> Background::Result {
            return planTargets(request, stop);
        },
        [this](const Background::Result& result) {
            if (result != nullptr) {
                take(std::static_pointer_cast<const TargetsChange>(result));
            }
            if (m_again) {
                start();
            } else {
                emit settled();
            }
        });
}

TargetsModel::Group* TargetsModel::groupById(std::uint64_t id) const
{
    const auto found = std::ranges::find(m_groups, id, [](const auto& each) { return each->id; });
    return found == m_groups.end() ? nullptr : found->get();
}

void TargetsModel::setVisibleRows(const QModelIndexList& rows)
{
    std::vector<Seen> seen;
    for (const QModelIndex& index : rows) {
        const auto* const group = isRow(index) ? static_cast<const Group*>(index.internalPointer())
                                               : m_groups[std::size_t(index.row())].get();
        if (seen.empty() || seen.back().group != group->id) {
            seen.push_back({group->id, false, 0, -1});
        }
        Seen& last = seen.back();
        if (!isRow(index)) {
            last.header = true;
        } else if (last.last < last.first) {
            last.first = last.last = index.row();
        } else {
            last.first = std::min(last.first, index.row());
            last.last = std::max(last.last, index.row());
        }
    }
    m_seen = std::move(seen);
}

void TargetsModel::announceSeen(int firstColumn, int lastColumn)
{
    if (m_seen) {
        for (const Seen& seen : *m_seen) {
            if (const Group* const group = groupById(seen.group)) {
                announce(*group, seen, firstColumn, lastColumn);
            }
        }
        return;
    }
    for (const auto& group : m_groups) {
        announce(*group, {group->id, true, 0, int(group->rows->size()) - 1}, firstColumn,
                 lastColumn);
    }
}

void TargetsModel::announce(const Group& group, const Seen& seen, int firstColumn, int lastColumn)
{
    const QModelIndex header = createIndex(group.position, 0);
    if (seen.header) {
        emit dataChanged(header, header.siblingAtColumn(columnsEnd - 1));
    }
    const int last = std::min(seen.last, int(group.rows->size()) - 1);
    if (seen.first <= last) {
        emit dataChanged(index(seen.first, firstColumn, header), index(last, lastColumn, header));
    }
}

void TargetsModel::setTraces(Traces traces)
{
    m_traces = std::move(traces);
    announceSeen(duration, availability);
}

const TargetTracePtr& TargetsModel::traceOf(std::uint64_t target) const
{
    static const TargetTracePtr none;
    const auto found = m_traces.find(target);
    return found == m_traces.end() ? none : found->second;
}

const engine::TargetStatus* TargetsModel::itemAt(const QModelIndex& index) const
{
    return index.isValid() && isRow(index)
        ? static_cast<const Group*>(index.internalPointer())->rows->at(std::size_t(index.row()))
        : nullptr;
}

const TargetGroup* TargetsModel::groupAt(const QModelIndex& index) const
{
    if (!index.isValid()) {
        return nullptr;
    }
    return isRow(index) ? static_cast<const Group*>(index.internalPointer())->shown
                        : m_groups[std::size_t(index.row())]->shown;
}

QModelIndex TargetsModel::indexOf(std::uint64_t id) const
{
    for (const auto& group : m_groups) {
        const auto found = std::ranges::find(*group->rows, id,
                                             [](const auto* target) { return rowId(*target); });
        if (found != group->rows->end()) {
            return createIndex(int(found - group->rows->begin()), 0, group.get());
        }
    }
    return {};
}

QModelIndex TargetsModel::indexOfJob(const std::string& job) const
{
    const auto found
        = std::ranges::find(m_groups, job, [](const auto& group) { return group->shown->job; });
    return found == m_groups.end() ? QModelIndex() : createIndex((*found)->position, 0);
}

QModelIndex TargetsModel::index(int row, int column, const QModelIndex& parent) const
{
    if (row < 0 || column < 0 || column >= columnsEnd) {
        return {};
    }
    if (!parent.isValid()) {
        return row < int(m_groups.size()) ? createIndex(row, column) : QModelIndex();
    }
    if (isRow(parent) || parent.column() != 0) {
        return {};
    }
    Group* const group = m_groups[std::size_t(parent.row())].get();
    return row < int(group->rows->size()) ? createIndex(row, column, group) : QModelIndex();
}

QModelIndex TargetsModel::parent(const QModelIndex& child) const
{
    return child.isValid() && isRow(child)
        ? createIndex(static_cast<const Group*>(child.internalPointer())->position, 0)
        : QModelIndex();
}

int TargetsModel::rowCount(const QModelIndex& parent) const
{
    if (!parent.isValid()) {
        return int(m_groups.size());
    }
    return isRow(parent) || parent.column() != 0
        ? 0
        : int(m_groups[std::size_t(parent.row())]->rows->size());
}

int TargetsModel::columnCount(const QModelIndex&) const
{
    return columnsEnd;
}

bool TargetsModel::hasChildren(const QModelIndex& parent) const
{
    return rowCount(parent) > 0;
}

Qt::ItemFlags TargetsModel::flags(const QModelIndex& index) const
{
    if (!index.isValid()) {
        return {};
    }
    const Qt::ItemFlags flags = Qt::ItemIsEnabled | Qt::ItemIsSelectable;
    return isRow(index) ? flags | Qt::ItemNeverHasChildren : flags;
}

} // namespace watchfire::ui
