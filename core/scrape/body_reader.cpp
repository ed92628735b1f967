// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/scrape/body_reader.h"

#include "core/exposition/number_scan.h"
#include "core/model/sample.h"
#include "core/scrape/line_hash.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <format>
#include <tuple>

namespace watchfire::scrape {

using exposition::EntryKind;
using exposition::NumericLabel;

namespace {

/// Samples further ahead than this are dropped.
constexpr std::int64_t mostAheadMs = 10 * 60 * 1000;
/// Of the labels of an exemplar, in characters. Source: OpenMetrics 1.0, "Exemplars".
constexpr std::size_t longestExemplar = 128;

/// Stands in a cell, while a body is read, whose series has samples with times of their own.
double takenByTime()
{
    return std::bit_cast<double>(absentBits + 1);
}

void clearTaken(RowDraft& draft)
{
    for (const storage::PositionedSample& sample : draft.timed) {
        double& cell = draft.values[sample.position];
        if (std::bit_cast<std::uint64_t>(cell) == absentBits + 1) {
            cell = absentValue();
        }
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
    return job->bodySizeLimit != 0 ? job->bodySizeLimit : ceilings.bodyBytes;
}

std::uint64_t IntakeRules::sampleLimit() const
{
    return job->sampleLimit != 0 ? job->sampleLimit : ceilings.samples;
}

void RowDraft::start(std::size_t positions)
{
    values.assign(positions, absentValue());
    timed.clear();
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
    std::size_t line = 0; ///< of the last good answer that is expected next
    bool aligned = true; ///< what the parser knows before that line is as it was
};

Result<void> BodyReader::read(const Answer& answer, const IntakeRules& rules,
                              storage::GroupWriter& writer, RowDraft& draft, Harvest& harvest)
{
    if (answer.body.empty()) {
        return {}; // in any format; and no reason to forget the lines
    }
    const auto parser = exposition::makeParser(answer.format, answer.body);
    Pass pass{answer, rules, writer, draft, harvest};
    Result<void> outcome = readAll(pass, *parser);
    clearTaken(draft);
    const std::uint64_t limit = rules.sampleLimit();
    if (outcome && limit != 0 && harvest.kept > limit) {
        outcome = fail(ErrorKind::limit,
                       std::format("sample limit exceeded: {} samples after relabelling, "
                                   "sample_limit is {}",
                                   harvest.kept, limit));
    }
    if (!outcome) {
        m_cache.reject();
        return outcome;
    }
    if (pass.line < m_cache.lines().size() && !m_cache.isDeviating()) {
        m_cache.deviate(pass.line); // lines at the end are gone
    }
    m_cache.accept();
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
            store(pass, line.position);
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
        case EntryKind::series: {
            const char* const end = m_entry.series.data() + m_entry.series.size();
            const std::string_view line = lines == nullptr
                ? std::string_view()
                : std::string_view(begin, static_cast<std::size_t>(end - begin));
            auto taken
                = takeSeries(pass, line, lines != nullptr ? lines->numeric() : m_entry.numeric);
            if (!taken) {
                return std::unexpected(taken.error());
            }
            return true;
        }
        }
    }
}

Result<void> BodyReader::takeSeries(Pass& pass, std::string_view line, NumericLabel after)
{
    ++pass.harvest.scraped;
    std::uint32_t series = m_cache.find(m_entry.series, m_entry.numeric);
    if (series == LineCache::none) {
        series = m_cache.add(m_entry.series, m_entry.numeric);
    }
    LineCache::Position position = m_cache.position(series);
    if (position == LineCache::unresolved) {
        const auto resolved = resolve(pass);
        if (!resolved) {
            return std::unexpected(resolved.error());
        }
        position = *resolved;
        m_cache.setPosition(series, position);
    }
    const bool isNew = !m_cache.isKnown(series);
    if (position != LineCache::dropped && store(pass, position)) {
        pass.harvest.added += isNew ? 1 : 0;
        takeExemplars(pass, position);
    }

    const auto& lines = m_cache.lines();
    const bool asExpected = pass.aligned && pass.line < lines.size()
        && lines[pass.line].position == position && lines[pass.line].length == line.size()
        && lines[pass.line].hash == keyedHash(line);
    if (asExpected) {
        // Only its end was out of the ordinary: an exemplar, an infinity.
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
    pass.aligned = m_cache.numericBefore(pass.line) == after;
    return {};
}

Result<LineCache::Position> BodyReader::resolve(Pass& pass)
{
    labelsOf(m_entry, m_pairs);
    const auto labels = sampleLabels(m_pairs, pass.rules, m_builder);
    if (!labels) {
        Error error = labels.error();
        const auto begin
            = static_cast<std::uint32_t>(m_entry.series.data() - pass.answer.body.data());
        error.where = Span{begin, begin + static_cast<std::uint32_t>(m_entry.series.size())};
        error.message = std::format(
            "line {}: {}", exposition::placeOf(pass.answer.body, *error.where).line, error.message);
        return std::unexpected(std::move(error));
    }
    if (labels->empty()) {
        return LineCache::dropped;
    }
    const auto position = pass.writer.position(*labels);
    if (position && *position >= pass.draft.values.size()) {
        pass.draft.values.resize(*position + 1, absentValue());
    }
    return position;
}

/// Puts the entry's sample into the row, unless the series has one. False: it is too new.
bool BodyReader::store(Pass& pass, LineCache::Position position)
{
    ++pass.harvest.kept;
    if (!m_entry.atMs || !pass.rules.job->honorTimestamps) {
        double& cell = pass.draft.values[position];
        if (!isAbsent(cell)) {
            if (++pass.harvest.duplicates == 1) {
                pass.harvest.firstDuplicate = m_entry.series;
            }
            return true;
        }
        cell = m_entry.value;
        return true;
    }
    if (*m_entry.atMs > unixMs(pass.answer.at) + mostAheadMs) {
        ++pass.harvest.tooNew;
        return false;
    }
    pass.draft.timed.push_back({position, fromUnixMs(*m_entry.atMs), m_entry.value});
    if (double& cell = pass.draft.values[position]; isAbsent(cell)) {
        cell = takenByTime(); // a sample of the same series without a time is a duplicate
    }
    if (pass.rules.job->trackTimestampsStaleness) {
        pass.draft.tracked.push_back(position);
    }
    return true;
}

void BodyReader::takeExemplars(Pass& pass, LineCache::Position position)
{
    for (Exemplar& exemplar : m_entry.exemplars) {
        if (fits(exemplar)) {
            if (!exemplar.at && m_entry.atMs && pass.rules.job->honorTimestamps) {
                exemplar.at = fromUnixMs(*m_entry.atMs);
            }
            pass.draft.exemplars.push_back({position, std::move(exemplar)});
        }
    }
}

void BodyReader::takeMetadata(Pass& pass, EntryKind kind)
{
    const auto [found, isNew] = m_metadata.try_emplace(m_entry.family);
    Metadata& known = found->second;
    Metadata now = known;
    if (kind == EntryKind::type) {
        now.type = m_entry.type;
    } else {
        (kind == EntryKind::help ? now.help : now.unit) = m_entry.text;
    }
    if (!isNew && now == known) {
        return;
    }
    known = std::move(now);
    auto& changed = pass.draft.metadata;
    const auto earlier = std::ranges::find(changed, found->first, &FamilyMetadata::family);
    if (earlier != changed.end()) {
        earlier->metadata = known;
    } else {
        changed.push_back({found->first, known});
    }
}

} // namespace watchfire::scrape
