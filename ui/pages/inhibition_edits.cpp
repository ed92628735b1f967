// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/inhibition_edits.h"

#include "ui/models/format.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace watchfire::ui {

namespace {

using config::InhibitRuleConfig;
using Rules = std::vector<InhibitRuleConfig>;

Rules& rulesOf(config::Config& config)
{
    return config.alertmanager.inhibitRules;
}

QString nameOf(const InhibitRuleConfig& rule)
{
    return rule.target.empty() ? Edits::tr("every alert") : matchersText(rule.target);
}

/// The last that says so.
void eraseLast(Rules& rules, const InhibitRuleConfig& rule)
{
    const auto found = std::ranges::find_last(rules, rule);
    if (!found.empty()) {
        rules.erase(found.begin());
    }
}

void replaceFirst(Rules& rules, const InhibitRuleConfig& from, const InhibitRuleConfig& to)
{
    if (const auto found = std::ranges::find(rules, from); found != rules.end()) {
        *found = to;
    }
}

} // namespace

void addInhibition(Edits& edits, const InhibitRuleConfig& rule, QObject* context, Edits::Done done)
{
    edits.changeConfig(
        Edits::tr("Inhibition of %1 added").arg(nameOf(rule)),
        [rule](config::Config& config) { rulesOf(config).push_back(rule); },
        [rule](config::Config& config) { eraseLast(rulesOf(config), rule); }, context,
        std::move(done));
}

void changeInhibition(Edits& edits, const InhibitRuleConfig& from, const InhibitRuleConfig& to,
                      QObject* context, Edits::Done done)
{
    edits.changeConfig(
        Edits::tr("Inhibition of %1 changed").arg(nameOf(to)),
        [from, to](config::Config& config) { replaceFirst(rulesOf(config), from, to); },
        [from, to](config::Config& config) { replaceFirst(rulesOf(config), to, from); }, context,
        std::move(done));
}

void removeInhibition(Edits& edits, std::size_t place, const InhibitRuleConfig& rule,
                      QObject* context, Edits::Done done)
{
    edits.changeConfig(
        Edits::tr("Inhibition of %1 deleted").arg(nameOf(rule)),
        [place, rule](config::Config& config) {
            Rules& rules = rulesOf(config);
            if (place < rules.size() && rules[place] == rule) {
                rules.erase(rules.begin() + std::ptrdiff_t(place));
            }
        },
        [place, rule](config::Config& config) {
            Rules& rules = rulesOf(config);
            rules.insert(rules.begin() + std::ptrdiff_t(std::min(place, rules.size())), rule);
        },
        context, std::move(done));
}

} // namespace watchfire::ui
