// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/engine.h"
#include "core/model/labels.h"
#include "core/model/relabel.h"

#include <cstdint>
#include <span>
#include <vector>

#include <QString>

/// What relabelling does to label sets, in rows for people.
namespace watchfire::ui {

enum class DiffState { unchanged, changed, dropped, fault, added, removed, notReached };

/// "Added", "Dropped", …
QString diffWord(DiffState state);
/// The icon that stands beside the word.
const char* diffIcon(DiffState state);

/// A row with what it had before and has after; of a set of labels, one child for each label
/// that is not as it was.
struct DiffRow {
    DiffState state = DiffState::unchanged;
    QString name;
    QString before;
    QString after;
    std::vector<DiffRow> children;
    std::uint64_t id = 0; ///< of the label set that came in; the same in every answer
};

/// One row for each label that differs, by name.
std::vector<DiffRow> labelChanges(const Labels& before, const Labels& after);

/// A target, or a series: its children are what all rules together changed.
DiffRow outcomeRow(const engine::RelabelOutcome& outcome);

/// One row for each rule: what it changed, where it dropped the set, or that it was not reached.
std::vector<DiffRow> stepRows(const engine::RelabelOutcome& outcome,
                              const std::vector<RelabelRule>& rules);

/// How many came to what.
struct DiffCounts {
    std::size_t unchanged = 0;
    std::size_t changed = 0;
    std::size_t dropped = 0;
    std::size_t faults = 0;
};
DiffCounts countOutcomes(std::span<const DiffRow> rows);

/// What the rules make of each set: the engine's own relabelling, with its steps. For series that
/// are there already; targets are asked of the engine, which knows how they are found.
std::vector<engine::RelabelOutcome> applyRules(const std::vector<Labels>& sets,
                                               const std::vector<RelabelRule>& rules);

} // namespace watchfire::ui
