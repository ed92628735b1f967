// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/alerting/inhibition.h"

#include <algorithm>

namespace watchfire::alerting {

bool isInhibited(const Labels& labels, std::span<const config::InhibitRuleConfig> rules,
                 std::span<const Alert> alerts, Timestamp now)
{
    return std::ranges::any_of(rules, [&](const config::InhibitRuleConfig& rule) {
        if (!matchesAll(rule.target, labels)) {
            return false;
        }
        const bool isSourceToo = matchesAll(rule.source, labels);
        return std::ranges::any_of(alerts, [&](const Alert& alert) {
            return !alert.isResolvedAt(now) && matchesAll(rule.source, alert.labels)
                && !(isSourceToo && matchesAll(rule.target, alert.labels))
                && std::ranges::all_of(rule.equal, [&](const std::string& name) {
                       return alert.labels.get(name) == labels.get(name);
                   });
        });
    });
}

} // namespace watchfire::alerting
