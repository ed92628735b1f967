// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/snapshots.h"
#include "ui/models/rows_change.h"
#include "ui/models/targets_filter.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include <QtCore/qnamespace.h>

/// What a list of targets shows, and how it gets there from what it showed: worked out away from
/// the GUI thread, then handed over whole.
namespace watchfire::ui {

using TargetsSnapshotPtr = std::shared_ptr<const engine::TargetsSnapshot>;

/// Which targets of a snapshot.
enum class TargetsList : std::uint8_t { scraped, dropped };

/// What a list can be sorted by.
enum class TargetKey : std::uint8_t {
    none, ///< as the snapshot has it
    state,
    endpoint,
    labels,
    lastScrape,
    duration,
    samples,
    error
};

struct TargetCounts {
    std::array<std::size_t, targetStates> in{};
    std::size_t of(TargetState state) const { return in[std::size_t(state)]; }
    std::size_t all() const { return in[0] + in[1] + in[2] + in[3]; }
    friend bool operator==(const TargetCounts&, const TargetCounts&) = default;
};

/// Rows of one job, in order; they point into the snapshot of the view they belong to.
using TargetRows = std::vector<const engine::TargetStatus*>;
using TargetRowsPtr = std::shared_ptr<const TargetRows>;

struct TargetGroup {
    std::uint64_t id = 0;
    std::string job;
    TargetRowsPtr rows; ///< those shown
    TargetCounts counts; ///< of the whole job, filtered out or not
    std::vector<const engine::DiscoveryStatus*> discoveries;
};

/// Columns over a snapshot's targets, made once and used again while the targets stay the same.
struct TargetColumns {
    std::shared_ptr<const TargetTexts> texts; ///< null: not needed yet
    TargetKey ranked = TargetKey::none; ///< by what `ranks` ranks: endpoint or labels
    std::shared_ptr<const std::vector<std::uint32_t>> ranks;
};

/// What is shown. Immutable.
struct TargetsView {
    TargetsSnapshotPtr snapshot; ///< owns what rows and discoveries point at
    std::vector<TargetGroup> groups; ///< by job
    TargetCounts counts; ///< of those the filter passes, its states left aside
    std::size_t shown = 0;
    std::size_t total = 0;
    TargetColumns columns;
};
using TargetsViewPtr = std::shared_ptr<const TargetsView>;

/// How the rows of one group become those of the new view.
struct GroupChange {
    bool isNew = false; ///< the group was not there
    RowsChange rows;
    /// Between the announcements of a scattered change: what stays and behind it what goes; what
    /// stays and behind it what comes.
    TargetRowsPtr gathered;
    TargetRowsPtr joined;
};

/// From one view to the next.
struct TargetsChange {
    TargetsViewPtr view;
    SequenceDiff groups;
    std::vector<GroupChange> rows; ///< group by group of the new view
};

struct TargetsRequest {
    TargetsSnapshotPtr snapshot;
    TargetsList list = TargetsList::scraped;
    TargetFilter filter;
    TargetKey key = TargetKey::none;
    Qt::SortOrder order = Qt::AscendingOrder;
    TargetsViewPtr before; ///< what is shown now; null: nothing
};

/// The id of a row. Dropped targets may have none of their own: theirs is made of their labels.
std::uint64_t rowId(const engine::TargetStatus& target);

/// Null where it was stopped.
std::shared_ptr<const TargetsChange> planTargets(const TargetsRequest& request,
                                                 const std::stop_token& stop = {});

} // namespace watchfire::ui
