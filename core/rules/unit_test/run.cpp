// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rules/unit_test/run.h"

#include "core/base/files.h"
#include "core/config/files.h"
#include "core/promql/query.h"
#include "core/rules/checkers.h"
#include "core/rules/expand.h"
#include "core/rules/group.h"
#include "core/rules/query_answer.h"
#include "core/rules/unit_test/comparison.h"
#include "core/rules/unit_test/input.h"
#include "core/storage/memory_store.h"
#include "core/text/duration.h"

#include <algorithm>
#include <format>
#include <map>
#include <memory>

namespace watchfire::rules::unit_test {

namespace {

/// The rule groups of a file of tests, in the order in which they are evaluated.
struct RuleFiles {
    std::vector<config::RuleGroupConfig> groups;
    std::vector<std::string> faults;
    std::vector<std::string> warnings;
};

void inOrder(std::vector<config::RuleGroupConfig>& groups, const std::vector<std::string>& names)
{
    std::map<std::string_view, std::size_t> order;
    for (const std::string& name : names) {
        order.emplace(name, order.size());
    }
    // As in promtool, a group that is not listed ranks with the first.
    std::ranges::stable_sort(groups, {}, [&order](const config::RuleGroupConfig& group) {
        const auto found = order.find(group.name);
        return found == order.end() ? 0 : found->second;
    });
}

RuleFiles loadRules(const TestFile& tests, const std::filesystem::path& folder,
                    const promql::Features& features)
{
    RuleFiles out;
    for (const std::string& pattern : tests.ruleFiles) {
        const auto found = config::matchingFiles(folder, pattern);
        if (found.empty()) {
            out.warnings.push_back("no file match pattern " + (folder / pattern).string());
        }
        for (const auto& file : found) {
            auto groups = config::loadRuleFile(file, checkers(features));
            if (!groups) {
                std::ranges::transform(groups.error(), std::back_inserter(out.faults),
                                       &config::Fault::toString);
                continue;
            }
            std::ranges::move(*groups, std::back_inserter(out.groups));
        }
    }
    inOrder(out.groups, tests.groupEvalOrder);
    return out;
}

/// One test: its store, its groups, its clock.
class Run {
public:
    Run(const TestFile& file, const Test& test, const RunOptions& options)
        : m_file(file)
        , m_test(test)
        , m_stop(options.stop)
        , m_store(std::make_shared<storage::MemoryStore>())
    {
        m_options.subqueryStep = file.evaluationInterval;
        m_options.timeout = std::chrono::seconds(100);
        m_options.features = options.features;
    }

    std::vector<std::string> run(const std::vector<config::RuleGroupConfig>& groups)
    {
        auto input = Input::read(m_test);
        if (!input) {
            return {input.error().message};
        }
        makeGroups(groups);
        const Timestamp end = m_test.start + lastMoment();
        for (Timestamp at = m_test.start; at <= end && !m_stop.stop_requested();
             at += m_file.evaluationInterval) {
            if (auto stored = input->storeUntil(at, *m_store); !stored) {
                m_failures.push_back(stored.error().message);
            }
            if (!evaluate(at)) {
                return m_failures; // what follows would only say the same
            }
            checkAlerts(at - m_test.start);
        }
        for (const ExprCase& expected : m_test.exprs) {
            checkExpr(expected);
        }
        return m_failures;
    }

private:
    Result<Vector> query(const std::string& expr, Timestamp at)
    {
        return vectorOf(
            promql::evaluate(expr, *m_store, promql::QueryTimes::instant(at), m_options));
    }

    void makeGroups(const std::vector<config::RuleGroupConfig>& groups)
    {
        Surroundings surroundings;
        surroundings.query
            = [this](const std::string& expr, Timestamp at) { return query(expr, at); };
        ExpandOptions expand;
        expand.externalUrl = m_test.externalUrl;
        expand.externalLabels = m_test.externalLabels;
        expand.query = surroundings.query;
        surroundings.expand = makeExpandText(std::move(expand));
        surroundings.send = [](const std::vector<Alert>&) { };
        surroundings.store = m_store;
        for (const config::RuleGroupConfig& group : groups) {
            m_groups.push_back(std::make_unique<Group>(
                group, GroupOptions{.interval = m_file.evaluationInterval}, surroundings));
        }
    }

    config::Duration lastMoment() const
    {
        config::Duration last{};
        for (const AlertCase& expected : m_test.alerts) {
            last = std::max(last, expected.evalTime);
        }
        for (const ExprCase& expected : m_test.exprs) {
            last = std::max(last, expected.evalTime);
        }
        return last;
    }

    /// False: a rule failed, which ends the test.
    bool evaluate(Timestamp at)
    {
        bool fine = true;
        for (const auto& group : m_groups) {
            group->evaluate(at);
            for (const RuleReport& rule : group->report()->rules) {
                if (rule.health == RuleHealth::bad) {
                    m_failures.push_back(
                        std::format("    rule: {}, time: {}, err: {}", rule.rule.name(),
                                    text::formatDuration(at - m_test.start), rule.lastError));
                    fine = false;
                }
            }
        }
        return fine;
    }

    /// The tests whose moment lies between this evaluation and the next.
    void checkAlerts(config::Duration at)
    {
        for (const AlertCase& expected : m_test.alerts) {
            if (expected.evalTime < at || expected.evalTime >= at + m_file.evaluationInterval) {
                continue;
            }
            if (auto differs = alertDifference(expected, firing(expected.alertName))) {
                m_failures.push_back(
                    std::format("    alertname: {}, time: {},\n{}", expected.alertName,
                                text::formatDuration(expected.evalTime), *differs));
            }
        }
    }

    std::vector<ActiveAlert> firing(const std::string& name) const
    {
        std::vector<ActiveAlert> out;
        for (const auto& group : m_groups) {
            for (const RuleReport& rule : group->report()->rules) {
                if (rule.rule.alert == name) {
                    std::ranges::copy_if(
                        rule.alerts, std::back_inserter(out),
                        [](const ActiveAlert& alert) { return alert.state == AlertState::firing; });
                }
            }
        }
        return out;
    }

    void checkExpr(const ExprCase& expected)
    {
        const std::string head = std::format("    expr: \"{}\", time: {},", expected.expr,
                                             text::formatDuration(expected.evalTime));
        const auto result = query(expected.expr, m_test.start + expected.evalTime);
        if (!result) {
            m_failures.push_back(head + " err: " + result.error().message);
            return;
        }
        const auto differs = sampleDifference(expected, *result, m_file.fuzzyCompare);
        if (!differs) {
            m_failures.push_back(head + " err: " + differs.error().message);
        } else if (*differs) {
            m_failures.push_back(head + "\n" + **differs);
        }
    }

    const TestFile& m_file;
    const Test& m_test;
    std::stop_token m_stop;
    std::shared_ptr<storage::MemoryStore> m_store;
    promql::QueryOptions m_options;
    std::vector<std::unique_ptr<Group>> m_groups;
    std::vector<std::string> m_failures;
};

/// Reads the tests into the outcome's faults, or out of the text.
TestFile readInto(FileOutcome& outcome, std::string text, const std::string& name)
{
    config::Findings findings;
    TestFile tests = readTests(std::move(text), name, findings);
    std::ranges::transform(findings.faults, std::back_inserter(outcome.faults),
                           &config::Fault::toString);
    outcome.readFaults = std::move(findings.faults);
    return tests;
}

/// `ruleFaults`: why the rules could not be read; they fail the tests that need them, and no
/// others.
void runAll(FileOutcome& outcome, const TestFile& tests,
            const std::vector<config::RuleGroupConfig>& groups,
            const std::vector<std::string>& ruleFaults, const RunOptions& options)
{
    for (const Test& test : tests.tests) {
        const std::string_view name = test.name.starts_with("unnamed#") ? "" : test.name;
        if ((options.wanted && !options.wanted(name)) || options.stop.stop_requested()) {
            continue;
        }
        outcome.tests.push_back(
            {test.name, ruleFaults.empty() ? Run(tests, test, options).run(groups) : ruleFaults});
    }
}

} // namespace

std::size_t FileOutcome::passed() const
{
    return static_cast<std::size_t>(std::ranges::count_if(
        tests, [](const TestOutcome& test) { return test.failures.empty(); }));
}

std::size_t FileOutcome::failed() const
{
    return tests.size() - passed() + (faults.empty() ? 0 : 1);
}

FileOutcome runTestFile(const std::filesystem::path& file, const RunOptions& options)
{
    FileOutcome outcome;
    auto text = readFile(file);
    if (!text) {
        outcome.faults.push_back(text.error().message);
        return outcome;
    }
    const TestFile tests = readInto(outcome, std::move(*text), file.string());
    if (outcome.faults.empty()) {
        const RuleFiles rules = loadRules(tests, file.parent_path(), options.features);
        outcome.warnings = rules.warnings;
        runAll(outcome, tests, rules.groups, rules.faults, options);
    }
    return outcome;
}

FileOutcome runTests(std::string text, const std::string& name,
                     std::vector<config::RuleGroupConfig> groups, const RunOptions& options)
{
    FileOutcome outcome;
    const TestFile tests = readInto(outcome, std::move(text), name);
    if (!outcome.faults.empty()) {
        return outcome;
    }
    if (!tests.ruleFiles.empty()) {
        outcome.warnings.push_back("rule_files is not looked at: the rules given are tested");
    }
    inOrder(groups, tests.groupEvalOrder);
    runAll(outcome, tests, groups, {}, options);
    return outcome;
}

} // namespace watchfire::rules::unit_test
