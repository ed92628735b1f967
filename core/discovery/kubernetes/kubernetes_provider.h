// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/discovery/homing.h"
#include "core/discovery/kubernetes/access.h"
#include "core/discovery/kubernetes/answers.h"
#include "core/discovery/provider.h"

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace watchfire::discovery {

/// Objects of a Kubernetes cluster (kubernetes_sd_configs).
///
/// Each kind of object is listed once and watched from there. Answers of the fetcher are whole
/// bodies, so a watch is asked to end after five seconds (timeoutSeconds) and the next goes on
/// where it ended: nothing is missed, and a change is seen at most five seconds late, which is as
/// often as Prometheus hands on what it finds. A version that the server no longer knows is
/// listed again.
///
/// Source: Kubernetes documentation, "Kubernetes API Concepts".
class KubernetesProvider final : public Provider {
public:
    KubernetesProvider(config::KubernetesDiscovery config, const ProviderPorts& ports,
                       KubeEnvironment environment = KubeEnvironment::ofProcess());

    void start(Update update) override;
    std::optional<Timestamp> nextDue() const override;
    void advance(Timestamp now) override;
    ProviderStatus status() const override;

private:
    /// One kind of object in one namespace.
    struct Feed {
        KubeResource resource{};
        std::string nameSpace; ///< empty: the whole cluster
        std::string selectors; ///< as parameters
        std::string version; ///< to watch from; empty: to be listed
        std::string next; ///< page of the list under way
        Timestamp askedAt{};
        std::optional<Timestamp> due; ///< nothing: under way
        int failures = 0; ///< in a row
        std::string error;
        Ticket ticket;
    };
    /// An answer that was not read yet.
    struct Unread {
        std::size_t feed = 0;
        bool isWatch = false;
        bool isFirstPage = false;
        Result<HttpResponse> response;
    };
    /// What reading came to.
    struct Heard {
        std::size_t feed = 0;
        Result<KubeAnswer> answer; ///< without its changes
        bool isUnauthorised = false;
    };
    struct Reading;
    struct Outcome;

    void findAccess();
    void makeFeeds();
    void addFeeds(KubeResource resource, std::string_view role);
    std::vector<std::string> namespaces() const;
    std::string selectorsOf(std::string_view role) const;
    void ask(std::size_t index);
    std::string urlOf(const Feed& feed) const;
    void readNext();
    void take(Outcome outcome);
    void hear(Heard heard);
    void failed(Feed& feed, const Error& error);

    config::KubernetesDiscovery m_config;
    ProviderPorts m_ports;
    KubeEnvironment m_environment;
    KubeAccess m_access; ///< of feeds; there are none before it is known
    std::optional<Timestamp> m_accessDue; ///< when to look for it again
    bool m_findingAccess = false;
    std::vector<Feed> m_feeds;
    std::deque<Unread> m_unread;
    std::shared_ptr<Reading> m_reading; ///< a worker's while m_isReading
    bool m_isReading = false;
    ProviderStatus m_status;
    Update m_update;
    Homing m_homing;
};

} // namespace watchfire::discovery
