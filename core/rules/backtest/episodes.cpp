// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rules/backtest/episodes.h"

#include <algorithm>
#include <utility>

namespace watchfire::rules {

void EpisodeLog::note(const AlertingRule& rule, Timestamp at)
{
    for (const auto& [labels, alert] : rule.active()) {
        if (alert.state == AlertState::inactive) {
            continue;
        }
        std::vector<Episode>& episodes = m_alerts[labels];
        const bool goesOn = m_any && !episodes.empty() && episodes.back().state == alert.state
            && episodes.back().to == m_last;
        if (goesOn) {
            episodes.back().to = at;
        } else {
            episodes.push_back({alert.state, at, at, false});
        }
    }
    m_last = at;
    m_any = true;
}

std::vector<AlertEpisodes> EpisodeLog::take()
{
    std::vector<AlertEpisodes> out;
    for (auto& [labels, episodes] : m_alerts) {
        episodes.back().isOpen = episodes.back().to == m_last;
        out.push_back({labels, std::move(episodes)});
    }
    m_alerts.clear();
    std::ranges::sort(out, {}, &AlertEpisodes::labels);
    return out;
}

} // namespace watchfire::rules
