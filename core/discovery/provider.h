// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/config.h"

#include <functional>
#include <memory>
#include <vector>

namespace watchfire::discovery {

/// Finds targets for one job. Lives on the engine's thread, as do its callbacks.
class Provider {
public:
    /// All groups that the provider knows now; each call replaces the one before.
    using Update = std::function<void(std::vector<config::TargetGroup>)>;

    virtual ~Provider() = default;
    /// Begins; called once. The first update may come before it returns. No update comes after
    /// the destructor.
    virtual void start(Update update) = 0;
};

/// What the job's configuration asks for. One element for each kind of discovery in it.
std::vector<std::unique_ptr<Provider>> makeProviders(const config::ScrapeConfig& job);

} // namespace watchfire::discovery
