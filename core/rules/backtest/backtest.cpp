// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rules/backtest/backtest.h"

#include "core/rules/alerting_rule.h"
#include "core/rules/backtest/episodes.h"
#include "core/rules/backtest/evaluations.h"
#include "core/rules/group_labels.h"
#include "core/rules/manager.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace watchfire::rules {

namespace {

/// Moments of one range query, at most: it bounds memory, and how long a cancelled run goes on.
constexpr int mostMomentsAtOnce = 2'000;

/// One rule on its way through the range.
class Run {
public:
    Run(const BacktestRequest& request, config::RuleConfig rule, Evaluations evaluations)
        : m_request(request)
        , m_rule(std::move(rule))
        , m_evaluations(std::move(evaluations))
        , m_expand(makeExpandText(request.expand))
        , m_offset(request.group.queryOffset.value_or(request.defaultQueryOffset))
    {
        m_hasTemplates = std::ranges::any_of(
            m_rule.rule().labels, [](const auto& label) { return label.second.contains("{{"); });
    }

    Result<BacktestResult> run(const std::stop_token& stop)
    {
        const auto interval = m_request.group.interval.count() > 0 ? m_request.group.interval
                                                                   : m_request.defaultInterval;
        const auto warmUp = m_rule.rule().forDuration + m_rule.rule().keepFiringFor + interval;
        const Timestamp first = m_request.range.from - warmUp;
        Timestamp at = nextTurn(m_request.group, interval, first - std::chrono::milliseconds(1));
        const Timestamp end = m_request.range.to;
        while (at <= end) {
            const Timestamp last = std::min(end, at + interval * (m_momentsAtOnce - 1));
            const auto take = [this](Timestamp asked, Result<std::span<const Element>> elements) {
                evaluate(asked + m_offset, std::move(elements));
            };
            if (auto done = m_evaluations.run(at - m_offset, last - m_offset, interval, take, stop);
                !done) {
                if (done.error().kind == ErrorKind::limit && m_momentsAtOnce > 1) {
                    m_momentsAtOnce /= 2;
                    continue;
                }
                return std::unexpected(std::move(done.error()));
            }
            if (stop.stop_requested()) {
                return fail(ErrorKind::cancelled, "the backtest was cancelled");
            }
            at += interval * m_momentsAtOnce;
            tellProgress(first, at);
        }
        m_result.alerts = m_log.take();
        return std::move(m_result);
    }

private:
    void tellProgress(Timestamp first, Timestamp at) const
    {
        const auto whole = static_cast<double>((m_request.range.to - first).count());
        if (m_request.progress && whole > 0) {
            m_request.progress(std::min(1.0, static_cast<double>((at - first).count()) / whole));
        }
    }

    void evaluate(Timestamp at, Result<std::span<const Element>> elements)
    {
        auto done = std::move(elements).and_then([&](std::span<const Element> found) {
            return m_rule.advance(candidates(found, at), at, m_request.group.limit);
        });
        if (at < m_request.range.from) {
            return;
        }
        ++m_result.evaluations;
        if (done) {
            m_log.note(m_rule, at - m_offset);
            return;
        }
        ++m_result.failures;
        if (m_result.firstFailure.empty()) {
            m_result.firstFailure = std::move(done.error().message);
        }
    }

    std::vector<Candidate> candidates(std::span<const Element> elements, Timestamp at)
    {
        std::vector<Candidate> out;
        out.reserve(elements.size());
        for (const Element& element : elements) {
            out.push_back({alertLabels(element, at), {}, element.value});
        }
        return out;
    }

    Labels alertLabels(const Element& element, Timestamp at)
    {
        if (m_hasTemplates) {
            return made(element, at);
        }
        if (element.series >= m_known.size()) {
            m_known.resize(element.series + 1);
        }
        std::optional<Labels>& known = m_known[element.series];
        if (!known) {
            known = made(element, at);
        }
        return *known;
    }

    Labels made(const Element& element, Timestamp at) const
    {
        return m_rule.labelsOf(
            {m_evaluations.labels(element.series), unixMs(at), element.value, element.histogram},
            at, m_expand);
    }

    const BacktestRequest& m_request;
    AlertingRule m_rule;
    Evaluations m_evaluations;
    ExpandText m_expand;
    std::chrono::milliseconds m_offset;
    int m_momentsAtOnce = mostMomentsAtOnce;
    bool m_hasTemplates = false;
    std::vector<std::optional<Labels>> m_known; ///< by series, of rules without templates
    EpisodeLog m_log;
    BacktestResult m_result;
};

} // namespace

Result<BacktestResult> backtest(const BacktestRequest& request, storage::Queryable& store,
                                std::stop_token stop)
{
    if (request.rule >= request.group.rules.size()
        || !request.group.rules[request.rule].isAlerting()) {
        return fail(ErrorKind::invalid, "there is no alerting rule at that place of the group");
    }
    auto rule = withGroupLabels(request.group.rules[request.rule], request.group.labels);
    auto evaluations = Evaluations::of(rule.expr, store, request.query);
    if (!evaluations) {
        return std::unexpected(std::move(evaluations.error()));
    }
    return Run(request, std::move(rule), std::move(*evaluations)).run(stop);
}

} // namespace watchfire::rules
