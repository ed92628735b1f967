// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/edit_conflict.h"
#include "core/config/external_edit.h"
#include "core/config/shape.h"
#include "core/config/value_parts.h"

#include <algorithm>
#include <format>
#include <type_traits>
#include <utility>

namespace watchfire::config {

namespace {

using encoding::YamlValue;
using Conflicts = std::vector<EditConflict>;

// What a setting is, for people.
YamlValue shown(bool value)
{
    return YamlValue::boolean(value);
}
YamlValue shown(std::uint64_t value)
{
    return numberValue(value);
}
YamlValue shown(Duration value)
{
    return durationValue(value);
}
YamlValue shown(const std::string& value)
{
    return textValue(value);
}
YamlValue shown(const std::vector<std::string>& values)
{
    return textsValue(values);
}
YamlValue shown(const RetentionConfig& value)
{
    return retentionValue(value);
}
YamlValue shown(const AlertmanagerConfig& value)
{
    return shownAlertmanager(value);
}
template <class Value> std::optional<YamlValue> shown(const std::optional<Value>& value)
{
    return value ? std::optional(shown(*value)) : std::nullopt;
}

/// One setting: whoever changed it; theirs where both did.
template <class Value, class Show>
void mergeSetting(Value& theirs, const Value& base, const Value& ours, std::string_view place,
                  Conflicts& conflicts, Show show)
{
    if (ours == base || ours == theirs) {
        return;
    }
    if (theirs == base) {
        theirs = ours;
    } else {
        conflicts.push_back(conflictOf(std::string(place), show(theirs), show(ours)));
    }
}

/// A list of things that have a key each. Kind says what they are: Item, key, and to people
/// place and value.
template <class Kind> class ListMerge {
public:
    using Item = Kind::Item;

    ListMerge(Kind kind, Conflicts& conflicts)
        : m_kind(kind)
        , m_conflicts(conflicts)
    {
    }

    /// The three as seen from the same ground, so that equal ones are those that nobody changed.
    std::vector<Item> merge(const std::vector<Item>& base, const std::vector<Item>& theirs,
                            const std::vector<Item>& ours)
    {
        const bool order = keys(theirs) == keys(base);
        std::vector<Item> out;
        for (const Item& item : theirs) {
            if (const Item* const kept = choose(find(base, item), &item, find(ours, item))) {
                out.push_back(*kept);
            }
        }
        for (std::size_t i = 0; i < ours.size(); ++i) {
            if (find(theirs, ours[i]) != nullptr) {
                continue;
            }
            if (const Item* const kept = choose(find(base, ours[i]), nullptr, &ours[i])) {
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
        std::vector<std::remove_cvref_t<decltype(Kind::key(items.front()))>> all;
        for (const Item& item : items) {
            all.push_back(Kind::key(item));
        }
        return all;
    }

    static auto position(const std::vector<Item>& items, const Item& like)
    {
        return std::ranges::find(items, Kind::key(like), Kind::key);
    }

    static const Item* find(const std::vector<Item>& items, const Item& like)
    {
        const auto found = position(items, like);
        return found == items.end() ? nullptr : &*found;
    }

    static bool same(const Item* a, const Item* b)
    {
        return a == nullptr || b == nullptr ? a == b : *a == *b;
    }

    std::optional<YamlValue> shown(const Item* item) const
    {
        return item == nullptr ? std::nullopt : std::optional(m_kind.value(*item));
    }

    /// nullptr: the thing is not there.
    const Item* choose(const Item* base, const Item* theirs, const Item* ours)
    {
        if (same(ours, base) || same(ours, theirs)) {
            return theirs;
        }
        if (same(theirs, base)) {
            return ours;
        }
        m_conflicts.push_back(conflictOf(m_kind.place(theirs != nullptr ? *theirs : *ours),
                                         shown(theirs), shown(ours)));
        return theirs;
    }

    /// Behind the nearest one in front of it that is there.
    static void insertBehind(std::vector<Item>& out, const std::vector<Item>& order,
                             std::size_t index, const Item& item)
    {
        auto at = out.begin();
        for (std::size_t i = index; i-- > 0;) {
            const auto before = std::ranges::find(out, Kind::key(order[i]), Kind::key);
            if (before != out.end()) {
                at = before + 1;
                break;
            }
        }
        out.insert(at, item);
    }

    /// In the order of `like`, which has them all.
    static void arrange(std::vector<Item>& items, const std::vector<Item>& like)
    {
        std::ranges::stable_sort(
            items, {}, [&](const Item& item) { return position(like, item) - like.begin(); });
    }

    Kind m_kind;
    Conflicts& m_conflicts;
};

struct Jobs {
    using Item = ScrapeConfig;
    const GlobalConfig* global; ///< that all three are seen under

    static const std::string& key(const Item& job) { return job.jobName; }
    static std::string place(const Item& job) { return std::format("job \"{}\"", job.jobName); }
    YamlValue value(const Item& job) const { return shownJob(job, *global); }
};

struct Groups {
    using Item = RuleGroupConfig;

    static std::pair<std::string, std::string> key(const Item& group)
    {
        return {group.file, group.name};
    }
    static std::string place(const Item& group)
    {
        return std::format("rule group \"{}\" of {}", group.name, group.file);
    }
    static YamlValue value(const Item& group) { return shownGroup(group); }
};

struct Sections {
    using Item = ForeignSection;
    const GlobalConfig* global;

    static const std::string& key(const Item& section) { return section.name; }
    static std::string place(const Item& section) { return section.name; }
    YamlValue value(const Item& section) const
    {
        return foreignSectionValue(section, *global, Style::effective);
    }
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
    theirs.scrapeConfigs
        = ListMerge(Jobs{&global}, conflicts)
              .merge(jobsUnder(base, global), jobsUnder(theirs, global), jobsUnder(ours, global));
}

void mergeOwn(OwnConfig& theirs, const OwnConfig& base, const OwnConfig& ours, Conflicts& conflicts)
{
    const auto merge = [&](auto OwnConfig::* setting, std::string_view place) {
        mergeSetting(theirs.*setting, base.*setting, ours.*setting, place, conflicts,
                     [](const auto& value) { return shown(value); });
    };
    merge(&OwnConfig::hostCollector, "collectors.host");
    merge(&OwnConfig::selfCollector, "collectors.self");
    merge(&OwnConfig::collectorInterval, "collectors.interval");
    merge(&OwnConfig::pausedJobs, "paused_jobs");
    merge(&OwnConfig::unknownAlerts, "rules.unknown_state");
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
        mergeSetting(out.config.*setting, base.*setting, ours.*setting, place, out.conflicts,
                     [](const auto& value) { return shown(value); });
    };
    GlobalConfig global = theirs.global;
    mergeSetting(global, base.global, ours.global, "global", out.conflicts, shownGlobal);
    mergeJobs(out.config, base, ours, global, out.conflicts);
    out.config.global = global;
    merge(&Config::ruleFiles, "rule_files");
    merge(&Config::scrapeConfigFiles, "scrape_config_files");
    merge(&Config::outOfOrderWindow, "storage.tsdb.out_of_order_time_window");
    merge(&Config::retention, "storage.tsdb.retention");
    merge(&Config::maxExemplars, "storage.exemplars.max_exemplars");
    merge(&Config::alertmanager, "alertmanager.yml");
    out.config.ruleGroups = ListMerge(Groups(), out.conflicts)
                                .merge(base.ruleGroups, theirs.ruleGroups, ours.ruleGroups);
    out.config.foreign = ListMerge(Sections{&global}, out.conflicts)
                             .merge(base.foreign, theirs.foreign, ours.foreign);
    mergeOwn(out.config.own, base.own, ours.own, out.conflicts);
    return out;
}

} // namespace watchfire::config
