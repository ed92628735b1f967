// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rules/unit_test/read.h"

#include "core/config/reader.h"
#include "core/text/number.h"

#include <chrono>
#include <format>
#include <set>
#include <sstream>

namespace watchfire::rules::unit_test {

namespace {

using config::Fields;
using config::Reading;
using encoding::YamlNode;

/// Seconds since the epoch, or RFC 3339. Nothing: neither.
std::optional<Timestamp> parseMoment(const std::string& text)
{
    if (const auto seconds = text::parseFloat(text)) {
        return fromUnixMs(static_cast<std::int64_t>(*seconds * 1'000));
    }
    const bool isUtc = text.ends_with('Z');
    std::istringstream in(text);
    std::chrono::sys_time<std::chrono::milliseconds> at;
    in >> std::chrono::parse(isUtc ? "%FT%TZ" : "%FT%T%Ez", at);
    if (in.fail() || in.peek() != std::istringstream::traits_type::eof()) {
        return std::nullopt;
    }
    return at;
}

ExpectedAlert readAlert(Reading& reading, const YamlNode& node)
{
    Fields fields(reading, node, "main.alert");
    ExpectedAlert out;
    fields.pairs("exp_labels", out.labels);
    fields.pairs("exp_annotations", out.annotations);
    fields.finish();
    return out;
}

AlertCase readAlertCase(Reading& reading, const YamlNode& node)
{
    Fields fields(reading, node, "main.alertTestCase");
    AlertCase out;
    fields.duration("eval_time", out.evalTime);
    fields.text("alertname", out.alertName);
    if (out.alertName.empty()) {
        reading.fault(node, "an item under alert_rule_test misses required attribute alertname");
    }
    fields.list("exp_alerts", "empty alert",
                [&](const YamlNode& item) { out.alerts.push_back(readAlert(reading, item)); });
    fields.finish();
    return out;
}

ExprCase readExprCase(Reading& reading, const YamlNode& node)
{
    Fields fields(reading, node, "main.promqlTestCase");
    ExprCase out;
    fields.text("expr", out.expr);
    fields.duration("eval_time", out.evalTime);
    fields.list("exp_samples", "empty sample", [&](const YamlNode& item) {
        Fields sample(reading, item, "main.sample");
        ExpectedSample& expected = out.samples.emplace_back();
        sample.text("labels", expected.labels);
        sample.number("value", expected.value);
        sample.text("histogram", expected.histogram);
        sample.finish();
    });
    fields.finish();
    return out;
}

Test readTest(Reading& reading, const YamlNode& node, std::size_t index)
{
    Fields fields(reading, node, "main.testGroup");
    Test out;
    fields.duration("interval", out.interval);
    fields.list("input_series", "empty series", [&](const YamlNode& item) {
        Fields series(reading, item, "main.series");
        InputSeries& input = out.input.emplace_back();
        series.text("series", input.series);
        series.text("values", input.values);
        series.finish();
    });
    fields.list("alert_rule_test", "empty test",
                [&](const YamlNode& item) { out.alerts.push_back(readAlertCase(reading, item)); });
    fields.list("promql_expr_test", "empty test",
                [&](const YamlNode& item) { out.exprs.push_back(readExprCase(reading, item)); });
    Pairs externalLabels;
    fields.pairs("external_labels", externalLabels);
    out.externalLabels = Labels::fromPairs(std::move(externalLabels));
    fields.text("external_url", out.externalUrl);
    fields.text("name", out.name);
    std::string start;
    if (const YamlNode* const written = fields.text("start_timestamp", start)) {
        if (const auto at = parseMoment(start)) {
            out.start = *at;
        } else {
            reading.fault(*written, std::format("cannot parse \"{}\" to a valid timestamp", start));
        }
    }
    fields.finish();
    if (out.name.empty()) {
        out.name = std::format("unnamed#{}", index);
    }
    return out;
}

void checkOrder(Reading& reading, const YamlNode& node, const std::vector<std::string>& names)
{
    std::set<std::string_view> seen;
    for (const std::string& name : names) {
        if (!seen.insert(name).second) {
            reading.fault(node, std::format("group name repeated in evaluation order: {}", name));
        }
    }
}

} // namespace

TestFile readTests(std::string text, const std::string& file, config::Findings& findings)
{
    TestFile out;
    Reading reading(file, findings);
    const auto document = config::readDocument(reading, std::move(text));
    if (!document || document->root() == nullptr || document->root()->isNull()) {
        return out;
    }
    Fields fields(reading, *document->root(), "main.unitTestFile");
    fields.texts("rule_files", out.ruleFiles);
    fields.duration("evaluation_interval", out.evaluationInterval);
    if (out.evaluationInterval.count() <= 0) {
        out.evaluationInterval = std::chrono::minutes(1);
    }
    if (const YamlNode* const order = fields.texts("group_eval_order", out.groupEvalOrder)) {
        checkOrder(reading, *order, out.groupEvalOrder);
    }
    fields.boolean("fuzzy_compare", out.fuzzyCompare);
    fields.list("tests", "empty test", [&](const YamlNode& item) {
        Test test = readTest(reading, item, out.tests.size());
        if (test.interval.count() <= 0) {
            test.interval = out.evaluationInterval;
        }
        out.tests.push_back(std::move(test));
    });
    fields.finish();
    return out;
}

} // namespace watchfire::rules::unit_test
