// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/diff.h"

#include <map>

namespace watchfire::config {

namespace {

/// Compares two lists by a key, in order of the lists.
template <class Item, class Key, class KeyOf>
void compare(const std::vector<Item>& before, const std::vector<Item>& after, KeyOf keyOf,
             std::vector<Key>& added, std::vector<Key>& removed, std::vector<Key>& changed)
{
    std::map<Key, const Item*> old;
    for (const Item& item : before) {
        old.emplace(keyOf(item), &item);
    }
    for (const Item& item : after) {
        const auto known = old.find(keyOf(item));
        if (known == old.end()) {
            added.push_back(keyOf(item));
            continue;
        }
        if (!(*known->second == item)) {
            changed.push_back(known->first);
        }
        known->second = nullptr;
    }
    for (const auto& [key, item] : old) {
        if (item != nullptr) {
            removed.push_back(key);
        }
    }
}

} // namespace

bool ConfigDiff::empty() const
{
    return !global && !alertmanager && !own && !storage && !foreign && addedJobs.empty()
        && removedJobs.empty() && changedJobs.empty() && addedGroups.empty()
        && removedGroups.empty() && changedGroups.empty();
}

ConfigDiff diff(const Config& before, const Config& after)
{
    ConfigDiff out;
    out.global = before.global != after.global;
    out.alertmanager = before.alertmanager != after.alertmanager;
    out.own = before.own != after.own;
    out.storage = before.outOfOrderWindow != after.outOfOrderWindow
        || before.retention != after.retention || before.maxExemplars != after.maxExemplars;
    out.foreign = before.foreign != after.foreign;
    compare(
        before.scrapeConfigs, after.scrapeConfigs,
        [](const ScrapeConfig& job) { return job.jobName; }, out.addedJobs, out.removedJobs,
        out.changedJobs);
    compare(
        before.ruleGroups, after.ruleGroups,
        [](const RuleGroupConfig& group) { return GroupKey(group.file, group.name); },
        out.addedGroups, out.removedGroups, out.changedGroups);
    return out;
}

} // namespace watchfire::config
