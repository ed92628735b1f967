// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/scrape/intake.h"

#include "core/model/sample.h"

#include <algorithm>
#include <bit>
#include <iterator>
#include <string_view>
#include <utility>

namespace watchfire::scrape {

namespace {

/// The scrape's own series; those from `usualReports` on are there with extra_scrape_metrics.
constexpr std::array<std::string_view, 8> reportNames{"up",
                                                      "scrape_duration_seconds",
                                                      "scrape_samples_scraped",
                                                      "scrape_samples_post_metric_relabeling",
                                                      "scrape_series_added",
                                                      "scrape_timeout_seconds",
                                                      "scrape_sample_limit",
                                                      "scrape_body_size_bytes"};
constexpr std::size_t usualReports = 5;

/// So many positions, beyond twice those of the latest good answer, may be without samples.
constexpr std::size_t strangers = 1000;

std::size_t reportsOf(const IntakeRules& rules)
{
    return rules.job->extraScrapeMetrics ? reportNames.size() : usualReports;
}

std::chrono::microseconds since(std::chrono::steady_clock::time_point start)
{
    return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now()
                                                                 - start);
}

void setBit(std::vector<std::uint64_t>& bits, std::size_t at)
{
    if (bits.size() <= at / 64) {
        bits.resize(at / 64 + 1);
    }
    bits[at / 64] |= std::uint64_t{1} << (at % 64);
}

} // namespace

Harvest Intake::take(const std::shared_ptr<const IntakeRules>& rules, const Answer& answer)
{
    const auto start = std::chrono::steady_clock::now();
    Harvest harvest;
    if (auto ready = use(rules); !ready) {
        harvest.error = ready.error();
        return harvest;
    }
    startRow();
    const auto read = m_reader.read(answer, *m_rules, *m_writer, m_draft, harvest);
    harvest.up = read.has_value();
    if (!read) {
        harvest.error = read.error();
        keepMetadata();
        startRow();
    }
    harvest.took = answer.took + since(start);
    commit(answer.at, read ? &answer : nullptr, harvest,
           static_cast<std::int64_t>(answer.body.size()));
    if (m_writer == nullptr) {
        return harvest;
    }
    if (read) {
        m_goodPositions = m_writer->positions();
    } else {
        forgetStrangers();
    }
    return harvest;
}

Harvest Intake::takeFailure(const std::shared_ptr<const IntakeRules>& rules, Timestamp at,
                            std::chrono::microseconds took, Error error, std::int64_t bodyBytes)
{
    Harvest harvest;
    harvest.error = std::move(error);
    harvest.took = took;
    if (auto ready = use(rules); !ready) {
        return harvest;
    }
    startRow();
    commit(at, nullptr, harvest, bodyBytes);
    return harvest;
}

void Intake::end(Timestamp at)
{
    if (m_writer != nullptr && m_hasReported) {
        startRow();
        remember();
        markVanished();
        for (const storage::Position position : m_report) {
            m_draft.values[position] = staleMarker();
        }
        storage::Row row;
        row.at = at;
        row.values = m_draft.values;
        // Nobody is left to tell when the store cannot take it.
        static_cast<void>(m_writer->commit(row));
    }
    m_writer.reset();
    m_seen.clear();
    m_hasReported = false;
    m_reader.forgetPositions();
}

/// Takes up the rules, and opens the group where that has not happened.
Result<void> Intake::use(const std::shared_ptr<const IntakeRules>& rules)
{
    if (m_rules != rules) {
        if (m_rules != nullptr && !m_rules->namesAlike(*rules)) {
            m_reader.clear();
        }
        m_rules = rules;
    }
    if (m_writer != nullptr) {
        return m_report.size() == reportsOf(*m_rules) ? Result<void>() : resolveReport();
    }
    auto writer = m_store.openGroup(rules->target.labels);
    if (!writer && writer.error().kind == ErrorKind::conflict) {
        // Another target has the same labels; what they both send, the first of them owns.
        writer = m_store.openGroup(rules->target.labels.with("__url__", rules->target.url));
    }
    if (!writer) {
        return std::unexpected(writer.error());
    }
    m_writer = *std::move(writer);
    m_layout = m_writer->layoutVersion();
    return resolveReport();
}

Result<void> Intake::resolveReport()
{
    const std::size_t count = reportsOf(*m_rules);
    for (std::size_t i = count; i < m_report.size(); ++i) {
        setBit(m_seen, m_report[i]); // nobody reports it any more: its end is to be marked
    }
    m_report.resize(count);
    for (std::size_t i = 0; i < count; ++i) {
        const auto position
            = m_writer->position(m_rules->target.labels.with(metricNameLabel, reportNames[i]));
        if (!position) {
            m_writer.reset();
            return std::unexpected(position.error());
        }
        m_report[i] = *position;
    }
    return {};
}

/// Series of answers that failed have positions and no samples. A target that answers with other
/// ones each time and fails must not make us remember them all.
void Intake::forgetStrangers()
{
    const bool nothingToEnd
        = std::ranges::all_of(m_seen, [](std::uint64_t bits) { return bits == 0; });
    if (!nothingToEnd || m_writer->positions() <= 2 * m_goodPositions + strangers) {
        return;
    }
    m_writer.reset();
    m_seen.clear();
    m_reader.forgetPositions();
    static_cast<void>(use(m_rules)); // or with the next answer
}

void Intake::startRow()
{
    m_draft.start(m_writer->positions());
}

/// Notes in m_seenNow which series the row has.
void Intake::remember()
{
    const auto& values = m_draft.values;
    m_seenNow.assign((values.size() + 63) / 64, 0);
    for (std::size_t i = 0; i < values.size(); ++i) {
        m_seenNow[i / 64] |= std::uint64_t{!isAbsent(values[i])} << (i % 64);
    }
    for (const storage::Position position : m_draft.tracked) {
        setBit(m_seenNow, position);
    }
}

void Intake::markVanished()
{
    for (std::size_t word = 0; word < m_seen.size(); ++word) {
        std::uint64_t gone = m_seen[word] & ~(word < m_seenNow.size() ? m_seenNow[word] : 0);
        for (; gone != 0; gone &= gone - 1) {
            const std::size_t position
                = word * 64 + static_cast<std::size_t>(std::countr_zero(gone));
            if (position < m_draft.values.size()) {
                m_draft.values[position] = staleMarker();
            }
        }
    }
}

void Intake::report(const Harvest& harvest, std::int64_t bodyBytes)
{
    const std::array<double, reportNames.size()> values{
        harvest.up ? 1.0 : 0.0,
        std::chrono::duration<double>(harvest.took).count(),
        static_cast<double>(harvest.scraped),
        static_cast<double>(harvest.kept),
        static_cast<double>(harvest.added),
        std::chrono::duration<double>(m_rules->target.timeout).count(),
        static_cast<double>(m_rules->job->sampleLimit),
        static_cast<double>(bodyBytes)};
    for (std::size_t i = 0; i < m_report.size(); ++i) {
        m_draft.values[m_report[i]] = values[i];
    }
}

/// Comments of known lines are not read again, so what they said must not be lost.
void Intake::keepMetadata()
{
    // Only a first answer has much of it, and these stay as long as the target.
    auto fresh = std::exchange(m_draft.metadata, {});
    m_unsentMetadata.insert(m_unsentMetadata.end(), std::make_move_iterator(fresh.begin()),
                            std::make_move_iterator(fresh.end()));
}

void Intake::commit(Timestamp at, const Answer* answer, Harvest& harvest, std::int64_t bodyBytes)
{
    remember();
    markVanished();
    report(harvest, bodyBytes);
    keepMetadata();
    std::ranges::stable_sort(m_draft.timed, {}, &storage::PositionedSample::at);
    storage::Row row;
    row.at = at;
    row.values = m_draft.values;
    row.timed = m_draft.timed;
    m_histograms.clear();
    for (const TakenHistogram& taken : m_draft.histograms) {
        m_histograms.push_back({taken.position, taken.at, &taken.histogram, taken.startedAt});
    }
    row.histograms = m_histograms;
    row.startedAt = m_draft.starts;
    row.exemplars = m_draft.exemplars;
    row.metadata = m_unsentMetadata;
    auto committed = m_writer->commit(row);
    if (!committed) {
        // Nothing of it is stored, so what the row before had is still to be ended.
        harvest.error = committed.error().within("the store refused the scrape");
        return;
    }
    harvest.commit = *committed;
    std::exchange(m_unsentMetadata, {});
    m_seen.swap(m_seenNow);
    m_hasReported = true;
    if (m_writer->layoutVersion() != m_layout) {
        relearn(answer);
    }
}

/// Positions were renumbered: finds the new ones of what the row had, while its body is here.
void Intake::relearn(const Answer* answer)
{
    m_layout = m_writer->layoutVersion();
    m_reader.forgetPositions();
    m_seen.clear();
    if (!resolveReport()) {
        return;
    }
    if (answer == nullptr) {
        return;
    }
    startRow();
    Harvest ignored;
    if (m_reader.read(*answer, *m_rules, *m_writer, m_draft, ignored)) {
        remember();
        m_seen.swap(m_seenNow);
    }
}

} // namespace watchfire::scrape
