// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/import_plan.h"

#include "core/text/duration.h"
#include "ui/models/format.h"
#include "ui/pages/job_form.h"

#include <algorithm>
#include <array>

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

using Kind = ImportItem::Kind;
using Conflict = ImportItem::Conflict;

struct Words {
    Q_DECLARE_TR_FUNCTIONS(watchfire::ui::ImportPlan)
};

QString durationWords(config::Duration duration)
{
    return fromUtf8(text::formatDuration(duration));
}

QString jobSummary(const config::ScrapeConfig& job)
{
    std::size_t targets = 0;
    for (const config::TargetGroup& group : job.staticConfigs) {
        targets += group.targets.size();
    }
    QStringList parts;
    if (targets > 0) {
        parts << Words::tr("%n target(s)", nullptr, int(targets));
    }
    if (!job.discoveries.empty()) {
        QStringList kinds;
        for (const config::DiscoveryConfig& discovery : job.discoveries) {
            kinds << kindText(kindOf(discovery));
        }
        kinds.removeDuplicates();
        parts << kinds.join(u", "_s);
    }
    parts << Words::tr("every %1").arg(durationWords(job.scrapeInterval));
    if (const std::size_t rules = job.relabel.size() + job.metricRelabel.size(); rules > 0) {
        parts << Words::tr("%n relabelling rule(s)", nullptr, int(rules));
    }
    return parts.join(u" · "_s);
}

QString globalSummary(const config::GlobalConfig& global)
{
    QStringList parts{Words::tr("scrapes every %1").arg(durationWords(global.scrapeInterval)),
                      Words::tr("rules every %1").arg(durationWords(global.evaluationInterval))};
    if (!global.externalLabels.empty()) {
        parts << Words::tr("external labels %1").arg(labelsText(global.externalLabels));
    }
    return parts.join(u" · "_s);
}

QString storageSummary(const config::Config& config)
{
    QStringList parts;
    if (config.retention.time) {
        parts << Words::tr("kept for %1").arg(durationWords(*config.retention.time));
    }
    if (config.retention.size) {
        parts << Words::tr("at most %1").arg(bytesText(double(*config.retention.size)));
    }
    if (config.retention.percentage) {
        parts << Words::tr("at most %1 of the disk").arg(percentText(*config.retention.percentage));
    }
    if (config.outOfOrderWindow) {
        parts << Words::tr("late samples up to %1").arg(durationWords(*config.outOfOrderWindow));
    }
    return parts.join(u" · "_s);
}

/// Without what only says where it stood.
config::ScrapeConfig placeless(config::ScrapeConfig job)
{
    job.file.clear();
    for (config::TargetGroup& group : job.staticConfigs) {
        group.source.clear();
    }
    return job;
}
config::RuleGroupConfig placeless(config::RuleGroupConfig group)
{
    group.file.clear();
    return group;
}
config::ReceiverConfig placeless(config::ReceiverConfig receiver)
{
    return receiver;
}

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

template <class T>
void addNamed(Kind kind, const std::vector<T>& imported, const std::vector<T>& current,
              QString (*summary)(const T&), std::vector<ImportItem>& items)
{
    QStringList taken = namesOf(current) + namesOf(imported);
    for (std::size_t i = 0; i < imported.size(); ++i) {
        ImportItem item;
        item.kind = kind;
        item.index = i;
        item.name = fromUtf8(nameOf(imported[i]));
        item.summary = summary(imported[i]);
        const auto there = std::ranges::find_if(
            current, [&](const T& each) { return nameOf(each) == nameOf(imported[i]); });
        if (there != current.end()) {
            item.isThere = placeless(*there) == placeless(imported[i]);
            item.isTaken = !item.isThere;
            item.isTakenOver = !item.isThere;
            item.conflict = item.isTaken ? Conflict::skip : Conflict::none;
            item.newName = freeName(item.name, taken);
            taken << item.newName;
        }
        items.push_back(std::move(item));
    }
}

ImportItem single(Kind kind, const QString& name, const QString& summary, bool isThere,
                  bool isTakenOver)
{
    ImportItem item;
    item.kind = kind;
    item.name = name;
    item.summary = summary;
    item.isThere = isThere;
    item.isTakenOver = isTakenOver && !isThere;
    return item;
}

} // namespace

QString ImportItem::finalName() const
{
    return conflict == Conflict::rename ? newName.trimmed() : name;
}

std::vector<ImportItem::Conflict> conflictsOf(ImportItem::Kind kind)
{
    switch (kind) {
    case Kind::job:
    case Kind::ruleGroup:
        return {Conflict::skip, Conflict::rename, Conflict::replace};
    case Kind::receiver:
        // Routes know it by its name.
        return {Conflict::skip, Conflict::replace};
    case Kind::global:
    case Kind::storage:
    case Kind::route:
    case Kind::inhibition:
        break;
    }
    return {};
}

std::vector<ImportItem> importItems(const config::Config& imported, const config::Config& current)
{
    std::vector<ImportItem> items;
    const bool isFresh = current.scrapeConfigs.empty();
    if (imported.global != config::GlobalConfig()) {
        items.push_back(single(Kind::global, Words::tr("Global settings"),
                               globalSummary(imported.global), imported.global == current.global,
                               isFresh));
    }
    const bool hasStorage
        = imported.retention != config::RetentionConfig() || imported.outOfOrderWindow;
    if (hasStorage) {
        items.push_back(single(Kind::storage, Words::tr("Storage"), storageSummary(imported),
                               imported.retention == current.retention
                                   && imported.outOfOrderWindow == current.outOfOrderWindow,
                               false));
    }
    addNamed<config::ScrapeConfig>(Kind::job, imported.scrapeConfigs, current.scrapeConfigs,
                                   jobSummary, items);
    addNamed<config::RuleGroupConfig>(
        Kind::ruleGroup, imported.ruleGroups, current.ruleGroups,
        [](const config::RuleGroupConfig& group) {
            return Words::tr("%n rule(s)", nullptr, int(group.rules.size())) + u" · "_s
                + fromUtf8(group.file);
        },
        items);
    const config::AlertmanagerConfig usual = config::defaultAlertmanager();
    const config::AlertmanagerConfig& alerting = imported.alertmanager;
    if (alerting == usual) {
        return items;
    }
    items.push_back(
        single(Kind::route, Words::tr("Routes"), Words::tr("in place of the routes there are"),
               alerting.route == current.alertmanager.route, current.alertmanager == usual));
    addNamed<config::ReceiverConfig>(
        Kind::receiver, alerting.receivers, current.alertmanager.receivers,
        [](const config::ReceiverConfig& receiver) {
            const auto ways = int(config::integrationsIn(receiver));
            return receiver.desktop ? Words::tr("popups on this desktop")
                : receiver.webhooks.size() == std::size_t(ways)
                ? Words::tr("%n webhook(s)", nullptr, ways)
                : Words::tr("%n way(s) of telling", nullptr, ways);
        },
        items);
    if (!alerting.inhibitRules.empty()) {
        items.push_back(single(Kind::inhibition, Words::tr("Inhibition rules"),
                               Words::tr("%n rule(s)", nullptr, int(alerting.inhibitRules.size())),
                               std::ranges::all_of(alerting.inhibitRules,
                                                   [&](const config::InhibitRuleConfig& rule) {
                                                       return std::ranges::contains(
                                                           current.alertmanager.inhibitRules, rule);
                                                   }),
                               true));
    }
    return items;
}

} // namespace watchfire::ui
