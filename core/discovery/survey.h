// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/discovery/groups.h"
#include "core/discovery/provider.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace watchfire::discovery {

/// Asks all discoveries of a job once, with providers of its own, and waits for what they say
/// within a bound of time. Lives on the home thread; its owner advances it, and may drop it at
/// any time but within a callback.
class Survey {
public:
    /// All groups found, and what is to be said about those that are missing.
    using Done = std::move_only_function<void(Groups groups, std::vector<std::string> warnings)>;

    /// `done` is called once, from `start` or `advance`.
    Survey(const config::ScrapeConfig& job, const ProviderPorts& ports,
           std::chrono::milliseconds longest, Done done);

    void start();
    /// Nothing: it is over.
    std::optional<Timestamp> nextDue() const;
    void advance(Timestamp now);
    bool isOver() const { return !m_done; }

private:
    struct Asked {
        std::unique_ptr<Provider> provider;
        std::optional<Groups> groups;
        std::optional<Timestamp> failed; ///< when that was seen
    };
    static bool isAnswered(Asked& asked, Timestamp now);
    void look(Timestamp now);

    const Clock& m_clock;
    std::chrono::milliseconds m_longest;
    Done m_done;
    std::vector<std::string> m_warnings;
    std::vector<std::unique_ptr<Asked>> m_asked;
    Timestamp m_started{};
    Timestamp m_nextLook{};
};

} // namespace watchfire::discovery
