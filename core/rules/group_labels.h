// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/config.h"

#include <string>
#include <utility>
#include <vector>

namespace watchfire::rules {

/// The rule with its group's labels, which are defaults: a rule's own label of that name wins, an
/// empty one takes it away.
config::RuleConfig withGroupLabels(config::RuleConfig rule,
                                   const std::vector<std::pair<std::string, std::string>>& labels);

} // namespace watchfire::rules
