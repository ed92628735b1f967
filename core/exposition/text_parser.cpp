// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exposition/text_parser.h"

#include "core/text/quote.h"
#include "core/text/utf8.h"

#include <charconv>
#include <format>

namespace watchfire::exposition {

namespace {

constexpr std::string_view blanks = " \t";

bool isBlank(char c)
{
    return c == ' ' || c == '\t';
}

/// HELP knows two escapes, and the quote is none of them.
std::string unescapeHelp(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\\' && i + 1 < text.size() && (text[i + 1] == '\\' || text[i + 1] == 'n')) {
            out += text[i + 1] == 'n' ? '\n' : '\\';
            ++i;
        } else {
            out += text[i];
        }
    }
    return out;
}

} // namespace

void TextParser::skipBlanks()
{
    while (m_at != m_end && isBlank(*m_at)) {
        ++m_at;
    }
}

Result<EntryKind> TextParser::next(Entry& entry)
{
    for (;;) {
        skipBlanks();
        if (m_at == m_end) {
            return EntryKind::end;
        }
        if (*m_at == '\n') {
            ++m_at;
            continue;
        }
        if (*m_at != '#') {
            if (!sample(entry)) {
                return failure();
            }
            return EntryKind::series;
        }
        EntryKind kind = EntryKind::end;
        if (!comment(entry, kind)) {
            return failure();
        }
        if (kind != EntryKind::end) {
            return kind;
        }
    }
}

/// A line that begins with #. `kind` stays `end` for one that says nothing.
bool TextParser::comment(Entry& entry, EntryKind& kind)
{
    ++m_at;
    const char* const afterHash = m_at;
    skipBlanks();
    const std::string_view rest(m_at, static_cast<std::size_t>(m_end - m_at));
    const bool isHelp = rest.starts_with("HELP");
    const bool isType = rest.starts_with("TYPE");
    if (m_at == afterHash || (!isHelp && !isType) || rest.size() < 5 || !isBlank(rest[4])) {
        restOfLine();
        return true;
    }
    m_at += 4;
    skipBlanks();
    Written name;
    if (!metricName(name, isHelp ? "HELP" : "TYPE")) {
        return false;
    }
    // One character parts name and text, whatever it is; blanks alone are no text.
    std::string_view text = restOfLine();
    text = text.find_first_not_of(blanks) == std::string_view::npos ? text.substr(text.size())
                                                                    : text.substr(1);
    entry.family = name.unescape();
    if (isType) {
        kind = EntryKind::type;
        return setType(entry, text, false);
    }
    if (!text::isUtf8(text)) {
        return fault(text.data(), text.data() + text.size(), "this help text is not valid UTF-8");
    }
    kind = EntryKind::help;
    entry.text = unescapeHelp(text);
    return true;
}

bool TextParser::sample(Entry& entry)
{
    const char* const begin = m_at;
    entry.labels.clear();
    entry.exemplars.clear();
    entry.atMs.reset();
    entry.numeric = m_numeric;
    entry.name = {};
    const bool braces = *m_at == '{';
    if (!braces) {
        if (*m_at == '"') {
            return unexpected("metric name or comment");
        }
        const char c = *m_at;
        const bool starts
            = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':';
        if (!starts) {
            return unexpected("metric name or comment");
        }
        metricName(entry.name, "");
    }
    const char* end = m_at;
    skipBlanks();
    if (m_at != m_end && *m_at == '{') {
        ++m_at;
        if (!labels(entry, !braces)) {
            return false;
        }
        end = m_at;
    }
    entry.series = {begin, static_cast<std::size_t>(end - begin)};
    return valueAndTime(entry);
}

bool TextParser::labels(Entry& entry, bool named)
{
    const char* const open = m_at - 1;
    for (;;) {
        skipBlanks();
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
        const char* const end = m_at;
        skipBlanks();
        const char c = peek();
        if (c == ',' || c == '}') {
            // A name alone is the metric's.
            if (named) {
                return fault(begin, end, "the metric name is set already");
            }
            if (!wasQuoted) {
                return fault(begin, end, "a metric name inside braces needs quotes");
            }
            named = true;
            entry.name = name;
            ++m_at;
            if (c == '}') {
                break;
            }
            continue;
        }
        if (c != '=') {
            return unexpected("=");
        }
        ++m_at;
        skipBlanks();
        Written value;
        if (!labelValue(value, true)) {
            return false;
        }
        entry.labels.emplace_back(name, value);
        skipBlanks();
        if (peek() == ',') {
            ++m_at; // and where it is missing, the scraper of Prometheus does not mind
        }
    }
    return named || fault(open, m_at, "these braces hold no metric name");
}

bool TextParser::valueAndTime(Entry& entry)
{
    skipBlanks();
    const std::string_view value = token(" \t{");
    if (value.empty()) {
        return unexpected("value");
    }
    if (!number(value, entry.value)) {
        return false;
    }
    skipBlanks();
    if (peek() != '\n') {
        const char* const begin = m_at;
        std::int64_t at = 0;
        const auto [end, error] = std::from_chars(m_at, m_end, at);
        if (*begin < '0' || *begin > '9') {
            return unexpected("time stamp or end of line");
        }
        if (error != std::errc()) {
            return fault(begin, end, "this time stamp is out of range");
        }
        entry.atMs = at;
        m_at = end;
        skipBlanks();
        if (peek() != '\n') {
            return unexpected("end of line after the time stamp");
        }
    }
    if (m_at != m_end) {
        ++m_at;
    }
    return true;
}

} // namespace watchfire::exposition
