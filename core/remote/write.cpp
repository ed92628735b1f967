// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/remote/write.h"

#include "core/remote/proto/remote.pb.h"
#include "core/remote/proto/write_v2.pb.h"
#include "core/text/utf8.h"

#include <algorithm>
#include <cmath>
#include <format>
#include <google/protobuf/arena.h>
#include <limits>
#include <numeric>
#include <optional>

namespace watchfire::remote {

namespace {

constexpr std::size_t maxBuckets = 1 << 20;

/// Labels of one series as sent; nothing where they cannot be stored, with the reason.
std::optional<Labels> toLabels(std::vector<Label>& pairs, std::string& reason)
{
    if (!std::ranges::is_sorted(pairs, {}, &Label::name)) {
        std::ranges::stable_sort(pairs, {}, &Label::name);
    }
    for (std::size_t i = 1; i < pairs.size(); ++i) {
        if (pairs[i].name == pairs[i - 1].name) {
            reason = std::format("label name \"{}\" is not unique", pairs[i].name);
            return std::nullopt;
        }
    }
    std::erase_if(pairs, [](const Label& label) { return label.value.empty(); });
    bool named = false;
    for (const Label& label : pairs) {
        if (!isValidName(label.name) || !text::isUtf8(label.value)) {
            reason = "a label name is empty, or a label is not UTF-8";
            return std::nullopt;
        }
        named = named || label.name == metricNameLabel;
    }
    if (!named) {
        reason = "the metric name is missing";
        return std::nullopt;
    }
    return Labels::fromSorted(pairs);
}

template <class Spans>
Result<std::vector<BucketSpan>> toSpans(const Spans& spans, std::size_t buckets)
{
    std::vector<BucketSpan> made;
    std::uint64_t total = 0;
    for (const auto& span : spans) {
        if (!made.empty() && span.offset() < 0) {
            return fail(ErrorKind::invalid, "histogram span with a negative offset");
        }
        total += span.length();
        made.push_back({span.offset(), span.length()});
    }
    if (total != buckets || total > maxBuckets) {
        return fail(
            ErrorKind::invalid,
            std::format("histogram spans need {} buckets, have {} buckets", total, buckets));
    }
    return made;
}

template <class Deltas, class Counts>
Result<std::vector<double>> toBuckets(bool integers, const Deltas& deltas, const Counts& counts)
{
    std::vector<double> buckets;
    if (integers) {
        std::int64_t current = 0;
        for (const std::int64_t delta : deltas) {
            // The sum of hostile deltas may overflow, so it is made in unsigned arithmetic.
            current = static_cast<std::int64_t>(static_cast<std::uint64_t>(current)
                                                + static_cast<std::uint64_t>(delta));
            buckets.push_back(static_cast<double>(current));
        }
    } else {
        buckets.assign(counts.begin(), counts.end());
    }
    if (std::ranges::any_of(buckets, [](double count) { return count < 0; })) {
        return fail(ErrorKind::invalid, "histogram has a bucket whose count is negative");
    }
    return buckets;
}

/// Both versions name the fields alike.
template <class Message> Result<Histogram> toHistogram(const Message& message)
{
    const bool integers = message.count_case() != Message::kCountFloat;
    Histogram made;
    made.resetHint
        = static_cast<CounterReset>(std::clamp(static_cast<int>(message.reset_hint()), 0, 3));
    made.schema = message.schema();
    if (!(made.schema == Histogram::customSchema || (made.schema >= -4 && made.schema <= 8))) {
        return fail(ErrorKind::invalid,
                    std::format("histogram has an invalid schema {}", made.schema));
    }
    made.zeroThreshold = message.zero_threshold();
    made.sum = message.sum();
    made.count = integers ? static_cast<double>(message.count_int()) : message.count_float();
    made.zeroCount = message.zero_count_case() == Message::kZeroCountFloat
        ? message.zero_count_float()
        : static_cast<double>(message.zero_count_int());
    made.customValues.assign(message.custom_values().begin(), message.custom_values().end());
    auto positive = toBuckets(integers, message.positive_deltas(), message.positive_counts());
    auto negative = toBuckets(integers, message.negative_deltas(), message.negative_counts());
    if (!positive || !negative) {
        return std::unexpected(!positive ? positive.error() : negative.error());
    }
    auto positiveSpans = toSpans(message.positive_spans(), positive->size());
    auto negativeSpans = toSpans(message.negative_spans(), negative->size());
    if (!positiveSpans || !negativeSpans) {
        return std::unexpected(!positiveSpans ? positiveSpans.error() : negativeSpans.error());
    }
    made.positiveBuckets = std::move(*positive);
    made.negativeBuckets = std::move(*negative);
    made.positiveSpans = std::move(*positiveSpans);
    made.negativeSpans = std::move(*negativeSpans);
    if (made.usesCustomBuckets()) {
        if (!std::ranges::is_sorted(made.customValues) || !made.negativeBuckets.empty()
            || made.positiveBuckets.size() > made.customValues.size() + 1) {
            return fail(ErrorKind::invalid, "histogram with custom buckets contradicts itself");
        }
    }
    if (integers) {
        // NaN observations are counted but fall into no bucket.
        const double inBuckets
            = std::reduce(made.positiveBuckets.begin(), made.positiveBuckets.end(), made.zeroCount)
            + std::reduce(made.negativeBuckets.begin(), made.negativeBuckets.end(), 0.0);
        const bool fits = std::isnan(made.sum) ? inBuckets <= made.count : inBuckets == made.count;
        if (!fits && !isStaleMarker(made.sum)) {
            return fail(ErrorKind::invalid,
                        std::format("{} observations found in buckets, but the Count field is {}",
                                    inBuckets, made.count));
        }
    }
    return made;
}

MetricType toType(int type)
{
    static constexpr MetricType types[] = {
        MetricType::unknown,        MetricType::counter, MetricType::gauge, MetricType::histogram,
        MetricType::gaugeHistogram, MetricType::summary, MetricType::info,  MetricType::stateSet,
    };
    return type >= 0 && type < 8 ? types[type] : MetricType::unknown;
}

/// Counts what a series brings and keeps it.
void keep(DecodedWrite& out, WriteSeries series)
{
    out.samples += series.samples.size();
    out.histograms += series.histograms.size();
    out.exemplars += series.exemplars.size();
    out.request.series.push_back(std::move(series));
}

void drop(DecodedWrite& out, std::string reason)
{
    ++out.droppedSeries;
    if (out.dropReason.empty()) {
        out.dropReason = std::move(reason);
    }
}

template <class Message> Result<void> takeHistograms(WriteSeries& series, const Message& message)
{
    for (const auto& sent : message.histograms()) {
        auto histogram = toHistogram(sent);
        if (!histogram) {
            return std::unexpected(histogram.error());
        }
        series.histograms.emplace_back(sent.timestamp(), std::move(*histogram));
    }
    return {};
}

/// When each of these started, in ms; empty where none says so. One that is not older than its
/// sample says nothing.
/// Source: Prometheus, storage, ErrSTNewerThanSample.
template <class Samples>
std::vector<std::int64_t> startsOf(const Samples& samples, std::int64_t ofSeries)
{
    std::vector<std::int64_t> starts;
    starts.reserve(static_cast<std::size_t>(samples.size()));
    for (const auto& sample : samples) {
        const std::int64_t start
            = sample.start_timestamp() != 0 ? sample.start_timestamp() : ofSeries;
        starts.push_back(start < sample.timestamp() ? start : 0);
    }
    if (std::ranges::all_of(starts, [](std::int64_t start) { return start == 0; })) {
        starts.clear();
    }
    return starts;
}

Result<DecodedWrite> decodeV1(std::string_view body)
{
    google::protobuf::Arena arena;
    auto& message = *google::protobuf::Arena::Create<pb::WriteRequest>(&arena);
    if (!message.ParseFromArray(body.data(), static_cast<int>(body.size()))) {
        return fail(ErrorKind::invalid, "the body is not a WriteRequest message");
    }
    DecodedWrite out;
    std::vector<Label> pairs;
    out.request.series.reserve(static_cast<std::size_t>(message.timeseries_size()));
    for (const pb::TimeSeries& sent : message.timeseries()) {
        pairs.clear();
        for (const pb::Label& label : sent.labels()) {
            pairs.push_back({label.name(), label.value()});
        }
        std::string reason;
        auto labels = toLabels(pairs, reason);
        if (!labels) {
            drop(out, std::move(reason));
            continue;
        }
        WriteSeries series;
        series.labels = std::move(*labels);
        series.samples.reserve(static_cast<std::size_t>(sent.samples_size()));
        for (const pb::Sample& sample : sent.samples()) {
            series.samples.push_back({sample.timestamp(), sample.value()});
        }
        if (auto taken = takeHistograms(series, sent); !taken) {
            return std::unexpected(taken.error());
        }
        for (const pb::Exemplar& exemplar : sent.exemplars()) {
            std::vector<std::pair<std::string, std::string>> named;
            for (const pb::Label& label : exemplar.labels()) {
                named.emplace_back(label.name(), label.value());
            }
            series.exemplars.push_back({Labels::fromPairs(std::move(named)), exemplar.value(),
                                        fromUnixMs(exemplar.timestamp())});
        }
        keep(out, std::move(series));
    }
    for (const pb::MetricMetadata& sent : message.metadata()) {
        out.request.metadata.push_back(
            {sent.metric_family_name(), {toType(sent.type()), sent.help(), sent.unit()}});
    }
    return out;
}

class V2Decoder {
public:
    explicit V2Decoder(const pb2::Request& message)
        : m_message(message)
    {
    }

    Result<DecodedWrite> decode()
    {
        if (m_message.symbols_size() > 0 && !m_message.symbols(0).empty()) {
            return fail(ErrorKind::invalid, "the first symbol is not empty");
        }
        for (const pb2::TimeSeries& sent : m_message.timeseries()) {
            if (auto taken = take(sent); !taken) {
                return std::unexpected(taken.error());
            }
        }
        return std::move(m_out);
    }

private:
    template <class Refs> Result<std::vector<Label>> pairs(const Refs& refs) const
    {
        if (refs.size() % 2 != 0) {
            return fail(ErrorKind::invalid, "odd number of label references");
        }
        std::vector<Label> made;
        for (int i = 0; i < refs.size(); i += 2) {
            const std::uint32_t name = refs[i];
            const std::uint32_t value = refs[i + 1];
            const auto count = static_cast<std::uint32_t>(m_message.symbols_size());
            if (name >= count || value >= count) {
                return fail(ErrorKind::invalid, "label reference outside the symbols table");
            }
            made.push_back({m_message.symbols(static_cast<int>(name)),
                            m_message.symbols(static_cast<int>(value))});
        }
        return made;
    }

    std::string symbol(std::uint32_t ref) const
    {
        return ref < static_cast<std::uint32_t>(m_message.symbols_size())
            ? m_message.symbols(static_cast<int>(ref))
            : std::string();
    }

    Result<void> take(const pb2::TimeSeries& sent)
    {
        auto named = pairs(sent.labels_refs());
        if (!named) {
            return std::unexpected(named.error());
        }
        std::string reason;
        auto labels = toLabels(*named, reason);
        if (!labels) {
            drop(m_out, std::move(reason));
            return {};
        }
        WriteSeries series;
        series.labels = std::move(*labels);
        for (const pb2::Sample& sample : sent.samples()) {
            series.samples.push_back({sample.timestamp(), sample.value()});
        }
        if (auto taken = takeHistograms(series, sent); !taken) {
            return taken;
        }
        series.sampleStartsMs = startsOf(sent.samples(), sent.created_timestamp());
        series.histogramStartsMs = startsOf(sent.histograms(), sent.created_timestamp());
        for (const pb2::Exemplar& exemplar : sent.exemplars()) {
            auto parts = pairs(exemplar.labels_refs());
            if (!parts) {
                return std::unexpected(parts.error());
            }
            std::vector<std::pair<std::string, std::string>> owned;
            for (const Label& label : *parts) {
                owned.emplace_back(label.name, label.value);
            }
            series.exemplars.push_back({Labels::fromPairs(std::move(owned)), exemplar.value(),
                                        fromUnixMs(exemplar.timestamp())});
        }
        if (sent.has_metadata()) {
            const pb2::Metadata& about = sent.metadata();
            m_out.request.metadata.push_back(
                {std::string(series.labels.metricName()),
                 {toType(about.type()), symbol(about.help_ref()), symbol(about.unit_ref())}});
        }
        keep(m_out, std::move(series));
        return {};
    }

    const pb2::Request& m_message;
    DecodedWrite m_out;
};

void setLabels(const Labels& labels, google::protobuf::RepeatedPtrField<pb::Label>& out)
{
    for (const Label& label : labels) {
        pb::Label& made = *out.Add();
        made.set_name(std::string(label.name));
        made.set_value(std::string(label.value));
    }
}

void setSpans(const std::vector<BucketSpan>& spans,
              google::protobuf::RepeatedPtrField<pb::BucketSpan>& out)
{
    for (const BucketSpan& span : spans) {
        pb::BucketSpan& made = *out.Add();
        made.set_offset(span.offset);
        made.set_length(span.length);
    }
}

/// Counts are whole and add up, as those that a program counted: receivers keep them smaller.
bool isWhole(const Histogram& histogram)
{
    constexpr double exactly = 9'007'199'254'740'992; // 2^53
    double inBuckets = histogram.zeroCount;
    const auto fits = [&](double count) {
        return count >= 0 && count <= exactly && std::trunc(count) == count;
    };
    for (const auto* const buckets : {&histogram.positiveBuckets, &histogram.negativeBuckets}) {
        for (const double count : *buckets) {
            if (!fits(count)) {
                return false;
            }
            inBuckets += count;
        }
    }
    // NaN observations are counted but fall into no bucket.
    return fits(histogram.zeroCount) && fits(histogram.count)
        && (std::isnan(histogram.sum) ? inBuckets <= histogram.count
                                      : inBuckets == histogram.count);
}

void setDeltas(const std::vector<double>& buckets,
               google::protobuf::RepeatedField<std::int64_t>& out)
{
    std::int64_t before = 0;
    for (const double bucket : buckets) {
        const auto count = static_cast<std::int64_t>(bucket);
        out.Add(count - before);
        before = count;
    }
}

void setHistogram(std::int64_t atMs, const Histogram& histogram, pb::Histogram& out)
{
    if (isWhole(histogram)) {
        out.set_count_int(static_cast<std::uint64_t>(histogram.count));
        out.set_zero_count_int(static_cast<std::uint64_t>(histogram.zeroCount));
        setDeltas(histogram.positiveBuckets, *out.mutable_positive_deltas());
        setDeltas(histogram.negativeBuckets, *out.mutable_negative_deltas());
    } else {
        out.set_count_float(histogram.count);
        out.set_zero_count_float(histogram.zeroCount);
        out.mutable_positive_counts()->Add(histogram.positiveBuckets.begin(),
                                           histogram.positiveBuckets.end());
        out.mutable_negative_counts()->Add(histogram.negativeBuckets.begin(),
                                           histogram.negativeBuckets.end());
    }
    out.set_sum(histogram.sum);
    out.set_schema(histogram.schema);
    out.set_zero_threshold(histogram.zeroThreshold);
    setSpans(histogram.positiveSpans, *out.mutable_positive_spans());
    setSpans(histogram.negativeSpans, *out.mutable_negative_spans());
    out.mutable_custom_values()->Add(histogram.customValues.begin(), histogram.customValues.end());
    out.set_reset_hint(static_cast<pb::Histogram::ResetHint>(histogram.resetHint));
    out.set_timestamp(atMs);
}

} // namespace

Result<DecodedWrite> decodeWrite(std::string_view body, WriteVersion version)
{
    if (body.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) {
        return fail(ErrorKind::limit, "the body exceeds 2 GiB");
    }
    if (version == WriteVersion::v1) {
        return decodeV1(body);
    }
    google::protobuf::Arena arena;
    auto& message = *google::protobuf::Arena::Create<pb2::Request>(&arena);
    if (!message.ParseFromArray(body.data(), static_cast<int>(body.size()))) {
        return fail(ErrorKind::invalid, "the body is not a io.prometheus.write.v2.Request message");
    }
    return V2Decoder(message).decode();
}

std::string encodeWrite(const WriteRequest& request)
{
    pb::WriteRequest message;
    for (const WriteSeries& series : request.series) {
        pb::TimeSeries& made = *message.add_timeseries();
        setLabels(series.labels, *made.mutable_labels());
        for (const Sample& sample : series.samples) {
            pb::Sample& out = *made.add_samples();
            out.set_value(sample.value);
            out.set_timestamp(sample.atMs);
        }
        for (const auto& [atMs, histogram] : series.histograms) {
            setHistogram(atMs, histogram, *made.add_histograms());
        }
        for (const Exemplar& exemplar : series.exemplars) {
            pb::Exemplar& out = *made.add_exemplars();
            setLabels(exemplar.labels, *out.mutable_labels());
            out.set_value(exemplar.value);
            out.set_timestamp(exemplar.at ? unixMs(*exemplar.at) : 0);
        }
    }
    for (const FamilyMetadata& about : request.metadata) {
        pb::MetricMetadata& made = *message.add_metadata();
        made.set_metric_family_name(about.family);
        made.set_help(about.metadata.help);
        made.set_unit(about.metadata.unit);
        for (int type = 0; type < 8; ++type) {
            if (toType(type) == about.metadata.type) {
                made.set_type(static_cast<pb::MetricMetadata::Type>(type));
            }
        }
    }
    return message.SerializeAsString();
}

} // namespace watchfire::remote
