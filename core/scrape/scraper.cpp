// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/scrape/scraper.h"

#include "core/base/log.h"
#include "core/scrape/request.h"
#include "core/scrape/scraper_parts.h"

#include <algorithm>
#include <format>
#include <utility>

namespace watchfire::scrape {

using std::chrono::milliseconds;

namespace {

/// A turn taken at most this late counts as taken in time, so that the samples lie on the grid.
constexpr milliseconds mostLate{10};

Timestamp sampleTime(const Schedule::Turn& turn, milliseconds interval, Timestamp now)
{
    const bool inTime = now - turn.due <= std::min(mostLate, interval / 100);
    return inTime ? turn.due : now;
}

/// What people may want to see of an answer. `response` null: there was none.
std::shared_ptr<const KeptAnswer> keep(Timestamp at, const HttpResponse* response,
                                       std::optional<exposition::Format> format, const Error& error)
{
    auto out = std::make_shared<KeptAnswer>();
    out->at = at;
    out->error = error.message;
    if (response != nullptr) {
        out->status = response->status;
        out->contentType = header(response->headers, "Content-Type");
        out->timings = response->timings;
        out->body = response->body.substr(0, KeptAnswer::mostBody);
        out->isCut = response->body.size() > out->body.size();
        out->format = format;
        if (format && error.where) {
            out->errorLine = exposition::placeOf(response->body, *error.where).line;
        }
    }
    return out;
}

std::string warningOf(const Harvest& harvest)
{
    std::string out;
    const auto add = [&out](std::uint64_t count, std::string_view what) {
        if (count > 0) {
            out += std::format("{}{} {} {}", out.empty() ? "" : "; ", count,
                               count == 1 ? "sample" : "samples", what);
        }
    };
    const storage::CommitReport& commit = harvest.commit;
    add(harvest.duplicates, "of series that the same answer has already: the first one counts");
    add(commit.conflicts, "with another value than is stored for that moment: the first one stays");
    add(commit.tooOld, "out of order, older than what is stored of their series: dropped");
    add(harvest.tooNew + commit.tooNew, "more than ten minutes ahead of the clock: dropped");
    add(commit.refused,
        "of new series beyond the series budget of the job: dropped, the series "
        "there are go on");
    return out;
}

} // namespace

Scraper::Scraper(ScraperPorts ports, Ceilings ceilings)
    : m_ports(ports)
    , m_ceilings(ceilings)
    , m_schedule([this](const Schedule::Turn& turn) { takeTurn(turn); })
    , m_anchor(std::make_shared<Scraper*>(this))
{
}

Scraper::~Scraper()
{
    m_anchor.reset();
    for (auto& [id, running] : m_running) {
        running->ticket.cancel();
    }
}

bool Scraper::isPaused(const Running& running) const
{
    return m_paused || std::ranges::contains(m_pausedJobs, running.status.job);
}

void Scraper::setPaused(bool paused)
{
    if (m_paused != paused) {
        m_paused = paused;
        endPaused();
        changed();
    }
}

void Scraper::setPausedJobs(std::vector<std::string> jobs)
{
    if (m_pausedJobs != jobs) {
        m_pausedJobs = std::move(jobs);
        endPaused();
        changed();
    }
}

void Scraper::endPaused()
{
    for (const auto& [id, running] : m_running) {
        if (isPaused(*running)) {
            end(running);
            running->status.health = Health::unknown;
        }
    }
}

bool Scraper::scrapeNow(std::uint64_t target, Reply<void> done)
{
    const auto found = m_running.find(target);
    if (found == m_running.end()) {
        if (done) {
            done(fail(ErrorKind::notFound, "there is no such target"));
        }
        return false;
    }
    const RunningPtr running = found->second;
    if (done) {
        running->waiting.push_back(std::move(done));
    }
    if (!running->inFlight) {
        begin(running, m_ports.clock.now());
    }
    return true;
}

std::optional<Timestamp> Scraper::nextDue() const
{
    if (const Timestamp now = m_ports.clock.now(); now < m_latest) {
        return now - milliseconds(1); // it was set back, and what is due is to be planned anew
    }
    std::optional<Timestamp> next = m_paused ? std::nullopt : m_schedule.nextDue();
    const auto consider = [&next](const std::optional<Timestamp>& due) {
        if (due && (!next || *due < *next)) {
            next = due;
        }
    };
    for (const auto& [name, job] : m_jobs) {
        consider(job->job->nextDue());
    }
    for (const auto& survey : m_surveys) {
        consider(survey->nextDue());
    }
    return next;
}

void Scraper::advance(Timestamp now)
{
    m_latest = now;
    for (const auto& [name, job] : m_jobs) {
        job->job->advance(now);
    }
    for (std::size_t i = 0; i < m_surveys.size(); ++i) {
        m_surveys[i]->advance(now);
    }
    std::erase_if(m_surveys, [](const auto& survey) { return survey->isOver(); });
    if (!m_paused) {
        m_schedule.advance(now);
    }
}

void Scraper::takeTurn(const Schedule::Turn& turn)
{
    const auto found = m_running.find(turn.id);
    if (found == m_running.end() || isPaused(*found->second)) {
        return;
    }
    const RunningPtr running = found->second;
    if (running->inFlight) {
        ++running->status.missedTurns;
        ++m_counts.missed;
        changed();
        return;
    }
    begin(running, sampleTime(turn, running->status.interval, m_ports.clock.now()));
}

void Scraper::begin(const RunningPtr& running, Timestamp at)
{
    running->inFlight = true;
    // Two rows of one moment would be a conflict.
    at = std::max(at, running->lastRow == Timestamp{} ? at : running->lastRow + milliseconds(1));
    if (at > m_ports.clock.now() + std::chrono::seconds(1)) {
        at = m_ports.clock.now(); // the clock was set back: late samples, not future ones
    }
    running->lastRow = at;
    const auto goHome
        = [&home = m_ports.home, anchor = std::weak_ptr(m_anchor), running, at,
           wanted = m_shelf.wants(running->id)](Harvest harvest, const HttpResponse* response,
                                                std::optional<exposition::Format> format) {
              auto kept = wanted || !harvest.error.message.empty()
                  ? keep(at, response, format, harvest.error)
                  : nullptr;
              const std::uint64_t bodyBytes
                  = response != nullptr && format ? response->body.size() : 0;
              home.run([anchor, running, at, bodyBytes, harvest = std::move(harvest),
                        kept = std::move(kept)]() mutable {
                  if (const auto self = anchor.lock()) {
                      (*self)->finish(running, at, bodyBytes, harvest, std::move(kept));
                  }
              });
          };
    const auto rules = running->rules;
    if (Error refusal = refusalOf(running->status.job); !refusal.message.empty()) {
        m_ports.workers.run([running, rules, at, error = std::move(refusal), goHome] {
            goHome(running->intake.takeFailure(rules, at, {}, error), nullptr, {});
        });
        return;
    }
    const Timestamp started = m_ports.clock.now();
    const Clock& clock = m_ports.clock;
    auto reply = [running, rules, at, started, &clock, goHome,
                  &workers = m_ports.workers](Result<HttpResponse> response) mutable {
        workers.run([running, rules, at, started, &clock, goHome,
                     response = std::move(response)]() mutable {
            const milliseconds waited = std::max(milliseconds(0), clock.now() - started);
            // What scrape_body_size_bytes says: of a body over its limit, or of other failures.
            const auto sizeOf = [](bool isOver) { return isOver ? Intake::bodyTooLarge : 0; };
            if (!response) {
                goHome(running->intake.takeFailure(rules, at, waited,
                                                   asScrapeError(response.error(), *rules),
                                                   sizeOf(isBodyLimit(response.error(), *rules))),
                       nullptr, {});
                return;
            }
            const auto took
                = response->timings.total.count() != 0 ? response->timings.total : waited;
            const auto format = readableAs(*response, *rules);
            if (!format) {
                const bool isOver = format.error().kind == ErrorKind::limit;
                goHome(running->intake.takeFailure(rules, at, took, format.error(), sizeOf(isOver)),
                       &*response, {});
                return;
            }
            goHome(running->intake.take(rules, {at, response->body, *format, took}), &*response,
                   *format);
        });
    };
    // An answer may come before `fetch` returns; its ticket stands for nothing then.
    Ticket ticket = m_ports.fetcher.fetch(makeRequest(*rules), std::move(reply));
    running->ticket = std::move(ticket);
}

void Scraper::finish(const RunningPtr& running, Timestamp at, std::uint64_t bodyBytes,
                     const Harvest& harvest, std::shared_ptr<const KeptAnswer> kept)
{
    running->inFlight = false;
    running->ticket.detach();
    ++m_counts.scrapes;
    m_counts.failed += harvest.up ? 0 : 1;
    m_counts.samples += harvest.scraped;
    m_counts.stored += harvest.commit.stored;
    m_counts.duplicates += harvest.duplicates + harvest.commit.duplicates;
    m_counts.tooOld += harvest.commit.tooOld;
    m_counts.tooNew += harvest.tooNew + harvest.commit.tooNew;
    m_counts.bodyBytes += bodyBytes;
    TargetStatus& status = running->status;
    if (!harvest.up && status.health != Health::down) {
        log(LogLevel::warning, "scrape", "{}: {}", status.url, harvest.error.message);
    }
    status.health = harvest.up ? Health::up : Health::down;
    status.lastError = harvest.error.message;
    status.lastWarning = warningOf(harvest);
    status.lastScrape = at;
    status.lastDuration = harvest.took;
    status.samples = harvest.scraped;
    status.kept = harvest.kept;
    status.bodyBytes = bodyBytes;
    status.availability.note(at, harvest.up);
    running->log.note({at, harvest.took, harvest.scraped, harvest.error.message});
    if (!m_running.contains(running->id)) {
        kept.reset(); // the target is gone
    }
    if (kept != nullptr) {
        m_shelf.put(running->id, std::move(kept));
    } else {
        m_shelf.remove(running->id); // the failure it tells of is over
    }
    if (running->endWhenDone || isPaused(*running)) {
        end(running);
        status.health = Health::unknown;
    }
    changed();
    for (Reply<void>& done : std::exchange(running->waiting, {})) {
        done({});
    }
}

/// Marks the target's series stale, now or when its scrape is over.
void Scraper::end(const RunningPtr& running)
{
    if (running->inFlight) {
        running->endWhenDone = true;
        return;
    }
    running->endWhenDone = false;
    if (running->lastRow == Timestamp{}) {
        return;
    }
    const Timestamp at = std::max(m_ports.clock.now(), running->lastRow + milliseconds(1));
    running->lastRow = at;
    running->inFlight = true;
    m_ports.workers.run([running, at, &home = m_ports.home, anchor = std::weak_ptr(m_anchor)] {
        running->intake.end(at);
        home.run([running, anchor] {
            if (const auto self = anchor.lock()) {
                running->inFlight = false;
                if (!running->waiting.empty()) { // somebody asked for a scrape meanwhile
                    (*self)->begin(running, (*self)->m_ports.clock.now());
                }
            }
        });
    });
}

void Scraper::changed()
{
    ++m_revision;
    if (m_changed) {
        m_changed();
    }
}

} // namespace watchfire::scrape
