// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/rule_edits.h"

#include "ui/models/format.h"

#include <algorithm>

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

} // namespace

void addRule(Edits& edits, const RuleGroupKey& group, const config::RuleConfig& rule,
             QObject* context, Edits::Done done)
{
    edits.changeConfig(
        Edits::tr("Rule %1 added").arg(fromUtf8(rule.name())),
        [=](config::Config& config) { insert(config, group, rule, atTheEnd); },
        [=](config::Config& config) { remove(config, group, rule, atTheEnd); }, context,
        std::move(done));
}

void changeRule(Edits& edits, const PlacedRule& from, const RuleGroupKey& group,
                const config::RuleConfig& rule, QObject* context, Edits::Done done)
{
    const bool stays = from.group == group;
    edits.changeConfig(
        Edits::tr("Rule %1 changed").arg(fromUtf8(rule.name())),
        [=](config::Config& config) {
            if (stays) {
                replace(config, group, from.rule, rule, from.position);
            } else {
                remove(config, from.group, from.rule, from.position);
                insert(config, group, rule, atTheEnd);
            }
        },
        [=](config::Config& config) {
            if (stays) {
                replace(config, group, rule, from.rule, from.position);
            } else {
                remove(config, group, rule, atTheEnd);
                insert(config, from.group, from.rule, from.position);
            }
        },
        context, std::move(done));
}

void removeRule(Edits& edits, const PlacedRule& rule, QObject* context, Edits::Done done)
{
    edits.changeConfig(
        Edits::tr("Rule %1 deleted").arg(fromUtf8(rule.rule.name())),
        [rule](config::Config& config) { remove(config, rule.group, rule.rule, rule.position); },
        [rule](config::Config& config) { insert(config, rule.group, rule.rule, rule.position); },
        context, std::move(done));
}

} // namespace watchfire::ui
