// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/conformance/relabel.h"

#include "app/ctl/conformance/job_config.h"
#include "core/scrape/target.h"
#include "core/text/duration.h"

namespace watchfire::ctl {

namespace {

using namespace Qt::StringLiterals;

Verdict checkRules(const QJsonObject& testCase)
{
    const auto rules = relabelRulesFrom(testCase["rules"_L1].toArray());
    if (!rules) {
        return Verdict::fail("refused: " + rules.error().message);
    }
    LabelsBuilder labels(labelsFrom(testCase["input"_L1].toObject()));
    const QJsonValue actual = relabel(labels, *rules) ? QJsonValue(toJson(labels.build()))
                                                      : QJsonValue(QJsonValue::Null);
    return Verdict::of(difference(testCase["output"_L1], actual));
}

Verdict checkRule(const QJsonObject& testCase)
{
    const auto rule = relabelRuleFrom(testCase["rule"_L1].toObject());
    const bool accepted = testCase["expect"_L1].toString() == "ok"_L1;
    if (rule.has_value() == accepted) {
        return Verdict::pass();
    }
    return Verdict::fail(rule ? "accepted" : "refused: " + rule.error().message);
}

QJsonObject stateOf(const Result<std::optional<scrape::Target>>& made, const Labels& discovered)
{
    const auto duration = [](std::chrono::milliseconds value) {
        return QString::fromStdString(text::formatDuration(value));
    };
    QJsonObject out;
    out["state"_L1] = !made ? u"error"_s : *made ? u"active"_s : u"dropped"_s;
    if (!made) {
        return out;
    }
    out["discoveredLabels"_L1] = toJson(discovered);
    if (*made) {
        const scrape::Target& target = **made;
        out["labels"_L1] = toJson(target.labels);
        out["scrapeUrl"_L1] = QString::fromStdString(target.url);
        out["scrapeInterval"_L1] = duration(target.interval);
        out["scrapeTimeout"_L1] = duration(target.timeout);
    }
    return out;
}

Verdict checkTarget(const QJsonObject& testCase)
{
    config::ScrapeConfig job;
    job.scrapeInterval = std::chrono::hours(1);
    job.scrapeTimeout = std::chrono::seconds(10);
    if (auto set = setJobKeys(job, testCase["job"_L1].toObject()); !set) {
        return Verdict::fail(set.error().message);
    }
    auto rules = relabelRulesFrom(testCase["relabel_configs"_L1].toArray());
    if (!rules) {
        return Verdict::fail("refused: " + rules.error().message);
    }
    job.relabel = *std::move(rules);
    const QJsonObject target = testCase["target"_L1].toObject();
    const Labels discovered
        = scrape::discoveredLabels(job, target["address"_L1].toString().toStdString(),
                                   labelsFrom(target["labels"_L1].toObject()));
    return Verdict::of(difference(testCase["expect"_L1],
                                  stateOf(scrape::makeTarget(job, discovered), discovered)));
}

Verdict check(const QJsonObject& testCase)
{
    if (testCase.contains("rules"_L1)) {
        return checkRules(testCase);
    }
    if (testCase.contains("rule"_L1)) {
        return checkRule(testCase);
    }
    if (testCase.contains("target"_L1)) {
        return checkTarget(testCase);
    }
    return Verdict::skip("not a case of relabelling");
}

} // namespace

ConformanceOutcome runRelabel(const std::filesystem::path& path)
{
    return runCases(path,
                    [](const QJsonObject& testCase, const CaseFile&) { return check(testCase); });
}

} // namespace watchfire::ctl
