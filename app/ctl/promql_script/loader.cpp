// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/promql_script/loader.h"

#include "core/model/sample.h"
#include "core/promql/syntax/parser.h"

#include <charconv>

namespace watchfire::ctl::script {

using promql::SequenceValue;

namespace {

/// d with an optional sign.
Result<std::int64_t> signedDuration(std::string_view text)
{
    const bool negative = text.starts_with('-');
    if (negative || text.starts_with('+')) {
        text.remove_prefix(1);
    }
    const auto duration = parseDurationMs(text);
    return !duration || !negative ? duration : -*duration;
}

Result<std::size_t> repetitions(std::string_view text)
{
    std::size_t times = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), times);
    if (error != std::errc() || end != text.data() + text.size()) {
        return fail(ErrorKind::invalid, "a number of repetitions is expected after x");
    }
    return times;
}

/// One item of a row of start timestamps: _ _xN d dxN d+dxN d-dxN.
Result<void> takeOffsets(std::string_view item, std::int64_t none, std::vector<std::int64_t>& out)
{
    const std::size_t cross = item.find('x');
    std::size_t times = 0;
    if (cross != std::string_view::npos) {
        const auto written = repetitions(item.substr(cross + 1));
        if (!written) {
            return std::unexpected(written.error());
        }
        times = *written;
        item = item.substr(0, cross);
    }
    if (item == "_") {
        out.insert(out.end(), cross == std::string_view::npos ? 1 : times, none);
        return {};
    }
    const std::size_t sign = item.find_first_of("+-", 1);
    const auto first = signedDuration(item.substr(0, sign));
    const auto step = sign == std::string_view::npos ? Result<std::int64_t>(0)
                                                     : signedDuration(item.substr(sign));
    if (!first || !step) {
        return std::unexpected(first ? step.error() : first.error());
    }
    std::int64_t offset = *first;
    out.push_back(offset);
    for (std::size_t i = 0; i < times; ++i) {
        offset += *step;
        out.push_back(offset);
    }
    return {};
}

} // namespace

void Loader::clear()
{
    m_store.clear();
    m_hints.clear();
}

Result<Loader::Rows> Loader::readRows(const Command& command) const
{
    Rows rows;
    std::vector<std::int64_t> offsets;
    for (const Line& line : command.body) {
        auto [metric, rest] = promql::splitMetric(line.text);
        const auto labels = promql::parseMetric(metric);
        if (!labels) {
            return std::unexpected(labels.error().within("line " + std::to_string(line.number)));
        }
        if (rest.starts_with("@st")) {
            rest.remove_prefix(3);
            offsets.clear();
            for (std::string_view item = takeWord(rest); !item.empty(); item = takeWord(rest)) {
                if (auto taken = takeOffsets(item, noStart, offsets); !taken) {
                    return std::unexpected(taken.error());
                }
            }
            continue;
        }
        auto values = promql::parseSequence(rest);
        if (!values) {
            return std::unexpected(values.error().within("line " + std::to_string(line.number)));
        }
        rows[*labels] = Row{std::move(*values), std::exchange(offsets, {})};
    }
    return rows;
}

Result<void> Loader::append(storage::Appender& appender, const Labels& labels, const Row& row,
                            std::int64_t stepMs)
{
    storage::SeriesRef ref = 0;
    for (std::size_t i = 0; i < row.values.size(); ++i) {
        const SequenceValue& value = row.values[i];
        const std::int64_t at = static_cast<std::int64_t>(i) * stepMs;
        SampleView sample;
        sample.at = fromUnixMs(at);
        if (i < row.startOffsets.size() && row.startOffsets[i] != noStart) {
            sample.startedAt = fromUnixMs(at + row.startOffsets[i]);
        }
        Histogram histogram;
        switch (value.kind) {
        case SequenceValue::Kind::gap:
            continue;
        case SequenceValue::Kind::number:
            sample.value = value.number;
            m_hints.sawFloat(labels);
            break;
        case SequenceValue::Kind::stale:
            sample.value = staleMarker();
            break;
        case SequenceValue::Kind::histogram:
            histogram = m_hints.asStored(labels, *value.histogram);
            sample.histogram = &histogram;
            break;
        }
        const auto appended = appender.append(ref, labels, sample);
        if (!appended) {
            return std::unexpected(appended.error());
        }
        ref = *appended;
    }
    return {};
}

Result<void> Loader::load(const Command& command)
{
    std::string_view rest = command.head.text;
    const bool withCustom = takeWord(rest) == "load_with_nhcb";
    const auto step = parseDurationMs(rest);
    if (!step) {
        return std::unexpected(step.error());
    }
    const auto rows = readRows(command);
    if (!rows) {
        return std::unexpected(rows.error());
    }
    const auto appender = m_store.appender();
    std::map<Labels, std::vector<SequenceValue>> numbers;
    for (const auto& [labels, row] : *rows) {
        if (auto appended = append(*appender, labels, row, *step); !appended) {
            return appended;
        }
        numbers.emplace(labels, row.values);
    }
    if (withCustom) {
        for (auto& [labels, values] : customBucketHistograms(numbers)) {
            if (auto appended = append(*appender, labels, {values, {}}, *step); !appended) {
                return appended;
            }
        }
    }
    if (const auto committed = appender->commit(); !committed) {
        return std::unexpected(committed.error());
    }
    return {};
}

} // namespace watchfire::ctl::script
