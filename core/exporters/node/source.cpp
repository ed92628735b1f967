// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exporters/node/source.h"

#include "core/base/files.h"
#include "core/text/number.h"
#include "core/text/utf8.h"

#include <algorithm>
#include <system_error>

namespace watchfire::exporters::node {

std::filesystem::path Source::path(std::string_view absolute) const
{
    return m_root / absolute.substr(1);
}

std::optional<std::string> Source::read(std::string_view absolute) const
{
    auto text = readFile(path(absolute));
    return text ? std::optional(std::move(*text)) : std::nullopt;
}

std::optional<double> Source::number(std::string_view absolute) const
{
    const auto text = read(absolute);
    if (!text) {
        return std::nullopt;
    }
    const auto words = wordsOf(*text);
    return words.empty() ? std::nullopt : numberOf(words.front());
}

std::string Source::word(std::string_view absolute) const
{
    std::string text = read(absolute).value_or("");
    const auto isSpace = [](char c) { return c == ' ' || c == '\n' || c == '\t'; };
    while (!text.empty() && isSpace(text.back())) {
        text.pop_back();
    }
    const auto begin = std::ranges::find_if_not(text, isSpace);
    text.erase(text.begin(), begin);
    return text;
}

std::vector<std::string> Source::list(std::string_view absolute) const
{
    std::vector<std::string> names;
    std::error_code error;
    for (std::filesystem::directory_iterator entry(path(absolute), error), end;
         !error && entry != end; entry.increment(error)) {
        names.push_back(entry->path().filename().string());
    }
    std::ranges::sort(names);
    return names;
}

void Sink::family(std::string_view name, std::string_view type, std::string_view help)
{
    m_name = name;
    m_out += "# HELP ";
    m_out += name;
    m_out += ' ';
    m_out += help;
    m_out += "\n# TYPE ";
    m_out += name;
    m_out += ' ';
    m_out += type;
    m_out += '\n';
}

namespace {

/// Length of the UTF-8 character at the front of `text`; 0: none starts there.
std::size_t characterLength(std::string_view text)
{
    for (std::size_t length = 1; length <= 4 && length <= text.size(); ++length) {
        if (text::isUtf8(text.substr(0, length))) {
            return length;
        }
    }
    return 0;
}

void appendLabelValue(std::string& out, std::string_view text)
{
    while (!text.empty()) {
        const std::size_t length = characterLength(text);
        const char first = text.front();
        if (length == 0) {
            out += "\uFFFD";
        } else if (first == '\n') {
            out += "\\n";
        } else {
            if (first == '\\' || first == '"') {
                out += '\\';
            }
            out += text.substr(0, length);
        }
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
}

} // namespace

void Sink::sample(double value, std::span<const LabelView> labels)
{
    m_out += m_name;
    if (!labels.empty()) {
        char joint = '{';
        for (const auto& [name, text] : labels) {
            m_out += joint;
            joint = ',';
            m_out += name;
            m_out += "=\"";
            appendLabelValue(m_out, text);
            m_out += '"';
        }
        m_out += '}';
    }
    m_out += ' ';
    text::appendValue(m_out, value);
    m_out += '\n';
}

void Sink::single(std::string_view name, std::string_view type, std::string_view help, double value,
                  LabelList labels)
{
    family(name, type, help);
    sample(value, labels);
}

void Families::add(const std::string& name, std::string_view type, const std::string& help,
                   double value, std::vector<std::pair<std::string, std::string>> labels)
{
    Family& family = m_families.try_emplace(name, Family{type, help, {}}).first->second;
    family.entries.push_back({value, std::move(labels)});
}

void Families::writeTo(Sink& sink) const
{
    std::vector<LabelView> views;
    for (const auto& [name, family] : m_families) {
        sink.family(name, family.type, family.help);
        for (const Entry& entry : family.entries) {
            views.assign(entry.labels.begin(), entry.labels.end());
            sink.sample(entry.value, views);
        }
    }
}

std::vector<std::string_view> wordsOf(std::string_view text)
{
    std::vector<std::string_view> words;
    std::size_t at = 0;
    while ((at = text.find_first_not_of(" \t\n", at)) != std::string_view::npos) {
        const std::size_t end = std::min(text.find_first_of(" \t\n", at), text.size());
        words.push_back(text.substr(at, end - at));
        at = end;
    }
    return words;
}

std::vector<std::string_view> linesOf(std::string_view text)
{
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        lines.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

std::optional<double> numberOf(std::string_view word)
{
    return text::parseFloat(word);
}

} // namespace watchfire::exporters::node
