// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/discovery/provider.h"
#include "core/discovery/static_provider.h"

#include <utility>

namespace watchfire::discovery {

std::vector<std::unique_ptr<Provider>> makeProviders(const config::ScrapeConfig& job,
                                                     const ProviderPorts& ports)
{
    std::vector<std::unique_ptr<Provider>> providers;
    if (!job.staticConfigs.empty()) {
        providers.push_back(std::make_unique<StaticProvider>(job.staticConfigs, ports.clock));
    }
    return providers;
}

} // namespace watchfire::discovery
