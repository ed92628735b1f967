// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/discovery/local_finder.h"

#include "core/discovery/groups.h"

#include <algorithm>
#include <format>
#include <utility>

namespace watchfire::discovery {

namespace {

constexpr std::size_t atOnce = 8;
constexpr std::chrono::milliseconds patienceHere{500};
constexpr std::chrono::milliseconds patienceOnNetwork{2'000};
constexpr std::uint64_t mostBody = std::uint64_t{32} << 20;
constexpr std::string_view here = "localhost";

std::string lowered(std::string_view text)
{
    std::string out(text);
    std::ranges::transform(out, out.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return out;
}

/// The name of a job: letters, digits and dashes.
std::string jobNameFrom(std::string_view words)
{
    std::string out;
    for (const char c : lowered(words)) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
        if (plain) {
            out += c;
        } else if (!out.empty() && !out.ends_with('-')) {
            out += '-';
        }
    }
    while (out.ends_with('-')) {
        out.pop_back();
    }
    return out;
}

HttpRequest requestFor(const std::string& host, const std::string& path,
                       std::chrono::milliseconds patience)
{
    HttpRequest request;
    request.url = std::format("http://{}{}", host, path);
    request.headers = {{"Accept",
                        "application/openmetrics-text;version=1.0.0;q=0.9,"
                        "text/plain;version=0.0.4;q=0.8"},
                       {"User-Agent", "Watchfire/" WATCHFIRE_VERSION}};
    request.timeout = patience;
    request.maxBody = mostBody;
    return request;
}

} // namespace

LocalFinder::LocalFinder(Ports ports, const std::vector<std::string>& ownNames,
                         std::span<const ExporterPort> places)
    : m_ports(std::move(ports))
    , m_places(places.begin(), places.end())
    , m_homing(m_ports.home)
{
    for (const std::string& name : ownNames) {
        m_ownNames.push_back(lowered(name));
        m_ownNames.push_back(lowered(name) + ".local");
    }
}

bool LocalFinder::isOwn(std::string_view host) const
{
    return host == here || host.starts_with("127.") || host == "::1" || host == "0.0.0.0"
        || host == "::" || std::ranges::contains(m_ownNames, host);
}

std::string LocalFinder::addressOf(std::string_view url) const
{
    std::string_view port = "80";
    if (const std::size_t scheme = url.find("://"); scheme != std::string_view::npos) {
        port = url.starts_with("https") ? "443" : port;
        url.remove_prefix(scheme + 3);
    }
    url = url.substr(0, std::min(url.find_first_of("/?#"), url.size()));
    if (const std::size_t at = url.rfind('@'); at != std::string_view::npos) {
        url.remove_prefix(at + 1);
    }
    std::string_view host = url;
    const std::size_t bracket = url.find(']');
    const std::size_t colon = url.find(':', bracket == std::string_view::npos ? 0 : bracket);
    if (colon != std::string_view::npos) {
        host = url.substr(0, colon);
        port = url.substr(colon + 1);
    }
    if (host.starts_with('[') && host.ends_with(']')) {
        host = host.substr(1, host.size() - 2);
    }
    std::string name = lowered(host);
    if (name.ends_with('.')) {
        name.pop_back();
    }
    if (isOwn(name)) {
        name = here;
    }
    return name.contains(':') ? std::format("[{}]:{}", name, port)
                              : std::format("{}:{}", name, port);
}

bool LocalFinder::find(const std::vector<std::string>& scraped, Done done)
{
    if (m_isLooking) {
        return false;
    }
    m_isLooking = true;
    m_done = std::move(done);
    m_found.clear();
    m_waiting.clear();
    m_scraped.clear();
    for (const std::string& url : scraped) {
        m_scraped.push_back(addressOf(url));
    }
    for (const ExporterPort& place : m_places) {
        std::string host = hostPort(here, place.port);
        if (!std::ranges::contains(m_scraped, host)) {
            m_waiting.push_back(
                {{std::move(host)}, std::string(place.path), {}, "loopback", patienceHere});
        }
    }
    if (m_ports.browse) {
        m_isBrowsing = true;
        Ticket browsing = m_ports.browse(
            m_homing.once([this](const Result<std::vector<AnnouncedService>>& services) {
                m_isBrowsing = false;
                m_browsing.detach();
                addAnnounced(services);
                askNext();
            }));
        m_browsing = std::move(browsing);
    }
    askNext();
    return true;
}

void LocalFinder::addAnnounced(const Result<std::vector<AnnouncedService>>& services)
{
    if (!services) {
        return; // a network without mDNS is nothing to tell of
    }
    for (const AnnouncedService& service : *services) {
        Candidate candidate;
        std::vector<std::string> hosts = service.addresses;
        hosts.insert(hosts.begin(), service.host);
        bool isScraped = false;
        for (const std::string& host : hosts) {
            std::string name = host.ends_with('.') ? host.substr(0, host.size() - 1) : host;
            if (name.empty()) {
                continue;
            }
            candidate.hosts.push_back(hostPort(name, service.port));
            isScraped
                = isScraped || std::ranges::contains(m_scraped, addressOf(candidate.hosts.back()));
        }
        if (isScraped || candidate.hosts.empty()) {
            continue;
        }
        candidate.path = service.path.empty() ? "/metrics"
            : service.path.starts_with('/')   ? service.path
                                              : '/' + service.path;
        candidate.name = service.name;
        candidate.how = "mDNS";
        candidate.patience = patienceOnNetwork;
        m_waiting.push_back(std::move(candidate));
    }
}

void LocalFinder::askNext()
{
    while (m_asked.size() < atOnce && !m_waiting.empty()) {
        Candidate candidate = std::move(m_waiting.front());
        m_waiting.pop_front();
        ask(std::move(candidate));
    }
    finishIfDone();
}

void LocalFinder::ask(Candidate candidate)
{
    const std::uint64_t number = m_nextQuestion++;
    m_asked[number] = {};
    HttpRequest request = requestFor(candidate.hosts.front(), candidate.path, candidate.patience);
    auto done = m_homing.once([this, number, candidate = std::move(candidate)](
                                  const Result<ExporterIdentity>& identity) mutable {
        m_asked.at(number).detach();
        m_asked.erase(number);
        take(candidate, identity);
        askNext();
    });
    Ticket ticket = m_ports.fetcher.fetch(
        std::move(request),
        [&workers = m_ports.workers,
         done = std::move(done)](Result<HttpResponse> response) mutable {
            workers.run([done = std::move(done), response = std::move(response)]() mutable {
                done(response
                         ? identifyExporter(*response)
                         : Result<ExporterIdentity>(std::unexpected(std::move(response.error()))));
            });
        });
    if (const auto asked = m_asked.find(number); asked != m_asked.end()) {
        asked->second = std::move(ticket);
    }
}

void LocalFinder::take(Candidate& candidate, const Result<ExporterIdentity>& identity)
{
    const std::string address = candidate.hosts.front();
    if (!identity) {
        candidate.hosts.erase(candidate.hosts.begin());
        if (!candidate.hosts.empty()) {
            m_waiting.push_front(std::move(candidate));
        }
        return;
    }
    const bool isKnown = std::ranges::any_of(m_found, [&](const FoundExporter& found) {
        return addressOf(found.address) == addressOf(address);
    });
    if (isKnown) {
        return; // this machine announces itself, too
    }
    FoundExporter found;
    found.name = !identity->name.empty() ? identity->name
        : !candidate.name.empty()        ? candidate.name
                                         : std::format("something on {}", address);
    found.jobName = jobNameFrom(!identity->jobName.empty()    ? identity->jobName
                                    : !candidate.name.empty() ? candidate.name
                                                              : address);
    found.address = address;
    found.metricsPath = candidate.path;
    found.series = identity->series;
    found.how = candidate.how;
    m_found.push_back(std::move(found));
}

void LocalFinder::finishIfDone()
{
    if (!m_isLooking || m_isBrowsing || !m_asked.empty() || !m_waiting.empty()) {
        return;
    }
    m_isLooking = false;
    std::ranges::sort(m_found, {}, &FoundExporter::address);
    std::exchange(m_done, nullptr)(std::exchange(m_found, {}));
}

} // namespace watchfire::discovery
