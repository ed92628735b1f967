// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exposition/number_scan.h"
#include "core/exposition/parser.h"
#include "core/text/number.h"
#include "core/text/quote.h"
#include "core/text/utf8.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <format>

namespace watchfire::exposition {

namespace {

bool isLetter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

/// How much of a bad token a message repeats.
constexpr std::size_t longestQuote = 40;

Span spanOf(const char* begin, const char* at, const char* end)
{
    return {static_cast<std::uint32_t>(at - begin), static_cast<std::uint32_t>(end - begin)};
}

} // namespace

std::string_view toText(Format format)
{
    switch (format) {
    case Format::text:
        return "text";
    case Format::openMetrics:
        return "OpenMetrics";
    case Format::protobuf:
        return "protobuf";
    }
    return {};
}

std::string Written::unescape() const
{
    std::string out;
    if (!escaped) {
        out = text;
        return out;
    }
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\\' && i + 1 < text.size()) {
            const char next = text[i + 1];
            if (next == '\\' || next == '"' || next == 'n') {
                out += next == 'n' ? '\n' : next;
                ++i;
                continue;
            }
        }
        out += text[i]; // a backslash before anything else stands for itself
    }
    return out;
}

std::string normaliseNumber(std::string_view text)
{
    const auto value = text::parseFloat(text);
    return value ? formatBound(*value) : std::string(text);
}

std::string formatBound(double value)
{
    std::string out = text::formatG(value);
    if (out.find_first_of("e.IN") == std::string::npos) {
        out += ".0";
    }
    return out;
}

void labelsOf(const Entry& entry, LabelPairs& out)
{
    out.resize(entry.labels.size() + 1);
    out[0].first = metricNameLabel;
    out[0].second = entry.name.unescape();
    for (std::size_t i = 0; i < entry.labels.size(); ++i) {
        const auto& [name, value] = entry.labels[i];
        auto& pair = out[i + 1];
        pair.first = name.unescape();
        pair.second = value.unescape();
        if ((entry.numeric == NumericLabel::le && pair.first == "le")
            || (entry.numeric == NumericLabel::quantile && pair.first == "quantile")) {
            pair.second = normaliseNumber(pair.second);
        }
    }
}

std::string seriesText(const Entry& entry)
{
    LabelPairs pairs;
    labelsOf(entry, pairs);
    return Labels::fromPairs(std::move(pairs)).toString();
}

bool LineParser::fault(const char* begin, const char* end, std::string_view message)
{
    const std::string_view body(m_begin, static_cast<std::size_t>(m_end - m_begin));
    const Span span = spanOf(m_begin, begin, end);
    const Place place = placeOf(body, span);
    m_fault = {ErrorKind::invalid,
               std::format("line {}, column {}: {}", place.line, place.column, message), span};
    return false;
}

bool LineParser::unexpected(std::string_view wanted)
{
    if (m_at == m_end) {
        return fault(m_at, m_at, std::format("{} expected, but the text ends here", wanted));
    }
    if (*m_at == '\n') {
        return fault(m_at, m_at + 1, std::format("{} expected, but the line ends here", wanted));
    }
    const text::Decoded one = text::decodeUtf8(
        {m_at, std::min<std::size_t>(static_cast<std::size_t>(m_end - m_at), 4)});
    return fault(m_at, m_at + one.bytes,
                 std::format("{} expected, not {}", wanted, text::quote({m_at, one.bytes})));
}

bool LineParser::quoted(Written& out, bool newlines, std::string_view what)
{
    const char* const open = m_at;
    out.escaped = false;
    for (const char* at = open + 1; at != m_end; ++at) {
        if (*at == '"') {
            out.text = {open + 1, static_cast<std::size_t>(at - open - 1)};
            m_at = at + 1;
            return true;
        }
        if (*at == '\\') {
            out.escaped = true;
            if (++at == m_end) {
                break;
            }
            if (*at == '\n') {
                return fault(at - 1, at, "a backslash at the end of a line escapes nothing");
            }
        } else if (*at == '\n' && !newlines) {
            break;
        }
    }
    const void* line = std::memchr(open, '\n', static_cast<std::size_t>(m_end - open));
    return fault(open, line == nullptr ? m_end : static_cast<const char*>(line),
                 std::format("this {} has no closing quote", what));
}

bool LineParser::metricName(Written& out, std::string_view after)
{
    if (peek() == '"' && m_at != m_end) {
        return quoted(out, true, "metric name");
    }
    const char* const begin = m_at;
    if (m_at == m_end || (!isLetter(*m_at) && *m_at != ':')) {
        return unexpected(std::format("metric name after {}", after));
    }
    while (m_at != m_end && (isLetter(*m_at) || isDigit(*m_at) || *m_at == ':')) {
        ++m_at;
    }
    out = {{begin, static_cast<std::size_t>(m_at - begin)}, false};
    return true;
}

bool LineParser::labelName(Written& out, bool& wasQuoted, bool newlines)
{
    wasQuoted = m_at != m_end && *m_at == '"';
    if (wasQuoted) {
        return quoted(out, newlines, "name");
    }
    const char* const begin = m_at;
    if (m_at == m_end || !isLetter(*m_at)) {
        return unexpected("label name");
    }
    while (m_at != m_end && (isLetter(*m_at) || isDigit(*m_at))) {
        ++m_at;
    }
    out = {{begin, static_cast<std::size_t>(m_at - begin)}, false};
    return true;
}

bool LineParser::labelValue(Written& out, bool newlines)
{
    if (m_at == m_end || *m_at != '"') {
        return unexpected("label value in double quotes");
    }
    const char* const begin = m_at;
    if (!quoted(out, newlines, "label value")) {
        return false;
    }
    return text::isUtf8(out.text) || fault(begin, m_at, "this label value is not valid UTF-8");
}

std::string_view LineParser::restOfLine()
{
    const char* const begin = m_at;
    const void* line = std::memchr(begin, '\n', static_cast<std::size_t>(m_end - begin));
    m_at = line == nullptr ? m_end : static_cast<const char*>(line);
    return {begin, static_cast<std::size_t>(m_at - begin)};
}

std::string_view LineParser::token(std::string_view delimiters)
{
    const char* const begin = m_at;
    while (m_at != m_end && *m_at != '\n' && !delimiters.contains(*m_at)) {
        ++m_at;
    }
    return {begin, static_cast<std::size_t>(m_at - begin)};
}

bool LineParser::number(std::string_view token, double& value)
{
    const char* const end = token.data() + token.size();
    if (scanNumber(token.data(), end, value) == end) {
        return true;
    }
    if (const auto full = text::parseFloat(token)) {
        value = *full;
        return true;
    }
    return fault(token.data(), end,
                 std::format("{} is not a number", text::quote(token.substr(0, longestQuote))));
}

bool LineParser::setType(Entry& entry, std::string_view word, bool openMetrics)
{
    struct Word {
        std::string_view text;
        MetricType type;
        bool inText;
        bool inOpenMetrics;
    };
    static constexpr std::array<Word, 9> words{{
        {"counter", MetricType::counter, true, true},
        {"gauge", MetricType::gauge, true, true},
        {"histogram", MetricType::histogram, true, true},
        {"summary", MetricType::summary, true, true},
        {"untyped", MetricType::unknown, true, false},
        {"unknown", MetricType::unknown, false, true},
        {"gaugehistogram", MetricType::gaugeHistogram, false, true},
        {"info", MetricType::info, false, true},
        {"stateset", MetricType::stateSet, false, true},
    }};
    const auto found = std::ranges::find(words, word, &Word::text);
    if (found == words.end() || !(openMetrics ? found->inOpenMetrics : found->inText)) {
        return fault(
            word.data(), word.data() + word.size(),
            std::format("{} is not a metric type", text::quote(word.substr(0, longestQuote))));
    }
    entry.type = found->type;
    m_numeric = entry.type == MetricType::histogram ? NumericLabel::le
        : entry.type == MetricType::summary         ? NumericLabel::quantile
                                                    : NumericLabel::none;
    return true;
}

Place placeOf(std::string_view body, Span span)
{
    const std::size_t at = std::min<std::size_t>(span.begin, body.size());
    const std::size_t before = body.substr(0, at).rfind('\n');
    const std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
    const std::size_t end = std::min(body.find('\n', at), body.size());
    Place place;
    place.line = static_cast<std::uint32_t>(std::ranges::count(body.substr(0, begin), '\n')) + 1;
    place.column = static_cast<std::uint32_t>(at - begin) + 1;
    place.text = body.substr(begin, end - begin);
    return place;
}

} // namespace watchfire::exposition
