// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/base/executor.h"
#include "core/config/config.h"
#include "core/ports/dns.h"
#include "core/ports/http.h"
#include "core/ports/watch.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace watchfire::discovery {

/// What providers ask of the world. All must outlive the providers and what these gave to
/// `workers`.
struct ProviderPorts {
    HttpFetcher& fetcher;
    DnsResolver& dns;
    FileWatcher& watcher;
    Executor& home; ///< the thread the providers live on
    Executor& workers; ///< files and long answers are read there
    const Clock& clock;
};

/// What a provider is doing, for people.
struct ProviderStatus {
    std::string kind; ///< "static", "file", "http", …
    std::string source; ///< the address or file
    Timestamp lastUpdate{}; ///< when it last knew its groups to be right; the epoch: never yet
    std::string lastError; ///< empty: the last try was good
};

/// Finds targets for one job. Lives on the engine's thread (`home`), as do its callbacks, and
/// never blocks there. A try that fails leaves the groups known before in force and says why in
/// its status.
class Provider {
public:
    /// All groups that the provider knows now; each call replaces the one before.
    using Update = std::function<void(std::vector<config::TargetGroup>)>;

    virtual ~Provider() = default;
    /// Begins; called once. The first update may come before it returns. It comes when the
    /// provider knows all that it looks for, and after a failure only once something is known.
    /// No update comes after the destructor.
    virtual void start(Update update) = 0;
    /// When it wants to be advanced; nothing: when something else happens.
    virtual std::optional<Timestamp> nextDue() const { return std::nullopt; }
    virtual void advance(Timestamp now) { static_cast<void>(now); }
    virtual ProviderStatus status() const = 0;
};

/// What the job's configuration asks for: its list of targets first, then one for each entry of
/// a …_sd_configs section, but for the kinds that there are none for (ForeignDiscovery).
std::vector<std::unique_ptr<Provider>> makeProviders(const config::ScrapeConfig& job,
                                                     const ProviderPorts& ports);

} // namespace watchfire::discovery
