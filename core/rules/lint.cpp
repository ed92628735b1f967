// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rules/lint.h"

#include "core/promql/syntax/parser.h"
#include "core/promql/syntax/printer.h"
#include "core/rules/group_labels.h"
#include "core/text/duration.h"

#include <algorithm>
#include <array>
#include <format>
#include <set>
#include <tuple>

namespace watchfire::rules {

namespace {

using Kind = LintFinding::Kind;

class Linter {
public:
    Linter(std::span<const config::RuleGroupConfig> groups, const LintOptions& options)
        : m_groups(groups)
        , m_options(options)
    {
    }

    Result<std::vector<LintFinding>> run()
    {
        for (const config::RuleGroupConfig& group : m_groups) {
            for (const config::RuleConfig& written : group.rules) {
                const config::RuleConfig rule = withGroupLabels(written, group.labels);
                checkDuplicate(group, rule);
                if (rule.isAlerting()) {
                    checkFor(group, rule);
                    checkLabels(group, rule);
                }
                if (auto checked = checkSelectors(group, rule); !checked) {
                    return std::unexpected(std::move(checked.error()));
                }
            }
        }
        return std::move(m_findings);
    }

private:
    void add(Kind kind, const config::RuleGroupConfig& group, const config::RuleConfig& rule,
             std::string message)
    {
        m_findings.push_back({kind, group.file, group.name, rule.name(), std::move(message)});
    }

    void checkDuplicate(const config::RuleGroupConfig& group, const config::RuleConfig& rule)
    {
        if (!m_options.duplicateRules) {
            return;
        }
        const Labels labels = Labels::fromPairs(rule.labels);
        if (!m_seen.emplace(group.file, rule.name(), labels).second) {
            add(Kind::duplicateRule, group, rule,
                std::format("another rule has this name and the labels {}; this might cause "
                            "inconsistency while recording expressions",
                            labels.toBraces()));
        }
    }

    void checkFor(const config::RuleGroupConfig& group, const config::RuleConfig& rule)
    {
        const auto interval
            = group.interval.count() > 0 ? group.interval : m_options.defaultInterval;
        if (m_options.forBelowInterval && rule.forDuration.count() > 0
            && rule.forDuration < interval) {
            add(Kind::forBelowInterval, group, rule,
                std::format("`for` of {} is below the interval of {}: the second evaluation in a "
                            "row that finds it fires it",
                            text::formatDuration(rule.forDuration),
                            text::formatDuration(interval)));
        }
    }

    void checkLabels(const config::RuleGroupConfig& group, const config::RuleConfig& rule)
    {
        for (const std::string& name : m_options.requiredLabels) {
            const bool has = std::ranges::any_of(rule.labels, [&name](const auto& label) {
                return label.first == name && !label.second.empty();
            });
            if (!has) {
                add(Kind::missingLabel, group, rule, std::format("the label {} is missing", name));
            }
        }
    }

    Result<void> checkSelectors(const config::RuleGroupConfig& group,
                                const config::RuleConfig& rule)
    {
        if (!m_options.hasSeries) {
            return {};
        }
        const auto ast = promql::parse(rule.expr, promql::Features::all());
        return ast ? checkNode(group, rule, *ast->root) : Result<void>();
    }

    Result<void> checkNode(const config::RuleGroupConfig& group, const config::RuleConfig& rule,
                           const promql::Node& node)
    {
        if (const auto* const selector = std::get_if<promql::VectorSelector>(&node.kind)) {
            if (isMadeByRules(selector->matchers)) {
                return {};
            }
            return m_options.hasSeries(selector->matchers).transform([&](bool has) {
                if (!has) {
                    add(Kind::deadSelector, group, rule,
                        std::format("no series matches {}", promql::print(node)));
                }
            });
        }
        if (const auto* const range = std::get_if<promql::MatrixSelector>(&node.kind)) {
            return checkNode(group, rule, *range->selector);
        }
        for (const promql::Node* const part : promql::partsOf(node)) {
            if (auto checked = checkNode(group, rule, *part); !checked) {
                return checked;
            }
        }
        return {};
    }

    bool isMadeByRules(const Matchers& matchers) const
    {
        const auto name = std::ranges::find_if(
            matchers, [](const Matcher& matcher) { return matcher.name() == metricNameLabel; });
        if (name == matchers.end()) {
            return false;
        }
        if (name->matches("ALERTS") || name->matches("ALERTS_FOR_STATE")) {
            return true;
        }
        return std::ranges::any_of(m_groups, [&name](const config::RuleGroupConfig& group) {
            return std::ranges::any_of(group.rules, [&name](const config::RuleConfig& rule) {
                return !rule.isAlerting() && name->matches(rule.record);
            });
        });
    }

    std::span<const config::RuleGroupConfig> m_groups;
    const LintOptions& m_options;
    std::set<std::tuple<std::string, std::string, Labels>> m_seen;
    std::vector<LintFinding> m_findings;
};

} // namespace

std::string_view toText(LintFinding::Kind kind)
{
    switch (kind) {
    case Kind::duplicateRule:
        return "duplicate-rules";
    case Kind::forBelowInterval:
        return "for-below-interval";
    case Kind::missingLabel:
        return "missing-labels";
    case Kind::deadSelector:
        return "dead-selectors";
    }
    return {};
}

Result<std::vector<LintFinding>> lint(std::span<const config::RuleGroupConfig> groups,
                                      const LintOptions& options)
{
    return Linter(groups, options).run();
}

} // namespace watchfire::rules
