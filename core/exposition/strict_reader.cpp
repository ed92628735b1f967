// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exposition/strict_reader.h"

#include "core/exposition/parser.h"
#include "core/text/number.h"
#include "core/text/quote.h"
#include "core/text/utf8.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <format>

namespace watchfire::exposition {

namespace {

bool isBlank(char c)
{
    return c == ' ' || c == '\t';
}

bool isCollected(const StrictFamily& family)
{
    return family.type == MetricType::histogram || family.type == MetricType::summary;
}

/// The label that tells the samples of one histogram or summary apart.
std::string_view partLabel(const StrictFamily& family)
{
    return family.type == MetricType::histogram ? "le"
        : family.type == MetricType::summary    ? "quantile"
                                                : "";
}

} // namespace

Result<std::vector<StrictFamily>> StrictReader::read()
{
    while (m_at < m_body.size()) {
        if (!line()) {
            return std::unexpected(std::move(m_fault));
        }
    }
    std::vector<StrictFamily> out;
    for (StrictFamily& family : m_families) {
        if (!family.metrics.empty()) {
            out.push_back(std::move(family));
        }
    }
    return out;
}

bool StrictReader::fault(std::size_t begin, std::size_t end, std::string_view message)
{
    const Span span{static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
    const Place place = placeOf(m_body, span);
    m_fault = {ErrorKind::invalid,
               std::format("line {}, column {}: {}", place.line, place.column, message), span};
    return false;
}

void StrictReader::skipBlanks()
{
    while (m_at < m_body.size() && isBlank(m_body[m_at])) {
        ++m_at;
    }
}

std::string_view StrictReader::word()
{
    const std::size_t begin = m_at;
    while (!isBlank(current()) && current() != '\n') {
        ++m_at;
    }
    return m_body.substr(begin, m_at - begin);
}

std::string_view StrictReader::name(bool colons)
{
    const std::size_t begin = m_at;
    for (; m_at < m_body.size(); ++m_at) {
        const char c = m_body[m_at];
        const bool letter
            = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (colons && c == ':');
        if (!letter && (m_at == begin || c < '0' || c > '9')) {
            break;
        }
    }
    return m_body.substr(begin, m_at - begin);
}

bool StrictReader::line()
{
    skipBlanks();
    if (current() == '#' ? !comment() : current() != '\n' && !sample()) {
        return false;
    }
    if (m_at >= m_body.size()) {
        return fault(m_at, m_at, "the last line has no newline");
    }
    ++m_at;
    return true;
}

bool StrictReader::comment()
{
    ++m_at;
    skipBlanks();
    const std::string_view keyword = word();
    const bool isHelp = keyword == "HELP";
    if (!isHelp && keyword != "TYPE") {
        m_at = std::min(m_body.find('\n', m_at), m_body.size());
        return true;
    }
    skipBlanks();
    if (current() == '\n') {
        return true;
    }
    const std::size_t begin = m_at;
    const std::string_view family = name(true);
    if (family.empty() || (current() != '\n' && !isBlank(current()))) {
        return fault(begin, m_at + 1, std::format("this is no metric name after {}", keyword));
    }
    m_family = &familyOf(family);
    skipBlanks();
    if (current() == '\n') {
        return true;
    }
    return isHelp ? help() : type();
}

bool StrictReader::help()
{
    const std::size_t begin = m_at;
    if (m_family->help) {
        return fault(begin, begin, std::format("metric {} has a second HELP line", m_family->name));
    }
    std::string text;
    for (; current() != '\n'; ++m_at) {
        if (current() != '\\') {
            text += current();
            continue;
        }
        ++m_at;
        const char c = current();
        if (c != '\\' && c != 'n' && c != '"') {
            return fault(m_at - 1, m_at + 1, "HELP has no such escape");
        }
        text += c == 'n' ? '\n' : c;
    }
    if (!text::isUtf8(text)) {
        return fault(begin, m_at, "this help text is not valid UTF-8");
    }
    m_family->help = std::move(text);
    return true;
}

bool StrictReader::type()
{
    static constexpr std::array<std::pair<std::string_view, MetricType>, 6> words{{
        {"counter", MetricType::counter},
        {"gauge", MetricType::gauge},
        {"histogram", MetricType::histogram},
        {"summary", MetricType::summary},
        {"untyped", MetricType::unknown},
        {"gauge_histogram", MetricType::gaugeHistogram},
    }};
    const std::size_t begin = m_at;
    if (m_family->type) {
        return fault(begin, begin,
                     std::format("metric {} has a TYPE already, or samples before this line",
                                 m_family->name));
    }
    m_at = std::min(m_body.find('\n', m_at), m_body.size());
    std::string text(m_body.substr(begin, m_at - begin));
    std::ranges::transform(text, text.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    const auto found
        = std::ranges::find(words, text, &std::pair<std::string_view, MetricType>::first);
    if (found == words.end()) {
        return fault(begin, m_at, std::format("{} is not a metric type", text::quote(text)));
    }
    m_family->type = found->second;
    return true;
}

bool StrictReader::sample()
{
    const std::size_t begin = m_at;
    const std::string_view metric = name(true);
    if (metric.empty()) {
        return fault(begin, begin + 1, "a metric name or a comment must begin here");
    }
    m_family = &familyOf(metric);
    if (!m_family->type) {
        m_family->type = MetricType::unknown;
    }
    skipBlanks();
    StrictFamily::Labels found;
    if (current() == '{') {
        ++m_at;
        if (!labels(found)) {
            return false;
        }
    }
    if (!isCollected(*m_family) || m_collected[m_family].insert(found).second) {
        m_family->metrics.push_back(std::move(found));
    }
    const std::size_t valueBegin = m_at;
    if (const std::string_view value = word(); !text::parseFloat(value)) {
        return fault(valueBegin, m_at, std::format("{} is not a number", text::quote(value)));
    }
    if (current() == '\n') {
        return true;
    }
    skipBlanks();
    const std::size_t timeBegin = m_at;
    const std::string_view time = word();
    std::int64_t at = 0;
    const auto [end, error] = std::from_chars(time.data(), time.data() + time.size(), at);
    if (error != std::errc() || end != time.data() + time.size()) {
        return fault(timeBegin, m_at,
                     std::format("{} is not a time stamp in milliseconds", text::quote(time)));
    }
    skipBlanks();
    return current() == '\n' || fault(m_at, m_at + 1, "there is text after the time stamp");
}

bool StrictReader::labels(StrictFamily::Labels& out)
{
    for (;;) {
        skipBlanks();
        if (current() == '}') {
            break;
        }
        if (!label(out)) {
            return false;
        }
        skipBlanks();
        if (current() == ',') {
            ++m_at;
        } else if (current() != '}') {
            return fault(m_at, m_at + 1, "a comma or } must follow a label value");
        }
    }
    ++m_at;
    skipBlanks();
    std::erase_if(out, [&](const auto& pair) { return pair.first == partLabel(*m_family); });
    return true;
}

bool StrictReader::label(StrictFamily::Labels& out)
{
    const std::size_t begin = m_at;
    std::string label(name(false));
    if (label.empty()) {
        return fault(begin, begin + 1, "a label name must stand here");
    }
    if (label == "__name__") {
        return fault(begin, m_at, "the label name __name__ is reserved");
    }
    if (std::ranges::contains(out, label, &std::pair<std::string, std::string>::first)) {
        return fault(begin, m_at, std::format("label {} is there twice", label));
    }
    skipBlanks();
    if (current() != '=') {
        return fault(m_at, m_at + 1, "= must follow a label name");
    }
    ++m_at;
    skipBlanks();
    const std::size_t valueBegin = m_at;
    std::string text;
    if (!value(text)) {
        return false;
    }
    if (label == partLabel(*m_family) && !text::parseFloat(text)) {
        return fault(valueBegin, m_at,
                     std::format("the value of label {} must be a number", label));
    }
    out.emplace_back(std::move(label), std::move(text));
    return true;
}

bool StrictReader::value(std::string& out)
{
    if (current() != '"') {
        return fault(m_at, m_at + 1, "a label value must begin with a double quote");
    }
    const std::size_t begin = m_at++;
    for (; current() != '"'; ++m_at) {
        char c = current();
        if (c == '\n') {
            return fault(begin, m_at, "this label value has no closing quote on its line");
        }
        if (c == '\\') {
            ++m_at;
            c = current();
            if (c != '\\' && c != 'n' && c != '"') {
                return fault(m_at - 1, m_at + 1, "label values have no such escape");
            }
            c = c == 'n' ? '\n' : c;
        }
        out += c;
    }
    ++m_at;
    return text::isUtf8(out) || fault(begin, m_at, "this label value is not valid UTF-8");
}

/// The family a name belongs to: its own, or that of the histogram or summary it is part of.
StrictFamily& StrictReader::familyOf(std::string_view name)
{
    if (const auto found = m_byName.find(name); found != m_byName.end()) {
        return *found->second;
    }
    for (const std::string_view suffix : {"_count", "_sum", "_bucket"}) {
        if (!name.ends_with(suffix)) {
            continue;
        }
        const auto found = m_byName.find(name.substr(0, name.size() - suffix.size()));
        if (found != m_byName.end()
            && (found->second->type == MetricType::histogram
                || (found->second->type == MetricType::summary && suffix != "_bucket"))) {
            return *found->second;
        }
    }
    StrictFamily& family = m_families.emplace_back();
    family.name = name;
    m_byName.emplace(name, &family);
    return family;
}

} // namespace watchfire::exposition
