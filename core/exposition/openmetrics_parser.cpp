// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exposition/openmetrics_parser.h"

#include "core/text/quote.h"
#include "core/text/utf8.h"

#include <cmath>
#include <format>

namespace watchfire::exposition {

namespace {

constexpr std::string_view noEof = "the text does not end with # EOF";

bool startsName(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':';
}

/// The unit must be the last word of the family's name.
bool isSuffix(std::string_view unit, std::string_view family)
{
    return family.size() > unit.size() && family.ends_with(unit)
        && family[family.size() - unit.size() - 1] == '_';
}

} // namespace

Result<EntryKind> OpenMetricsParser::next(Entry& entry)
{
    if (m_at == m_end) {
        fault(m_at, m_at, noEof);
        return failure();
    }
    if (*m_at == '#') {
        EntryKind kind = EntryKind::end;
        if (!metadata(entry, kind)) {
            return failure();
        }
        return kind;
    }
    if (!sample(entry)) {
        return failure();
    }
    return EntryKind::series;
}

/// # HELP, # TYPE, # UNIT or the end. There are no other comments.
bool OpenMetricsParser::metadata(Entry& entry, EntryKind& kind)
{
    const char* const line = m_at;
    const std::string_view rest(m_at, static_cast<std::size_t>(m_end - m_at));
    if (rest.starts_with("# EOF")) {
        m_at += 5;
        if (m_at != m_end && *m_at == '\n') {
            ++m_at;
        }
        kind = EntryKind::end;
        return m_at == m_end || fault(m_at, m_end, "there is text after # EOF");
    }
    const bool isHelp = rest.starts_with("# HELP ");
    const bool isType = rest.starts_with("# TYPE ");
    const bool isUnit = rest.starts_with("# UNIT ");
    if (!isHelp && !isType && !isUnit) {
        const std::string_view whole = restOfLine();
        return fault(line, line + whole.size(),
                     "OpenMetrics knows no comments but HELP, TYPE, UNIT and EOF");
    }
    const std::string_view word = rest.substr(2, 4);
    m_at += 7;
    Written name;
    if (!metricName(name, word)) {
        return false;
    }
    if (peek() != ' ' || m_at == m_end) {
        return unexpected(std::format("a space and the text of {}", word));
    }
    ++m_at;
    const std::string_view text = restOfLine();
    if (m_at == m_end) {
        return fault(m_at, m_at, noEof);
    }
    entry.family = name.unescape();
    if (isType) {
        kind = EntryKind::type;
        if (!setType(entry, text, true)) {
            return false;
        }
    } else if (isHelp) {
        kind = EntryKind::help;
        if (!text::isUtf8(text)) {
            return fault(text.data(), text.data() + text.size(),
                         "this help text is not valid UTF-8");
        }
        entry.text = Written{text, text.contains('\\')}.unescape();
    } else {
        kind = EntryKind::unit;
        entry.text = text;
        if (!text.empty() && !isSuffix(text, entry.family)) {
            return fault(text.data(), text.data() + text.size(),
                         std::format("unit {} is not a suffix of metric {}", text::quote(text),
                                     text::quote(entry.family)));
        }
    }
    ++m_at;
    return true;
}

bool OpenMetricsParser::sample(Entry& entry)
{
    const char* const begin = m_at;
    entry.labels.clear();
    entry.exemplars.clear();
    entry.atMs.reset();
    entry.atSeconds.reset();
    entry.numeric = m_numeric;
    entry.name = {};
    const bool braces = *m_at == '{';
    if (!braces) {
        if (!startsName(*m_at)) {
            return unexpected("metric name or #");
        }
        metricName(entry.name, "");
    }
    if (m_at != m_end && *m_at == '{') {
        ++m_at;
        if (!labels(entry, !braces)) {
            return false;
        }
    }
    entry.series = {begin, static_cast<std::size_t>(m_at - begin)};
    return valueAndTime(entry);
}

bool OpenMetricsParser::labels(Entry& entry, bool named)
{
    const char* const open = m_at - 1;
    for (;;) {
        if (m_at != m_end && *m_at == '}') {
            ++m_at;
            break;
        }
        const char* const begin = m_at;
        bool wasQuoted = false;
        Written name;
        if (!labelName(name, wasQuoted, true)) {
            return false;
        }
        const char c = peek();
        if (c == ',' || c == '}') {
            if (named) {
                return fault(begin, m_at, "the metric name is set already");
            }
            if (!wasQuoted) {
                return fault(begin, m_at, "a metric name inside braces needs quotes");
            }
            named = true;
            entry.name = name;
        } else {
            if (c != '=') {
                return unexpected("=");
            }
            ++m_at;
            Written value;
            if (!labelValue(value, false)) {
                return false;
            }
            entry.labels.emplace_back(name, value);
        }
        if (peek() == ',') {
            ++m_at;
        } else if (peek() != '}') {
            return unexpected(", or }");
        }
    }
    return named || fault(open, m_at, "these braces hold no metric name");
}

bool OpenMetricsParser::spacedNumber(std::string_view what, double& value)
{
    if (peek() != ' ') {
        return unexpected(std::format("a space and the {}", what));
    }
    ++m_at;
    const std::string_view text = token(" ");
    if (text.empty()) {
        return unexpected(what);
    }
    return number(text, value);
}

bool OpenMetricsParser::spacedTime(std::int64_t& atMs, double& seconds)
{
    const char* const begin = m_at + 1;
    if (!spacedNumber("time stamp", seconds)) {
        return false;
    }
    // Beyond that the milliseconds would not fit; NaN fails the comparison too.
    if (!(std::abs(seconds) < 9.2e15)) {
        return fault(begin, m_at, "this is no time stamp");
    }
    atMs = static_cast<std::int64_t>(seconds * 1000);
    return true;
}

bool OpenMetricsParser::endOfLine(std::string_view after)
{
    if (m_at == m_end) {
        return fault(m_at, m_at, noEof);
    }
    if (*m_at != '\n') {
        return unexpected(std::format("end of line after the {}", after));
    }
    ++m_at;
    return true;
}

bool OpenMetricsParser::valueAndTime(Entry& entry)
{
    if (!spacedNumber("value", entry.value)) {
        return false;
    }
    constexpr std::string_view exemplarMark = " # {";
    const auto atExemplar = [&] {
        return std::string_view(m_at, static_cast<std::size_t>(m_end - m_at))
            .starts_with(exemplarMark);
    };
    if (peek() == ' ' && !atExemplar()) {
        std::int64_t at = 0;
        double seconds = 0;
        if (!spacedTime(at, seconds)) {
            return false;
        }
        entry.atMs = at;
        entry.atSeconds = seconds;
    }
    if (atExemplar()) {
        m_at += exemplarMark.size();
        return exemplar(entry);
    }
    return endOfLine(entry.atMs ? "time stamp" : "value");
}

bool OpenMetricsParser::exemplar(Entry& entry)
{
    LabelPairs pairs;
    for (;;) {
        if (m_at != m_end && *m_at == '}') {
            ++m_at;
            break;
        }
        bool wasQuoted = false;
        Written name;
        if (!labelName(name, wasQuoted, false)) {
            return false;
        }
        if (peek() != '=') {
            return unexpected("=");
        }
        ++m_at;
        Written value;
        if (!labelValue(value, false)) {
            return false;
        }
        pairs.emplace_back(name.unescape(), value.unescape());
        if (peek() == ',') {
            ++m_at;
        } else if (peek() != '}') {
            return unexpected(", or }");
        }
    }
    Exemplar& out = entry.exemplars.emplace_back();
    out.labels = Labels::fromPairs(std::move(pairs));
    if (!spacedNumber("value of the exemplar", out.value)) {
        return false;
    }
    if (peek() == ' ') {
        std::int64_t at = 0;
        double seconds = 0;
        if (!spacedTime(at, seconds)) {
            return false;
        }
        out.at = fromUnixMs(at);
    }
    return endOfLine("exemplar");
}

} // namespace watchfire::exposition
