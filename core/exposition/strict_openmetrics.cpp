// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exposition/strict_openmetrics.h"

#include "core/exposition/parser.h"
#include "core/text/number.h"
#include "core/text/quote.h"
#include "core/text/utf8.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <format>
#include <utility>

namespace watchfire::exposition {

namespace {

constexpr std::string_view noEof = "the text does not end with # EOF";

std::optional<MetricType> typeFrom(std::string_view word)
{
    static constexpr std::array types{
        MetricType::unknown,        MetricType::counter, MetricType::gauge, MetricType::histogram,
        MetricType::gaugeHistogram, MetricType::summary, MetricType::info,  MetricType::stateSet};
    const auto found = std::ranges::find(types, word, [](MetricType type) { return toText(type); });
    return found == types.end() ? std::nullopt : std::optional(*found);
}

} // namespace

Result<std::vector<OpenMetricsFamily>> StrictOpenMetrics::read()
{
    while (!m_isOver) {
        if (m_at == m_body.size()) {
            fault(m_at, m_at, noEof);
            return std::unexpected(std::move(m_fault));
        }
        if (!line()) {
            return std::unexpected(std::move(m_fault));
        }
    }
    return std::move(m_families);
}

bool StrictOpenMetrics::fault(std::size_t begin, std::size_t end, std::string_view message)
{
    const Span span{static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
    const Place place = placeOf(m_body, span);
    m_fault = {ErrorKind::invalid,
               std::format("line {}, column {}: {}", place.line, place.column, message), span};
    return false;
}

/// Passes on what a family says of the line.
bool StrictOpenMetrics::told(const OpenMetricsFamily::Fault& what)
{
    const std::size_t end = std::min(m_body.find('\n', m_lineAt), m_body.size());
    return !what || fault(m_lineAt, end, *what);
}

bool StrictOpenMetrics::take(char c, std::string_view what)
{
    if (m_at < m_body.size() && m_body[m_at] == c) {
        ++m_at;
        return true;
    }
    return fault(m_at, m_at + 1, std::format("{} expected", what));
}

void StrictOpenMetrics::skipInnerBlanks()
{
    for (; current() == ' '; ++m_at) {
        m_hasInnerBlanks = true;
    }
}

bool StrictOpenMetrics::line()
{
    m_lineAt = m_at;
    if (current() == '#') {
        return comment();
    }
    return sample() && take('\n', "the end of the line");
}

bool StrictOpenMetrics::comment()
{
    if (rest() == "# EOF" || rest().starts_with("# EOF\n")) {
        const std::size_t end = m_at + (rest() == "# EOF" ? 5 : 6);
        m_isOver = true;
        return end == m_body.size() ? closeFamily()
                                    : fault(end, m_body.size(), "there is text after # EOF");
    }
    const std::string_view keyword = rest().substr(0, 7);
    const bool isHelp = keyword == "# HELP ";
    const bool isType = keyword == "# TYPE ";
    if (!isHelp && !isType && keyword != "# UNIT ") {
        return fault(m_at, m_at + 1, "OpenMetrics knows no comments but HELP, TYPE, UNIT and EOF");
    }
    m_at += keyword.size();
    std::string family;
    if (!name(family, true, "the name of a metric") || !take(' ', "a space")) {
        return false;
    }
    if ((!m_family || m_family->name() != family) && !startFamily(std::move(family))) {
        return false;
    }
    const std::size_t end = m_body.find('\n', m_at);
    if (end == std::string_view::npos) {
        return fault(m_body.size(), m_body.size(), noEof);
    }
    const std::string_view text = m_body.substr(m_at, end - m_at);
    if (!text::isUtf8(text)) {
        return fault(m_at, end, "this text is not valid UTF-8");
    }
    const std::size_t begin = std::exchange(m_at, end + 1);
    if (isHelp) {
        return told(m_family->setHelp(Written{text, text.contains('\\')}.unescape()));
    }
    if (!isType) {
        return told(m_family->setUnit(std::string(text)));
    }
    const auto type = typeFrom(text);
    if (!type) {
        return fault(begin, end, std::format("{} is not a metric type", text::quote(text)));
    }
    return told(m_family->setType(*type));
}

bool StrictOpenMetrics::startFamily(std::string name)
{
    if (!closeFamily()) {
        return false;
    }
    m_family.emplace(std::move(name));
    return true;
}

bool StrictOpenMetrics::closeFamily()
{
    if (!m_family) {
        return true;
    }
    if (!told(m_family->close())) {
        return false;
    }
    for (std::string& name : m_family->reservedNames()) {
        if (!m_names.insert(name).second) {
            return told(std::format("the name {} is that of two metrics, or of samples of one "
                                    "whose lines do not stand together",
                                    name));
        }
    }
    m_families.push_back(*std::exchange(m_family, std::nullopt));
    return true;
}

bool StrictOpenMetrics::sample()
{
    OpenMetricsSample sample;
    if (current() == '"') {
        return fault(m_at, m_at + 1, "a quoted name must stand in braces");
    }
    if (current() != '{' && !name(sample.name, true, "the name of a metric")) {
        return false;
    }
    if (!labels(sample) || !take(' ', "a space and the value") || !number(sample.value, "value")) {
        return false;
    }
    if (current() == ' ' && !rest().starts_with(" #")) {
        ++m_at;
        if (!time(sample.at.emplace())) {
            return false;
        }
    }
    if (current() == ' ' && !exemplar(sample)) {
        return false;
    }
    if ((!m_family || !m_family->owns(sample.name)) && !startFamily(sample.name)) {
        return false;
    }
    return told(m_family->add(sample));
}

bool StrictOpenMetrics::labels(OpenMetricsSample& sample)
{
    if (current() == '{' && !labelSet(sample.labels, &sample.name)) {
        return false;
    }
    return !sample.name.empty() || fault(m_lineAt, m_at, "the sample has no name");
}

/// What stands in braces. `metric` takes a quoted name without a value; null: there must be none.
bool StrictOpenMetrics::labelSet(OpenMetricsSample::Labels& out, std::string* metric)
{
    ++m_at;
    skipInnerBlanks();
    if (current() == '}') {
        ++m_at;
        return true;
    }
    for (;;) {
        const std::size_t begin = m_at;
        const bool isQuoted = current() == '"';
        std::string label;
        if (!name(label, false, "the name of a label")) {
            return false;
        }
        if (isQuoted && metric != nullptr && current() != '=') {
            if (!metric->empty()) {
                return fault(begin, m_at, "the metric name is set already");
            }
            *metric = std::move(label);
        } else {
            std::string value;
            if (!take('=', "=") || !quoted(value, "a label value")) {
                return false;
            }
            if (!out.emplace(label, std::move(value)).second) {
                return fault(begin, m_at, std::format("label {} is there twice", label));
            }
        }
        skipInnerBlanks();
        if (current() == '}') {
            ++m_at;
            return true;
        }
        if (!take(',', "a comma or }")) {
            return false;
        }
        skipInnerBlanks();
    }
}

bool StrictOpenMetrics::name(std::string& out, bool colons, std::string_view what)
{
    const std::size_t begin = m_at;
    if (current() == '"') {
        if (!quoted(out, what)) {
            return false;
        }
        return !out.empty() || fault(begin, m_at, std::format("{} is empty", what));
    }
    for (; m_at < m_body.size(); ++m_at) {
        const char c = m_body[m_at];
        const bool letter
            = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (colons && c == ':');
        if (!letter && (m_at == begin || c < '0' || c > '9')) {
            break;
        }
    }
    out = m_body.substr(begin, m_at - begin);
    return !out.empty() || fault(begin, begin + 1, std::format("{} expected", what));
}

bool StrictOpenMetrics::quoted(std::string& out, std::string_view what)
{
    const std::size_t begin = m_at;
    if (current() != '"') {
        return fault(m_at, m_at + 1, std::format("{} in double quotes expected", what));
    }
    for (++m_at; current() != '"'; ++m_at) {
        m_at += current() == '\\' ? 1 : 0;
        if (current() == '\n') {
            return fault(begin, m_at, std::format("{} has no closing quote on its line", what));
        }
    }
    const std::string_view inside = m_body.substr(begin + 1, m_at - begin - 1);
    ++m_at;
    out = Written{inside, inside.contains('\\')}.unescape();
    return text::isUtf8(out) || fault(begin, m_at, std::format("{} is not valid UTF-8", what));
}

bool StrictOpenMetrics::number(double& out, std::string_view what)
{
    const std::size_t begin = m_at;
    m_at = std::min(m_body.find_first_of(" \n", m_at), m_body.size());
    const std::string_view token = m_body.substr(begin, m_at - begin);
    const auto value = text::parseSampleValue(token);
    if (!value) {
        return fault(begin, m_at, std::format("{} is no {}", text::quote(token), what));
    }
    out = *value;
    return true;
}

bool StrictOpenMetrics::time(double& out)
{
    const std::size_t begin = m_at;
    if (!number(out, "time in seconds")) {
        return false;
    }
    return std::isfinite(out) || fault(begin, m_at, "a time must be finite");
}

bool StrictOpenMetrics::exemplar(OpenMetricsSample& sample)
{
    if (!rest().starts_with(" # {")) {
        return fault(m_at, m_at + 1, "an exemplar begins with a space, #, a space and {");
    }
    m_at += 3;
    double value = 0;
    if (!labelSet(sample.exemplar.emplace(), nullptr) || !take(' ', "a space and a value")
        || !number(value, "value of an exemplar")) {
        return false;
    }
    if (current() == ' ') {
        ++m_at;
        return time(value);
    }
    return true;
}

} // namespace watchfire::exposition
