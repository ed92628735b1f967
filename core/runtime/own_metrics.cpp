// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/own_metrics.h"

#include <watchfire/client/exposition.h>
#include <watchfire/client/process.h>

namespace watchfire::runtime {

namespace {

using client::MetricType;

client::FamilySnapshot byState(std::string name, std::string help,
                               std::initializer_list<std::pair<const char*, std::size_t>> states)
{
    client::FamilySnapshot family{std::move(name), MetricType::gauge, std::move(help), {}, {}};
    for (const auto& [state, count] : states) {
        family.samples.push_back({"", {{"state", state}}, static_cast<double>(count)});
    }
    return family;
}

} // namespace

OwnMetrics::OwnMetrics(client::Registry& registry)
    : m_registry(registry)
    , m_querySeconds(registry.histogram("watchfire_query_seconds",
                                        "How long queries took, waiting left out.",
                                        {0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 120}))
    , m_queriesFailed(
          registry.counter("watchfire_queries_failed_total", "Queries that had no answer."))
    , m_process(registry.addCollector(client::processCollector()))
    , m_own(registry.addCollector([this](auto& out) { gather(out); }))
{
    registry.info("watchfire_build", "Version of the program.", {{"version", WATCHFIRE_VERSION}});
}

void OwnMetrics::set(const Figures& figures)
{
    const std::lock_guard lock(m_mutex);
    m_figures = figures;
}

void OwnMetrics::queryDone(std::chrono::nanoseconds took, bool failed)
{
    m_querySeconds.observe(std::chrono::duration<double>(took).count());
    if (failed) {
        m_queriesFailed.increment();
    }
}

std::string OwnMetrics::collect() const
{
    return client::toText(m_registry);
}

void OwnMetrics::gather(std::vector<client::FamilySnapshot>& out) const
{
    const std::lock_guard lock(m_mutex);
    const auto counter = [&out](const char* name, const char* help, auto value) {
        out.push_back(client::single(name, MetricType::counter, help, static_cast<double>(value)));
    };
    const auto gauge = [&out](const char* name, const char* help, auto value) {
        out.push_back(client::single(name, MetricType::gauge, help, static_cast<double>(value)));
    };
    const tsdb::StoreStats& store = m_figures.store;
    counter("watchfire_storage_samples_appended", "Samples accepted into the store.",
            store.appendedSamples);
    const storage::CommitReport& outcomes = store.outcomes;
    counter("watchfire_storage_samples_duplicate", "Samples that were stored already.",
            outcomes.duplicates);
    counter("watchfire_storage_samples_conflicting",
            "Samples that had another value at their time already; the first one stays.",
            outcomes.conflicts);
    counter("watchfire_storage_samples_too_old",
            "Samples refused because they came too late after newer ones of their series.",
            outcomes.tooOld);
    counter("watchfire_storage_samples_too_new",
            "Samples refused because their time is too far ahead.", outcomes.tooNew);
    counter("watchfire_storage_samples_refused",
            "Samples refused because their series would be new and a budget is used up.",
            outcomes.refused);
    counter("watchfire_storage_commits", "Synced commits of the store.", store.commits);
    counter("watchfire_storage_commit_failures", "Commits the disk refused.", store.failedCommits);
    gauge("watchfire_storage_last_commit_seconds", "How long the newest commit took.",
          std::chrono::duration<double>(store.lastCommit).count());
    gauge("watchfire_storage_series", "Series in the store.", store.series);
    gauge("watchfire_storage_samples", "Samples in the store.", store.samples);
    gauge("watchfire_storage_file_bytes", "Size of the store's file.", store.fileBytes);
    gauge("watchfire_storage_used_bytes", "Bytes of that file that hold data.", store.usedBytes);

    const scrape::ScrapeCounts& scrapes = m_figures.scrapes;
    counter("watchfire_scrapes", "Scrapes ended.", scrapes.scrapes);
    counter("watchfire_scrapes_failed", "Scrapes that failed.", scrapes.failed);
    counter("watchfire_scrapes_missed", "Turns at which the scrape before was not over.",
            scrapes.missed);
    counter("watchfire_scrape_samples", "Samples in scraped bodies.", scrapes.samples);
    counter("watchfire_scrape_body_bytes", "Bytes of scraped bodies.", scrapes.bodyBytes);
    out.push_back(byState("watchfire_targets", "Targets by health.",
                          {{"up", m_figures.targetsUp}, {"down", m_figures.targetsDown}}));

    counter("watchfire_rule_evaluations", "Evaluations of rule groups.", m_figures.ruleEvaluations);
    appendRuleMetrics(m_figures.ruleGroups, out);
    appendNotificationMetrics(m_figures.notifications, out);
    out.push_back(
        byState("watchfire_alerts", "Active alerts by state.",
                {{"firing", m_figures.alertsFiring}, {"pending", m_figures.alertsPending}}));
}

} // namespace watchfire::runtime
