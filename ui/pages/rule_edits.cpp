// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/rule_edits.h"

#include "ui/models/format.h"

#include <algorithm>
#include <memory>

namespace watchfire::ui {

namespace {

/// Files are written with their whole path; we name a new one as seen from the configuration.
bool isSameFile(const std::string& file, const std::string& named)
{
    return file == named || (!named.starts_with('/') && file.ends_with('/' + named));
}

bool is(const config::RuleGroupConfig& group, const RuleGroupKey& key)
{
    return group.name == key.name && isSameFile(group.file, key.file);
}

config::RuleGroupConfig* findGroup(config::Config& config, const RuleGroupKey& key)
{
    const auto found = std::ranges::find_if(config.ruleGroups,
                                            [&](const auto& group) { return is(group, key); });
    return found == config.ruleGroups.end() ? nullptr : &*found;
}

void insert(config::Config& config, const RuleGroupKey& key, const config::RuleConfig& rule,
            std::size_t position)
{
    config::RuleGroupConfig* group = findGroup(config, key);
    if (group == nullptr) {
        config.ruleGroups.push_back({});
        group = &config.ruleGroups.back();
        group->name = key.name;
        group->file = key.file;
    }
    auto& rules = group->rules;
    rules.insert(rules.begin() + std::ptrdiff_t(std::min(position, rules.size())), rule);
}

/// By its place where it still stands there, else by what it says.
std::vector<config::RuleConfig>::iterator find(config::RuleGroupConfig& group,
                                               const config::RuleConfig& rule, std::size_t position)
{
    auto& rules = group.rules;
    if (position < rules.size() && rules[position] == rule) {
        return rules.begin() + std::ptrdiff_t(position);
    }
    return std::ranges::find(rules, rule);
}

void remove(config::Config& config, const RuleGroupKey& key, const config::RuleConfig& rule,
            std::size_t position)
{
    config::RuleGroupConfig* const group = findGroup(config, key);
    if (group == nullptr) {
        return;
    }
    if (const auto found = find(*group, rule, position); found != group->rules.end()) {
        group->rules.erase(found);
    }
    if (group->rules.empty()) {
        std::erase_if(config.ruleGroups, [&](const auto& each) { return is(each, key); });
    }
}

void replace(config::Config& config, const RuleGroupKey& key, const config::RuleConfig& from,
             const config::RuleConfig& to, std::size_t position)
{
    config::RuleGroupConfig* const group = findGroup(config, key);
    if (group == nullptr) {
        insert(config, key, to, position);
    } else if (const auto found = find(*group, from, position); found != group->rules.end()) {
        *found = to;
    }
}

constexpr auto atTheEnd = std::size_t(-1);

/// A group that went with its last rule: undo brings it back as it was, settings and place too.
struct Vanished {
    std::optional<config::RuleGroupConfig> group;
    std::size_t place = 0;
};
using VanishedPtr = std::shared_ptr<Vanished>;

void removeNoting(config::Config& config, const PlacedRule& rule, const VanishedPtr& vanished)
{
    vanished->group.reset();
    if (const auto* const group = findGroup(config, rule.group);
        group != nullptr && group->rules.size() == 1) {
        vanished->group = *group;
        vanished->place = std::size_t(group - config.ruleGroups.data());
    }
    remove(config, rule.group, rule.rule, rule.position);
}

void bringBack(config::Config& config, const PlacedRule& rule, const VanishedPtr& vanished)
{
    auto& groups = config.ruleGroups;
    if (vanished->group && findGroup(config, rule.group) == nullptr) {
        groups.insert(groups.begin() + std::ptrdiff_t(std::min(vanished->place, groups.size())),
                      *vanished->group);
    } else {
        insert(config, rule.group, rule.rule, rule.position);
    }
}

/// What finds rule files, and which groups it found: a new group may need a new pattern, which
/// goes with it.
struct Found {
    std::vector<std::string> ruleFiles;
    std::vector<RuleGroupKey> groups;

    static Found of(const config::Config& config)
    {
        Found found{config.ruleFiles, {}};
        for (const config::RuleGroupConfig& group : config.ruleGroups) {
            found.groups.push_back({group.name, group.file});
        }
        return found;
    }
};

void addNoting(config::Config& config, const RuleGroupKey& key,
               const std::vector<config::RuleConfig>& rules, const std::shared_ptr<Found>& before)
{
    *before = Found::of(config);
    for (const config::RuleConfig& rule : rules) {
        insert(config, key, rule, atTheEnd);
    }
}

void takeAway(config::Config& config, const RuleGroupKey& key,
              const std::vector<config::RuleConfig>& rules, const std::shared_ptr<Found>& before)
{
    for (const config::RuleConfig& rule : rules) {
        remove(config, key, rule, atTheEnd);
    }
    if (Found::of(config).groups == before->groups) {
        config.ruleFiles = before->ruleFiles;
    }
}

void set(config::Config& config, const RuleGroupKey& key, const GroupSettings& settings)
{
    if (config::RuleGroupConfig* const group = findGroup(config, key)) {
        group->name = settings.name;
        group->interval = settings.interval;
        group->queryOffset = settings.queryOffset;
        group->limit = settings.limit;
        group->labels = settings.labels;
    }
}

} // namespace

GroupSettings GroupSettings::of(const config::RuleGroupConfig& group)
{
    return {group.name, group.interval, group.queryOffset, group.limit, group.labels};
}

const config::RuleGroupConfig* ruleGroupOf(const config::Config& config, const RuleGroupKey& key)
{
    const auto found = std::ranges::find_if(config.ruleGroups,
                                            [&](const auto& group) { return is(group, key); });
    return found == config.ruleGroups.end() ? nullptr : &*found;
}

RuleDraft draftOf(const config::Config& config, const std::optional<PlacedRule>& old,
                  const RuleGroupKey& group, const config::RuleConfig& rule)
{
    config::Config changed;
    changed.ruleGroups = config.ruleGroups;
    const bool stays = old && old->group == group;
    if (old) {
        remove(changed, old->group, old->rule, old->position);
    }
    insert(changed, group, rule, stays ? old->position : atTheEnd);
    const config::RuleGroupConfig* const own = ruleGroupOf(changed, group);
    RuleDraft draft;
    draft.group = std::size_t(own - changed.ruleGroups.data());
    draft.rule = std::min(stays ? old->position : atTheEnd, own->rules.size() - 1);
    draft.groups = std::move(changed.ruleGroups);
    if (stays) {
        // Its settings are lost where it was the only rule of its group.
        if (const config::RuleGroupConfig* const before = ruleGroupOf(config, group)) {
            const std::vector<config::RuleConfig> rules = draft.groups[draft.group].rules;
            draft.groups[draft.group] = *before;
            draft.groups[draft.group].rules = rules;
        }
    }
    return draft;
}

void addRule(Edits& edits, const RuleGroupKey& group, const config::RuleConfig& rule,
             QObject* context, Edits::Done done)
{
    addRules(edits, Edits::tr("Rule %1 added").arg(fromUtf8(rule.name())), group, {rule}, context,
             std::move(done));
}

void changeRule(Edits& edits, const PlacedRule& from, const RuleGroupKey& group,
                const config::RuleConfig& rule, QObject* context, Edits::Done done)
{
    const bool stays = from.group == group;
    const auto vanished = std::make_shared<Vanished>();
    edits.changeConfig(
        Edits::tr("Rule %1 changed").arg(fromUtf8(rule.name())),
        [=](config::Config& config) {
            if (stays) {
                replace(config, group, from.rule, rule, from.position);
            } else {
                removeNoting(config, from, vanished);
                insert(config, group, rule, atTheEnd);
            }
        },
        [=](config::Config& config) {
            if (stays) {
                replace(config, group, rule, from.rule, from.position);
            } else {
                remove(config, group, rule, atTheEnd);
                bringBack(config, from, vanished);
            }
        },
        context, std::move(done));
}

void addRules(Edits& edits, const QString& text, const RuleGroupKey& group,
              const std::vector<config::RuleConfig>& rules, QObject* context, Edits::Done done)
{
    const auto before = std::make_shared<Found>();
    edits.changeConfig(
        text, [=](config::Config& config) { addNoting(config, group, rules, before); },
        [=](config::Config& config) { takeAway(config, group, rules, before); }, context,
        std::move(done));
}

void changeGroup(Edits& edits, const RuleGroupKey& group, const GroupSettings& from,
                 const GroupSettings& to, QObject* context, Edits::Done done)
{
    const RuleGroupKey renamed{to.name, group.file};
    edits.changeConfig(
        Edits::tr("Rule group %1 changed").arg(fromUtf8(to.name)),
        [=](config::Config& config) { set(config, group, to); },
        [=](config::Config& config) { set(config, renamed, from); }, context, std::move(done));
}

void removeGroup(Edits& edits, const config::RuleGroupConfig& group, QObject* context,
                 Edits::Done done)
{
    const RuleGroupKey key{group.name, group.file};
    const auto place = std::make_shared<std::size_t>(atTheEnd);
    edits.changeConfig(
        Edits::tr("Rule group %1 deleted").arg(fromUtf8(group.name)),
        [=](config::Config& config) {
            auto& groups = config.ruleGroups;
            const auto found
                = std::ranges::find_if(groups, [&](const auto& each) { return is(each, key); });
            if (found != groups.end()) {
                *place = std::size_t(found - groups.begin());
                groups.erase(found);
            }
        },
        [=](config::Config& config) {
            auto& groups = config.ruleGroups;
            groups.insert(groups.begin() + std::ptrdiff_t(std::min(*place, groups.size())), group);
        },
        context, std::move(done));
}

void removeRule(Edits& edits, const PlacedRule& rule, QObject* context, Edits::Done done)
{
    const auto vanished = std::make_shared<Vanished>();
    edits.changeConfig(
        Edits::tr("Rule %1 deleted").arg(fromUtf8(rule.rule.name())),
        [=](config::Config& config) { removeNoting(config, rule, vanished); },
        [=](config::Config& config) { bringBack(config, rule, vanished); }, context,
        std::move(done));
}

} // namespace watchfire::ui
