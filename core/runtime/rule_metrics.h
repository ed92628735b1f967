// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/rules/group.h"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>
#include <watchfire/client/snapshot.h>

namespace watchfire::runtime {

/// A rule group as own metrics tell of it.
struct RuleGroupFigures {
    std::shared_ptr<const rules::GroupReport> report;
    std::uint64_t missed = 0; ///< turns
};

/// Appends the families watchfire_rule_group_…, one sample a group, labelled `rule_group` with
/// file and name as Prometheus' own are. None where there are no groups.
void appendRuleMetrics(std::span<const RuleGroupFigures> groups,
                       std::vector<client::FamilySnapshot>& out);

} // namespace watchfire::runtime
