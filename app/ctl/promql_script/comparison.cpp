// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/promql_script/comparison.h"

#include "core/model/sample.h"
#include "core/promql/histogram/arithmetic.h"
#include "core/promql/histogram/buckets.h"
#include "core/text/number.h"

#include <algorithm>
#include <cmath>
#include <format>
#include <limits>
#include <map>

namespace watchfire::ctl::script {

using promql::SequenceValue;

namespace {

using Difference = std::optional<std::string>;

bool nearlyEqual(const promql::IndexedBuckets& a, const promql::IndexedBuckets& b)
{
    const auto populated = [](const promql::IndexedBuckets& all) {
        promql::IndexedBuckets out;
        std::ranges::copy_if(all, std::back_inserter(out),
                             [](const promql::IndexedBucket& bucket) { return bucket.count != 0; });
        return out;
    };
    return std::ranges::equal(populated(a), populated(b),
                              [](const promql::IndexedBucket& x, const promql::IndexedBucket& y) {
                                  return x.index == y.index
                                      && script::nearlyEqual(x.count, y.count);
                              });
}

std::string_view toText(CounterReset hint)
{
    switch (hint) {
    case CounterReset::unknown:
        return "unknown";
    case CounterReset::reset:
        return "reset";
    case CounterReset::notReset:
        return "not_reset";
    case CounterReset::gauge:
        return "gauge";
    }
    return {};
}

std::string toText(const Histogram& histogram)
{
    return std::format("{} (schema {}, hint {})", promql::toText(histogram), histogram.schema,
                       toText(histogram.resetHint));
}

std::string toText(double number, const HistogramPtr& histogram)
{
    return histogram ? toText(*histogram) : text::formatG(number);
}

std::string toText(const SequenceValue& value)
{
    switch (value.kind) {
    case SequenceValue::Kind::gap:
        return "nothing";
    case SequenceValue::Kind::stale:
        return "a staleness marker";
    case SequenceValue::Kind::number:
        return text::formatG(value.number);
    case SequenceValue::Kind::histogram:
        return toText(*value.histogram);
    }
    return {};
}

/// Whether a sample is what the sequence wants at its place.
bool matches(const SequenceValue& expected, double number, const HistogramPtr& histogram)
{
    switch (expected.kind) {
    case SequenceValue::Kind::gap:
        return false;
    case SequenceValue::Kind::stale:
        return !histogram && isStaleMarker(number);
    case SequenceValue::Kind::number:
        return !histogram && script::nearlyEqual(expected.number, number);
    case SequenceValue::Kind::histogram:
        return histogram
            && script::nearlyEqual(*expected.histogram, *histogram, expected.hintWritten);
    }
    return false;
}

Difference ofVector(const EvalCommand& expected, const Vector& vector, bool ordered)
{
    std::map<Labels, const VectorSample*> actual;
    for (const VectorSample& sample : vector) {
        if (!actual.emplace(sample.labels, &sample).second) {
            return "the result has two series " + sample.labels.toString();
        }
    }
    for (std::size_t i = 0; i < expected.rows.size(); ++i) {
        const ExpectedRow& row = expected.rows[i];
        if (row.values.size() != 1) {
            return "an instant result needs one value for " + row.labels.toString();
        }
        const auto found = actual.find(row.labels);
        if (found == actual.end()) {
            return "missing " + row.labels.toString();
        }
        const VectorSample& sample = *found->second;
        if (!matches(row.values[0], sample.value, sample.histogram)) {
            return std::format("{} is {}, expected {}", row.labels.toString(),
                               toText(sample.value, sample.histogram), toText(row.values[0]));
        }
        if (ordered && &vector[i] != &sample) {
            return std::format("{} is not in place {}", row.labels.toString(), i + 1);
        }
        actual.erase(found);
    }
    if (!actual.empty()) {
        return "unexpected " + actual.begin()->first.toString();
    }
    return std::nullopt;
}

Difference ofSeries(const ExpectedRow& row, const MatrixSeries& series,
                    const promql::QueryTimes& times)
{
    const auto steps = static_cast<std::size_t>((times.end - times.start) / times.step) + 1;
    if (row.values.size() > steps) {
        return std::format("{} expects more values than there are steps", row.labels.toString());
    }
    std::map<std::int64_t, std::pair<double, HistogramPtr>> actual;
    for (std::size_t i = 0; i < series.atMs.size(); ++i) {
        actual[series.atMs[i]] = {series.values[i], nullptr};
    }
    for (std::size_t i = 0; i < series.histogramAtMs.size(); ++i) {
        actual[series.histogramAtMs[i]] = {0, series.histograms[i]};
    }
    for (std::size_t step = 0; step < row.values.size(); ++step) {
        const SequenceValue& value = row.values[step];
        const std::int64_t at
            = unixMs(times.start) + static_cast<std::int64_t>(step) * times.step.count();
        const auto found = actual.find(at);
        if (value.kind == SequenceValue::Kind::gap) {
            continue; // what is there is found below
        }
        if (found == actual.end()) {
            return std::format("{} at {} ms is missing, expected {}", row.labels.toString(), at,
                               toText(value));
        }
        if (!matches(value, found->second.first, found->second.second)) {
            return std::format("{} at {} ms is {}, expected {}", row.labels.toString(), at,
                               toText(found->second.first, found->second.second), toText(value));
        }
        actual.erase(found);
    }
    if (!actual.empty()) {
        const auto& [at, sample] = *actual.begin();
        return std::format("{} at {} ms is {}, expected nothing", row.labels.toString(), at,
                           toText(sample.first, sample.second));
    }
    return std::nullopt;
}

Difference ofMatrix(const EvalCommand& expected, const Matrix& matrix,
                    const promql::QueryTimes& times)
{
    if (!std::ranges::is_sorted(matrix, {}, &MatrixSeries::labels)) {
        return "the series are not sorted by labels";
    }
    std::map<Labels, const MatrixSeries*> actual;
    for (const MatrixSeries& series : matrix) {
        if (!actual.emplace(series.labels, &series).second) {
            return "the result has two series " + series.labels.toString();
        }
    }
    for (const ExpectedRow& row : expected.rows) {
        const auto found = actual.find(row.labels);
        if (found == actual.end()) {
            return "missing " + row.labels.toString();
        }
        if (auto differs = ofSeries(row, *found->second, times)) {
            return differs;
        }
        actual.erase(found);
    }
    if (!actual.empty()) {
        return "unexpected " + actual.begin()->first.toString();
    }
    return std::nullopt;
}

Difference ofScalar(double expected, double actual)
{
    if (script::nearlyEqual(expected, actual)) {
        return std::nullopt;
    }
    return std::format("the scalar is {}, expected {}", text::formatG(actual),
                       text::formatG(expected));
}

} // namespace

bool nearlyEqual(double a, double b)
{
    if (isStaleMarker(a) || isStaleMarker(b)) {
        return isStaleMarker(a) && isStaleMarker(b);
    }
    if ((std::isnan(a) && std::isnan(b)) || a == b) {
        return true;
    }
    constexpr double tolerance = 1e-6;
    constexpr double smallest = std::numeric_limits<double>::min();
    const double distance = std::abs(a - b);
    const double sum = std::abs(a) + std::abs(b);
    if (a == 0 || b == 0 || sum < smallest) {
        return distance < tolerance * smallest;
    }
    return distance / std::min(sum, std::numeric_limits<double>::max()) < tolerance;
}

bool nearlyEqual(const Histogram& expected, const Histogram& actual, bool compareHints)
{
    return (!compareHints || expected.resetHint == actual.resetHint)
        && expected.schema == actual.schema && expected.customValues == actual.customValues
        && expected.zeroThreshold == actual.zeroThreshold
        && nearlyEqual(expected.count, actual.count) && nearlyEqual(expected.sum, actual.sum)
        && nearlyEqual(expected.zeroCount, actual.zeroCount)
        && nearlyEqual(promql::unpack(expected.positiveSpans, expected.positiveBuckets),
                       promql::unpack(actual.positiveSpans, actual.positiveBuckets))
        && nearlyEqual(promql::unpack(expected.negativeSpans, expected.negativeBuckets),
                       promql::unpack(actual.negativeSpans, actual.negativeBuckets));
}

std::optional<std::string> difference(const EvalCommand& expected, const QueryValue& value)
{
    if (expected.string) {
        const auto* const string = std::get_if<StringValue>(&value);
        if (string == nullptr || string->value != *expected.string) {
            return "the result is not the string \"" + *expected.string + '"';
        }
        return std::nullopt;
    }
    if (const auto* const scalar = std::get_if<Scalar>(&value)) {
        if (!expected.scalar) {
            return "the result is a scalar";
        }
        return ofScalar(*expected.scalar, scalar->value);
    }
    if (expected.scalar) {
        return "the result is no scalar";
    }
    if (const auto* const vector = std::get_if<Vector>(&value)) {
        return ofVector(expected, *vector, expected.expects(Expectation::Kind::ordered));
    }
    if (const auto* const matrix = std::get_if<Matrix>(&value)) {
        if (!expected.isRange && !expected.rangeVector) {
            return "the result is a range vector";
        }
        return ofMatrix(expected, *matrix,
                        expected.isRange ? expected.times : *expected.rangeVector);
    }
    return "the result is a string";
}

std::optional<std::string> differenceAtTime(const EvalCommand& expected, const QueryValue& range)
{
    const auto* const matrix = std::get_if<Matrix>(&range);
    if (matrix == nullptr) {
        return "the range query yields no matrix";
    }
    const std::int64_t at = unixMs(expected.times.end);
    Vector vector;
    for (const MatrixSeries& series : *matrix) {
        if (const auto found = std::ranges::find(series.atMs, at); found != series.atMs.end()) {
            vector.push_back({series.labels, at,
                              series.values[static_cast<std::size_t>(found - series.atMs.begin())],
                              nullptr});
        }
        if (const auto found = std::ranges::find(series.histogramAtMs, at);
            found != series.histogramAtMs.end()) {
            vector.push_back(
                {series.labels, at, 0,
                 series
                     .histograms[static_cast<std::size_t>(found - series.histogramAtMs.begin())]});
        }
    }
    if (expected.scalar) {
        return vector.size() == 1 ? ofScalar(*expected.scalar, vector[0].value)
                                  : "the range query yields no scalar";
    }
    return ofVector(expected, vector, false);
}

std::optional<std::string> remarkDifference(const EvalCommand& expected,
                                            const std::vector<Annotation>& remarks)
{
    using Kind = Expectation::Kind;
    for (const auto& [wanted, unwanted, level, name] :
         {std::tuple{Kind::warn, Kind::noWarn, AnnotationLevel::warning, "warning"},
          std::tuple{Kind::info, Kind::noInfo, AnnotationLevel::info, "info"}}) {
        std::vector<std::string> given;
        for (const Annotation& remark : remarks) {
            if (remark.level == level) {
                given.push_back(remark.message);
            }
        }
        if (expected.expects(unwanted) && !given.empty()) {
            return std::format("unexpected {}: {}", name, given[0]);
        }
        if (!expected.expects(wanted)) {
            continue;
        }
        if (given.empty()) {
            return std::format("expected {}, got none", name);
        }
        for (const Expectation& expectation : expected.expectations) {
            if (expectation.kind == wanted
                && std::ranges::none_of(given, [&](const std::string& message) {
                       return expectation.accepts(message);
                   })) {
                return std::format("no {} is \"{}\", but there is: {}", name, expectation.text,
                                   given[0]);
            }
        }
        for (const std::string& message : given) {
            if (std::ranges::none_of(expected.expectations, [&](const Expectation& expectation) {
                    return expectation.kind == wanted && expectation.accepts(message);
                })) {
                return std::format("unexpected {}: {}", name, message);
            }
        }
    }
    return std::nullopt;
}

} // namespace watchfire::ctl::script
