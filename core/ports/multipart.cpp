// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ports/multipart.h"

#include <algorithm>
#include <cctype>

namespace watchfire {

namespace {

std::string_view trimmed(std::string_view text)
{
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool startsWithWord(std::string_view text, std::string_view word)
{
    return text.size() >= word.size()
        && std::ranges::equal(text.substr(0, word.size()), word, [](unsigned char a, char b) {
               return std::tolower(a) == static_cast<unsigned char>(b);
           });
}

/// The value of a parameter of a header, `form-data; name="a"`, without its quotes.
std::optional<std::string> parameterOf(std::string_view header, std::string_view name)
{
    while (true) {
        const std::size_t semicolon = header.find(';');
        if (semicolon == std::string_view::npos) {
            return std::nullopt;
        }
        header = trimmed(header.substr(semicolon + 1));
        const std::size_t equals = header.find('=');
        if (equals == std::string_view::npos) {
            return std::nullopt;
        }
        const std::string_view key = trimmed(header.substr(0, equals));
        std::string value;
        header = header.substr(equals + 1);
        if (header.starts_with('"')) {
            std::size_t i = 1;
            for (; i < header.size() && header[i] != '"'; ++i) {
                if (header[i] == '\\' && i + 1 < header.size()) {
                    ++i;
                }
                value += header[i];
            }
            header = header.substr(std::min(i, header.size()));
        } else {
            value = trimmed(header.substr(0, header.find(';')));
        }
        if (key.size() == name.size() && startsWithWord(key, name)) {
            return value;
        }
    }
}

/// Cuts off the text before the first `mark`, mark included; nothing when there is none.
std::optional<std::string_view> takeUpTo(std::string_view& text, std::string_view mark)
{
    const std::size_t at = text.find(mark);
    if (at == std::string_view::npos) {
        return std::nullopt;
    }
    const std::string_view taken = text.substr(0, at);
    text.remove_prefix(at + mark.size());
    return taken;
}

/// The name of the field whose part begins with these headers; nothing: it is a file, or no
/// field at all.
std::optional<std::string> fieldName(std::string_view headers)
{
    constexpr std::string_view disposition = "content-disposition:";
    while (!headers.empty()) {
        const std::size_t end = std::min(headers.find("\r\n"), headers.size());
        const std::string_view line = headers.substr(0, end);
        headers.remove_prefix(std::min(end + 2, headers.size()));
        if (startsWithWord(line, disposition)) {
            const std::string_view value = line.substr(disposition.size());
            return parameterOf(value, "filename") ? std::nullopt : parameterOf(value, "name");
        }
    }
    return std::nullopt;
}

} // namespace

std::optional<std::vector<std::pair<std::string, std::string>>>
multipartFields(std::string_view contentType, std::string_view body)
{
    if (!startsWithWord(trimmed(contentType), "multipart/form-data")) {
        return std::nullopt;
    }
    std::vector<std::pair<std::string, std::string>> fields;
    const auto boundary = parameterOf(contentType, "boundary");
    if (!boundary || boundary->empty()) {
        return fields;
    }
    const std::string between = "\r\n--" + *boundary;
    // What precedes the first boundary does not count; it need not be on a line of its own.
    if (!takeUpTo(body, std::string_view(between).substr(2))) {
        return fields;
    }
    while (!body.starts_with("--")) {
        if (!takeUpTo(body, "\r\n")) { // white space after the boundary
            break;
        }
        std::string_view headers;
        if (body.starts_with("\r\n")) {
            body.remove_prefix(2);
        } else if (const auto taken = takeUpTo(body, "\r\n\r\n")) {
            headers = *taken;
        } else {
            break;
        }
        const auto content = takeUpTo(body, between);
        if (!content) {
            break;
        }
        if (auto name = fieldName(headers)) {
            fields.emplace_back(std::move(*name), std::string(*content));
        }
    }
    return fields;
}

} // namespace watchfire
