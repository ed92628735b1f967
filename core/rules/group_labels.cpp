// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rules/group_labels.h"

#include <algorithm>

namespace watchfire::rules {

config::RuleConfig withGroupLabels(config::RuleConfig rule,
                                   const std::vector<std::pair<std::string, std::string>>& labels)
{
    for (const auto& label : labels) {
        const bool own = std::ranges::contains(rule.labels, label.first,
                                               &std::pair<std::string, std::string>::first);
        if (!own) {
            rule.labels.push_back(label);
        }
    }
    return rule;
}

} // namespace watchfire::rules
