// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/targets_plan.h"

#include <cstdint>
#include <span>
#include <vector>

namespace watchfire::ui {

/// Sorted by ranks, which stay while the targets do.
bool isTextKey(TargetKey key);

/// The place of each target among all by that text key; equal texts have equal ranks.
std::vector<std::uint32_t> ranksOf(std::span<const engine::TargetStatus> targets, TargetKey key);

/// Sorts positions in `targets`; equal ones keep their order, descending too. `ranks` are those of
/// the key where it is a text key.
void sortTargets(std::vector<std::uint32_t>& rows, std::span<const engine::TargetStatus> targets,
                 TargetKey key, Qt::SortOrder order, const std::vector<std::uint32_t>* ranks);

} // namespace watchfire::ui
