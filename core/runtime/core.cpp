// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/core.h"

#include "core/base/log.h"
#include "core/rules/expand.h"
#include "core/rules/query_answer.h"
#include "core/rules/unseen.h"
#include "core/runtime/pictures.h"

#include <algorithm>
#include <format>
#include <pthread.h>
#include <unistd.h>
#include <utility>

namespace watchfire::runtime {

namespace {

using namespace std::chrono_literals;

constexpr auto publishEvery = 250ms;
constexpr auto statusEvery = 1s;
constexpr auto eagerFor = 2min;
constexpr auto secretsAtStart = 500ms; ///< what comes later is put in then
constexpr std::size_t historyLength = 1'000;
constexpr std::size_t logLength = 500;

/// Of the machine, in bytes.
std::uint64_t machineMemory()
{
    const long pages = sysconf(_SC_PHYS_PAGES);
    const long bytes = sysconf(_SC_PAGE_SIZE);
    constexpr std::uint64_t otherwise = std::uint64_t{4} << 30; // where nobody tells
    return pages > 0 && bytes > 0
        ? static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(bytes)
        : otherwise;
}

} // namespace

LocalEngine::Core::Core(EngineOptions options, EnginePorts ports)
    : m_options(std::move(options))
    , m_ports(ports)
    , m_clock(ports.clock)
    , m_secrets(ports.secrets)
{
}

LocalEngine::Core::~Core()
{
    setLogSink(nullptr);
    m_edits.reset();
    mailbox.close();
    if (m_thread.joinable()) {
        m_thread.join();
    }
    // Workers first: what they run refers to the engines below. Of what waits none is begun.
    m_queries.reset();
    m_lane.reset();
    m_queryThreads.reset();
    m_questions.reset();
    m_collecting.reset();
    m_chores.reset();
    for (std::stop_source& test : m_receiverTests) {
        test.request_stop();
    }
    m_telling.reset();
    m_sender.reset();
    if (m_notificationLog) {
        static_cast<void>(m_notificationLog->save());
    }
    m_dispatcher.reset();
    m_rules.reset();
    m_finder.reset();
    m_scraper.reset();
    m_store.reset();
}

Result<void> LocalEngine::Core::start()
{
    const std::size_t hardware = std::max(2U, std::thread::hardware_concurrency());
    m_collecting = std::make_unique<ThreadPool>(2, "collect");
    m_questions = std::make_unique<ThreadPool>(
        m_options.queryThreads > 0 ? m_options.queryThreads : hardware, "question");
    m_chores = std::make_unique<ThreadPool>(1, "chores");
    m_telling = std::make_unique<ThreadPool>(1, "telling");
    const std::size_t concurrent = std::max<std::size_t>(m_options.concurrentQueries, 1);
    m_queryThreads = std::make_unique<QueryThreads>(concurrent);
    m_queries.emplace(*m_queryThreads, QueryLane::Limits{concurrent, m_options.waitingQueries});
    m_lane.emplace(*m_questions,
                   QueryLane::Limits{m_questions->threads(), m_options.waitingQuestions});
    m_queryMemory.emplace(m_options.queryMemory.value_or(machineMemory() / 4));

    m_options.store.clock = &m_clock;
    // The configuration, which is read later, may keep more than what holds without one.
    tsdb::OpenOptions opening = m_options.store;
    opening.retention = {};
    opening.exemplarLimit = tsdb::OpenOptions::anyExemplars;
    auto store = tsdb::Store::open(opening);
    if (!store) {
        return std::unexpected(std::move(store.error()));
    }
    m_store = std::move(*store);
    m_startedAt = m_clock.now();

    setLogSink([this](LogLevel level, std::string_view component, std::string_view text) {
        const std::lock_guard lock(m_logMutex);
        m_log.push_back({m_clock.now(), level, std::string(component), std::string(text)});
        if (m_log.size() > logLength) {
            m_log.pop_front();
        }
    });

    m_metrics.emplace(*m_options.registry);
    // Always there for /metrics; scraped only where wanted.
    Collector own{"watchfire", [this] { return m_metrics->collect(); }};
    m_fetcher = std::make_unique<scrape::CollectorFetcher>(m_ports.fetcher, *m_collecting);
    for (const Collector& collector : m_options.collectors) {
        m_fetcher->add(collector.name, collector.collect);
    }
    m_fetcher->add(own.name, own.collect);
    if (m_options.scrapeItself) {
        m_options.collectors.push_back(std::move(own));
    }
    scrape::Ceilings ceilings;
    ceilings.startTimes = m_options.startTimes;
    m_scraper = std::make_unique<scrape::Scraper>(
        scrape::ScraperPorts{*m_fetcher, mailbox, *m_collecting, *m_store, m_clock, m_ports.dns,
                             m_ports.watcher},
        ceilings);

    m_finder.emplace(
        discovery::LocalFinder::Ports{m_ports.fetcher, mailbox, *m_questions, m_ports.browse},
        std::vector{m_options.hostName});
    if (m_options.findExporters) {
        findExporters();
    }

    rules::Surroundings surroundings;
    surroundings.store = m_store;
    surroundings.externalUrl = m_options.externalUrl;
    makeExpandText();
    surroundings.expand
        = [this](std::string_view text, std::string_view alertName, const VectorSample& element,
                 Timestamp at) { return (*m_expandText.load())(text, alertName, element, at); };
    surroundings.query
        = [this](const std::string& expr, Timestamp at) { return evaluateRule(expr, at); };
    surroundings.isUnseen = [this](const Labels& labels, Timestamp at) {
        return m_hasUnknownAlerts
            && rules::isUnseen(labels, at, [this](const std::string& expr, Timestamp then) {
                   return evaluateRule(expr, then);
               });
    };
    if (m_options.ruleConcurrency > 0) {
        surroundings.concurrency
            = std::make_shared<rules::Concurrency>(*m_collecting, m_options.ruleConcurrency);
    }
    surroundings.send = [this](std::vector<Alert> due) {
        mailbox.run([this, due = std::move(due)] {
            m_dispatcher->put(due, m_clock.now());
            m_sender->send(due);
        });
    };
    m_rules = std::make_unique<rules::Manager>(std::move(surroundings), *m_collecting, mailbox);

    m_sender = std::make_unique<notifier::Sender>(discovery::ProviderPorts{
        m_ports.fetcher, m_ports.dns, m_ports.watcher, mailbox, *m_questions, m_clock});
    m_silences = std::make_unique<alerting::Silences>(m_store.get(), alerting::makeUuid);
    m_notificationLog = std::make_unique<alerting::NotificationLog>(m_store.get());
    for (const Result<void>& loaded : {m_silences->load(), m_notificationLog->load()}) {
        if (!loaded) {
            log(LogLevel::warning, "alerting", "{}", loaded.error().message);
        }
    }
    m_dispatcher = std::make_unique<alerting::Dispatcher>(
        *m_silences, *m_notificationLog,
        [this](const config::ReceiverConfig& receiver) {
            return alerting::makeIntegrations(receiver, m_config.alertmanager.globals, m_templates,
                                              outside());
        },
        mailbox,
        [this](Timestamp at, const Labels& labels, std::string what) {
            note({at, labels, std::move(what)});
        });

    // The first configuration is read here, so that a start is complete when it returns.
    auto loaded = loadFiles(secretsAtStart);
    m_thread = std::thread([this, loaded = std::move(loaded)]() mutable {
        pthread_setname_np(pthread_self(), "engine");
        reloaded(std::move(loaded), [](const Result<engine::ConfigReport>&) { });
        loop();
    });
    return {};
}

void LocalEngine::Core::loop()
{
    while (mailbox.wait(nextLook())) {
        mailbox.drain();
        const Timestamp now = m_clock.now();
        for (Clockwork* work :
             {static_cast<Clockwork*>(m_scraper.get()), static_cast<Clockwork*>(m_rules.get()),
              static_cast<Clockwork*>(m_dispatcher.get()),
              static_cast<Clockwork*>(m_sender.get())}) {
            if (const auto due = work->nextDue(); due && *due <= now) {
                work->advance(now);
            }
        }
        if (m_eager && now - m_startedAt > eagerFor) {
            m_eager = false;
            m_scraper->apply(jobsOf(m_config));
        }
        m_queries->expire(std::chrono::steady_clock::now());
        publishDue();
    }
}

LocalEngine::Core::SteadyTime LocalEngine::Core::nextLook() const
{
    const SteadyTime steady = std::chrono::steady_clock::now();
    const Timestamp now = m_clock.now();
    SteadyTime look = m_nextPublish;
    for (const auto& due :
         {m_scraper->nextDue(), m_rules->nextDue(), m_dispatcher->nextDue(), m_sender->nextDue()}) {
        if (due) {
            look = std::min(look, steady + std::max(*due - now, 0ms));
        }
    }
    if (const auto due = m_queries->nextDeadline()) {
        look = std::min(look, *due);
    }
    return look;
}

void LocalEngine::Core::publishDue()
{
    const SteadyTime steady = std::chrono::steady_clock::now();
    if (steady < m_nextPublish) {
        return;
    }
    m_nextPublish = steady + publishEvery;
    const Timestamp now = m_clock.now();
    if (m_scraper->revision() != m_targetsShownAs) {
        m_targetsShownAs = m_scraper->revision();
        publishTargets();
    }
    // Rules and silences change seldom; fates change with time only at whole seconds.
    const std::uint64_t madeOf = m_rules->evaluations() * 1'000'003 + m_silenceChanges
        + static_cast<std::uint64_t>(unixMs(now) / 1'000)
            * (m_silences->all().empty() && m_posted.empty() ? 0U : 1U);
    if (madeOf != m_alertsShownAs || !alerts.newest()) {
        m_alertsShownAs = madeOf;
        m_dispatcher->withdrawMuted(now);
        const auto pictures = m_rules->pictures();
        rules.publish(rulesSnapshot(pictures));
        const auto before = alerts.newest();
        const std::vector<Alert> posted = postedAlerts(now);
        auto after = alertsSnapshot(pictures, posted, *m_dispatcher, *m_silences, m_history, now);
        for (engine::AlertEvent& event :
             alertEvents(before ? *before : engine::AlertsSnapshot{}, *after, now)) {
            note(std::move(event));
        }
        if (!before || before->history.size() != m_history.size()) {
            after = alertsSnapshot(pictures, posted, *m_dispatcher, *m_silences, m_history, now);
        }
        alerts.publish(std::move(after));
    }
    if (steady >= m_nextStatus) {
        m_nextStatus = steady + statusEvery;
        measureStore();
        publishStatus();
    }
}

std::vector<Alert> LocalEngine::Core::postedAlerts(Timestamp now)
{
    std::vector<Alert> out;
    std::unordered_set<Labels> active;
    for (const Labels& labels : m_posted) {
        auto alert = m_dispatcher->find(labels);
        if (alert && !alert->isResolvedAt(now)) {
            active.insert(labels);
            out.push_back(std::move(*alert));
        }
    }
    m_posted = std::move(active);
    std::ranges::sort(out, {}, &Alert::labels);
    return out;
}

void LocalEngine::Core::measureStore()
{
    if (m_measuring) {
        return;
    }
    m_measuring = true;
    m_chores->run([this] {
        auto stats = m_store->stats();
        mailbox.run([this, stats = std::move(stats)] {
            m_measuring = false;
            if (!stats) {
                return;
            }
            const SteadyTime steady = std::chrono::steady_clock::now();
            const std::chrono::duration<double> passed = steady - m_measuredAt;
            if (m_measuredAt != SteadyTime{}) {
                const double rate = static_cast<double>(stats->appendedSamples - m_samplesBefore)
                    / passed.count();
                // Smoothed over some ten seconds, because scrapes come in bursts.
                m_samplesPerSecond = m_samplesPerSecond == 0
                    ? rate
                    : m_samplesPerSecond + 0.2 * (rate - m_samplesPerSecond);
            }
            m_measuredAt = steady;
            m_samplesBefore = stats->appendedSamples;
            m_storeStats = *stats;
        });
    });
}

std::vector<engine::Problem> LocalEngine::Core::problems() const
{
    std::vector<engine::Problem> out;
    if (const auto problem = m_store->problem()) {
        if (problem->message.starts_with("disk full")) {
            out.push_back(
                {"store", problem->message, "New samples may not be stored.",
                 "Free space on the disk or shorten retention; storing resumes by itself."});
        } else {
            // What else there is says itself what it costs, and lasts until the next start.
            out.push_back(
                {"store", problem->message, {}, "Check the disk, then start Watchfire again."});
        }
    }
    if (!m_faults.empty()) {
        out.push_back({"config", m_faults.front().toString(),
                       "The configuration before it stays in force.",
                       "Correct the file and reload."});
    }
    return out;
}

void LocalEngine::Core::publishStatus()
{
    auto snapshot = std::make_shared<engine::StatusSnapshot>();
    snapshot->at = m_clock.now();
    snapshot->startedAt = m_startedAt;
    snapshot->series = m_storeStats.series;
    snapshot->samplesPerSecond = m_samplesPerSecond;
    snapshot->samplesTotal = m_storeStats.appendedSamples;
    snapshot->storeBytes = m_storeStats.fileBytes;
    snapshot->storeUsedBytes = m_storeStats.usedBytes;
    snapshot->retention = m_retention.time;
    snapshot->retentionBytes = m_storeStats.fileBytesLimit;
    snapshot->retentionSize = m_retention.bytes;
    snapshot->retentionPercentage = 100 * m_retention.share;
    snapshot->isRetentionTimeFixed = m_options.retention.time.has_value();
    snapshot->isRetentionSizeFixed
        = m_options.retention.size.has_value() || m_options.retention.percentage.has_value();
    snapshot->oldestSample = m_storeStats.oldest.value_or(Timestamp{});
    snapshot->newestSample = m_storeStats.newest.value_or(Timestamp{});
    snapshot->dataDirectory = m_options.store.directory.string();
    snapshot->paused = m_paused;
    OwnMetrics::Figures figures;
    figures.store = m_storeStats;
    figures.scrapes = m_scraper->counts();
    figures.targetsUp = m_scraper->targets()->up;
    figures.targetsDown = m_scraper->targets()->down;
    figures.ruleEvaluations = m_rules->evaluations();
    for (const rules::Manager::Picture& picture : m_rules->pictures()) {
        figures.ruleGroups.push_back({picture.report, picture.missed});
    }
    figures.notifications = m_sender->counts();
    notifier::FoundAlertmanagers others = m_sender->alertmanagers();
    snapshot->alertmanagers = std::move(others.active);
    snapshot->droppedAlertmanagers = std::move(others.dropped);
    if (const auto newest = alerts.newest()) {
        figures.alertsFiring = newest->firing;
        figures.alertsPending = newest->pending;
    }
    m_metrics->set(figures);
    snapshot->problems = problems();
    {
        const std::lock_guard lock(m_logMutex);
        snapshot->listening = m_listening;
        snapshot->log.assign(m_log.begin(), m_log.end());
    }
    status.publish(std::move(snapshot));
}

void LocalEngine::Core::note(engine::AlertEvent event)
{
    m_history.push_front(std::move(event));
    if (m_history.size() > historyLength) {
        m_history.pop_back();
    }
    ++m_silenceChanges;
}

promql::QueryOptions LocalEngine::Core::queryOptions() const
{
    promql::QueryOptions options = m_options.query;
    options.subqueryStep = m_subqueryStep;
    return options;
}

Result<Vector> LocalEngine::Core::evaluateRule(const std::string& expr, Timestamp at)
{
    return rules::vectorOf(
        promql::evaluate(expr, *m_store, promql::QueryTimes::instant(at), queryOptions()));
}

void LocalEngine::Core::makeExpandText()
{
    rules::ExpandOptions options;
    options.externalUrl = m_options.externalUrl;
    options.externalLabels = m_config.global.externalLabels;
    options.query
        = [this](const std::string& expr, Timestamp at) { return evaluateRule(expr, at); };
    m_expandText
        = std::make_shared<const rules::ExpandText>(rules::makeExpandText(std::move(options)));
}

} // namespace watchfire::runtime
