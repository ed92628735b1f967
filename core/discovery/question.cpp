// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/discovery/question.h"

#include "core/encoding/json.h"

#include <algorithm>
#include <format>

namespace watchfire::discovery {

namespace {

constexpr std::size_t shownBytes = 200;

/// What the answer says for itself: the message of a Kubernetes or Docker error, or its first
/// line where it is a text.
std::string wordsOf(const HttpResponse& response)
{
    if (const auto json = encoding::parseJson(response.body); json && json->isObject()) {
        return std::string((*json)["message"].asString().substr(0, shownBytes));
    }
    const std::string_view body = response.body;
    const std::size_t begin = std::min(body.find_first_not_of(" \t\r\n"), body.size());
    const std::size_t end = std::min(body.find_first_of("\r\n", begin), body.size());
    const std::string_view line = body.substr(begin, std::min(end - begin, shownBytes));
    return line.starts_with('<') ? std::string() : std::string(line);
}

} // namespace

HttpRequest requestOf(std::string url, const HttpClientOptions& client,
                      std::chrono::milliseconds timeout)
{
    HttpRequest request;
    request.url = std::move(url);
    request.headers
        = {{"Accept", "application/json"}, {"User-Agent", "Watchfire/" WATCHFIRE_VERSION}};
    request.timeout = timeout;
    request.client = client;
    return request;
}

Error statusError(const HttpResponse& response)
{
    const std::string words = wordsOf(response);
    return {ErrorKind::unavailable,
            std::format("server returned HTTP status {}{}{}", response.status,
                        words.empty() ? "" : ": ", words)};
}

std::string withoutPassword(std::string_view url)
{
    const std::size_t scheme = url.find("://");
    const std::size_t begin = scheme == std::string_view::npos ? 0 : scheme + 3;
    const std::size_t end = std::min(url.find_first_of("/?#", begin), url.size());
    const std::size_t at = url.substr(0, end).rfind('@');
    if (at == std::string_view::npos || at < begin) {
        return std::string(url);
    }
    const std::size_t colon = url.find(':', begin);
    if (colon > at) {
        return std::string(url);
    }
    return std::format("{}:<secret>{}", url.substr(0, colon), url.substr(at));
}

} // namespace watchfire::discovery
