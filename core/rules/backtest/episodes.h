// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/rules/alerting_rule.h"
#include "core/rules/backtest/backtest.h"

#include <unordered_map>
#include <vector>

namespace watchfire::rules {

/// Makes episodes out of the states of a rule, evaluation by evaluation.
class EpisodeLog {
public:
    /// `at` is the time of the samples of that evaluation; ascending.
    void note(const AlertingRule& rule, Timestamp at);
    /// Ends the log. Sorted by labels; an alert that was never active is not in it.
    std::vector<AlertEpisodes> take();

private:
    std::unordered_map<Labels, std::vector<Episode>> m_alerts;
    Timestamp m_last{}; ///< the evaluation before
    bool m_any = false;
};

} // namespace watchfire::rules
