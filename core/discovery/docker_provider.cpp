// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/discovery/docker_provider.h"

#include "core/discovery/docker_answers.h"
#include "core/discovery/question.h"

#include <algorithm>
#include <format>
#include <utility>

namespace watchfire::discovery {

namespace {

bool isVersion(std::string_view text)
{
    return !text.empty() && text.size() < 10
        && std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || c == '.'; });
}

std::string withoutSlash(std::string_view url)
{
    while (url.ends_with('/')) {
        url.remove_suffix(1);
    }
    return std::string(url);
}

} // namespace

DockerProvider::DockerProvider(config::DockerDiscovery config, const ProviderPorts& ports)
    : Refreshing(ports, "docker", withoutPassword(config.host), config.refreshInterval)
    , m_config(std::move(config))
{
    constexpr std::string_view unixScheme = "unix://";
    constexpr std::string_view tcpScheme = "tcp://";
    const std::string_view host = m_config.host;
    if (host.starts_with(unixScheme)) {
        m_socket = host.substr(unixScheme.size());
        m_base = "http://docker";
    } else if (host.starts_with(tcpScheme)) {
        m_base = "http://" + withoutSlash(host.substr(tcpScheme.size()));
    } else if (host.starts_with("http://") || host.starts_with("https://")) {
        m_base = withoutSlash(host);
    }
}

void DockerProvider::ask()
{
    if (m_base.empty()) {
        giveUp("the host must begin with unix://, tcp://, http:// or https://");
        return;
    }
    fetch("/_ping", homing().once([this](const Result<HttpResponse>& response) {
        if (!response) {
            giveUpWith(response.error());
            return;
        }
        askContainers(header(response->headers, "Api-Version"));
    }));
}

void DockerProvider::fetch(const std::string& path, Reply<HttpResponse> reply)
{
    // As in the field, the settings of the client hold for http:// and https:// only.
    const bool isHttp = m_config.host.starts_with("http");
    HttpRequest request = requestOf(m_base + path, isHttp ? m_config.client : HttpClientOptions(),
                                    m_config.refreshInterval);
    request.unixSocket = m_socket;
    m_ticket = ports().fetcher.fetch(std::move(request), std::move(reply));
}

void DockerProvider::askContainers(std::string_view version)
{
    m_prefix = isVersion(version) ? std::format("/v{}", version) : "";
    std::string path = m_prefix + "/containers/json";
    if (!m_config.filters.empty()) {
        path += "?filters=" + percentEncode(dockerFilters(m_config.filters));
    }
    fetch(path, homing().once([this](Result<HttpResponse>&& response) {
        if (!response) {
            giveUpWith(response.error().within("listing containers"));
        } else if (response->status != 200) {
            giveUpWith(statusError(*response).within("listing containers"));
        } else {
            askNetworks(std::move(response->body));
        }
    }));
}

void DockerProvider::askNetworks(std::string containers)
{
    fetch(m_prefix + "/networks",
          homing().once(
              [this, containers = std::move(containers)](Result<HttpResponse>&& response) mutable {
                  if (!response) {
                      giveUpWith(response.error().within("listing networks"));
                      return;
                  }
                  if (response->status != 200) {
                      giveUpWith(statusError(*response).within("listing networks"));
                      return;
                  }
                  ports().workers.run(
                      [config = m_config, containers = std::move(containers),
                       networks = std::move(response->body),
                       done = homing().once([this](Result<Groups>&& groups) {
                           if (groups) {
                               finish(*std::move(groups));
                           } else {
                               giveUpWith(groups.error());
                           }
                       })]() mutable { done(groupsOfContainers(config, containers, networks)); });
              }));
}

void DockerProvider::giveUpWith(const Error& error)
{
    giveUp(error.message);
}

} // namespace watchfire::discovery
