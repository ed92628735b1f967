// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/core.h"
#include "core/runtime/pictures.h"

#include <algorithm>
#include <iterator>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <stop_token>
#include <utility>

/// What is asked of targets and jobs.
namespace watchfire::runtime {

namespace {

engine::ScrapeTest testOf(scrape::Trial from)
{
    engine::ScrapeTest to;
    to.ok = from.ok;
    to.url = std::move(from.url);
    to.error = std::move(from.error);
    to.errorLine = from.errorLine;
    to.badLine = std::move(from.badLine);
    to.status = from.status;
    to.timings = from.timings;
    to.parse = from.parse;
    to.format = std::move(from.format);
    to.samples = from.samples;
    to.metrics = from.metrics;
    to.warnings = std::move(from.warnings);
    to.bodyStart = std::move(from.bodyStart);
    return to;
}

engine::RelabelOutcome outcomeOf(scrape::RelabelOutcome from)
{
    engine::RelabelOutcome to;
    to.discovered = std::move(from.discovered);
    for (scrape::RelabelStepReport& step : from.steps) {
        to.steps.push_back({std::move(step.before), std::move(step.after), step.kept});
    }
    to.url = std::move(from.url);
    to.labels = std::move(from.labels);
    to.error = std::move(from.error);
    return to;
}

std::vector<engine::RelabelOutcome> outcomesOf(std::vector<scrape::RelabelOutcome> from)
{
    std::vector<engine::RelabelOutcome> to;
    to.reserve(from.size());
    std::ranges::transform(std::move(from), std::back_inserter(to),
                           [](auto& outcome) { return outcomeOf(std::move(outcome)); });
    return to;
}

engine::JobPreview previewOf(scrape::JobPreview from)
{
    return {outcomesOf(std::move(from.outcomes)), from.total, std::move(from.warnings)};
}

engine::TargetDetail detailOf(scrape::TargetDetail from)
{
    engine::TargetDetail to;
    to.relabelling = outcomeOf(std::move(from.relabelling));
    to.answeredAt = from.answeredAt;
    to.status = from.status;
    to.contentType = std::move(from.contentType);
    to.timings = from.timings;
    to.body = std::move(from.body);
    to.isCut = from.isCut;
    to.errorLine = from.errorLine;
    to.error = std::move(from.error);
    to.metricRelabelling = outcomesOf(std::move(from.metricRelabelling));
    for (scrape::ScrapeEvent& event : from.log) {
        to.log.push_back({event.at, event.took, event.samples, std::move(event.error)});
    }
    return to;
}

/// Asks on the engine's thread and carries a cancellation there.
template <class T> class AskedAtHome {
public:
    using Question = std::move_only_function<Ticket(Reply<T>)>;

    static Ticket ask(Executor& home, Reply<T> reply, Question question)
    {
        std::stop_source source;
        home.run([&home, token = source.get_token(), reply = std::move(reply),
                  question = std::move(question)]() mutable {
            if (token.stop_requested()) {
                return;
            }
            auto asked = std::make_shared<AskedAtHome>();
            asked->m_ticket = std::make_shared<Ticket>();
            *asked->m_ticket
                = question([asked, reply = std::move(reply)](Result<T> answer) mutable {
                      reply(std::move(answer));
                  });
            asked->m_stop.emplace(token, [&home, ticket = asked->m_ticket] {
                home.run([ticket] { ticket->cancel(); });
            });
        });
        return Ticket(std::move(source));
    }

private:
    std::shared_ptr<Ticket> m_ticket; ///< of the question itself
    /// Ends with the reply, which owns this.
    std::optional<std::stop_callback<std::function<void()>>> m_stop;
};

engine::FoundExporter foundOf(const discovery::FoundExporter& from)
{
    return {from.name,        from.jobName, from.address, from.scheme,
            from.metricsPath, from.series,  from.how};
}

} // namespace

void LocalEngine::Core::publishTargets()
{
    auto snapshot = targetsSnapshot(*m_scraper->targets());
    std::set<std::string> scraped;
    if (!m_found.empty()) {
        for (const engine::TargetStatus& target : snapshot->targets) {
            scraped.insert(m_finder->addressOf(target.url));
        }
    }
    for (const discovery::FoundExporter& exporter : m_found) {
        if (!scraped.contains(m_finder->addressOf(exporter.scheme + "://" + exporter.address))) {
            snapshot->found.push_back(foundOf(exporter));
        }
    }
    snapshot->isLooking = m_finder->isLooking();
    targets.publish(std::move(snapshot));
}

void LocalEngine::Core::findExporters()
{
    mailbox.run([this] {
        std::vector<std::string> known;
        for (const scrape::TargetStatus& target : m_scraper->targets()->targets) {
            known.push_back(target.url);
        }
        {
            const std::lock_guard lock(m_logMutex);
            if (!m_listening.empty()) {
                known.push_back(m_listening); // we are no discovery
            }
        }
        m_finder->find(known, [this](std::vector<discovery::FoundExporter> found) {
            m_found = std::move(found);
            m_targetsShownAs = 0;
            m_nextPublish = {};
        });
        m_targetsShownAs = 0;
        m_nextPublish = {};
    });
}

Ticket LocalEngine::Core::inspectImport(std::string file, Reply<engine::ImportPreview> reply)
{
    m_chores->run([this, file = std::move(file), reply = std::move(reply)]() mutable {
        config::ImportReport report = m_options.files.inspectImport(file);
        if (report.faults.empty()) {
            report.faults = check(report.config);
        }
        reply(engine::ImportPreview{std::move(report.config), std::move(report.faults),
                                    std::move(report.losses)});
    });
    return {};
}

Ticket LocalEngine::Core::testScrape(config::ScrapeConfig job, engine::ScrapeProgress progress,
                                     Reply<engine::ScrapeTest> reply)
{
    scrape::TrialProgress told;
    if (progress) {
        told = [progress = std::move(progress)](const std::string& url, HttpPhase phase,
                                                const HttpTimings& timings) {
            engine::ScrapeTest soFar;
            soFar.phase = phase;
            soFar.url = url;
            soFar.timings = timings;
            progress(soFar);
        };
    }
    return AskedAtHome<scrape::Trial>::ask(
        mailbox,
        [reply = std::move(reply)](Result<scrape::Trial> report) mutable {
            reply(std::move(report).transform(testOf));
        },
        [this, job = std::move(job), told = std::move(told)](Reply<scrape::Trial> answer) mutable {
            return m_scraper->test(std::move(job), std::move(told), std::move(answer));
        });
}

Ticket LocalEngine::Core::previewJob(config::ScrapeConfig job, Reply<engine::JobPreview> reply)
{
    return AskedAtHome<scrape::JobPreview>::ask(
        mailbox,
        [reply = std::move(reply)](Result<scrape::JobPreview> preview) mutable {
            reply(std::move(preview).transform(previewOf));
        },
        [this, job = std::move(job)](Reply<scrape::JobPreview> answer) mutable {
            return m_scraper->preview(std::move(job), std::move(answer));
        });
}

Ticket LocalEngine::Core::inspectTarget(std::uint64_t target, Reply<engine::TargetDetail> reply)
{
    return AskedAtHome<scrape::TargetDetail>::ask(
        mailbox,
        [reply = std::move(reply)](Result<scrape::TargetDetail> detail) mutable {
            reply(std::move(detail).transform(detailOf));
        },
        [this, target](Reply<scrape::TargetDetail> answer) {
            return m_scraper->inspect(target, std::move(answer));
        });
}

Ticket LocalEngine::Core::scrapeNow(std::uint64_t target, Reply<void> reply)
{
    mailbox.run([this, target, reply = std::move(reply)]() mutable {
        m_scraper->scrapeNow(target, std::move(reply));
    });
    return {};
}

} // namespace watchfire::runtime
