// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: Apache-2.0
#include "watchfire/client/exposition.h"

#include "watchfire/client/registry.h"

#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace watchfire::client {

namespace {

enum class Format { text, openMetrics };

/// What escapes: \ and newline everywhere; the quote in labels, and in the help of OpenMetrics.
void appendEscaped(std::string& out, std::string_view text, bool quotes)
{
    for (const char c : text) {
        if (c == '\n') {
            out += "\\n";
        } else if (c == '\\' || (quotes && c == '"')) {
            out += '\\';
            out += c;
        } else {
            out += c;
        }
    }
}

std::string_view typeWord(MetricType type, Format format)
{
    switch (type) {
    case MetricType::counter:
        return "counter";
    case MetricType::gauge:
        return "gauge";
    case MetricType::histogram:
        return "histogram";
    case MetricType::summary:
        return "summary";
    case MetricType::info:
        return format == Format::text ? "gauge" : "info";
    case MetricType::unknown:
        break;
    }
    return format == Format::text ? "untyped" : "unknown";
}

/// The name on the HELP and TYPE lines: in the text format it is that of the sample.
std::string headName(const FamilySnapshot& family, Format format)
{
    if (format == Format::text && family.type == MetricType::counter) {
        return family.name + "_total";
    }
    if (format == Format::text && family.type == MetricType::info) {
        return family.name + "_info";
    }
    return family.name;
}

bool endsInUnit(const FamilySnapshot& family)
{
    const std::string end = '_' + family.unit;
    return !family.unit.empty() && family.name.size() > end.size()
        && family.name.compare(family.name.size() - end.size(), end.size(), end) == 0;
}

/// OpenMetrics wants the bounds of buckets and quantiles as floating point: 1.0, not 1.
void appendBound(std::string& out, const std::string& value)
{
    out += value;
    if (value.find_first_not_of("-0123456789") == std::string::npos) {
        out += ".0";
    }
}

void appendSample(std::string& out, const FamilySnapshot& family, const Sample& sample,
                  Format format)
{
    out += family.name;
    out += sample.suffix;
    char joint = '{';
    for (const auto& [name, value] : sample.labels) {
        out += joint;
        joint = ',';
        out += name;
        out += "=\"";
        if (format == Format::openMetrics
            && ((family.type == MetricType::histogram && name == "le")
                || (family.type == MetricType::summary && name == "quantile"))) {
            appendBound(out, value);
        } else {
            appendEscaped(out, value, true);
        }
        out += '"';
    }
    if (joint == ',') {
        out += '}';
    }
    out += ' ';
    out += formatValue(sample.value);
    if (sample.timestampMs) {
        out += ' ';
        if (format == Format::text) {
            out += std::to_string(*sample.timestampMs);
        } else {
            out += formatValue(static_cast<double>(*sample.timestampMs) / 1000);
        }
    }
    out += '\n';
}

std::string write(const std::vector<FamilySnapshot>& families, Format format)
{
    std::string out;
    for (const FamilySnapshot& family : families) {
        const std::string name = headName(family, format);
        if (!family.help.empty()) {
            out += "# HELP " + name + ' ';
            appendEscaped(out, family.help, format == Format::openMetrics);
            out += '\n';
        }
        out += "# TYPE " + name + ' ';
        out += typeWord(family.type, format);
        out += '\n';
        if (format == Format::openMetrics && endsInUnit(family)) {
            out += "# UNIT " + name + ' ' + family.unit + '\n';
        }
        for (const Sample& sample : family.samples) {
            appendSample(out, family, sample, format);
        }
    }
    if (format == Format::openMetrics) {
        out += "# EOF\n";
    }
    return out;
}

} // namespace

std::string formatValue(double value)
{
    if (std::isnan(value)) {
        return "NaN";
    }
    if (std::isinf(value)) {
        return value > 0 ? "+Inf" : "-Inf";
    }
    char buffer[40];
#if defined(__cpp_lib_to_chars)
    const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
    return {buffer, end};
#else
    // The fewest digits that read back as the same number.
    for (int digits = 15; digits <= 17; ++digits) {
        std::snprintf(buffer, sizeof buffer, "%.*g", digits, value);
        if (std::strtod(buffer, nullptr) == value) {
            break;
        }
    }
    return buffer;
#endif
}

std::string toText(const std::vector<FamilySnapshot>& families)
{
    return write(families, Format::text);
}

std::string toText(const Registry& registry)
{
    return toText(registry.gather());
}

std::string toOpenMetrics(const std::vector<FamilySnapshot>& families)
{
    return write(families, Format::openMetrics);
}

std::string toOpenMetrics(const Registry& registry)
{
    return toOpenMetrics(registry.gather());
}

} // namespace watchfire::client
