// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/log.h"
#include "core/runtime/alert_timeline.h"
#include "core/runtime/alert_trace.h"
#include "core/runtime/alerting_state.h"
#include "core/runtime/core.h"
#include "core/scrape/trial.h"

#include <algorithm>
#include <format>
#include <iterator>
#include <random>
#include <ranges>
#include <utility>

namespace watchfire::runtime {

namespace {

constexpr auto silenceFromPopup = std::chrono::hours(1);

/// One question for each match[], or one without matchers.
std::vector<Matchers> orEverything(std::vector<Matchers> matchers)
{
    if (matchers.empty()) {
        matchers.emplace_back();
    }
    return matchers;
}

template <class T> void cut(std::vector<T>& values, std::size_t limit)
{
    if (limit > 0 && values.size() > limit) {
        values.resize(limit);
    }
}

/// Adds sorted values to others; all are sorted then, and each is there once.
template <class T> void unite(std::vector<T>& values, std::vector<T> more)
{
    if (values.empty()) {
        values = std::move(more);
        return;
    }
    std::vector<T> both;
    both.reserve(values.size() + more.size());
    std::ranges::set_union(std::views::as_rvalue(values), std::views::as_rvalue(more),
                           std::back_inserter(both));
    values = std::move(both);
}

} // namespace

Ticket LocalEngine::Core::query(engine::QueryRequest request, Reply<QueryResult> reply)
{
    const auto asked = std::chrono::steady_clock::now();
    const std::chrono::milliseconds longest = m_options.query.timeout;
    const auto deadline = asked + std::min(request.timeout.value_or(longest), longest);
    Ticket ticket = m_queries->ask<QueryResult>(
        [this, asked, deadline, request = std::move(request)](const std::stop_token& stop) {
            promql::QueryOptions options = queryOptions();
            const auto begin = std::chrono::steady_clock::now();
            options.timeout
                = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - begin);
            options.budget = &*m_queryMemory;
            options.lookback = request.lookback.value_or(options.lookback);
            options.explain = request.explain;
            options.countSamples = request.countSamples;
            options.report = request.report.get();
            options.workers = m_questions.get();
            options.helpers = m_questions->threads() - 1;
            const promql::QueryTimes times = request.step.count() == 0
                ? promql::QueryTimes::instant(request.end)
                : promql::QueryTimes{request.start, request.end, request.step};
            auto result = m_results.evaluate(request.expr, *m_store, times, options, stop);
            if (result) {
                result->statistics.waited = begin - asked;
            }
            if (request.report != nullptr) {
                request.report->statistics.waited = begin - asked;
            }
            m_metrics->queryDone(std::chrono::steady_clock::now() - begin, !result);
            return result;
        },
        std::move(reply), deadline);
    if (m_queries->nextDeadline() == deadline) {
        mailbox.run([] { }); // it waits, and may be late before the loop would look
    }
    return ticket;
}

Ticket LocalEngine::Core::series(engine::SeriesRequest request, Reply<std::vector<Labels>> reply)
{
    return m_lane->ask<std::vector<Labels>>(
        [this, request = std::move(request)](
            const std::stop_token&) mutable -> Result<std::vector<Labels>> {
            auto querier = m_store->querier();
            if (!querier) {
                return std::unexpected(std::move(querier.error()));
            }
            std::vector<Labels> found;
            for (const Matchers& matchers : orEverything(std::move(request.matchers))) {
                auto some = (*querier)->series(matchers, request.range);
                if (!some) {
                    return some;
                }
                unite(found, std::move(*some));
            }
            cut(found, request.limit);
            return found;
        },
        std::move(reply));
}

Ticket LocalEngine::Core::labels(engine::LabelsRequest request,
                                 Reply<std::vector<std::string>> reply)
{
    return m_lane->ask<std::vector<std::string>>(
        [this, request = std::move(request)](
            const std::stop_token&) mutable -> Result<std::vector<std::string>> {
            auto querier = m_store->querier();
            if (!querier) {
                return std::unexpected(std::move(querier.error()));
            }
            std::vector<std::string> found;
            for (const Matchers& matchers : orEverything(std::move(request.matchers))) {
                auto some = request.label.empty()
                    ? (*querier)->labelNames(matchers, request.range)
                    : (*querier)->labelValues(request.label, matchers, request.range);
                if (!some) {
                    return some;
                }
                unite(found, std::move(*some));
            }
            cut(found, request.limit);
            return found;
        },
        std::move(reply));
}

Ticket LocalEngine::Core::exemplars(engine::SeriesRequest request,
                                    Reply<std::vector<SeriesExemplars>> reply)
{
    return m_lane->ask<std::vector<SeriesExemplars>>(
        [this, request = std::move(request)](const std::stop_token&) {
            auto found = m_store->exemplars(request.matchers, request.range);
            if (found) {
                cut(*found, request.limit);
            }
            return found;
        },
        std::move(reply));
}

Ticket LocalEngine::Core::metadata(Reply<std::vector<FamilyMetadata>> reply)
{
    return m_lane->ask<std::vector<FamilyMetadata>>(
        [this](const std::stop_token&) { return m_store->metadata(); }, std::move(reply));
}

Ticket LocalEngine::Core::write(engine::WriteRequest request, Reply<storage::CommitReport> reply)
{
    return m_lane->ask<storage::CommitReport>(
        [this,
         request = std::move(request)](const std::stop_token&) -> Result<storage::CommitReport> {
            const auto appender = request.isHistory ? m_store->importer() : m_store->appender();
            std::optional<Error> fault; // of one series; the others are stored
            const auto took = [&fault](auto&& result) {
                if (!result && !fault) {
                    fault = result.error();
                }
                return result.has_value();
            };
            for (const engine::WriteSeries& series : request.series) {
                storage::SeriesRef ref = 0;
                const auto append = [&](const SampleView& sample) {
                    auto appended = appender->append(ref, series.labels, sample);
                    if (took(appended)) {
                        ref = *appended;
                    }
                };
                const auto startAt = [](const std::vector<std::int64_t>& startsMs, std::size_t i) {
                    return fromUnixMs(i < startsMs.size() ? startsMs[i] : 0);
                };
                for (std::size_t i = 0; i < series.samples.size(); ++i) {
                    const Sample& sample = series.samples[i];
                    append({fromUnixMs(sample.atMs), startAt(series.sampleStartsMs, i),
                            sample.value, nullptr});
                }
                for (std::size_t i = 0; i < series.histograms.size(); ++i) {
                    const auto& [atMs, histogram] = series.histograms[i];
                    append({fromUnixMs(atMs), startAt(series.histogramStartsMs, i), 0, &histogram});
                }
                if (series.exemplars.empty()) {
                    continue;
                }
                if (ref == 0) { // Prometheus sends exemplars without samples
                    const auto known = appender->find(series.labels);
                    ref = took(known) ? *known : 0;
                }
                if (ref != 0) {
                    took(appender->appendExemplars(ref, series.exemplars));
                }
            }
            for (const FamilyMetadata& family : request.metadata) {
                appender->setMetadata(family.family, family.metadata);
            }
            auto report = appender->commit();
            if (report && fault) {
                return std::unexpected(*fault);
            }
            return report;
        },
        std::move(reply));
}

Ticket LocalEngine::Core::deleteSamples(engine::SeriesRequest request, Reply<std::uint64_t> reply)
{
    return m_lane->ask<std::uint64_t>(
        [this,
         request = std::move(request)](const std::stop_token&) mutable -> Result<std::uint64_t> {
            if (request.matchers.empty()) {
                return fail(ErrorKind::invalid, "nothing says which series are meant");
            }
            return m_store->deleteSamples(std::move(request.matchers), request.range);
        },
        std::move(reply));
}

Ticket LocalEngine::Core::reclaimDeleted(Reply<void> reply)
{
    return m_lane->ask<void>([this](const std::stop_token&) { return m_store->sealNow(); },
                             std::move(reply));
}

Ticket LocalEngine::Core::snapshot(Reply<std::string> reply)
{
    return m_lane->ask<std::string>(
        [this](const std::stop_token&) -> Result<std::string> {
            std::random_device random;
            std::string name = std::format("{:%Y%m%dT%H%M%SZ}-{:08x}{:08x}",
                                           std::chrono::floor<std::chrono::seconds>(m_clock.now()),
                                           random(), random());
            if (auto taken = m_store->snapshot(m_options.store.directory / "snapshots" / name);
                !taken) {
                return std::unexpected(taken.error());
            }
            return name;
        },
        std::move(reply));
}

Ticket LocalEngine::Core::cardinality(std::size_t limit, Reply<CardinalityReport> reply)
{
    return m_lane->ask<CardinalityReport>(
        [this, limit](const std::stop_token&) { return m_store->cardinality(limit); },
        std::move(reply));
}

Ticket LocalEngine::Core::changeSilence(engine::SilenceChange change,
                                        Reply<engine::SilenceId> reply)
{
    mailbox.run([this, change = std::move(change), reply = std::move(reply)]() mutable {
        const Timestamp now = m_clock.now();
        Result<engine::SilenceId> outcome = change.id;
        if (change.expire) {
            if (auto expired = m_silences->expire(change.id, now); !expired) {
                outcome = std::unexpected(std::move(expired.error()));
            }
        } else {
            alerting::Silence silence;
            silence.id = change.id;
            silence.matchers = std::move(change.matchers);
            silence.startsAt = change.startsAt;
            silence.endsAt = change.endsAt;
            silence.createdBy = std::move(change.createdBy);
            silence.comment = std::move(change.comment);
            silence.annotations = std::move(change.annotations);
            outcome = m_silences->set(std::move(silence), now);
        }
        ++m_silenceChanges;
        m_nextPublish = {};
        reply(std::move(outcome));
    });
    return {};
}

Ticket LocalEngine::Core::postAlerts(std::vector<Alert> posted, Reply<void> reply)
{
    mailbox.run([this, posted = std::move(posted), reply = std::move(reply)]() mutable {
        m_dispatcher->put(posted, m_clock.now());
        for (Alert& alert : posted) {
            m_posted.insert(std::move(alert.labels));
        }
        m_nextPublish = {};
        reply({});
    });
    return {};
}

Ticket LocalEngine::Core::inspectAlerting(engine::AlertingRequest request,
                                          Reply<engine::AlertingState> reply)
{
    mailbox.run([this, request = std::move(request), reply = std::move(reply)]() mutable {
        reply(alertingState(request, *m_dispatcher, *m_silences, m_clock.now()));
    });
    return {};
}

Ticket LocalEngine::Core::traceAlert(Labels labels, Reply<engine::AlertTrace> reply)
{
    mailbox.run([this, labels = std::move(labels), reply = std::move(reply)]() mutable {
        reply(alertTrace(labels, m_rules->pictures(), *m_dispatcher, m_clock.now()));
    });
    return {};
}

Ticket LocalEngine::Core::alertTimeline(engine::AlertTimelineRequest request,
                                        Reply<std::vector<engine::AlertSpan>> reply)
{
    return m_lane->ask<std::vector<engine::AlertSpan>>(
        [this, request = std::move(request)](
            const std::stop_token& stop) -> Result<std::vector<engine::AlertSpan>> {
            auto querier = m_store->querier();
            if (!querier) {
                return std::unexpected(std::move(querier.error()));
            }
            return runtime::alertTimeline(**querier, request, stop);
        },
        std::move(reply));
}

void LocalEngine::Core::act(const Notification& notification, NotificationAction action)
{
    if (action != NotificationAction::silence1h) {
        return; // the rest is a matter of this desktop
    }
    const Timestamp now = m_clock.now();
    engine::SilenceChange change;
    const Labels& labels
        = notification.groupLabels.empty() ? notification.commonLabels : notification.groupLabels;
    for (const Label& label : labels) {
        change.matchers.push_back(
            Matcher::equal(std::string(label.name), std::string(label.value)));
    }
    change.startsAt = now;
    change.endsAt = now + silenceFromPopup;
    change.createdBy = "desktop";
    change.comment = "Silenced from a popup";
    changeSilence(std::move(change), [](const Result<engine::SilenceId>& outcome) {
        if (!outcome) {
            log(LogLevel::warning, "alerting", "silencing from a popup: {}",
                outcome.error().message);
        }
    }).detach();
}

void LocalEngine::Core::setPaused(bool paused)
{
    mailbox.run([this, paused] {
        m_paused = paused;
        m_scraper->setPaused(paused);
        m_nextPublish = {};
        m_nextStatus = {};
    });
}

void LocalEngine::Core::setListening(std::string url)
{
    {
        const std::lock_guard lock(m_logMutex);
        m_listening = std::move(url);
    }
    mailbox.run([this] { m_nextStatus = {}; });
}

Ticket LocalEngine::Core::ownMetrics(Reply<std::string> reply)
{
    HttpRequest request;
    request.url = "collector:watchfire";
    return m_fetcher->fetch(
        std::move(request), [reply = std::move(reply)](Result<HttpResponse> response) mutable {
            reply(
                std::move(response).transform([](HttpResponse&& r) { return std::move(r.body); }));
        });
}

} // namespace watchfire::runtime
