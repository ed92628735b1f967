// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/config.h"
#include "ui/pages/edits.h"
#include "ui/pages/rule_form.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// The undoable changes of rules. `done` as in Edits::changeConfig.
namespace watchfire::ui {

/// A rule as the configuration has it: its group, what it says, and where it stands there.
struct PlacedRule {
    RuleGroupKey group;
    config::RuleConfig rule;
    std::size_t position = 0;
};

/// What a group has beside its rules.
struct GroupSettings {
    std::string name;
    config::Duration interval{}; ///< zero: the global evaluation interval
    std::optional<config::Duration> queryOffset;
    std::uint64_t limit = 0; ///< of alerts or series of each rule; 0: none
    std::vector<std::pair<std::string, std::string>> labels;

    static GroupSettings of(const config::RuleGroupConfig& group);
    friend bool operator==(const GroupSettings&, const GroupSettings&) = default;
};

/// A rule among all groups as they would be with it, and where it stands there.
struct RuleDraft {
    std::vector<config::RuleGroupConfig> groups;
    std::size_t group = 0;
    std::size_t rule = 0;

    const config::RuleGroupConfig& ownGroup() const { return groups[group]; }
    const config::RuleConfig& written() const { return groups[group].rules[rule]; }
    friend bool operator==(const RuleDraft&, const RuleDraft&) = default;
};

/// The group of that key; null: there is none.
const config::RuleGroupConfig* ruleGroupOf(const config::Config& config, const RuleGroupKey& key);

/// `rule` put into the configuration's groups, in place of `old` where that is set.
RuleDraft draftOf(const config::Config& config, const std::optional<PlacedRule>& old,
                  const RuleGroupKey& group, const config::RuleConfig& rule);

/// Makes the group where there is none.
void addRule(Edits& edits, const RuleGroupKey& group, const config::RuleConfig& rule,
             QObject* context, Edits::Done done);
/// In its place, or at the end of another group.
void changeRule(Edits& edits, const PlacedRule& from, const RuleGroupKey& group,
                const config::RuleConfig& rule, QObject* context, Edits::Done done);
/// A group that becomes empty goes with its last rule.
void removeRule(Edits& edits, const PlacedRule& rule, QObject* context, Edits::Done done);

/// All of them as one edit that is called `text`.
void addRules(Edits& edits, const QString& text, const RuleGroupKey& group,
              const std::vector<config::RuleConfig>& rules, QObject* context, Edits::Done done);
void changeGroup(Edits& edits, const RuleGroupKey& group, const GroupSettings& from,
                 const GroupSettings& to, QObject* context, Edits::Done done);
/// With its rules, as `group` has them.
void removeGroup(Edits& edits, const config::RuleGroupConfig& group, QObject* context,
                 Edits::Done done);

} // namespace watchfire::ui
