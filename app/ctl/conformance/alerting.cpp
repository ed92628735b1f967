// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/conformance/alerting.h"

#include "app/ctl/conformance/alerting_flow.h"
#include "app/ctl/conformance/alerting_templates.h"
#include "app/ctl/conformance/job_config.h"
#include "core/alerting/route.h"
#include "core/config/import.h"
#include "core/config/matcher_text.h"

#include <array>
#include <utility>

namespace watchfire::ctl {

namespace {

using namespace Qt::StringLiterals;

QJsonObject toJson(const Matcher& matcher)
{
    const std::string_view op = watchfire::toText(matcher.type());
    return {{"name"_L1, QString::fromStdString(matcher.name())},
            {"op"_L1, QString::fromUtf8(op.data(), qsizetype(op.size()))},
            {"value"_L1, QString::fromStdString(matcher.value())}};
}

Verdict checkMatcher(const QJsonObject& testCase)
{
    using config::MatcherGrammar;
    static constexpr std::array<std::pair<const char*, MatcherGrammar>, 3> modes{
        {{"default", MatcherGrammar::either},
         {"utf8-strict-mode", MatcherGrammar::utf8},
         {"classic-mode", MatcherGrammar::classic}}};
    const std::string input = testCase["input"_L1].toString().toStdString();
    for (const auto& [name, grammar] : modes) {
        const QJsonObject wanted = testCase["modes"_L1][QLatin1StringView(name)].toObject();
        if (wanted.isEmpty()) {
            continue;
        }
        const auto matcher = config::parseMatcher(input, grammar);
        if (matcher.has_value() != wanted["accepted"_L1].toBool()) {
            return Verdict::fail(std::string(name)
                                 + (matcher ? ": accepted" : ": " + matcher.error().message));
        }
        if (const auto value = wanted["matcher"_L1]; matcher && value.isObject()) {
            if (auto found = difference(value, toJson(*matcher))) {
                return Verdict::fail(std::string(name) + ": " + *found);
            }
        }
        if (wanted["rejected_as_only_matcher_of_a_silence"_L1].toBool()
            && !(matcher && matcher->matchesEmpty())) {
            return Verdict::fail(std::string(name) + ": does not match the empty value");
        }
    }
    return Verdict::pass();
}

Verdict checkRoutes(const QJsonObject& testCase)
{
    config::Findings findings;
    const auto config = config::readAlertmanager(testCase["config"_L1].toString().toStdString(),
                                                 "alertmanager.yml", findings);
    if (!findings.faults.empty()) {
        return Verdict::fail("refused: " + findings.faults.front().toString());
    }
    const auto root = alerting::buildRoute(config.route);
    for (const auto& value : testCase["tests"_L1].toArray()) {
        QJsonArray receivers;
        for (const alerting::Route* route :
             root->match(labelsFrom(value["labels"_L1].toObject()))) {
            receivers.append(QString::fromStdString(route->receiver));
        }
        if (auto found = difference(value["receivers"_L1], receivers)) {
            return Verdict::fail(ctl::toText(value["labels"_L1]) + *found);
        }
    }
    return Verdict::pass();
}

Verdict check(const QJsonObject& testCase, const CaseFile& file)
{
    if (testCase.contains("modes"_L1)) {
        return checkMatcher(testCase);
    }
    if (testCase.contains("tests"_L1)) {
        return checkRoutes(testCase);
    }
    if (testCase.contains("inhibit_rules"_L1)) {
        return checkInhibition(testCase);
    }
    if (testCase.contains("silences"_L1)) {
        return checkSilences(testCase);
    }
    if (testCase.contains("post"_L1)) {
        return checkSilencePost(testCase);
    }
    if (testCase.contains("time_intervals"_L1)) {
        return checkTimeIntervals(testCase, file.root);
    }
    if (testCase.contains("template"_L1)) {
        return checkTemplate(testCase, file.root);
    }
    if (testCase.contains("steps"_L1)) {
        return checkTiming(testCase);
    }
    return Verdict::skip("not a case of alerting");
}

/// The steps of `lifecycle` stand beside the cases; they count as some too.
void addLifecycles(const std::filesystem::path& path, ConformanceOutcome& outcome)
{
    const auto files = readCaseFiles(path);
    if (!files) {
        return; // said already
    }
    for (const CaseFile& file : *files) {
        for (const auto& value : file.root["lifecycle"_L1].toArray()) {
            const Verdict verdict = checkSilenceStep(value.toObject());
            const std::string line = file.path.filename().string() + ": "
                + value["step"_L1].toString().toStdString() + ": " + verdict.why;
            switch (verdict.kind) {
            case Verdict::Kind::passed:
                ++outcome.passed;
                break;
            case Verdict::Kind::failed:
                ++outcome.failed;
                outcome.failures.push_back(line);
                break;
            case Verdict::Kind::skipped:
                ++outcome.skipped;
                outcome.skips.push_back(line);
                break;
            }
        }
    }
}

} // namespace

ConformanceOutcome runAlerting(const std::filesystem::path& path)
{
    ConformanceOutcome outcome = runCases(path, check);
    addLifecycles(path, outcome);
    return outcome;
}

} // namespace watchfire::ctl
