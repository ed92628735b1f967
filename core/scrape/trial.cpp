// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/scrape/trial.h"

#include "core/exposition/readable.h"
#include "core/scrape/request.h"
#include "core/scrape/target.h"

#include <algorithm>
#include <array>
#include <format>
#include <set>
#include <unordered_map>
#include <utility>

namespace watchfire::scrape {

namespace {

constexpr std::size_t shownBytes = 64 << 10;

/// Gives out positions and stores nothing.
class NoWriter final : public storage::GroupWriter {
public:
    Result<storage::Position> position(const Labels& labels) override
    {
        const auto next = static_cast<storage::Position>(m_positions.size());
        return m_positions.try_emplace(labels, next).first->second;
    }
    std::size_t positions() const override { return m_positions.size(); }
    std::uint64_t layoutVersion() const override { return 1; }
    Result<storage::CommitReport> commit(const storage::Row&) override
    {
        return storage::CommitReport();
    }

private:
    std::unordered_map<Labels, storage::Position> m_positions;
};

/// Families of a body: those that comments name, and samples that belong to none of them.
std::uint64_t countFamilies(std::string_view body, exposition::Format format)
{
    static constexpr std::array<std::string_view, 7> suffixes{
        "_bucket", "_sum", "_count", "_total", "_created", "_info", "_gcount"};
    std::set<std::string, std::less<>> families;
    std::set<std::string, std::less<>> names;
    const auto parser = exposition::makeParser(format, body);
    exposition::Entry entry;
    for (;;) {
        const auto kind = parser->next(entry);
        if (!kind || *kind == exposition::EntryKind::end) {
            break;
        }
        if (*kind == exposition::EntryKind::series || *kind == exposition::EntryKind::histogram) {
            names.insert(entry.name.unescape());
        } else {
            families.insert(entry.family);
        }
    }
    std::size_t alone = 0;
    for (const std::string_view name : names) {
        const bool isPart = std::ranges::any_of(suffixes, [&](std::string_view suffix) {
            return name.ends_with(suffix)
                && families.contains(name.substr(0, name.size() - suffix.size()));
        });
        alone += families.contains(name) || isPart ? 0 : 1;
    }
    return families.size() + alone;
}

bool looksLikeHtml(std::string_view body)
{
    const std::size_t at = body.find_first_not_of(" \t\r\n");
    return at != std::string_view::npos && body[at] == '<';
}

void warn(Trial& trial, const Harvest& harvest)
{
    if (harvest.duplicates > 0) {
        trial.warnings.push_back(
            std::format("{} samples repeat a series of the same answer, such as {}; the first "
                        "one counts",
                        harvest.duplicates, harvest.firstDuplicate));
    }
    if (harvest.tooNew > 0) {
        trial.warnings.push_back(std::format(
            "{} samples carry a time more than ten minutes ahead and are dropped", harvest.tooNew));
    }
    if (harvest.scraped == 0) {
        trial.warnings.emplace_back("the answer holds no samples");
    } else if (harvest.kept < harvest.scraped) {
        trial.warnings.push_back(std::format("metric relabelling drops {} of {} samples",
                                             harvest.scraped - harvest.kept, harvest.scraped));
    }
}

void judge(Trial& trial, const IntakeRules& rules, const HttpResponse& response, Timestamp now)
{
    trial.status = response.status;
    trial.timings = response.timings;
    const auto format = readableAs(response, rules);
    trial.bodyStart = exposition::readableStart(format.value_or(exposition::Format::text),
                                                response.body, shownBytes);
    if (!format) {
        trial.error = format.error().message;
        return;
    }
    trial.format = toText(*format);
    BodyReader reader;
    NoWriter writer;
    RowDraft draft;
    Harvest harvest;
    draft.start(0);
    const auto start = std::chrono::steady_clock::now();
    const auto read = reader.read({now, response.body, *format, response.timings.total}, rules,
                                  writer, draft, harvest);
    trial.parse = std::chrono::duration_cast<std::chrono::microseconds>(
        std::chrono::steady_clock::now() - start);
    warn(trial, harvest);
    trial.metrics = countFamilies(response.body, *format);
    if (!read) {
        trial.error = read.error().message;
        if (const auto& where = read.error().where) {
            const exposition::Place place = exposition::placeOf(response.body, *where);
            trial.errorLine = place.line;
            trial.badLine = place.text.substr(0, 4096);
        }
        if (looksLikeHtml(response.body)) {
            trial.error
                = "the answer is a web page, not metrics; is the path right? (" + trial.error + ")";
        }
        return;
    }
    trial.samples = harvest.kept - harvest.duplicates - harvest.tooNew;
    trial.ok = true;
}

} // namespace

Ticket tryJob(config::ScrapeConfig job, const Ceilings& ceilings, HttpFetcher& fetcher,
              Executor& workers, const Clock& clock, const TrialProgress& progress,
              Reply<Trial> reply)
{
    if (auto ready = prepareRules(job); !ready) {
        reply(std::unexpected(ready.error()));
        return {};
    }
    Targets targets = makeTargets(job, job.staticConfigs);
    Trial trial;
    if (targets.active.empty()) {
        if (!targets.faults.empty()) {
            reply(std::unexpected(targets.faults.front()));
        } else if (!targets.dropped.empty()) {
            reply(fail(ErrorKind::invalid, "relabelling drops every target of this job"));
        } else {
            reply(fail(ErrorKind::invalid, "this job has no targets"));
        }
        return {};
    }
    if (targets.active.size() > 1) {
        trial.warnings.push_back(std::format("the job has {} targets; this is the first of them",
                                             targets.active.size()));
    }
    for (const Error& fault : targets.faults) {
        trial.warnings.push_back(fault.message);
    }
    auto rules = std::make_shared<IntakeRules>();
    rules->target = std::move(targets.active.front());
    rules->ceilings = ceilings;
    rules->job = std::make_shared<const config::ScrapeConfig>(std::move(job));
    trial.url = rules->target.url;
    HttpRequest request = makeRequest(*rules);
    if (progress) {
        request.progress = std::bind_front(progress, trial.url);
    }
    return fetcher.fetch(std::move(request),
                         [rules, trial = std::move(trial), &workers, &clock,
                          reply = std::move(reply)](Result<HttpResponse> response) mutable {
                             workers.run([rules, trial = std::move(trial), &clock,
                                          reply = std::move(reply),
                                          response = std::move(response)]() mutable {
                                 if (response) {
                                     judge(trial, *rules, *response, clock.now());
                                 } else {
                                     trial.error = asScrapeError(response.error(), *rules).message;
                                 }
                                 reply(std::move(trial));
                             });
                         });
}

} // namespace watchfire::scrape
