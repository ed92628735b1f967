// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/discovery/homing.h"
#include "core/discovery/provider.h"
#include "core/scrape/status.h"
#include "core/scrape/target_book.h"

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace watchfire::scrape {

/// A job in force: its discoveries, and the targets that they and its rules yield. Lives on the
/// home thread. Few targets are relabelled there, many on a worker; what many came to is handed
/// over a part at a time, so that others get their turns in between.
class Job {
public:
    /// Called at home. What is gone comes first.
    using Sink = std::function<void(const TargetChange&)>;

    Job(const discovery::ProviderPorts& ports, Ceilings ceilings, Sink sink);

    /// Puts a configuration in force; its rules must be prepared. Discoveries that stay as they
    /// are go on undisturbed. Targets of those that are replaced stay until the new ones know
    /// theirs, for at most ten seconds.
    void configure(std::shared_ptr<const config::ScrapeConfig> config);

    std::optional<Timestamp> nextDue() const;
    void advance(Timestamp now);
    const std::shared_ptr<const config::ScrapeConfig>& config() const { return m_config; }
    /// Of its discoveries, but for the list in the configuration.
    std::vector<DiscoveryStatus> discoveries() const;

private:
    struct Source {
        /// Nothing: the list of targets in the configuration.
        std::optional<config::DiscoveryConfig> entry;
        std::unique_ptr<discovery::Provider> provider;
        bool isStarted = false;
        GroupsPtr groups; ///< null: none known yet
        std::size_t targets = 0;
    };
    using SourcePtr = std::shared_ptr<Source>;

    void addSource(std::vector<SourcePtr>& sources, std::optional<config::DiscoveryConfig> entry,
                   bool staysAsItIs);
    bool isNewcomerSilent() const;
    void sync();
    void handOver(TargetChange change);
    void handOverPart();

    discovery::ProviderPorts m_ports;
    Ceilings m_ceilings;
    Sink m_sink;
    std::shared_ptr<const config::ScrapeConfig> m_config;
    std::vector<SourcePtr> m_sources;
    std::vector<GroupsPtr> m_retired; ///< of discoveries that are replaced
    std::optional<Timestamp> m_retireDue; ///< when those go at the latest
    std::shared_ptr<TargetBook> m_book; ///< a worker's while m_isBookOut
    bool m_isBookOut = false;
    bool m_again = false; ///< something changed meanwhile
    std::deque<TargetChange> m_changes; ///< to be handed over, in order
    std::size_t m_handedOver = 0; ///< targets of the first of them
    bool m_isHandingOver = false;
    discovery::Homing m_homing;
};

} // namespace watchfire::scrape
