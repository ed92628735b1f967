// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exposition/writer.h"

#include "core/text/number.h"

namespace watchfire::exposition {

namespace {

void appendEscaped(std::string& out, std::string_view text, bool quotes)
{
    for (const char c : text) {
        if (c == '\\') {
            out += "\\\\";
        } else if (c == '\n') {
            out += "\\n";
        } else if (c == '"' && quotes) {
            out += "\\\"";
        } else {
            out += c;
        }
    }
}

void appendQuoted(std::string& out, std::string_view text)
{
    out += '"';
    appendEscaped(out, text, true);
    out += '"';
}

void appendName(std::string& out, std::string_view name, bool classic)
{
    if (classic) {
        out += name;
    } else {
        appendQuoted(out, name);
    }
}

std::string_view typeWord(MetricType type)
{
    switch (type) {
    case MetricType::counter:
        return "counter";
    case MetricType::gauge:
    case MetricType::info:
    case MetricType::stateSet:
        return "gauge";
    case MetricType::histogram:
    case MetricType::gaugeHistogram:
        return "histogram";
    case MetricType::summary:
        return "summary";
    case MetricType::unknown:
        return "untyped";
    }
    return "untyped";
}

} // namespace

/// The name as it is written; `escaped` holds it where that differs. Classic names never do, not
/// even by `dots`.
std::string_view TextWriter::nameFor(std::string_view name, std::string& escaped) const
{
    if (m_escaping == EscapingScheme::allowUtf8 || isClassicMetricName(name)) {
        return name;
    }
    escaped = escapeName(name, m_escaping);
    return escaped;
}

void TextWriter::family(std::string_view given, MetricType type, std::string_view help)
{
    std::string escaped;
    const std::string_view name = nameFor(given, escaped);
    const bool classic = isClassicMetricName(name);
    if (!help.empty()) {
        m_out += "# HELP ";
        appendName(m_out, name, classic);
        m_out += ' ';
        appendEscaped(m_out, help, false);
        m_out += '\n';
    }
    m_out += "# TYPE ";
    appendName(m_out, name, classic);
    m_out += ' ';
    m_out += typeWord(type);
    m_out += '\n';
}

void TextWriter::sample(std::string_view given, const Labels& labels, double value,
                        std::optional<std::int64_t> atMs)
{
    std::string escaped;
    const std::string_view name = nameFor(given, escaped);
    const bool classic = isClassicMetricName(name);
    if (classic) {
        m_out += name;
    }
    char before = '{';
    if (!classic) {
        m_out += '{';
        appendQuoted(m_out, name);
        before = ',';
    }
    for (const Label& label : labels) {
        if (label.name == metricNameLabel) {
            continue;
        }
        m_out += before;
        before = ',';
        std::string escapedLabel;
        const std::string_view labelName = nameFor(label.name, escapedLabel);
        appendName(m_out, labelName, isClassicLabelName(labelName));
        m_out += '=';
        appendQuoted(m_out, label.value);
    }
    if (before == ',') {
        m_out += '}';
    }
    m_out += ' ';
    m_out += text::formatG(value);
    if (atMs) {
        m_out += ' ';
        m_out += std::to_string(*atMs);
    }
    m_out += '\n';
}

} // namespace watchfire::exposition
