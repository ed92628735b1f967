// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/external_edit.h"

#include <algorithm>
#include <format>
#include <utility>

namespace watchfire::config {

namespace {

using Conflicts = std::vector<std::string>;

/// One setting: whoever changed it; theirs where both did.
template <class Value>
void mergeSetting(Value& theirs, const Value& base, const Value& ours, std::string_view place,
                  Conflicts& conflicts)
{
    if (ours == base || ours == theirs) {
        return;
    }
    if (theirs == base) {
        theirs = ours;
    } else {
        conflicts.emplace_back(place);
    }
}

/// A list of things that have a key each.
template <class Item, class KeyOf> class ListMerge {
public:
    ListMerge(KeyOf keyOf, Conflicts& conflicts)
        : m_keyOf(keyOf)
        , m_conflicts(conflicts)
    {
    }

    /// The three as seen from the same ground, so that equal ones are those that nobody changed.
    /// `placeOf` names one to people.
    template <class PlaceOf>
    std::vector<Item> merge(const std::vector<Item>& base, const std::vector<Item>& theirs,
                            const std::vector<Item>& ours, PlaceOf placeOf)
    {
        const bool order = keys(theirs) == keys(base);
        std::vector<Item> out;
        for (const Item& item : theirs) {
            if (const Item* const kept
                = choose(find(base, item), &item, find(ours, item), placeOf)) {
                out.push_back(*kept);
            }
        }
        for (std::size_t i = 0; i < ours.size(); ++i) {
            if (find(theirs, ours[i]) != nullptr) {
                continue;
            }
            if (const Item* const kept = choose(find(base, ours[i]), nullptr, &ours[i], placeOf)) {
                insertBehind(out, ours, i, *kept);
            }
        }
        const bool known = std::ranges::all_of(
            out, [&](const Item& item) { return find(ours, item) != nullptr; });
        if (order && known) {
            arrange(out, ours);
        }
        return out;
    }

private:
    auto keys(const std::vector<Item>& items) const
    {
        std::vector<decltype(m_keyOf(items.front()))> all;
        for (const Item& item : items) {
            all.push_back(m_keyOf(item));
        }
        return all;
    }

    const Item* find(const std::vector<Item>& items, const Item& like) const
    {
        const auto found = std::ranges::find(items, m_keyOf(like), m_keyOf);
        return found == items.end() ? nullptr : &*found;
    }

    static bool same(const Item* a, const Item* b)
    {
        return a == nullptr || b == nullptr ? a == b : *a == *b;
    }

    /// nullptr: the thing is not there.
    template <class PlaceOf>
    const Item* choose(const Item* base, const Item* theirs, const Item* ours, PlaceOf placeOf)
    {
        if (same(ours, base) || same(ours, theirs)) {
            return theirs;
        }
        if (same(theirs, base)) {
            return ours;
        }
        m_conflicts.push_back(placeOf(theirs != nullptr ? *theirs : *ours));
        return theirs;
    }

    /// Behind the nearest one in front of it that is there.
    void insertBehind(std::vector<Item>& out, const std::vector<Item>& order, std::size_t index,
                      const Item& item) const
    {
        auto at = out.begin();
        for (std::size_t i = index; i-- > 0;) {
            const auto before = std::ranges::find(out, m_keyOf(order[i]), m_keyOf);
            if (before != out.end()) {
                at = before + 1;
                break;
            }
        }
        out.insert(at, item);
    }

    /// In the order of `like`, which has them all.
    void arrange(std::vector<Item>& items, const std::vector<Item>& like) const
    {
        std::ranges::stable_sort(items, {}, [&](const Item& item) {
            return std::ranges::find(like, m_keyOf(item), m_keyOf) - like.begin();
        });
    }

    KeyOf m_keyOf;
    Conflicts& m_conflicts;
};

/// The jobs as they would be under another `global`.
std::vector<ScrapeConfig> jobsUnder(const Config& config, const GlobalConfig& global)
{
    std::vector<ScrapeConfig> jobs;
    for (const ScrapeConfig& job : config.scrapeConfigs) {
        jobs.push_back(inheriting(job, config.global, global));
    }
    return jobs;
}

void mergeJobs(Config& theirs, const Config& base, const Config& ours, const GlobalConfig& global,
               Conflicts& conflicts)
{
    const auto name = [](const ScrapeConfig& job) { return job.jobName; };
    theirs.scrapeConfigs = ListMerge<ScrapeConfig, decltype(name)>(name, conflicts)
                               .merge(jobsUnder(base, global), jobsUnder(theirs, global),
                                      jobsUnder(ours, global), [](const ScrapeConfig& job) {
                                          return std::format("job \"{}\"", job.jobName);
                                      });
}

void mergeGroups(Config& theirs, const Config& base, const Config& ours, Conflicts& conflicts)
{
    const auto key = [](const RuleGroupConfig& group) { return std::pair(group.file, group.name); };
    theirs.ruleGroups
        = ListMerge<RuleGroupConfig, decltype(key)>(key, conflicts)
              .merge(base.ruleGroups, theirs.ruleGroups, ours.ruleGroups,
                     [](const RuleGroupConfig& group) {
                         return std::format("rule group \"{}\" of {}", group.name, group.file);
                     });
}

void mergeForeign(Config& theirs, const Config& base, const Config& ours, Conflicts& conflicts)
{
    const auto name = [](const ForeignSection& section) { return section.name; };
    theirs.foreign = ListMerge<ForeignSection, decltype(name)>(name, conflicts)
                         .merge(base.foreign, theirs.foreign, ours.foreign, name);
}

void mergeOwn(OwnConfig& theirs, const OwnConfig& base, const OwnConfig& ours, Conflicts& conflicts)
{
    const auto merge = [&](auto OwnConfig::* setting, std::string_view place) {
        mergeSetting(theirs.*setting, base.*setting, ours.*setting, place, conflicts);
    };
    merge(&OwnConfig::hostCollector, "collectors.host");
    merge(&OwnConfig::selfCollector, "collectors.self");
    merge(&OwnConfig::collectorInterval, "collectors.interval");
    merge(&OwnConfig::pausedJobs, "paused_jobs");
    merge(&OwnConfig::bodyCeiling, "body_size_ceiling");
    merge(&OwnConfig::sampleCeiling, "sample_ceiling");
    merge(&OwnConfig::colorScheme, "color_scheme");
    merge(&OwnConfig::retention, "retention");
}

} // namespace

Merge mergeConfigs(const Config& base, const Config& theirs, const Config& ours)
{
    Merge out{theirs, {}};
    const auto merge = [&](auto Config::* setting, std::string_view place) {
        mergeSetting(out.config.*setting, base.*setting, ours.*setting, place, out.conflicts);
    };
    GlobalConfig global = theirs.global;
    mergeSetting(global, base.global, ours.global, "global", out.conflicts);
    mergeJobs(out.config, base, ours, global, out.conflicts);
    out.config.global = global;
    merge(&Config::ruleFiles, "rule_files");
    merge(&Config::scrapeConfigFiles, "scrape_config_files");
    merge(&Config::outOfOrderWindow, "storage.tsdb.out_of_order_time_window");
    merge(&Config::retention, "storage.tsdb.retention");
    merge(&Config::alertmanager, "alertmanager.yml");
    mergeGroups(out.config, base, ours, out.conflicts);
    mergeForeign(out.config, base, ours, out.conflicts);
    mergeOwn(out.config.own, base.own, ours.own, out.conflicts);
    return out;
}

} // namespace watchfire::config
