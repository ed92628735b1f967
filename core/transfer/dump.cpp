// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transfer/dump.h"

#include "core/model/sample.h"
#include "core/promql/histogram/arithmetic.h"
#include "core/text/number.h"
#include "core/transfer/family.h"

#include <algorithm>
#include <format>
#include <set>

namespace watchfire::transfer {

namespace {

constexpr std::size_t pieceSize = std::size_t{1} << 18;

/// Text on its way to the sink.
class Output {
public:
    explicit Output(const TextSink& sink)
        : m_sink(sink)
    {
    }
    std::string text;

    Result<void> passOn(std::size_t from = pieceSize)
    {
        if (text.size() < from) {
            return {};
        }
        if (!m_sink(text)) {
            return fail(ErrorKind::cancelled, "nobody reads the dump any longer");
        }
        text.clear();
        return {};
    }

private:
    const TextSink& m_sink;
};

/// A series to be written, and who reads it.
struct Found {
    Labels labels;
    const Families::Family* family = nullptr;
    storage::GroupReader* reader = nullptr;
    std::size_t index = 0;
};

/// Series that several selections match come once.
Result<std::vector<Found>> find(storage::Querier& querier, const DumpOptions& options,
                                std::vector<storage::GroupReaders>& readers)
{
    std::vector<Matchers> selections = options.selections;
    if (selections.empty()) {
        auto all = Matcher::make(MatchType::regex, std::string(metricNameLabel), ".*");
        if (!all) {
            return std::unexpected(all.error());
        }
        selections.push_back({std::move(*all)});
    }
    std::vector<Found> found;
    std::set<storage::SeriesRef> seen;
    for (const Matchers& matchers : selections) {
        auto selected = querier.select(matchers, options.range);
        if (!selected) {
            return std::unexpected(selected.error());
        }
        for (const auto& reader : *selected) {
            for (std::size_t i = 0; i < reader->size(); ++i) {
                if (selections.size() > 1 && !seen.insert(reader->ref(i)).second) {
                    continue;
                }
                found.push_back({reader->labels(i), nullptr, reader.get(), i});
            }
            if (const auto failed = reader->labelFailure()) {
                return std::unexpected(*failed);
            }
        }
        readers.push_back(std::move(*selected));
    }
    return found;
}

/// Calls `take(atMs, value, histogram or null)` for every sample of the series.
template <class Take>
Result<void> forEachSample(const Found& series, storage::Column& column, Take take)
{
    const auto timeline = series.reader->timeline();
    if (!timeline) {
        return std::unexpected(timeline.error());
    }
    if (auto read = series.reader->read(series.index, column); !read) {
        return read;
    }
    auto histogram = column.histograms.begin();
    for (std::size_t i = 0; i < timeline->size(); ++i) {
        if (!column.isPresent(i)) {
            continue;
        }
        while (histogram != column.histograms.end() && histogram->first < i) {
            ++histogram;
        }
        if (histogram != column.histograms.end() && histogram->first == i) {
            take((*timeline)[i], 0.0, histogram->second.get());
        } else {
            take((*timeline)[i], column.values[i], nullptr);
        }
    }
    return {};
}

void appendEscaped(std::string& out, std::string_view text)
{
    for (const char c : text) {
        if (c == '\\') {
            out += "\\\\";
        } else if (c == '\n') {
            out += "\\n";
        } else if (c == '"') {
            out += "\\\"";
        } else {
            out += c;
        }
    }
}

void appendName(std::string& out, std::string_view name, bool isClassic)
{
    if (isClassic) {
        out += name;
        return;
    }
    out += '"';
    appendEscaped(out, name);
    out += '"';
}

void appendFamily(std::string& out, const Families::Family& family)
{
    const auto line = [&](const char* word, std::string_view text, bool isHelp) {
        out += "# ";
        out += word;
        out += ' ';
        appendName(out, family.name, isClassicMetricName(family.name));
        out += ' ';
        if (isHelp) {
            appendEscaped(out, text);
        } else {
            out += text;
        }
        out += '\n';
    };
    line("TYPE", toText(family.metadata.type), false);
    if (!family.metadata.unit.empty()) {
        line("UNIT", family.metadata.unit, false);
    }
    if (!family.metadata.help.empty()) {
        line("HELP", family.metadata.help, true);
    }
}

/// name{label="value"}, as every line of the series begins.
std::string seriesText(const Labels& labels)
{
    std::string out;
    const std::string_view name = labels.metricName();
    char before = '{';
    if (isClassicMetricName(name)) {
        out = name;
    } else {
        out += '{';
        appendName(out, name, false);
        before = ',';
    }
    for (const Label& label : labels) {
        if (label.name == metricNameLabel) {
            continue;
        }
        out += before;
        before = ',';
        appendName(out, label.name, isClassicLabelName(label.name));
        out += "=\"";
        appendEscaped(out, label.value);
        out += '"';
    }
    if (before == ',') {
        out += '}';
    }
    return out;
}

/// Seconds with as many decimals as the milliseconds need, and one more where a reader that
/// multiplies and cuts (Prometheus does) would come out a millisecond short.
void appendSeconds(std::string& out, std::int64_t atMs)
{
    const std::uint64_t magnitude
        = atMs < 0 ? ~static_cast<std::uint64_t>(atMs) + 1 : static_cast<std::uint64_t>(atMs);
    std::string made = std::format("{}{}", atMs < 0 ? "-" : "", magnitude / 1000);
    if (const std::uint64_t rest = magnitude % 1000; rest != 0) {
        made += std::format(".{:03}", rest);
        const auto seconds = text::parseFloat(made);
        if (seconds && static_cast<std::int64_t>(*seconds * 1000) != atMs) {
            made += "01";
        } else {
            made.resize(made.find_last_not_of('0') + 1);
        }
    }
    out += made;
}

} // namespace

Result<void> dumpOpenMetrics(storage::Querier& querier, std::span<const FamilyMetadata> metadata,
                             const DumpOptions& options, const TextSink& sink, DumpReport& report)
{
    std::vector<storage::GroupReaders> readers;
    auto found = find(querier, options, readers);
    if (!found) {
        return std::unexpected(found.error());
    }
    report.namelessSeries = std::erase_if(
        *found, [](const Found& series) { return series.labels.metricName().empty(); });
    std::set<std::string, std::less<>> names;
    for (const Found& series : *found) {
        if (!names.contains(series.labels.metricName())) {
            names.emplace(series.labels.metricName());
        }
    }
    const Families families(metadata, {names.begin(), names.end()});
    for (Found& series : *found) {
        series.family = &families.of(series.labels.metricName());
    }
    std::ranges::sort(*found, [](const Found& a, const Found& b) {
        if (const auto order = a.family->name <=> b.family->name; order != 0) {
            return order < 0;
        }
        if (const auto order = a.labels.metricName() <=> b.labels.metricName(); order != 0) {
            return order < 0;
        }
        return a.labels < b.labels;
    });
    Output out(sink);
    storage::Column column;
    std::string_view family;
    bool begun = false;
    for (const Found& series : *found) {
        std::string text;
        const auto write = [&](std::int64_t atMs, double value, const Histogram* histogram) {
            if (histogram != nullptr) {
                ++report.histogramsLeftOut;
                return;
            }
            if (isStaleMarker(value)) {
                ++report.staleLeftOut;
                return;
            }
            if (text.empty()) {
                // A family is named once one of its samples is there to follow.
                if (!begun || family != series.family->name) {
                    appendFamily(out.text, *series.family);
                    family = series.family->name;
                    begun = true;
                }
                text = seriesText(series.labels);
                ++report.series;
            }
            out.text += text;
            out.text += ' ';
            out.text += text::formatG(value);
            out.text += ' ';
            appendSeconds(out.text, atMs);
            out.text += '\n';
            ++report.samples;
        };
        if (auto done = forEachSample(series, column, write); !done) {
            return done;
        }
        if (auto passed = out.passOn(); !passed) {
            return passed;
        }
    }
    out.text += "# EOF\n";
    return out.passOn(1);
}

Result<void> dumpSamples(storage::Querier& querier, const DumpOptions& options,
                         const TextSink& sink, DumpReport& report)
{
    std::vector<storage::GroupReaders> readers;
    auto found = find(querier, options, readers);
    if (!found) {
        return std::unexpected(found.error());
    }
    std::ranges::sort(*found, {}, &Found::labels);
    Output out(sink);
    storage::Column column;
    for (const Found& series : *found) {
        const std::string text = series.labels.toBraces();
        const std::uint64_t before = report.samples;
        const auto write = [&](std::int64_t atMs, double value, const Histogram* histogram) {
            out.text += text;
            out.text += ' ';
            out.text += histogram != nullptr ? promql::toText(*histogram) : text::formatG(value);
            out.text += ' ';
            out.text += std::to_string(atMs);
            out.text += '\n';
            ++report.samples;
        };
        if (auto done = forEachSample(series, column, write); !done) {
            return done;
        }
        report.series += report.samples != before ? 1U : 0U;
        if (auto passed = out.passOn(); !passed) {
            return passed;
        }
    }
    return out.passOn(1);
}

} // namespace watchfire::transfer
