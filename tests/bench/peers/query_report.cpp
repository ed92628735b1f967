// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/peers/query_report.h"

#include "core/encoding/json.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <format>
#include <limits>

namespace watchfire::bench {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double wantedMean = 0.25;
constexpr double wantedPeak = 0.5;
constexpr double wantedLinearity = 1.2;

using Column = double Measured::*;

/// Which program that is; nothing: it was not there.
std::optional<std::size_t> indexOf(const QuerySection& section, std::string_view name)
{
    const auto found = std::ranges::find(section.programs, name, &ProgramFigures::name);
    if (found == section.programs.end()) {
        return {};
    }
    return static_cast<std::size_t>(found - section.programs.begin());
}

const Measured* measured(const QuerySection& section, const QueryRow& row, std::string_view name)
{
    const auto index = indexOf(section, name);
    if (!index) {
        return nullptr;
    }
    const auto& found = row.byProgram[*index];
    return found ? &*found : nullptr;
}

double figure(const QuerySection& section, const QueryRow& row, std::string_view name,
              Column column)
{
    const Measured* const found = measured(section, row, name);
    return found != nullptr ? found->*column : nan;
}

double ratio(const QuerySection& section, const QueryRow& row, std::string_view name, Column column)
{
    return figure(section, row, name, column) / figure(section, row, "prometheus", column);
}

double geometricMean(const QuerySection& section, std::string_view name, Column column)
{
    double logarithms = 0;
    int count = 0;
    for (const QueryRow& row : section.rows) {
        if (const double one = ratio(section, row, name, column); std::isfinite(one)) {
            logarithms += std::log(one);
            ++count;
        }
    }
    return count > 0 ? std::exp(logarithms / count) : nan;
}

const QueryRow* worst(const QuerySection& section, std::string_view name, Column column)
{
    const QueryRow* found = nullptr;
    for (const QueryRow& row : section.rows) {
        const double one = ratio(section, row, name, column);
        if (std::isfinite(one)
            && (found == nullptr || one > ratio(section, *found, name, column))) {
            found = &row;
        }
    }
    return found;
}

double wantedOf(const Query& query)
{
    return query.wanted > 0 ? query.wanted : 1;
}

std::string titleOf(const Query& query)
{
    return std::format("{} ({})", query.text, shapeOf(query));
}

const char* verdict(double value, double atMost)
{
    return value <= atMost ? "met" : "MISSED";
}

void printRows(const QuerySection& section)
{
    std::printf("%9s %9s %9s %6s %6s %9s %9s %6s %8s %s\n", "W ms", "P ms", "VM ms", "W/P", "VM/P",
                "W CPU", "P CPU", "W/P", "", "query; > : slower than wanted");
    for (const QueryRow& row : section.rows) {
        const auto wall
            = [&](std::string_view name) { return figure(section, row, name, &Measured::wallMs); };
        const auto cpu
            = [&](std::string_view name) { return figure(section, row, name, &Measured::cpuMs); };
        const double own = ratio(section, row, "watchfire", &Measured::wallMs);
        std::printf("%9.2f %9.2f %9.2f %6.3f %6.3f %9.2f %9.2f %6.3f %8s %s%s%s\n",
                    wall("watchfire"), wall("prometheus"), wall("victoria-metrics"), own,
                    ratio(section, row, "victoria-metrics", &Measured::wallMs), cpu("watchfire"),
                    cpu("prometheus"), ratio(section, row, "watchfire", &Measured::cpuMs),
                    shapeOf(row.query).c_str(), own > wantedOf(row.query) ? "> " : "",
                    row.query.text.c_str(),
                    row.query.wanted > 0 ? std::format(" (wanted: {})", row.query.wanted).c_str()
                                         : "");
    }
}

void printMeans(const QuerySection& section)
{
    const double own = geometricMean(section, "watchfire", &Measured::wallMs);
    std::printf(
        "geometric mean of ratios to Prometheus, %zu queries: Watchfire %.3f (wanted: %.2f, "
        "%s), VictoriaMetrics %.3f; CPU: %.3f, %.3f\n",
        section.rows.size(), own, wantedMean, verdict(own, wantedMean),
        geometricMean(section, "victoria-metrics", &Measured::wallMs),
        geometricMean(section, "watchfire", &Measured::cpuMs),
        geometricMean(section, "victoria-metrics", &Measured::cpuMs));
    const auto printWorst = [&](const char* what, Column column) {
        if (const QueryRow* const row = worst(section, "watchfire", column)) {
            const double one = ratio(section, *row, "watchfire", column);
            std::printf("worst ratio, %s: %.3f (wanted: 1, %s), %s\n", what, one, verdict(one, 1),
                        titleOf(row->query).c_str());
        }
    };
    printWorst("wall time", &Measured::wallMs);
    printWorst("CPU", &Measured::cpuMs);
}

void printMemory(const QuerySection& section)
{
    constexpr double mebi = 1 << 20;
    for (const ProgramFigures& program : section.programs) {
        const auto mib = [](std::uint64_t bytes) { return static_cast<double>(bytes) / mebi; };
        std::printf("%-16s loaded %.1f M samples in %.0f s (CPU %.0f s); resident before the "
                    "queries %.0f MiB, peak of its life %.0f, of the queries %.0f (+%.0f): %s\n",
                    program.name.c_str(), static_cast<double>(section.samples) / 1e6,
                    program.loadSeconds, program.loadCpuSeconds, mib(program.residentBefore),
                    mib(program.peakInLife), mib(program.peakOfQueries),
                    mib(program.peakOfQueries) - mib(program.residentBefore),
                    program.hungriest.c_str());
    }
    const auto own = indexOf(section, "watchfire");
    const auto prometheus = indexOf(section, "prometheus");
    if (own && prometheus) {
        const auto of = [&](std::uint64_t ProgramFigures::* peak) {
            return static_cast<double>(section.programs[*own].*peak)
                / static_cast<double>(section.programs[*prometheus].*peak);
        };
        const double inLife = of(&ProgramFigures::peakInLife);
        std::printf("peak resident memory, ratio to Prometheus: %.3f (wanted: %.1f, %s); of the "
                    "queries %.3f\n",
                    inLife, wantedPeak, verdict(inLife, wantedPeak),
                    of(&ProgramFigures::peakOfQueries));
    }
}

/// For each size microseconds a series; the rows of these are the last.
std::vector<double> costs(const QuerySection& many, const std::vector<std::size_t>& sizes,
                          std::string_view name)
{
    std::vector<double> each(sizes.size());
    const std::size_t first = many.rows.size() - sizes.size();
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        each[i] = figure(many, many.rows[first + i], name, &Measured::cpuMs) * 1e3
            / static_cast<double>(sizes[i]);
    }
    return each;
}

void printLinearity(const QuerySection& many, const std::vector<std::size_t>& sizes)
{
    std::printf("CPU of one query, microseconds a series of");
    for (const std::size_t size : sizes) {
        std::printf(" %zu", size);
    }
    std::printf("; the dearest to the cheapest\n");
    for (const ProgramFigures& program : many.programs) {
        const auto each = costs(many, sizes, program.name);
        const auto [least, most] = std::ranges::minmax(each);
        std::printf("%-16s", program.name.c_str());
        for (const double one : each) {
            std::printf(" %8.3f", one);
        }
        std::printf("  %.2f", most / least);
        if (program.name == "watchfire") {
            std::printf(" (wanted: %.1f, %s)", wantedLinearity,
                        verdict(most / least, wantedLinearity));
        }
        std::printf("\n");
    }
}

void writeSection(encoding::JsonWriter& json, const QuerySection& section)
{
    json.beginObject().key("samples").unsignedInteger(section.samples);
    json.key("programs").beginArray();
    for (const ProgramFigures& program : section.programs) {
        json.beginObject().field("name", program.name);
        json.key("loadSeconds").number(program.loadSeconds);
        json.key("loadCpuSeconds").number(program.loadCpuSeconds);
        json.key("residentBytesBefore").unsignedInteger(program.residentBefore);
        json.key("peakBytesInLife").unsignedInteger(program.peakInLife);
        json.key("peakBytesOfQueries").unsignedInteger(program.peakOfQueries);
        json.field("hungriest", program.hungriest);
        json.key("geometricMean").number(geometricMean(section, program.name, &Measured::wallMs));
        json.key("geometricMeanCpu").number(geometricMean(section, program.name, &Measured::cpuMs));
        json.endObject();
    }
    json.endArray().key("queries").beginArray();
    for (const QueryRow& row : section.rows) {
        json.beginObject().field("query", row.query.text).field("shape", shapeOf(row.query));
        json.key("wanted").number(wantedOf(row.query));
        json.key("ratio").number(ratio(section, row, "watchfire", &Measured::wallMs));
        for (std::size_t i = 0; i < section.programs.size(); ++i) {
            json.key(section.programs[i].name);
            const auto& found = row.byProgram[i];
            if (!found) {
                json.null();
                continue;
            }
            json.beginObject().key("milliseconds").number(found->wallMs);
            json.key("cpuMilliseconds").number(found->cpuMs);
            json.key("peakBytes").unsignedInteger(found->peakBytes);
            json.key("series").unsignedInteger(found->digest.series);
            json.key("points").unsignedInteger(found->digest.points);
            json.endObject();
        }
        json.endObject();
    }
    json.endArray().endObject();
}

void addDifferences(std::vector<std::string>& all, const QuerySection& section)
{
    for (const QueryRow& row : section.rows) {
        const Measured* const own = measured(section, row, "watchfire");
        const Measured* const prometheus = measured(section, row, "prometheus");
        if (own == nullptr || prometheus == nullptr) {
            if (indexOf(section, own == nullptr ? "watchfire" : "prometheus")) {
                all.push_back(std::format("{}: {} refused it", titleOf(row.query),
                                          own == nullptr ? "Watchfire" : "Prometheus"));
            }
        } else if (const auto difference = own->digest.differenceTo(prometheus->digest)) {
            all.push_back(std::format("{}: Watchfire answers {}", titleOf(row.query), *difference));
        }
    }
}

void printOwn(const OwnFigures& own)
{
    std::printf("\nWatchfire alone (wanted)\n"
                "  a panel of 6 h again, a step later: %.2f ms of %.2f, %.3f (<= 0.1)\n"
                "  10,000 series over 6 h on two processors: %.2f ms of %.2f on one, %.2f times as "
                "fast (>= 1.7)\n",
                own.refreshMs, own.panelMs, own.refreshRatio(), own.twoCpusMs, own.oneCpuMs,
                own.speedUp());
}

} // namespace

std::vector<std::string> differences(const QueryReport& report)
{
    std::vector<std::string> all;
    addDifferences(all, report.dashboards);
    if (report.many) {
        addDifferences(all, *report.many);
    }
    return all;
}

void print(const QueryReport& report)
{
    printRows(report.dashboards);
    printMeans(report.dashboards);
    printMemory(report.dashboards);
    if (const auto& own = report.dashboards.own) {
        printOwn(*own);
    }
    if (const auto& many = report.many) {
        std::printf("\n");
        printRows(*many);
        printMemory(*many);
        if (!report.sizes.empty()) {
            printLinearity(*many, report.sizes);
        }
    }
    std::printf("\nload average of the machine: %.2f before, %.2f after\n", report.loadAverage[0],
                report.loadAverage[1]);
}

void printJson(const QueryReport& report)
{
    std::string out;
    encoding::JsonWriter json(out);
    json.beginObject().key("dashboards");
    writeSection(json, report.dashboards);
    if (const auto& own = report.dashboards.own) {
        json.key("alone").beginObject();
        json.key("panelMs").number(own->panelMs).key("refreshMs").number(own->refreshMs);
        json.key("oneCpuMs").number(own->oneCpuMs).key("twoCpusMs").number(own->twoCpusMs);
        json.endObject();
    }
    if (const auto& many = report.many) {
        json.key("many");
        writeSection(json, *many);
        json.key("cpuMicrosecondsASeries").beginObject();
        for (const ProgramFigures& program : many->programs) {
            json.key(program.name).beginArray();
            for (const double one : costs(*many, report.sizes, program.name)) {
                json.number(one);
            }
            json.endArray();
        }
        json.endObject();
    }
    json.key("differences").beginArray();
    for (const std::string& difference : differences(report)) {
        json.string(difference);
    }
    json.endArray().key("loadAverage").beginArray();
    json.number(report.loadAverage[0]).number(report.loadAverage[1]).endArray().endObject();
    std::puts(out.c_str());
}

} // namespace watchfire::bench
