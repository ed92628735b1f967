// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/engine/rule_trials.h"
#include "core/promql/query.h"
#include "core/rules/alerting_rule.h"
#include "core/rules/expand.h"
#include "core/storage/querier.h"

#include <chrono>
#include <stop_token>

/// Rules that are not in force, over a store; each on its caller's thread.
namespace watchfire::runtime {

/// What rules have of the configuration and the engine.
struct RuleTrialSetting {
    std::chrono::milliseconds defaultInterval = std::chrono::minutes(1);
    std::chrono::milliseconds defaultQueryOffset{};
    rules::ExpandOptions expand;
    promql::QueryOptions query;
};

/// See engine::Engine::backtest. The curves are asked for in the end; where they cannot be had,
/// the report says why and has all else.
Result<engine::BacktestReport> backtestRule(const engine::BacktestRequest& request,
                                            const RuleTrialSetting& setting,
                                            storage::Queryable& store, std::stop_token stop);

/// See engine::Engine::previewRule.
Result<engine::RulePreview> previewRule(const engine::RulePreviewRequest& request,
                                        const RuleTrialSetting& setting, storage::Queryable& store,
                                        Timestamp now, std::stop_token stop);

/// See engine::Engine::testRules.
Result<engine::RuleTestReport> testRules(const engine::RuleTestRequest& request,
                                         const promql::Features& features, std::stop_token stop);

} // namespace watchfire::runtime
