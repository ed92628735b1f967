// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/promql_script/script_text.h"

#include "core/text/duration.h"

namespace watchfire::ctl::script {

namespace {

bool isSpace(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

bool startsCommand(std::string_view line)
{
    std::string word;
    for (const char c : line) {
        if (isSpace(c)) {
            break;
        }
        word += static_cast<char>(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
    }
    return word == "clear" || word.starts_with("load") || word.starts_with("eval");
}

} // namespace

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && isSpace(text.front())) {
        text.remove_prefix(1);
    }
    while (!text.empty() && isSpace(text.back())) {
        text.remove_suffix(1);
    }
    return text;
}

std::string_view takeWord(std::string_view& text)
{
    text = trimmed(text);
    std::size_t length = 0;
    while (length < text.size() && !isSpace(text[length])) {
        ++length;
    }
    const std::string_view word = text.substr(0, length);
    text = trimmed(text.substr(length));
    return word;
}

std::vector<Command> readCommands(std::string_view text)
{
    std::vector<Command> commands;
    bool inBlock = false;
    std::size_t number = 0;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        const std::string_view line = trimmed(text.substr(0, end));
        text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
        ++number;
        if (line.empty() || line.starts_with('#')) {
            inBlock = false;
        } else if (inBlock && !startsCommand(line)) {
            commands.back().body.push_back({number, line});
        } else {
            commands.push_back({{number, line}, {}});
            inBlock = line != "clear";
        }
    }
    return commands;
}

Result<std::int64_t> parseDurationMs(std::string_view text)
{
    const auto duration = text::parseDuration(text);
    if (!duration) {
        return std::unexpected(duration.error());
    }
    return duration->count();
}

} // namespace watchfire::ctl::script
