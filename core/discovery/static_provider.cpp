// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/discovery/static_provider.h"

#include <string>
#include <utility>

namespace watchfire::discovery {

StaticProvider::StaticProvider(std::vector<config::TargetGroup> groups)
    : m_groups(std::move(groups))
{
    for (std::size_t i = 0; i < m_groups.size(); ++i) {
        if (m_groups[i].source.empty()) {
            m_groups[i].source = "static/" + std::to_string(i);
        }
    }
}

void StaticProvider::start(Update update)
{
    update(m_groups);
}

std::vector<std::unique_ptr<Provider>> makeProviders(const config::ScrapeConfig& job)
{
    std::vector<std::unique_ptr<Provider>> providers;
    if (!job.staticConfigs.empty()) {
        providers.push_back(std::make_unique<StaticProvider>(job.staticConfigs));
    }
    return providers;
}

} // namespace watchfire::discovery
