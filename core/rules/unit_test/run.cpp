// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rules/unit_test/run.h"

#include "core/base/files.h"
#include "core/config/files.h"
#include "core/model/sample.h"
#include "core/promql/query.h"
#include "core/promql/series_notation.h"
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
                    const RunOptions& options)
{
    RuleFiles out;
    for (const std::string& pattern : tests.ruleFiles) {
        const auto found = config::matchingFiles(folder, pattern);
        if (found.empty()) {
            out.warnings.push_back("no file match pattern " + (folder / pattern).string());
        }
        for (const auto& file : found) {
            auto groups = config::loadRuleFile(file, checkers(options.features),
                                               options.ignoresUnknownFields);
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
        , m_runOptions(options)
        , m_store(std::make_shared<storage::MemoryStore>())
    {
        m_options.subqueryStep = file.evaluationInterval;
        m_options.timeout = std::chrono::seconds(100);
        m_options.features = options.features;
    }

    TestOutcome run(const std::vector<config::RuleGroupConfig>& groups)
    {
        evaluateAll(groups);
        if (m_runOptions.debug) {
            noteData();
        }
        return {m_test.name, std::move(m_failures), std::move(m_notes)};
    }

private:
    void evaluateAll(const std::vector<config::RuleGroupConfig>& groups)
    {
        auto input = Input::read(m_test);
        if (!input) {
            m_failures.push_back(input.error().message);
            return;
        }
        makeGroups(groups);
        const Timestamp end = m_test.start + lastMoment();
        for (Timestamp at = m_test.start; at <= end && !m_runOptions.stop.stop_requested();
             at += m_file.evaluationInterval) {
            if (auto stored = input->storeUntil(at, *m_store); !stored) {
                m_failures.push_back(stored.error().message);
            }
            if (!evaluate(at)) {
                return; // what follows would only say the same
            }
            checkAlerts(at - m_test.start);
        }
        for (const ExprCase& expected : m_test.exprs) {
            checkExpr(expected);
        }
    }

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
                noteAlerts(rule, at);
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
            if (auto differs
                = alertDifference(expected, firing(expected.alertName), m_runOptions.diff)) {
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
        const auto differs
            = sampleDifference(expected, *result, m_file.fuzzyCompare, m_runOptions.diff);
        if (!differs) {
            m_failures.push_back(head + " err: " + differs.error().message);
        } else if (*differs) {
            m_failures.push_back(head + "\n" + **differs);
        }
    }

    void noteAlerts(const RuleReport& rule, Timestamp at)
    {
        if (!m_runOptions.debug) {
            return;
        }
        for (const ActiveAlert& alert : rule.alerts) {
            m_notes.push_back(std::format(
                "{}: {} {}, value {}", text::formatDuration(at - m_test.start),
                alert.labels.toBraces(), alert.state == AlertState::firing ? "fires" : "is pending",
                alert.value));
        }
    }

    /// Every sample that the test's store holds, of its input and of rules.
    void noteData()
    {
        const auto named = Matcher::make(MatchType::regex, std::string(metricNameLabel), ".+");
        const auto querier = m_store->querier();
        constexpr auto always = std::chrono::hours(24) * 365 * 200;
        if (!named || !querier) {
            return;
        }
        const std::vector matchers{*named};
        const auto groups
            = (*querier)->select(matchers, {m_test.start - always, m_test.start + always});
        std::map<Labels, std::string> series;
        storage::Column column;
        for (std::size_t g = 0; groups && g < groups->size(); ++g) {
            storage::GroupReader& reader = *(*groups)[g];
            const auto timeline = reader.timeline();
            for (std::size_t i = 0; timeline && i < reader.size(); ++i) {
                if (reader.read(i, column)) {
                    series[reader.labels(i)] += samplesText(*timeline, column);
                }
            }
        }
        for (const auto& [labels, samples] : series) {
            m_notes.push_back(labels.toString() + samples);
        }
    }

    std::string samplesText(std::span<const std::int64_t> timeline,
                            const storage::Column& column) const
    {
        std::string out;
        for (std::size_t i = 0; i < timeline.size(); ++i) {
            if (!column.isPresent(i)) {
                continue;
            }
            const auto histogram
                = std::ranges::find(column.histograms, i, [](const auto& h) { return h.first; });
            const std::string value = histogram != column.histograms.end()
                ? promql::histogramNotation(*histogram->second)
                : isStaleMarker(column.values[i]) ? "stale"
                                                  : std::format("{}", column.values[i]);
            out += std::format(" {}@{}", value,
                               text::formatDuration(fromUnixMs(timeline[i]) - m_test.start));
        }
        return out;
    }

    const TestFile& m_file;
    const Test& m_test;
    const RunOptions& m_runOptions;
    std::shared_ptr<storage::MemoryStore> m_store;
    promql::QueryOptions m_options;
    std::vector<std::unique_ptr<Group>> m_groups;
    std::vector<std::string> m_failures;
    std::vector<std::string> m_notes;
};

/// Reads the tests into the outcome's faults, or out of the text.
TestFile readInto(FileOutcome& outcome, std::string text, const std::string& name,
                  bool ignoresUnknownFields)
{
    config::Findings findings;
    findings.ignoresUnknownFields = ignoresUnknownFields;
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
        outcome.tests.push_back(ruleFaults.empty() ? Run(tests, test, options).run(groups)
                                                   : TestOutcome{test.name, ruleFaults, {}});
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
    const TestFile tests
        = readInto(outcome, std::move(*text), file.string(), options.ignoresUnknownFields);
    if (outcome.faults.empty()) {
        const RuleFiles rules = loadRules(tests, file.parent_path(), options);
        outcome.warnings = rules.warnings;
        runAll(outcome, tests, rules.groups, rules.faults, options);
    }
    return outcome;
}

FileOutcome runTests(std::string text, const std::string& name,
                     std::vector<config::RuleGroupConfig> groups, const RunOptions& options)
{
    FileOutcome outcome;
    const TestFile tests = readInto(outcome, std::move(text), name, options.ignoresUnknownFields);
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
