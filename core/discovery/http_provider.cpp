// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/discovery/http_provider.h"

#include "core/discovery/group_text.h"
#include "core/discovery/question.h"
#include "core/text/number.h"
#include "core/text/quote.h"

#include <format>
#include <utility>

namespace watchfire::discovery {

namespace {

std::string lowered(std::string_view text)
{
    std::string out;
    for (const char c : text) {
        if (c != ' ' && c != '\t') {
            out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        }
    }
    return out;
}

bool isJson(std::string_view contentType)
{
    const std::string type = lowered(contentType);
    return type == "application/json" || type == "application/json;charset=utf-8"
        || type == "application/json;charset=\"utf-8\"";
}

} // namespace

Result<Groups> groupsOfAnswer(const HttpResponse& response, std::string_view url)
{
    if (response.status != 200) {
        return std::unexpected(statusError(response));
    }
    const std::string_view type = header(response.headers, "Content-Type");
    if (!isJson(type)) {
        return fail(ErrorKind::unsupported,
                    std::format("unsupported content type {}", text::quote(type)));
    }
    auto groups = groupsFromJson(response.body);
    if (!groups) {
        return std::unexpected(groups.error().within("the answer"));
    }
    markOrigin(*groups, url, "__meta_url");
    return groups;
}

HttpProvider::HttpProvider(config::HttpDiscovery config, const ProviderPorts& ports)
    : Refreshing(ports, "http", withoutPassword(config.url), config.refreshInterval)
    , m_config(std::move(config))
{
}

void HttpProvider::ask()
{
    HttpRequest request = requestOf(m_config.url, m_config.client, m_config.refreshInterval);
    request.headers.emplace_back(
        "X-Prometheus-Refresh-Interval-Seconds",
        text::formatFixed(std::chrono::duration<double>(m_config.refreshInterval).count()));
    m_ticket = fetchAndRead(
        ports(), std::move(request),
        [url = m_config.url](const HttpResponse& response) {
            return groupsOfAnswer(response, url);
        },
        homing().once([this](Result<Groups>&& groups) {
            m_ticket.detach();
            if (groups) {
                finish(*std::move(groups));
            } else {
                giveUp(std::move(groups.error().message));
            }
        }));
}

} // namespace watchfire::discovery
