// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/syntax/threshold.h"
#include "core/rules/group_labels.h"
#include "core/rules/lint.h"
#include "core/rules/query_answer.h"
#include "core/rules/unit_test/run.h"
#include "core/runtime/rule_trials.h"

#include <algorithm>
#include <utility>

namespace watchfire::runtime {

namespace {

using Kind = engine::RuleFinding::Kind;

Kind kindOf(rules::LintFinding::Kind kind)
{
    switch (kind) {
    case rules::LintFinding::Kind::duplicateRule:
        return Kind::duplicateRule;
    case rules::LintFinding::Kind::forBelowInterval:
        return Kind::forBelowInterval;
    case rules::LintFinding::Kind::missingLabel:
        return Kind::missingLabel;
    case rules::LintFinding::Kind::deadSelector:
        return Kind::deadSelector;
    }
    return Kind::duplicateRule;
}

/// Of the other rules only names and labels are left, so that only the selectors of the one that
/// is written are looked for. That one comes last: of two that are the same it is told.
std::vector<config::RuleGroupConfig> toLint(const engine::RulePreviewRequest& request)
{
    std::vector<config::RuleGroupConfig> groups = request.groups;
    for (config::RuleGroupConfig& group : groups) {
        for (config::RuleConfig& rule : group.rules) {
            rule.expr = "1";
        }
    }
    config::RuleGroupConfig own = request.groups[request.group];
    groups[request.group].rules.erase(groups[request.group].rules.begin()
                                      + static_cast<std::ptrdiff_t>(request.rule));
    own.rules = {own.rules[request.rule]};
    groups.push_back(std::move(own));
    return groups;
}

Result<void> findFaults(engine::RulePreview& preview, const engine::RulePreviewRequest& request,
                        const RuleTrialSetting& setting, storage::Queryable& store,
                        const std::stop_token& stop)
{
    auto querier = store.querier();
    if (!querier) {
        return std::unexpected(std::move(querier.error()));
    }
    const auto groups = toLint(request);
    rules::LintOptions options;
    options.forBelowInterval = true;
    options.requiredLabels = request.requiredLabels;
    options.defaultInterval = setting.defaultInterval;
    options.hasSeries = [&](const Matchers& matchers) -> Result<bool> {
        if (stop.stop_requested()) {
            return fail(ErrorKind::cancelled, "the preview was cancelled");
        }
        constexpr TimeRange always{fromUnixMs(0), fromUnixMs(253'402'300'799'999)};
        return (*querier)->series(matchers, always).transform([](const std::vector<Labels>& found) {
            return !found.empty();
        });
    };
    auto found = rules::lint(groups, options);
    if (!found) {
        return std::unexpected(std::move(found.error()));
    }
    // What is to be said of the others comes first, and is said elsewhere.
    const auto others = rules::lint(std::span(groups).first(groups.size() - 1), options);
    const std::size_t skipped = others ? others->size() : 0;
    for (std::size_t i = skipped; i < found->size(); ++i) {
        preview.findings.push_back({kindOf((*found)[i].kind), std::move((*found)[i].message)});
    }
    return {};
}

void checkTemplates(engine::RulePreview& preview, const config::RuleConfig& rule)
{
    const auto check = [&](const auto& pairs, bool isLabel) {
        for (const auto& [name, text] : pairs) {
            if (const auto checked = rules::checkTemplate(text); !checked) {
                preview.templateFaults.push_back({isLabel, name, checked.error().message});
            }
        }
    };
    if (rule.isAlerting()) {
        check(rule.labels, true);
        check(rule.annotations, false);
    }
}

engine::RuleExample exampleOf(const config::RuleConfig& rule, const VectorSample& element,
                              Timestamp at, const rules::ExpandText& expand)
{
    if (!rule.isAlerting()) {
        LabelsBuilder labels(element.labels);
        for (const auto& [name, value] : rule.labels) {
            labels.set(name, value);
        }
        labels.set(metricNameLabel, rule.record);
        return {labels.build(), {}, element.value};
    }
    LabelsBuilder annotations;
    for (const auto& [name, text] : rule.annotations) {
        annotations.set(name, expand(text, rule.alert, element, at));
    }
    return {rules::AlertingRule(rule).labelsOf(element, at, expand), annotations.build(),
            element.value};
}

} // namespace

Result<engine::RulePreview> previewRule(const engine::RulePreviewRequest& request,
                                        const RuleTrialSetting& setting, storage::Queryable& store,
                                        Timestamp now, std::stop_token stop)
{
    if (request.group >= request.groups.size()
        || request.rule >= request.groups[request.group].rules.size()) {
        return fail(ErrorKind::invalid, "there is no rule at that place of the groups");
    }
    const config::RuleGroupConfig& group = request.groups[request.group];
    const config::RuleConfig rule = rules::withGroupLabels(group.rules[request.rule], group.labels);
    const auto ast = promql::parse(rule.expr, setting.query.features);
    if (!ast) {
        return std::unexpected(ast.error());
    }
    engine::RulePreview preview;
    checkTemplates(preview, rule);
    if (auto done = findFaults(preview, request, setting, store, stop); !done) {
        return std::unexpected(std::move(done.error()));
    }
    const Timestamp at = now - group.queryOffset.value_or(setting.defaultQueryOffset);
    const auto ask = [&](const std::string& expr) {
        return rules::vectorOf(
            promql::evaluate(expr, store, promql::QueryTimes::instant(at), setting.query, stop));
    };
    auto found = ask(rule.expr);
    if (!found) {
        if (found.error().kind == ErrorKind::cancelled) {
            return std::unexpected(std::move(found.error()));
        }
        preview.evaluationError = std::move(found.error().message);
        return preview;
    }
    preview.total = found->size();
    if (const auto threshold = promql::thresholdOf(*ast); found->empty() && threshold) {
        const Span curve = threshold->curve;
        if (auto compared = ask(rule.expr.substr(curve.begin, curve.end - curve.begin))) {
            found = std::move(compared);
            preview.isHypothetical = !found->empty();
        }
    }
    const rules::ExpandText expand = rules::makeExpandText(setting.expand);
    for (std::size_t i = 0; i < std::min(found->size(), request.limit); ++i) {
        preview.examples.push_back(exampleOf(rule, (*found)[i], now, expand));
    }
    return preview;
}

Result<engine::RuleTestReport> testRules(const engine::RuleTestRequest& request,
                                         const promql::Features& features, std::stop_token stop)
{
    rules::unit_test::RunOptions options;
    options.features = features;
    options.stop = stop;
    auto outcome = rules::unit_test::runTests(request.tests, request.name, request.groups, options);
    if (stop.stop_requested()) {
        return fail(ErrorKind::cancelled, "the tests were cancelled");
    }
    engine::RuleTestReport report;
    report.faults = std::move(outcome.readFaults);
    report.warnings = std::move(outcome.warnings);
    for (rules::unit_test::TestOutcome& test : outcome.tests) {
        report.tests.push_back({std::move(test.name), std::move(test.failures)});
    }
    return report;
}

} // namespace watchfire::runtime
