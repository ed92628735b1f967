// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later

// Carrying an import out: whether it can be, what it puts where, and its way back.

#include "ui/models/format.h"
#include "ui/pages/import_plan.h"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <tuple>
#include <utility>

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

using Kind = ImportItem::Kind;
using Conflict = ImportItem::Conflict;

struct Words {
    Q_DECLARE_TR_FUNCTIONS(watchfire::ui::ImportPlan)
};

std::string nameOf(const config::ScrapeConfig& job)
{
    return job.jobName;
}
std::string nameOf(const config::RuleGroupConfig& group)
{
    return group.name;
}
std::string nameOf(const config::ReceiverConfig& receiver)
{
    return receiver.name;
}

template <class T> QStringList namesOf(const std::vector<T>& things)
{
    QStringList names;
    for (const T& each : things) {
        names << fromUtf8(nameOf(each));
    }
    return names;
}

void collectReceivers(const config::RouteConfig& route, QStringList& names)
{
    if (!route.receiver.empty()) {
        names << fromUtf8(route.receiver);
    }
    for (const config::RouteConfig& child : route.routes) {
        collectReceivers(child, names);
    }
}

/// What an import took the place of, for its way back.
struct Before {
    std::optional<config::GlobalConfig> global;
    std::vector<config::ScrapeConfig> jobs; ///< that follow global settings, as they were
    std::optional<std::pair<config::RetentionConfig, std::optional<config::Duration>>> storage;
    std::optional<config::AlertmanagerConfig> alertmanager;
    std::vector<std::string> addedJobs;
    std::vector<config::ScrapeConfig> replacedJobs;
    std::vector<std::string> addedGroups;
    std::vector<config::RuleGroupConfig> replacedGroups;
};

template <class T>
void putNamed(std::vector<T>& into, T thing, std::vector<std::string>& added,
              std::vector<T>& replaced)
{
    const auto there
        = std::ranges::find_if(into, [&](const T& each) { return nameOf(each) == nameOf(thing); });
    if (there == into.end()) {
        added.push_back(nameOf(thing));
        into.push_back(std::move(thing));
        return;
    }
    replaced.push_back(*there);
    if constexpr (requires { thing.file; }) {
        thing.file = there->file;
    }
    *there = std::move(thing);
}

template <class T>
void takeBack(std::vector<T>& from, const std::vector<std::string>& added,
              const std::vector<T>& replaced)
{
    std::erase_if(from, [&](const T& each) { return std::ranges::contains(added, nameOf(each)); });
    for (const T& before : replaced) {
        const auto there = std::ranges::find_if(
            from, [&](const T& each) { return nameOf(each) == nameOf(before); });
        if (there != from.end()) {
            *there = before;
        } else {
            from.push_back(before);
        }
    }
}

void putReceiver(config::AlertmanagerConfig& into, const config::ReceiverConfig& receiver)
{
    const auto there
        = std::ranges::find(into.receivers, receiver.name, &config::ReceiverConfig::name);
    if (there == into.receivers.end()) {
        into.receivers.push_back(receiver);
    } else {
        *there = receiver;
    }
}

/// Their files stay where they are.
void bringTemplates(const config::AlertmanagerConfig& from, config::AlertmanagerConfig& into)
{
    for (const config::TemplateFile& file : from.templateFiles) {
        if (!std::ranges::contains(into.templateFiles, file.file, &config::TemplateFile::file)) {
            into.templates.push_back(file.file);
            into.templateFiles.push_back(file);
        }
    }
}

/// Those that the routes name, and others with them; only routes name any, so that ours of the
/// same name are not needed any more.
void bringIntervals(const config::AlertmanagerConfig& from, config::AlertmanagerConfig& into)
{
    for (const config::NamedIntervalsConfig& named : from.timeIntervals) {
        std::erase_if(into.timeIntervals, [&](const config::NamedIntervalsConfig& ours) {
            return ours.name == named.name;
        });
        into.timeIntervals.push_back(named);
    }
}

void putAlerting(const ImportItem& item, const config::AlertmanagerConfig& from,
                 config::AlertmanagerConfig& into)
{
    if (item.kind == Kind::route) {
        into.route = from.route;
        into.resolveTimeout = from.resolveTimeout;
        bringIntervals(from, into);
    } else if (item.kind == Kind::receiver) {
        bringTemplates(from, into);
        // Under another `global` it would tell others, or nobody.
        const config::ReceiverConfig& receiver = from.receivers[item.index];
        putReceiver(into,
                    into.globals == from.globals ? receiver
                                                 : config::selfContained(receiver, from.globals));
    } else {
        for (const config::InhibitRuleConfig& rule : from.inhibitRules) {
            if (!std::ranges::contains(into.inhibitRules, rule)) {
                into.inhibitRules.push_back(rule);
            }
        }
    }
}

void apply(const std::vector<ImportItem>& items, const config::Config& imported,
           config::Config& into, Before& before)
{
    before = {};
    const bool bringsGlobal = std::ranges::any_of(
        items, [](const ImportItem& item) { return item.kind == Kind::global && item.counts(); });
    for (const ImportItem& item : items) {
        if (!item.counts()) {
            continue;
        }
        switch (item.kind) {
        case Kind::global:
            before.global = std::exchange(into.global, imported.global);
            before.jobs = into.scrapeConfigs;
            for (config::ScrapeConfig& job : into.scrapeConfigs) {
                job = config::inheriting(std::move(job), *before.global, into.global);
            }
            break;
        case Kind::storage:
            before.storage = {into.retention, into.outOfOrderWindow};
            into.retention = imported.retention;
            into.outOfOrderWindow = imported.outOfOrderWindow;
            break;
        case Kind::job: {
            config::ScrapeConfig job = imported.scrapeConfigs[item.index];
            job.jobName = item.finalName().toStdString();
            job.file.clear();
            putNamed(into.scrapeConfigs, std::move(job), before.addedJobs, before.replacedJobs);
            break;
        }
        case Kind::ruleGroup: {
            config::RuleGroupConfig group = imported.ruleGroups[item.index];
            group.name = item.finalName().toStdString();
            group.file.clear();
            // A rule file by itself says nothing of global settings.
            if (group.interval == config::Duration(0) && !bringsGlobal
                && !imported.ruleFiles.empty()
                && imported.global.evaluationInterval != into.global.evaluationInterval) {
                // Its files said so by their global settings, which stay behind.
                group.interval = imported.global.evaluationInterval;
            }
            putNamed(into.ruleGroups, std::move(group), before.addedGroups, before.replacedGroups);
            break;
        }
        case Kind::route:
        case Kind::receiver:
        case Kind::inhibition:
            if (!before.alertmanager) {
                before.alertmanager = into.alertmanager;
            }
            putAlerting(item, imported.alertmanager, into.alertmanager);
            break;
        }
    }
}

void revert(config::Config& from, const Before& before)
{
    takeBack(from.scrapeConfigs, before.addedJobs, before.replacedJobs);
    takeBack(from.ruleGroups, before.addedGroups, before.replacedGroups);
    if (before.global) {
        for (config::ScrapeConfig& job : from.scrapeConfigs) {
            const auto was
                = std::ranges::find(before.jobs, job.jobName, &config::ScrapeConfig::jobName);
            if (was != before.jobs.end()
                && config::inheriting(*was, *before.global, from.global) == job) {
                job = *was;
            }
        }
        from.global = *before.global;
    }
    if (before.storage) {
        std::tie(from.retention, from.outOfOrderWindow) = *before.storage;
    }
    from.alertmanager = before.alertmanager.value_or(from.alertmanager);
}

} // namespace

std::vector<ImportFault> checkImport(const std::vector<ImportItem>& items,
                                     const config::Config& imported, const config::Config& current)
{
    std::vector<ImportFault> faults;
    std::map<Kind, QStringList> taken{
        {Kind::job, namesOf(current.scrapeConfigs)},
        {Kind::ruleGroup, namesOf(current.ruleGroups)},
        {Kind::receiver, namesOf(current.alertmanager.receivers)},
    };
    for (std::size_t i = 0; i < items.size(); ++i) {
        const ImportItem& item = items[i];
        if (!item.counts() || conflictsOf(item.kind).empty()) {
            continue;
        }
        const QString name = item.finalName();
        if (name.isEmpty()) {
            faults.push_back({i, Words::tr("“%1” needs a new name.").arg(item.name)});
        } else if (item.conflict != Conflict::replace && taken[item.kind].contains(name)) {
            faults.push_back({i, Words::tr("“%1” is taken already.").arg(name)});
        }
        taken[item.kind] << name;
    }
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (items[i].kind != Kind::route || !items[i].counts()) {
            continue;
        }
        QStringList named;
        collectReceivers(imported.alertmanager.route, named);
        for (const QString& receiver : std::as_const(named)) {
            if (!taken[Kind::receiver].contains(receiver)) {
                faults.push_back(
                    {i,
                     Words::tr("The routes name the receiver “%1”, which is not imported.")
                         .arg(receiver)});
                break;
            }
        }
    }
    return faults;
}

ImportEdit importEdit(const std::vector<ImportItem>& items, const config::Config& imported)
{
    const auto before = std::make_shared<Before>();
    const auto files = std::make_shared<const config::Config>(imported);
    return {
        [items, files, before](config::Config& config) { apply(items, *files, config, *before); },
        [before](config::Config& config) { revert(config, *before); }};
}

} // namespace watchfire::ui
