// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/scrape/body_reader.h"

#include "core/exposition/histogram_shape.h"
#include "core/exposition/number_scan.h"
#include "core/model/sample.h"
#include "core/scrape/histogram_limits.h"
#include "core/scrape/line_hash.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <format>
#include <functional>
#include <limits>
#include <tuple>
#include <utility>

namespace watchfire::scrape {

using exposition::EntryKind;
using exposition::NumericLabel;

namespace {

/// Samples further ahead than this are dropped.
constexpr std::int64_t mostAheadMs = 10 * 60 * 1000;
/// Of the labels of an exemplar, in characters. Source: OpenMetrics 1.0, "Exemplars".
constexpr std::size_t longestExemplar = 128;

/// Stands in a cell, while a body is read, whose series has a sample that is not in the row's
/// values: one with a time of its own or a histogram.
double takenElsewhere()
{
    return std::bit_cast<double>(absentBits + 1);
}

void clearTaken(RowDraft& draft)
{
    const auto clear = [&draft](storage::Position position) {
        double& cell = draft.values[position];
        if (std::bit_cast<std::uint64_t>(cell) == absentBits + 1) {
            cell = absentValue();
        }
    };
    for (const storage::PositionedSample& sample : draft.timed) {
        clear(sample.position);
    }
    for (const TakenHistogram& sample : draft.histograms) {
        clear(sample.position);
    }
}

/// Scans a sample's value at `at`: plain decimals and NaN.
const char* scanValue(const char* at, const char* end, double& value)
{
    const char* const after = exposition::scanNumber(at, end, value);
    if (after == nullptr && end - at >= 3 && std::memcmp(at, "NaN", 3) == 0) {
        value = normalNaN();
        return at + 3;
    }
    return after;
}

/// A time stamp of the text format that nothing follows on its line.
const char* scanTime(const char* at, const char* end, std::int64_t& atMs)
{
    std::uint64_t value = 0;
    const char* const after = exposition::scan::digits(at, end, value);
    atMs = static_cast<std::int64_t>(value);
    return after != at && after - at <= 18 ? after : nullptr;
}

std::size_t characters(std::string_view text)
{
    return static_cast<std::size_t>(std::ranges::count_if(
        text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

/// Whether the view is one into the body, and not into what a parser made of it.
bool isPartOf(std::string_view view, std::string_view body)
{
    const std::less<const char*> before;
    return !before(view.data(), body.data()) && before(view.data(), body.data() + body.size());
}

bool fits(const Exemplar& exemplar)
{
    std::size_t length = 0;
    for (const Label& label : exemplar.labels) {
        length += characters(label.name) + characters(label.value);
    }
    return length <= longestExemplar;
}

} // namespace

bool IntakeRules::namesAlike(const IntakeRules& other) const
{
    const auto limits = [](const IntakeRules& of) {
        return std::tuple(of.job->labelLimit, of.job->labelNameLengthLimit,
                          of.job->labelValueLengthLimit, of.ceilings.labels,
                          of.ceilings.labelValueBytes);
    };
    return target.labels == other.target.labels && job->honorLabels == other.job->honorLabels
        && job->metricRelabel == other.job->metricRelabel
        && job->nameValidationScheme == other.job->nameValidationScheme
        && limits(*this) == limits(other);
}

std::uint64_t IntakeRules::bodyLimit() const
{
    return job->bodySizeLimit != 0 ? job->bodySizeLimit
        : job->bodyCeiling != 0    ? job->bodyCeiling
                                   : ceilings.bodyBytes;
}

std::uint64_t IntakeRules::sampleLimit() const
{
    return job->sampleLimit != 0  ? job->sampleLimit
        : job->sampleCeiling != 0 ? job->sampleCeiling
                                  : ceilings.samples;
}

exposition::ReadOptions IntakeRules::readOptions() const
{
    return {.nativeHistograms = job->scrapeNativeHistograms,
            .classicToo = job->alwaysScrapeClassicHistograms,
            .convertClassic = job->convertClassicHistogramsToNhcb,
            .startTimes = ceilings.startTimes};
}

void RowDraft::start(std::size_t positions)
{
    values.assign(positions, absentValue());
    timed.clear();
    histograms.clear();
    starts.clear();
    tracked.clear();
    exemplars.clear();
    metadata.clear();
}

/// One reading of one body.
struct BodyReader::Pass {
    const Answer& answer;
    const IntakeRules& rules;
    storage::GroupWriter& writer;
    RowDraft& draft;
    Harvest& harvest;
    bool hasLines = false; ///< the parser reads lines
    bool sameFormat = false; ///< as the last good answer: what was good is good again
    std::size_t line = 0; ///< of the last good answer that is expected next
    bool aligned = false; ///< what the parser knows before that line is as it was
    std::string bucketFault; ///< the first histogram over native_histogram_bucket_limit
    std::uint64_t sampleLimit = 0; ///< the greatest number where there is none
    // Scratch for the labels of series that have no position yet.
    exposition::LabelPairs pairs{};
    LabelsBuilder builder{};

    std::uint64_t toStore() const { return harvest.kept - harvest.duplicates; }
    /// Nothing of this answer will be stored, so nothing more is asked of the writer.
    bool isLost() const { return toStore() > sampleLimit; }
};

/// Whether every sample of the body is a line of its own that will be stored.
static bool isLineByLine(const Answer& answer, const IntakeRules& rules)
{
    const bool hasStarts
        = answer.format == exposition::Format::openMetrics && rules.ceilings.startTimes;
    return answer.format != exposition::Format::protobuf && rules.job->metricRelabel.empty()
        && !rules.job->convertClassicHistogramsToNhcb && !hasStarts;
}

static std::unexpected<Error> overLimit(std::uint64_t samples, std::uint64_t limit)
{
    return fail(ErrorKind::limit,
                std::format("sample limit exceeded: {} samples after relabelling, "
                            "sample_limit is {}",
                            samples, limit));
}

/// Lines that are neither empty nor begin with #.
static std::uint64_t countSampleLines(std::string_view body)
{
    std::uint64_t count = 0;
    while (!body.empty()) {
        count += body.front() != '#' && body.front() != '\n' ? 1U : 0U;
        body.remove_prefix(std::min(body.find('\n'), body.size() - 1) + 1);
    }
    return count;
}

Result<void> BodyReader::read(const Answer& answer, const IntakeRules& rules,
                              storage::GroupWriter& writer, RowDraft& draft, Harvest& harvest)
{
    if (answer.body.empty()) {
        return {}; // in any format; and no reason to forget the lines
    }
    // A flood is counted before any of its series is made.
    constexpr std::size_t flood = std::size_t{1} << 20;
    if (const std::uint64_t limit = rules.sampleLimit();
        limit != 0 && answer.body.size() > flood && isLineByLine(answer, rules)) {
        if (const std::uint64_t count = countSampleLines(answer.body); count > limit) {
            harvest.scraped = count;
            harvest.kept = count;
            return overLimit(count, limit);
        }
    }
    const auto parser = exposition::makeParser(answer.format, answer.body, rules.readOptions());
    Pass pass{.answer = answer,
              .rules = rules,
              .writer = writer,
              .draft = draft,
              .harvest = harvest,
              .hasLines = parser->lines() != nullptr,
              .sameFormat = answer.format == m_format,
              .aligned = answer.format == m_format,
              .bucketFault = {},
              .sampleLimit = rules.sampleLimit() != 0 ? rules.sampleLimit()
                                                      : std::numeric_limits<std::uint64_t>::max()};
    m_entry.startedAtMs = 0; // not every format speaks of it
    Result<void> outcome = readAll(pass, *parser);
    clearTaken(draft);
    if (outcome && pass.toStore() > pass.sampleLimit) {
        outcome = overLimit(harvest.kept, pass.sampleLimit);
    } else if (outcome && !pass.bucketFault.empty()) {
        outcome = fail(ErrorKind::limit, pass.bucketFault);
    }
    if (!outcome) {
        m_cache.reject();
        return outcome;
    }
    if (pass.line < m_cache.lines().size() && !m_cache.isDeviating()) {
        m_cache.deviate(pass.line); // lines at the end are gone
    }
    m_cache.accept();
    m_format = answer.format;
    return {};
}

Result<void> BodyReader::readAll(Pass& pass, exposition::Parser& parser)
{
    exposition::LineParser* const lines = parser.lines();
    std::size_t at = 0;
    for (;;) {
        if (lines != nullptr && pass.aligned) {
            at = passKnown(pass, at);
            lines->seek(at, m_cache.numericBefore(pass.line));
        }
        const auto more = takeNext(pass, parser);
        if (!more) {
            return std::unexpected(more.error());
        }
        if (!*more) {
            return {};
        }
        at = lines != nullptr ? lines->offset() : 0;
    }
}

/// Passes over the lines that stand where they stood last time. Returns where it stopped: at
/// the first that does not, has no position yet or ends in more than a number.
std::size_t BodyReader::passKnown(Pass& pass, std::size_t from)
{
    const HashKey& key = hashKey();
    const char* const begin = pass.answer.body.data();
    const char* const end = begin + pass.answer.body.size();
    const bool timesAreMs = pass.answer.format == exposition::Format::text;
    const bool deviating = m_cache.isDeviating();
    const auto& lines = m_cache.lines();
    double* const values = pass.draft.values.data();
    const std::size_t positions = pass.draft.values.size();
    std::uint64_t known = 0;
    std::uint64_t dropped = 0;
    std::uint64_t duplicates = 0;
    const char* at = begin + from;
    std::size_t i = pass.line;
    for (; i < lines.size(); ++i) {
        const LineCache::Line& line = lines[i];
        if (static_cast<std::size_t>(end - at) <= line.length || at[line.length] != ' '
            || hashWith(key, at, line.length) != line.hash) {
            break;
        }
        double value = 0;
        const char* after = exposition::scanShort(at + line.length + 1, end, value);
        if (after == nullptr) {
            after = scanValue(at + line.length + 1, end, value);
        }
        if (after == nullptr || after == end) {
            break;
        }
        if (*after == '\n' && line.position < positions) [[likely]] {
            double& cell = values[line.position];
            if (isAbsent(cell)) [[likely]] {
                cell = value;
            } else {
                ++duplicates;
            }
        } else if (*after == '\n' && line.position == LineCache::dropped) {
            ++dropped;
        } else if (*after == ' ' && timesAreMs && line.position < positions) {
            std::int64_t atMs = 0;
            after = scanTime(after + 1, end, atMs);
            if (after == nullptr || after == end || *after != '\n') {
                break;
            }
            m_entry.value = value;
            m_entry.atMs = atMs;
            --pass.harvest.kept; // counted below
            storeNumber(pass, line.position);
        } else {
            break;
        }
        ++known;
        at = after + 1;
        if (deviating) {
            m_cache.repeat(i);
        }
    }
    pass.line = i;
    pass.harvest.scraped += known;
    pass.harvest.kept += known - dropped;
    pass.harvest.duplicates += duplicates;
    return static_cast<std::size_t>(at - begin);
}

/// Parses up to the end of the next sample. False: there is none.
Result<bool> BodyReader::takeNext(Pass& pass, exposition::Parser& parser)
{
    exposition::LineParser* const lines = parser.lines();
    const char* const begin
        = lines != nullptr ? pass.answer.body.data() + lines->offset() : nullptr;
    for (;;) {
        const auto kind = parser.next(m_entry);
        if (!kind) {
            return std::unexpected(kind.error());
        }
        switch (*kind) {
        case EntryKind::end:
            return false;
        case EntryKind::type:
        case EntryKind::help:
        case EntryKind::unit:
            takeMetadata(pass, *kind);
            break;
        case EntryKind::series:
        case EntryKind::histogram: {
            const char* const end = m_entry.series.data() + m_entry.series.size();
            const std::string_view line = lines == nullptr
                ? std::string_view()
                : std::string_view(begin, static_cast<std::size_t>(end - begin));
            auto taken = takeSample(pass, line, *kind,
                                    lines != nullptr ? lines->numeric() : NumericLabel::none);
            if (!taken) {
                return std::unexpected(taken.error());
            }
            return true;
        }
        }
    }
}

/// The cache's number of the entry's series, which has a position then; in an answer that is lost
/// it may have none.
Result<std::uint32_t> BodyReader::findSeries(Pass& pass)
{
    std::uint32_t series = m_cache.find(m_entry.series, m_entry.numeric, pass.line);
    if (series == LineCache::none) {
        series = m_cache.add(m_entry.series, m_entry.numeric);
    }
    if (m_cache.position(series) == LineCache::unresolved) {
        const auto resolved = resolve(pass);
        if (!resolved) {
            return std::unexpected(resolved.error());
        }
        m_cache.setPosition(series, *resolved);
    }
    return series;
}

Result<void> BodyReader::takeSample(Pass& pass, std::string_view line, EntryKind kind,
                                    NumericLabel after)
{
    ++pass.harvest.scraped;
    const auto found = findSeries(pass);
    if (!found) {
        return std::unexpected(found.error());
    }
    const std::uint32_t series = *found;
    const LineCache::Position position = m_cache.position(series);
    const bool isNew = !m_cache.isKnown(series);
    if (pass.isLost()) {
        // How many there are is told all the same; the lines are followed no further.
        pass.harvest.kept += position != LineCache::dropped ? 1 : 0;
        pass.aligned = false;
        return {};
    }
    if (position != LineCache::dropped) {
        const auto stored = kind == EntryKind::histogram
            ? storeHistogram(pass, position)
            : Result<bool>(storeNumber(pass, position));
        if (!stored) {
            return std::unexpected(stored.error());
        }
        if (*stored) {
            pass.harvest.added += isNew ? 1 : 0;
            takeExemplars(pass, position, kind);
        }
    }

    const auto& lines = m_cache.lines();
    const bool asExpected = pass.aligned && pass.line < lines.size()
        && lines[pass.line].position == position
        && (pass.hasLines
                ? lines[pass.line].length == line.size() && lines[pass.line].hash == keyedHash(line)
                : m_cache.isWithoutBytes(pass.line));
    if (asExpected) {
        // Of a line, only its end was out of the ordinary: an exemplar, an infinity.
        if (m_cache.isDeviating()) {
            m_cache.repeat(pass.line);
        }
        ++pass.line;
        return {};
    }
    if (!m_cache.isDeviating()) {
        m_cache.deviate(pass.line);
    }
    m_cache.append(line, series, after);
    if (const std::uint32_t before = m_cache.lineOf(series); before != LineCache::none) {
        pass.line = before + 1;
    }
    pass.aligned = pass.sameFormat && m_cache.numericBefore(pass.line) == after;
    return {};
}

Result<LineCache::Position> BodyReader::resolve(Pass& pass)
{
    labelsOf(m_entry, pass.pairs);
    const auto labels = sampleLabels(pass.pairs, pass.rules, pass.builder);
    if (!labels) {
        Error error = labels.error();
        if (isPartOf(m_entry.series, pass.answer.body)) {
            const auto begin
                = static_cast<std::uint32_t>(m_entry.series.data() - pass.answer.body.data());
            error.where = Span{begin, begin + static_cast<std::uint32_t>(m_entry.series.size())};
            error.message = std::format("line {}: {}",
                                        exposition::placeOf(pass.answer.body, *error.where).line,
                                        error.message);
        }
        return std::unexpected(std::move(error));
    }
    if (labels->empty()) {
        return LineCache::dropped;
    }
    if (pass.isLost()) {
        return LineCache::unresolved;
    }
    const auto position = pass.writer.position(*labels);
    if (position && *position >= pass.draft.values.size()) {
        pass.draft.values.resize(*position + 1, absentValue());
    }
    return position;
}

/// Whether the series has a sample already. Counts it then: the first one counts.
bool BodyReader::isDuplicate(Pass& pass, LineCache::Position position)
{
    if (isAbsent(pass.draft.values[position])) {
        return false;
    }
    if (++pass.harvest.duplicates == 1) {
        pass.harvest.firstDuplicate
            = pass.hasLines ? std::string(m_entry.series) : exposition::seriesText(m_entry);
    }
    return true;
}

bool BodyReader::isTooNew(Pass& pass)
{
    const bool tooNew = *m_entry.atMs > unixMs(pass.answer.at) + mostAheadMs;
    pass.harvest.tooNew += tooNew ? 1 : 0;
    return tooNew;
}

/// Puts the entry's number into the row, unless the series has a sample. False: it is too new.
bool BodyReader::storeNumber(Pass& pass, LineCache::Position position)
{
    ++pass.harvest.kept;
    const bool isTimed = m_entry.atMs && pass.rules.job->honorTimestamps;
    if (!isTimed && isDuplicate(pass, position)) {
        return true;
    }
    if (isTimed && isTooNew(pass)) {
        return false;
    }
    const Timestamp startedAt = fromUnixMs(m_entry.startedAtMs);
    double& cell = pass.draft.values[position];
    if (!isTimed) {
        cell = m_entry.value;
        if (startedAt != Timestamp{}) {
            pass.draft.starts.push_back({position, startedAt});
        }
        return true;
    }
    pass.draft.timed.push_back({position, fromUnixMs(*m_entry.atMs), m_entry.value, startedAt});
    if (isAbsent(cell)) {
        cell = takenElsewhere(); // a sample of the same series without a time is a duplicate
    }
    if (pass.rules.job->trackTimestampsStaleness) {
        pass.draft.tracked.push_back(position);
    }
    return true;
}

/// The same for the entry's native histogram, made coarser where the job says so. False too where
/// it has too many buckets all the same, which fails the scrape in the end.
Result<bool> BodyReader::storeHistogram(Pass& pass, LineCache::Position position)
{
    ++pass.harvest.kept;
    const config::ScrapeConfig& job = *pass.rules.job;
    const bool isTimed = m_entry.atMs && job.honorTimestamps;
    if (!isTimed && isDuplicate(pass, position)) {
        return true;
    }
    if (auto fits = limitBuckets(m_entry.histogram, job); !fits) {
        if (pass.bucketFault.empty()) {
            pass.bucketFault = std::format("histogram {}: {}", exposition::seriesText(m_entry),
                                           fits.error().message);
        }
        return false;
    }
    if (isTimed && isTooNew(pass)) {
        return false;
    }
    const std::string fault = m_entry.histogramFault.empty()
        ? exposition::schemaFault(m_entry.histogram)
        : m_entry.histogramFault;
    if (!fault.empty()) {
        return fail(ErrorKind::invalid,
                    std::format("histogram {}: {}", exposition::seriesText(m_entry), fault));
    }
    const Timestamp at = isTimed ? fromUnixMs(*m_entry.atMs) : pass.answer.at;
    pass.draft.histograms.push_back(
        {position, at, fromUnixMs(m_entry.startedAtMs), std::move(m_entry.histogram)});
    if (double& cell = pass.draft.values[position]; isAbsent(cell)) {
        cell = takenElsewhere();
    }
    if (!isTimed || job.trackTimestampsStaleness) {
        pass.draft.tracked.push_back(position);
    }
    return true;
}

void BodyReader::takeExemplars(Pass& pass, LineCache::Position position, EntryKind kind)
{
    for (Exemplar& exemplar : m_entry.exemplars) {
        // A histogram has many at once: without their times nobody could tell which are new.
        if (!fits(exemplar) || (kind == EntryKind::histogram && !exemplar.at)) {
            continue;
        }
        if (!exemplar.at && m_entry.atMs && pass.rules.job->honorTimestamps) {
            exemplar.at = fromUnixMs(*m_entry.atMs);
        }
        pass.draft.exemplars.push_back({position, std::move(exemplar)});
    }
}

void BodyReader::takeMetadata(Pass& pass, EntryKind kind)
{
    auto known = m_metadata.take(m_entry, kind);
    if (!known) {
        return;
    }
    auto& changed = pass.draft.metadata;
    const auto earlier = std::ranges::find(changed, m_entry.family, &FamilyMetadata::family);
    if (earlier != changed.end()) {
        earlier->metadata = *std::move(known);
    } else {
        changed.push_back({m_entry.family, *std::move(known)});
    }
}

} // namespace watchfire::scrape
