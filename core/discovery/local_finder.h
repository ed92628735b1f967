// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/executor.h"
#include "core/base/ticket.h"
#include "core/discovery/exporter_identity.h"
#include "core/discovery/homing.h"
#include "core/ports/http.h"

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace watchfire::discovery {

/// A program on this machine or network that serves metrics and that no job scrapes.
struct FoundExporter {
    std::string name; ///< "node exporter", or the host's own words where it is not a known one
    std::string jobName; ///< for a job of it: "node"
    std::string address; ///< host:port
    std::string scheme = "http";
    std::string metricsPath = "/metrics";
    std::uint64_t series = 0; ///< in its answer
    std::string how; ///< "loopback" or "mDNS"
    friend bool operator==(const FoundExporter&, const FoundExporter&) = default;
};

/// A service that announces itself on the network (_prometheus-http._tcp).
struct AnnouncedService {
    std::string name; ///< for people: "Attic"
    std::string host; ///< attic.local
    std::vector<std::string> addresses; ///< of the host; may be empty
    std::uint16_t port = 0;
    std::string path; ///< its TXT record's "path"; empty: /metrics
};

/// Looks for exporters: on well-known ports of this machine and among the services that announce
/// themselves. Only what answers as a scrape reads it is one. Lives on the home thread.
class LocalFinder {
public:
    /// Asks for announced services; the reply may come on any thread.
    using Browse = std::function<Ticket(Reply<std::vector<AnnouncedService>>)>;
    /// Called at home. Sorted by address.
    using Done = std::move_only_function<void(std::vector<FoundExporter>)>;

    struct Ports {
        HttpFetcher& fetcher;
        Executor& home;
        Executor& workers;
        Browse browse; ///< null: nobody announces anything
    };

    explicit LocalFinder(Ports ports, const std::vector<std::string>& ownNames = {},
                         std::span<const ExporterPort> places = wellKnownExporterPorts());

    /// Looks once, eight questions at a time, half a second each. `scraped`: URLs of targets,
    /// whose addresses are left out. False, and `done` is never called: it is looking already.
    bool find(const std::vector<std::string>& scraped, Done done);
    bool isLooking() const { return m_isLooking; }

    /// host:port of a URL, the same for all names of this machine ("localhost"); the scheme's
    /// port where the URL has none.
    std::string addressOf(std::string_view url) const;

private:
    /// Somebody to ask. The places are tried in order until one answers.
    struct Candidate {
        std::vector<std::string> hosts; ///< with ports
        std::string path;
        std::string name; ///< what it calls itself
        std::string how;
        std::chrono::milliseconds patience{};
    };

    void addAnnounced(const Result<std::vector<AnnouncedService>>& services);
    void askNext();
    void ask(Candidate candidate);
    void take(Candidate& candidate, const Result<ExporterIdentity>& identity);
    void finishIfDone();
    bool isOwn(std::string_view host) const;

    Ports m_ports;
    std::vector<std::string> m_ownNames;
    std::vector<ExporterPort> m_places;
    std::vector<std::string> m_scraped;
    std::deque<Candidate> m_waiting;
    std::map<std::uint64_t, Ticket> m_asked; ///< questions under way
    std::uint64_t m_nextQuestion = 0;
    Ticket m_browsing;
    bool m_isBrowsing = false;
    bool m_isLooking = false;
    std::vector<FoundExporter> m_found;
    Done m_done;
    Homing m_homing;
};

} // namespace watchfire::discovery
