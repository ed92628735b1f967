// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/discovery/consul_provider.h"

#include "core/base/log.h"
#include "core/discovery/question.h"

#include <algorithm>
#include <charconv>
#include <format>
#include <utility>

namespace watchfire::discovery {

using namespace std::chrono_literals;

namespace {

constexpr auto waitAtServer = 2min;
constexpr auto fetchTimeout = waitAtServer + 15s;
constexpr auto retryAfter = 15s;
/// Many services that change at once are one update.
constexpr auto updateEvery = 1s;

template <class Value> struct Indexed {
    std::uint64_t index = 0; ///< 0: the server gave none
    Value value;
};

std::uint64_t indexOf(const HttpResponse& response)
{
    const std::string_view text = header(response.headers, "X-Consul-Index");
    std::uint64_t index = 0;
    std::from_chars(text.data(), text.data() + text.size(), index);
    return index;
}

/// Makes of a reader of texts one of answers.
template <class Read> auto indexed(Read read)
{
    using Value = std::invoke_result_t<Read, std::string_view>::value_type;
    return [read = std::move(read)](const HttpResponse& response) -> Result<Indexed<Value>> {
        if (response.status != 200) {
            return std::unexpected(statusError(response));
        }
        auto value = read(response.body);
        if (!value) {
            return std::unexpected(std::move(value.error()));
        }
        return Indexed<Value>{indexOf(response), *std::move(value)};
    };
}

} // namespace

ConsulProvider::ConsulProvider(config::ConsulDiscovery config, const ProviderPorts& ports)
    : m_config(std::move(config))
    , m_ports(ports)
    , m_datacenter(m_config.datacenter)
    , m_watchesCatalog(m_config.services.empty() || !m_config.tags.empty()
                       || !m_config.filter.empty())
    , m_homing(ports.home)
{
    std::string server = m_config.server;
    std::string scheme = m_config.scheme;
    if (const std::size_t at = server.find("://"); at != std::string::npos) {
        if (server.starts_with("unix")) {
            m_socket = server.substr(at + 3);
            server = "consul";
            scheme = "http";
        } else {
            scheme = server.substr(0, at);
            server.erase(0, at + 3);
        }
    }
    while (server.ends_with('/')) {
        server.pop_back();
    }
    std::string prefix = m_config.pathPrefix;
    if (!prefix.empty() && !prefix.starts_with('/')) {
        prefix.insert(prefix.begin(), '/');
    }
    m_base = std::format("{}://{}{}", scheme, server, prefix);
}

void ConsulProvider::start(Update update)
{
    m_update = std::move(update);
    if (m_datacenter.empty()) {
        askAgent();
    } else {
        watchAll();
    }
}

std::optional<Timestamp> ConsulProvider::nextDue() const
{
    std::optional<Timestamp> next = m_publishDue;
    const auto consider = [&next](const Watch& watch) {
        if (watch.due && (!next || *watch.due < *next)) {
            next = watch.due;
        }
    };
    consider(m_agent);
    consider(m_catalog);
    for (const auto& [name, watch] : m_services) {
        consider(watch);
    }
    return next;
}

void ConsulProvider::advance(Timestamp now)
{
    const auto isDue = [&](Watch& watch) {
        if (watch.due && *watch.due > now + m_config.refreshInterval + retryAfter) {
            watch.due = now; // the clock was set back
        }
        return watch.due && *watch.due <= now;
    };
    if (m_publishDue && (*m_publishDue <= now || *m_publishDue > now + updateEvery)) {
        publish(now);
    }
    if (isDue(m_agent)) {
        askAgent();
    }
    if (isDue(m_catalog)) {
        askCatalog();
    }
    // An answer may come at once and change which services there are.
    std::vector<std::string> due;
    for (auto& [name, watch] : m_services) {
        if (isDue(watch)) {
            due.push_back(name);
        }
    }
    for (const std::string& name : due) {
        if (const auto found = m_services.find(name); found != m_services.end()) {
            askService(name, found->second);
        }
    }
}

ProviderStatus ConsulProvider::status() const
{
    ProviderStatus out{"consul", withoutPassword(m_base), m_lastUpdate, m_agent.error};
    if (out.lastError.empty()) {
        out.lastError = m_catalog.error;
    }
    for (const auto& [name, watch] : m_services) {
        if (out.lastError.empty()) {
            out.lastError = watch.error;
        }
    }
    return out;
}

HttpRequest ConsulProvider::request(const std::string& path, std::uint64_t index,
                                    const std::string& filter) const
{
    std::string query;
    const auto add = [&query](std::string_view name, std::string_view value) {
        query += query.empty() ? '?' : '&';
        query += name;
        if (!value.empty()) {
            query += '=' + percentEncode(value);
        }
    };
    const auto addGiven = [&add](std::string_view name, std::string_view value) {
        if (!value.empty()) {
            add(name, value);
        }
    };
    addGiven("dc", m_datacenter);
    addGiven("ns", m_config.nameSpace);
    addGiven("partition", m_config.partition);
    if (m_config.allowStale) {
        add("stale", "");
    }
    if (index != 0) {
        add("index", std::to_string(index));
        add("wait", std::format("{}ms", std::chrono::milliseconds(waitAtServer).count()));
    }
    for (const auto& [name, value] : m_config.nodeMeta) {
        add("node-meta", std::format("{}:{}", name, value));
    }
    addGiven("filter", filter);
    if (path.starts_with("/v1/health/")) {
        for (const std::string& tag : m_config.tags) {
            add("tag", tag);
        }
    }
    HttpRequest request = requestOf(m_base + path + query, m_config.client, fetchTimeout);
    if (!m_config.token.empty()) {
        request.headers.emplace_back("X-Consul-Token", m_config.token.reveal());
    }
    request.unixSocket = m_socket;
    return request;
}

void ConsulProvider::begin(Watch& watch) const
{
    watch.askedAt = m_ports.clock.now();
    watch.due.reset();
}

bool ConsulProvider::isNews(Watch& watch, std::uint64_t index)
{
    watch.ticket.detach();
    watch.error.clear();
    const Timestamp now = m_ports.clock.now();
    watch.due = std::max(now, watch.askedAt + m_config.refreshInterval);
    const bool news = !watch.isTried || index == 0 || index != watch.index;
    // An index that goes back starts anew, as the documentation asks for.
    watch.index = index < watch.index ? 0 : index;
    watch.isTried = true;
    return news;
}

void ConsulProvider::fail(Watch& watch, const Error& error)
{
    watch.ticket.detach();
    if (watch.error != error.message) {
        log(LogLevel::warning, "discovery", "consul {}: {}", withoutPassword(m_base),
            error.message);
    }
    watch.error = error.message;
    watch.due = m_ports.clock.now() + retryAfter;
    watch.isTried = true;
    publishSoon();
}

void ConsulProvider::askAgent()
{
    begin(m_agent);
    HttpRequest self = request("/v1/agent/self", 0, {});
    self.url.erase(std::min(self.url.find('?'), self.url.size()));
    m_agent.ticket = fetchAndRead(m_ports, std::move(self), indexed(datacenterOf),
                                  m_homing.once([this](Result<Indexed<std::string>>&& answer) {
                                      if (!answer) {
                                          fail(m_agent, answer.error());
                                          return;
                                      }
                                      m_agent = {};
                                      m_datacenter = std::move(answer->value);
                                      watchAll();
                                  }));
}

void ConsulProvider::watchAll()
{
    if (m_watchesCatalog) {
        askCatalog();
        return;
    }
    for (const std::string& name : m_config.services) {
        m_services[name];
    }
    for (auto& [name, watch] : m_services) {
        askService(name, watch);
    }
}

void ConsulProvider::askCatalog()
{
    begin(m_catalog);
    m_catalog.ticket = fetchAndRead(
        m_ports, request("/v1/catalog/services", m_catalog.index, m_config.filter),
        indexed(servicesOf), m_homing.once([this](Result<Indexed<ConsulServices>>&& answer) {
            if (!answer) {
                fail(m_catalog, answer.error());
            } else if (isNews(m_catalog, answer->index)) {
                takeCatalog(answer->value);
            }
        }));
}

bool ConsulProvider::isWanted(const ConsulServices::value_type& service) const
{
    return (m_config.services.empty() || std::ranges::contains(m_config.services, service.first))
        && std::ranges::all_of(m_config.tags, [&service](const std::string& tag) {
               return std::ranges::contains(service.second, tag);
           });
}

void ConsulProvider::takeCatalog(const ConsulServices& services)
{
    const std::size_t gone = std::erase_if(m_services, [&](const auto& known) {
        return !std::ranges::contains(services, known.first, &ConsulServices::value_type::first);
    });
    m_isChanged = m_isChanged || gone != 0;
    std::vector<std::string> fresh;
    for (const auto& service : services) {
        if (isWanted(service) && m_services.try_emplace(service.first).second) {
            fresh.push_back(service.first);
        }
    }
    for (const std::string& name : fresh) {
        askService(name, m_services.find(name)->second);
    }
    publishSoon();
}

void ConsulProvider::askService(const std::string& name, Watch& watch)
{
    begin(watch);
    const auto read = [config = m_config, name, datacenter = m_datacenter](std::string_view text) {
        return groupsOfService(config, name, datacenter, text);
    };
    // The service may go, and another of its name come, before the answer does.
    const auto take = [this, name](Result<Indexed<Groups>>&& answer, Timestamp askedAt) {
        const auto found = m_services.find(name);
        if (found == m_services.end() || found->second.askedAt != askedAt || found->second.due) {
            return;
        }
        if (!answer) {
            fail(found->second, answer.error().within(name));
        } else if (isNews(found->second, answer->index)) {
            found->second.groups = std::move(answer->value);
            m_isChanged = true;
            publishSoon();
        }
    };
    watch.ticket = fetchAndRead(
        m_ports,
        request("/v1/health/service/" + percentEncode(name), watch.index, m_config.healthFilter),
        indexed(read),
        m_homing.once([take, askedAt = watch.askedAt](Result<Indexed<Groups>>&& answer) {
            take(std::move(answer), askedAt);
        }));
}

/// Hands over what is known where it changed, once every service there is has been asked for.
void ConsulProvider::publishSoon()
{
    if (!m_isChanged && m_lastUpdate != Timestamp{}) {
        return;
    }
    const bool complete = (!m_watchesCatalog || m_catalog.isTried)
        && std::ranges::all_of(m_services, [](const auto& item) { return item.second.isTried; });
    const bool known = m_services.empty() ? m_catalog.error.empty()
                                          : std::ranges::any_of(m_services, [](const auto& item) {
                                                return item.second.error.empty();
                                            });
    if (!complete || !known || !m_agent.error.empty()) {
        return;
    }
    const Timestamp now = m_ports.clock.now();
    if (m_lastUpdate == Timestamp{} || now >= m_lastUpdate + updateEvery || now < m_lastUpdate) {
        publish(now);
    } else {
        m_publishDue = m_lastUpdate + updateEvery;
    }
}

void ConsulProvider::publish(Timestamp now)
{
    m_publishDue.reset();
    m_isChanged = false;
    m_lastUpdate = now;
    Groups all;
    for (const auto& [name, watch] : m_services) {
        all.insert(all.end(), watch.groups.begin(), watch.groups.end());
    }
    m_update(std::move(all));
}

} // namespace watchfire::discovery
