// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/core.h"
#include "core/runtime/rule_trials.h"

#include <utility>

namespace watchfire::runtime {

RuleTrialSetting LocalEngine::Core::ruleTrialSetting(SteadyTime deadline)
{
    RuleTrialSetting setting;
    setting.query = queryOptions();
    setting.query.timeout = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    setting.query.budget = &*m_queryMemory;
    setting.query.workers = m_questions.get();
    setting.query.helpers = m_questions->threads() - 1;
    setting.defaultInterval = m_subqueryStep;
    setting.expand.externalUrl = m_options.externalUrl;
    if (const auto newest = config.newest()) {
        setting.defaultQueryOffset = newest->config.global.ruleQueryOffset;
        setting.expand.externalLabels = newest->config.global.externalLabels;
    }
    setting.expand.query
        = [this](const std::string& expr, Timestamp at) { return evaluateRule(expr, at); };
    return setting;
}

template <class T, class Work> Ticket LocalEngine::Core::tryRule(Work work, Reply<T> reply)
{
    const auto deadline = std::chrono::steady_clock::now() + m_options.query.timeout;
    return m_queries->ask<T>(
        [this, deadline, work = std::move(work)](const std::stop_token& stop) {
            return work(ruleTrialSetting(deadline), stop);
        },
        std::move(reply), deadline);
}

Ticket LocalEngine::Core::backtest(engine::BacktestRequest request,
                                   Reply<engine::BacktestReport> reply)
{
    return tryRule<engine::BacktestReport>(
        [this, request = std::move(request)](const RuleTrialSetting& setting,
                                             const std::stop_token& stop) {
            return backtestRule(request, setting, *m_store, stop);
        },
        std::move(reply));
}

Ticket LocalEngine::Core::previewRule(engine::RulePreviewRequest request,
                                      Reply<engine::RulePreview> reply)
{
    return tryRule<engine::RulePreview>(
        [this, request = std::move(request)](const RuleTrialSetting& setting,
                                             const std::stop_token& stop) {
            return runtime::previewRule(request, setting, *m_store, m_clock.now(), stop);
        },
        std::move(reply));
}

Ticket LocalEngine::Core::testRules(engine::RuleTestRequest request,
                                    Reply<engine::RuleTestReport> reply)
{
    return tryRule<engine::RuleTestReport>(
        [request = std::move(request)](const RuleTrialSetting& setting,
                                       const std::stop_token& stop) {
            return runtime::testRules(request, setting.query.features, stop);
        },
        std::move(reply));
}

} // namespace watchfire::runtime
