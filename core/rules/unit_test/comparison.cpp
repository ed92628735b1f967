// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rules/unit_test/comparison.h"

#include "core/promql/series_notation.h"
#include "core/promql/syntax/parser.h"
#include "core/rules/unit_test/line_diff.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <format>
#include <limits>

namespace watchfire::rules::unit_test {

namespace {

struct AlertTexts {
    Labels labels;
    Labels annotations;
    friend bool operator==(const AlertTexts&, const AlertTexts&) = default;
    friend auto operator<=>(const AlertTexts&, const AlertTexts&) = default;
};

std::string toText(const std::vector<AlertTexts>& alerts)
{
    if (alerts.empty()) {
        return "[]";
    }
    std::string out = "[";
    for (std::size_t i = 0; i < alerts.size(); ++i) {
        out += std::format("{}\n            {}:\n              Labels:{}\n              "
                           "Annotations:{}",
                           i == 0 ? "" : ",", i, alerts[i].labels.toBraces(),
                           alerts[i].annotations.toBraces());
    }
    return out + "\n            ]";
}

struct Sample {
    Labels labels;
    double value = 0;
    std::string histogram;
};

/// Go's FormatFloat(value, 'E', -1).
std::string exponentText(double value)
{
    if (!std::isfinite(value)) {
        return std::isnan(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
    }
    std::array<char, 32> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value,
                                   std::chars_format::scientific)
                         .ptr;
    std::string out(digits.data(), end);
    std::ranges::replace(out, 'e', 'E');
    return out;
}

std::string toText(const std::vector<Sample>& samples)
{
    std::string out;
    for (const Sample& sample : samples) {
        out += (out.empty() ? "" : ", ") + sample.labels.toBraces() + " "
            + (sample.histogram.empty() ? exponentText(sample.value) : sample.histogram);
    }
    return out.empty() ? "nil" : out;
}

std::string toLines(const std::vector<Sample>& samples)
{
    std::string out;
    for (const Sample& sample : samples) {
        out += toText(std::vector{sample}) + "\n";
    }
    return out;
}

bool equal(double a, double b, bool fuzzy)
{
    constexpr double infinity = std::numeric_limits<double>::infinity();
    return a == b
        || (fuzzy && (std::nextafter(a, -infinity) == b || std::nextafter(a, infinity) == b));
}

Result<std::string> histogramText(const std::string& written)
{
    const auto values = promql::parseSequence(written);
    if (!values) {
        return std::unexpected(values.error());
    }
    if (values->size() != 1) {
        return fail(ErrorKind::invalid, std::format("expected 1 value, got {}", values->size()));
    }
    if (values->front().kind != promql::SequenceValue::Kind::histogram) {
        return fail(ErrorKind::invalid, "expected a histogram, got " + written);
    }
    return promql::histogramNotation(*values->front().histogram);
}

Result<Sample> parsed(const ExpectedSample& expected)
{
    Sample out;
    out.value = expected.value;
    if (!expected.labels.empty()) {
        auto labels = promql::parseMetric(expected.labels);
        if (!labels) {
            return std::unexpected(std::move(labels.error()));
        }
        out.labels = std::move(*labels);
    }
    if (!expected.histogram.empty()) {
        auto text = histogramText(expected.histogram);
        if (!text) {
            return std::unexpected(std::move(text.error()));
        }
        out.histogram = std::move(*text);
        out.value = 0;
    }
    return out;
}

} // namespace

std::optional<std::string> alertDifference(const AlertCase& expected,
                                           const std::vector<ActiveAlert>& firing, bool diff)
{
    std::vector<AlertTexts> wanted;
    for (const ExpectedAlert& alert : expected.alerts) {
        Labels labels = Labels::fromPairs(alert.labels).with("alertname", expected.alertName);
        wanted.push_back({std::move(labels), Labels::fromPairs(alert.annotations)});
    }
    std::vector<AlertTexts> given;
    for (const ActiveAlert& alert : firing) {
        given.push_back({alert.labels, alert.annotations});
    }
    std::ranges::sort(wanted);
    std::ranges::sort(given);
    if (wanted == given) {
        return std::nullopt;
    }
    if (diff) {
        return lineDiff(toText(wanted), toText(given));
    }
    return std::format("        exp:{},\n        got:{}", toText(wanted), toText(given));
}

Result<std::optional<std::string>> sampleDifference(const ExprCase& expected, const Vector& result,
                                                    bool fuzzy, bool diff)
{
    std::vector<Sample> wanted;
    for (const ExpectedSample& sample : expected.samples) {
        auto read = parsed(sample);
        if (!read) {
            return std::unexpected(
                read.error().within(std::format("labels \"{}\"", sample.labels)));
        }
        wanted.push_back(std::move(*read));
    }
    std::vector<Sample> given;
    for (const VectorSample& sample : result) {
        given.push_back({sample.labels, sample.histogram ? 0 : sample.value,
                         sample.histogram ? promql::histogramNotation(*sample.histogram) : ""});
    }
    std::ranges::stable_sort(wanted, {}, &Sample::labels);
    std::ranges::stable_sort(given, {}, &Sample::labels);
    const bool same = std::ranges::equal(wanted, given, [fuzzy](const Sample& a, const Sample& b) {
        return a.labels == b.labels && a.histogram == b.histogram && equal(a.value, b.value, fuzzy);
    });
    if (same) {
        return std::nullopt;
    }
    if (diff) {
        return lineDiff(toLines(wanted), toLines(given));
    }
    return std::format("        exp: {}\n        got: {}", toText(wanted), toText(given));
}

} // namespace watchfire::rules::unit_test
