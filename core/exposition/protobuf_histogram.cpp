// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exposition/protobuf_histogram.h"

#include "core/exposition/histogram_shape.h"
#include "core/model/labels.h"
#include "core/model/sample.h"
#include "core/text/number.h"
#include "core/text/utf8.h"

#include <algorithm>
#include <cmath>
#include <format>
#include <string_view>
#include <utility>

namespace watchfire::exposition {

namespace {

/// The library leaves this many seconds far inside what milliseconds can count.
constexpr std::int64_t mostSeconds = 9'000'000'000'000'000;

bool isFloat(const pb::Histogram& message)
{
    return message.sample_count_float() > 0 || message.zero_count_float() > 0;
}

template <class Spans> std::uint64_t bucketsOf(const Spans& spans)
{
    std::uint64_t total = 0;
    for (const pb::BucketSpan& span : spans) {
        total += span.length();
    }
    return total;
}

template <class Spans> void copySpans(const Spans& from, std::vector<BucketSpan>& to)
{
    to.clear();
    for (const pb::BucketSpan& span : from) {
        to.push_back({span.offset(), span.length()});
    }
}

std::string negativeBucket(std::string_view side, std::size_t number)
{
    return std::format("{} bucket {} has a negative count", side, number);
}

/// Sums differences up. `total` is exact where it fits; hostile differences wrap around.
template <class Deltas>
void copyDeltas(const Deltas& deltas, std::string_view side, std::vector<double>& to,
                std::uint64_t& total, std::string& fault)
{
    to.clear();
    std::uint64_t count = 0;
    for (const std::int64_t delta : deltas) {
        count += static_cast<std::uint64_t>(delta);
        const auto absolute = static_cast<std::int64_t>(count);
        to.push_back(static_cast<double>(absolute));
        total += count;
        if (absolute < 0 && fault.empty()) {
            fault = negativeBucket(side, to.size());
        }
    }
}

template <class Counts>
void copyCounts(const Counts& counts, std::string_view side, std::vector<double>& to,
                std::string& fault)
{
    to.assign(counts.begin(), counts.end());
    const auto negative = std::ranges::find_if(to, [](double count) { return count < 0; });
    if (negative != to.end() && fault.empty()) {
        fault = negativeBucket(side, static_cast<std::size_t>(negative - to.begin()) + 1);
    }
}

void readFloats(const pb::Histogram& message, Histogram& out, std::string& fault)
{
    out.count = message.sample_count_float();
    out.zeroCount = message.zero_count_float();
    copyCounts(message.positive_count(), "positive", out.positiveBuckets, fault);
    copyCounts(message.negative_count(), "negative", out.negativeBuckets, fault);
    if (fault.empty() && (out.count < 0 || out.zeroCount < 0)) {
        fault = "its count or that of its zero bucket is negative";
    }
}

void readIntegers(const pb::Histogram& message, Histogram& out, std::string& fault)
{
    out.count = static_cast<double>(message.sample_count());
    out.zeroCount = static_cast<double>(message.zero_count());
    std::uint64_t total = message.zero_count();
    copyDeltas(message.positive_delta(), "positive", out.positiveBuckets, total, fault);
    copyDeltas(message.negative_delta(), "negative", out.negativeBuckets, total, fault);
    // NaN observations are counted but fall into no bucket.
    const bool adds = std::isnan(message.sample_sum()) ? total <= message.sample_count()
                                                       : total == message.sample_count();
    if (!adds && fault.empty()) {
        fault = std::format("{} observations are in its buckets, and its count is {}", total,
                            message.sample_count());
    }
}

} // namespace

std::optional<std::int64_t> millisecondsOf(const pb::Time& time)
{
    if (!(time.has_seconds() || time.has_nanos()) || time.seconds() > mostSeconds
        || time.seconds() < -mostSeconds) {
        return std::nullopt;
    }
    return time.seconds() * 1000 + time.nanos() / 1'000'000;
}

bool isNative(const pb::Histogram& histogram)
{
    return histogram.positive_span_size() > 0 || histogram.negative_span_size() > 0
        || histogram.zero_threshold() > 0 || histogram.zero_count() > 0;
}

double sampleCount(const pb::Histogram& histogram)
{
    const double count = histogram.sample_count_float();
    return count != 0 ? count : static_cast<double>(histogram.sample_count());
}

double cumulativeCount(const pb::Bucket& bucket)
{
    const double count = bucket.cumulative_count_float();
    return count != 0 ? count : static_cast<double>(bucket.cumulative_count());
}

Result<void> checkSpans(const pb::Histogram& histogram)
{
    const bool floats = isFloat(histogram);
    const auto check = [](std::string_view side, std::uint64_t named, int there) -> Result<void> {
        if (named == static_cast<std::uint64_t>(there)) {
            return {};
        }
        return fail(
            ErrorKind::invalid,
            std::format("its {} spans name {} buckets, and {} are there", side, named, there));
    };
    auto fits = check("positive", bucketsOf(histogram.positive_span()),
                      floats ? histogram.positive_count_size() : histogram.positive_delta_size());
    if (fits) {
        fits = check("negative", bucketsOf(histogram.negative_span()),
                     floats ? histogram.negative_count_size() : histogram.negative_delta_size());
    }
    return fits;
}

void readNative(const pb::Histogram& message, Histogram& out, std::string& fault)
{
    fault.clear();
    out.resetHint = CounterReset::unknown;
    out.schema = message.schema();
    out.zeroThreshold = message.zero_threshold();
    out.sum = std::isnan(message.sample_sum()) ? normalNaN() : message.sample_sum();
    out.customValues.clear();
    copySpans(message.positive_span(), out.positiveSpans);
    copySpans(message.negative_span(), out.negativeSpans);
    if (isFloat(message)) {
        readFloats(message, out, fault);
    } else {
        readIntegers(message, out, fault);
    }
    if (!compact(out, 0) && fault.empty()) {
        fault = "its spans go back or beyond every bucket";
    }
}

void addExemplar(const pb::Exemplar& message, std::vector<Exemplar>& out)
{
    std::vector<std::pair<std::string, std::string>> pairs;
    for (const pb::LabelPair& label : message.label()) {
        if (!isValidName(label.name()) || !text::isUtf8(label.value())) {
            return;
        }
        pairs.emplace_back(label.name(), label.value());
    }
    Exemplar& made = out.emplace_back();
    made.labels = Labels::fromPairs(std::move(pairs));
    made.value = std::isnan(message.value()) ? normalNaN() : message.value();
    if (message.has_timestamp()) {
        made.at = fromUnixMs(millisecondsOf(message.timestamp()).value_or(0));
    }
}

} // namespace watchfire::exposition
