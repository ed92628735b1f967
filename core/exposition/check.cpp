// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exposition/check.h"

#include "core/exposition/strict_openmetrics.h"
#include "core/exposition/strict_reader.h"

#include <algorithm>
#include <array>
#include <format>
#include <map>
#include <optional>
#include <span>
#include <utility>

namespace watchfire::exposition {

namespace {

using Problems = std::vector<std::string>;
using Rule = void (*)(const StrictFamily&, Problems&);

std::string lowerCase(std::string_view text)
{
    std::string out(text);
    std::ranges::transform(out, out.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return out;
}

/// Whether the name has that word between underscores, or at its end.
bool hasWord(std::string_view name, std::string_view word)
{
    return name.ends_with(std::format("_{}", word)) || name.contains(std::format("_{}_", word));
}

bool isCamelCase(std::string_view name)
{
    return std::ranges::adjacent_find(
               name, [](char a, char b) { return a >= 'a' && a <= 'z' && b >= 'A' && b <= 'Z'; })
        != name.end();
}

void needHelp(const StrictFamily& family, Problems& problems)
{
    if (!family.help) {
        problems.emplace_back("no help text");
    }
}

/// The first word of the name that is a unit, and the unit to use instead of it.
std::optional<std::pair<std::string_view, std::string_view>> unitOf(std::string_view name)
{
    static const std::map<std::string_view, std::string_view> units{
        {"amperes", "amperes"},    {"bytes", "bytes"},     {"celsius", "celsius"},
        {"grams", "grams"},        {"joules", "joules"},   {"kelvin", "kelvin"},
        {"meters", "meters"},      {"metres", "metres"},   {"seconds", "seconds"},
        {"volts", "volts"},        {"minutes", "seconds"}, {"hours", "seconds"},
        {"days", "seconds"},       {"weeks", "seconds"},   {"kelvins", "kelvin"},
        {"fahrenheit", "celsius"}, {"rankine", "celsius"}, {"inches", "meters"},
        {"yards", "meters"},       {"miles", "meters"},    {"bits", "bytes"},
        {"calories", "joules"},    {"pounds", "grams"},    {"ounces", "grams"}};
    static constexpr std::array<std::string_view, 18> prefixes{
        "pico", "nano", "micro", "milli", "centi", "deci", "deca", "hecto", "kilo",
        "kibi", "mega", "mibi",  "giga",  "gibi",  "tera", "tebi", "peta",  "pebi"};
    while (!name.empty()) {
        const std::size_t end = std::min(name.find('_'), name.size());
        const std::string_view word = name.substr(0, end);
        if (const auto unit = units.find(word); unit != units.end()) {
            return std::pair(word, unit->second);
        }
        for (const std::string_view prefix : prefixes) {
            const auto unit
                = word.starts_with(prefix) ? units.find(word.substr(prefix.size())) : units.end();
            if (unit != units.end()) {
                return std::pair(word, unit->second);
            }
        }
        name.remove_prefix(std::min(end + 1, name.size()));
    }
    return std::nullopt;
}

void useBaseUnits(const StrictFamily& family, Problems& problems)
{
    const auto unit = unitOf(family.name);
    if (unit && unit->first != unit->second) {
        problems.push_back(
            std::format("use base unit \"{}\" instead of \"{}\"", unit->second, unit->first));
    }
}

void endCountersInTotal(const StrictFamily& family, Problems& problems)
{
    const bool total = family.name.ends_with("_total");
    if (family.type == MetricType::counter && !total) {
        problems.emplace_back(R"(counter metrics should have "_total" suffix)");
    }
    if (family.type != MetricType::counter && family.type != MetricType::unknown && total) {
        problems.emplace_back(R"(non-counter metrics should not have "_total" suffix)");
    }
}

void leaveReservedNames(const StrictFamily& family, Problems& problems)
{
    if (family.type == MetricType::unknown) {
        return;
    }
    const bool histogram = family.type == MetricType::histogram;
    const bool summary = family.type == MetricType::summary;
    if (!histogram && family.name.ends_with("_bucket")) {
        problems.emplace_back(R"(non-histogram metrics should not have "_bucket" suffix)");
    }
    for (const std::string_view suffix : {"_count", "_sum"}) {
        if (!histogram && !summary && family.name.ends_with(suffix)) {
            problems.push_back(std::format(
                "non-histogram and non-summary metrics should not have \"{}\" suffix", suffix));
        }
    }
    for (const StrictFamily::Labels& labels : family.metrics) {
        for (const auto& [name, value] : labels) {
            if (!histogram && name == "le") {
                problems.emplace_back(R"(non-histogram metrics should not have "le" label)");
            }
            if (!summary && name == "quantile") {
                problems.emplace_back(R"(non-summary metrics should not have "quantile" label)");
            }
        }
    }
}

void keepTypesOutOfNames(const StrictFamily& family, Problems& problems)
{
    if (family.type == MetricType::unknown) {
        return;
    }
    const std::string_view type = toText(*family.type);
    if (hasWord(lowerCase(family.name), type)) {
        problems.push_back(std::format("metric name should not include type '{}'", type));
    }
}

void leaveColonsToRules(const StrictFamily& family, Problems& problems)
{
    if (family.name.contains(':')) {
        problems.emplace_back("metric names should not contain ':'");
    }
}

void useSnakeCase(const StrictFamily& family, Problems& problems)
{
    if (isCamelCase(family.name)) {
        problems.emplace_back("metric names should be written in 'snake_case' not 'camelCase'");
    }
    for (const StrictFamily::Labels& labels : family.metrics) {
        for (const auto& [name, value] : labels) {
            if (isCamelCase(name)) {
                problems.emplace_back(
                    "label names should be written in 'snake_case' not 'camelCase'");
            }
        }
    }
}

void spellOutUnits(const StrictFamily& family, Problems& problems)
{
    static constexpr std::array<std::string_view, 14> abbreviations{
        "s", "ms", "us", "ns", "sec", "b", "kb", "mb", "gb", "tb", "pb", "m", "h", "d"};
    const std::string name = lowerCase(family.name);
    for (const std::string_view abbreviation : abbreviations) {
        if (hasWord(name, abbreviation)) {
            problems.emplace_back("metric names should not contain abbreviated units");
        }
    }
}

void haveEachMetricOnce(const StrictFamily& family, Problems& problems)
{
    auto sorted = family.metrics;
    std::ranges::sort(sorted);
    if (std::ranges::adjacent_find(sorted) != sorted.end()) {
        problems.emplace_back("metric not unique");
    }
}

constexpr std::array<Rule, 9> rules{needHelp,           useBaseUnits,        endCountersInTotal,
                                    leaveReservedNames, keepTypesOutOfNames, leaveColonsToRules,
                                    useSnakeCase,       spellOutUnits,       haveEachMetricOnce};

/// What OpenMetrics itself does not forbid.
constexpr std::array<Rule, 6> openMetricsRules{
    needHelp, useBaseUnits, keepTypesOutOfNames, leaveColonsToRules, useSnakeCase, spellOutUnits};

void advise(const StrictFamily& family, std::span<const Rule> by, std::vector<MetricProblem>& out)
{
    Problems problems;
    for (const Rule rule : by) {
        rule(family, problems);
    }
    for (std::string& text : problems) {
        out.push_back({family.name, std::move(text)});
    }
}

void sortAndJoin(std::vector<MetricProblem>& problems)
{
    std::ranges::sort(problems);
    // What is wrong with every sample is one thing to change.
    const auto repeated = std::ranges::unique(problems);
    problems.erase(repeated.begin(), repeated.end());
}

StrictFamily toStrict(const OpenMetricsFamily& family)
{
    StrictFamily out{family.name(), family.help(), family.type(), {}};
    for (const OpenMetricsSample::Labels& labels : family.metrics()) {
        out.metrics.emplace_back(labels.begin(), labels.end());
    }
    return out;
}

} // namespace

Result<std::vector<MetricProblem>> checkMetrics(std::string_view body)
{
    const auto families = StrictReader(body).read();
    if (!families) {
        return std::unexpected(families.error());
    }
    std::vector<MetricProblem> out;
    for (const StrictFamily& family : *families) {
        advise(family, rules, out);
    }
    sortAndJoin(out);
    return out;
}

Result<std::vector<MetricProblem>> checkOpenMetrics(std::string_view body)
{
    StrictOpenMetrics reader(body);
    const auto families = reader.read();
    if (!families) {
        return std::unexpected(families.error());
    }
    std::vector<MetricProblem> out;
    for (const OpenMetricsFamily& family : *families) {
        if (!family.metrics().empty()) {
            advise(toStrict(family), openMetricsRules, out);
        }
    }
    sortAndJoin(out);
    if (reader.hasInnerBlanks()) {
        out.insert(out.begin(), {"", "Prometheus does not read blanks inside braces"});
    }
    return out;
}

} // namespace watchfire::exposition
