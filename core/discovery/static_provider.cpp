// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/discovery/static_provider.h"

#include <string>
#include <utility>

namespace watchfire::discovery {

StaticProvider::StaticProvider(std::vector<config::TargetGroup> groups, const Clock& clock)
    : m_groups(std::move(groups))
    , m_clock(clock)
{
    for (std::size_t i = 0; i < m_groups.size(); ++i) {
        if (m_groups[i].source.empty()) {
            m_groups[i].source = "static/" + std::to_string(i);
        }
    }
}

void StaticProvider::start(Update update)
{
    m_status.lastUpdate = m_clock.now();
    update(m_groups);
}

} // namespace watchfire::discovery
