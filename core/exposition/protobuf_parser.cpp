// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exposition/protobuf_parser.h"

#include "core/exposition/proto/metrics.pb.h"
#include "core/exposition/protobuf_histogram.h"
#include "core/model/sample.h"
#include "core/text/quote.h"
#include "core/text/utf8.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <format>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>
#include <limits>

namespace watchfire::exposition {

namespace {

using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedInputStream;

/// No byte of UTF-8: parts the pieces of a series' key.
constexpr char separator = '\xFF';
constexpr int longestLength = 5; ///< bytes of the varint before a family
constexpr std::size_t longestMessage = std::numeric_limits<int>::max();

constexpr int nameField = 1;
constexpr int helpField = 2;
constexpr int typeField = 3;
constexpr int metricField = 4;
constexpr int unitField = 5;

constexpr std::string_view cutShort = "the message is cut short or no MetricFamily";

CodedInputStream streamOf(std::string_view bytes)
{
    // The library counts in int, so messages are kept below that.
    return CodedInputStream(reinterpret_cast<const std::uint8_t*>(bytes.data()),
                            static_cast<int>(bytes.size()));
}

bool isBytes(std::uint32_t tag)
{
    return WireFormatLite::GetTagWireType(tag) == WireFormatLite::WIRETYPE_LENGTH_DELIMITED;
}

double plain(double value)
{
    return std::isnan(value) ? normalNaN() : value;
}

Written written(std::string_view text)
{
    return {text, false};
}

} // namespace

ProtobufParser::ProtobufParser(std::string_view body, const ReadOptions& options)
    : m_body(body)
    , m_options(options)
    , m_metric(std::make_unique<pb::Metric>())
{
}

ProtobufParser::~ProtobufParser() = default;

std::unexpected<Error> ProtobufParser::fault(std::string_view message) const
{
    const std::size_t at = m_family.data() == nullptr ? m_at : m_familyAt + m_metricAt;
    std::string text = std::format("byte {}: ", at);
    if (!m_name.empty()) {
        text += std::format("family {}: ", text::quote(m_name));
    }
    return fail(ErrorKind::invalid, text.append(message));
}

std::unexpected<Error> ProtobufParser::faultOfMetric(std::string_view message) const
{
    LabelPairs pairs;
    for (const auto& [name, value] : m_labels) {
        pairs.emplace_back(name.text, value.text);
    }
    return fault(std::format("metric {} {}: {}", m_metricNumber,
                             Labels::fromPairs(std::move(pairs)).toString(), message));
}

Result<EntryKind> ProtobufParser::next(Entry& entry)
{
    switch (m_stage) {
    case Stage::family: {
        const auto more = nextFamily();
        if (!more) {
            return std::unexpected(more.error());
        }
        if (!*more) {
            return EntryKind::end;
        }
        m_stage = Stage::help;
        [[fallthrough]];
    }
    case Stage::help:
        entry.family = m_name;
        entry.text = m_help;
        m_stage = m_unit.empty() ? Stage::type : Stage::unit;
        return EntryKind::help;
    case Stage::unit:
        entry.family = m_name;
        entry.text = m_unit;
        m_stage = Stage::type;
        return EntryKind::unit;
    case Stage::type:
        entry.family = m_name;
        entry.type = metricType();
        m_stage = Stage::samples;
        return EntryKind::type;
    case Stage::samples:
        break;
    }
    while (m_part == Part::done) {
        const auto more = nextMetric();
        if (!more) {
            return std::unexpected(more.error());
        }
        if (!*more) {
            m_stage = Stage::family;
            return next(entry);
        }
    }
    return sample(entry);
}

/// Goes on to the next family that has a metric, and reads the first. False: there is none.
Result<bool> ProtobufParser::nextFamily()
{
    for (;;) {
        m_family = {};
        m_name.clear();
        if (m_at == m_body.size()) {
            return false;
        }
        CodedInputStream stream = streamOf(m_body.substr(m_at, longestLength));
        std::uint64_t length = 0;
        if (!stream.ReadVarint64(&length)) {
            return fault("the length of a message is cut short or no length");
        }
        const auto before = static_cast<std::size_t>(stream.CurrentPosition());
        const std::size_t left = m_body.size() - m_at - before;
        if (length > left) {
            return fault(std::format("the message has {} bytes, and {} are left", length, left));
        }
        if (length > longestMessage) {
            return fault("the message has more than two gibibytes");
        }
        m_familyAt = m_at + before;
        m_family = m_body.substr(m_familyAt, length);
        m_at = m_familyAt + length;
        m_metricAt = 0;
        m_metricNumber = 0;
        if (auto read = readFamily(); !read) {
            return std::unexpected(read.error());
        }
        const auto more = nextMetric();
        if (!more || *more) {
            return more;
        }
    }
}

/// All that is no metric.
Result<void> ProtobufParser::readFamily()
{
    m_help.clear();
    m_unit.clear();
    int type = 0;
    CodedInputStream stream = streamOf(m_family);
    bool good = true;
    while (good) {
        const std::uint32_t tag = stream.ReadTag();
        if (tag == 0) {
            break;
        }
        const int field = WireFormatLite::GetTagFieldNumber(tag);
        if (field == nameField && isBytes(tag)) {
            good = WireFormatLite::ReadBytes(&stream, &m_name);
        } else if (field == helpField && isBytes(tag)) {
            good = WireFormatLite::ReadBytes(&stream, &m_help);
        } else if (field == unitField && isBytes(tag)) {
            good = WireFormatLite::ReadBytes(&stream, &m_unit);
        } else if (field == typeField
                   && WireFormatLite::GetTagWireType(tag) == WireFormatLite::WIRETYPE_VARINT) {
            good = WireFormatLite::ReadPrimitive<int, WireFormatLite::TYPE_ENUM>(&stream, &type);
        } else {
            good = WireFormatLite::SkipField(&stream, tag);
        }
    }
    if (!good || !stream.ConsumedEntireMessage()) {
        return fault(cutShort);
    }
    if (!isValidName(m_name)) {
        const std::string name = std::exchange(m_name, {});
        return fault(std::format("{} is not a metric name", text::quote(name)));
    }
    if (!text::isUtf8(m_help) || !text::isUtf8(m_unit)) {
        return fault("its help or unit is not valid UTF-8");
    }
    if (type < 0 || type > static_cast<int>(Type::gaugeHistogram)) {
        return fault(std::format("{} is not a metric type", type));
    }
    m_type = static_cast<Type>(type);
    return {};
}

/// Reads the next metric of the family. False: there is none.
Result<bool> ProtobufParser::nextMetric()
{
    const std::string_view rest = m_family.substr(m_metricAt);
    CodedInputStream stream = streamOf(rest);
    for (;;) {
        const std::uint32_t tag = stream.ReadTag();
        if (tag == 0) {
            return false; // readFamily came to the end, so this is no fault
        }
        if (WireFormatLite::GetTagFieldNumber(tag) != metricField || !isBytes(tag)) {
            if (!WireFormatLite::SkipField(&stream, tag)) {
                return fault(cutShort);
            }
            continue;
        }
        std::uint32_t length = 0;
        if (!stream.ReadVarint32(&length)) {
            return fault(cutShort);
        }
        const auto begin = static_cast<std::size_t>(stream.CurrentPosition());
        if (length > rest.size() - begin) {
            return fault(cutShort);
        }
        ++m_metricNumber;
        m_labels.clear();
        if (!m_metric->ParseFromArray(rest.data() + begin, static_cast<int>(length))) {
            return faultOfMetric("the message is cut short or no Metric");
        }
        if (auto started = startMetric(); !started) {
            return std::unexpected(started.error());
        }
        m_metricAt += begin + length;
        return true;
    }
}

Result<void> ProtobufParser::startMetric()
{
    if (auto read = readLabels(); !read) {
        return read;
    }
    m_index = 0;
    m_native = false;
    m_startedAtMs = 0;
    switch (m_type) {
    case Type::counter:
        m_part = Part::value;
        m_startedAtMs = millisecondsOf(m_metric->counter().start_timestamp()).value_or(0);
        break;
    case Type::gauge:
    case Type::untyped:
        m_part = Part::value;
        break;
    case Type::summary:
        m_part = Part::count;
        m_startedAtMs = millisecondsOf(m_metric->summary().start_timestamp()).value_or(0);
        break;
    case Type::histogram:
    case Type::gaugeHistogram:
        m_native = m_options.nativeHistograms && isNative(histogram());
        m_part = m_native ? Part::native : firstClassic();
        m_startedAtMs = millisecondsOf(histogram().start_timestamp()).value_or(0);
        break;
    }
    return {};
}

/// Checks the labels and begins the key of the metric's samples.
Result<void> ProtobufParser::readLabels()
{
    m_key.assign(2, separator); // the second stands for the part
    m_key.append(m_name) += separator;
    for (const pb::LabelPair& label : m_metric->label()) {
        if (!isValidName(label.name())) {
            return faultOfMetric(std::format("{} is not a label name", text::quote(label.name())));
        }
        if (!text::isUtf8(label.value())) {
            return faultOfMetric(
                std::format("the value of label {} is not valid UTF-8", text::quote(label.name())));
        }
        m_labels.emplace_back(written(label.name()), written(label.value()));
        m_key.append(label.name()) += separator;
        m_key.append(label.value()) += separator;
    }
    m_keyOfMetric = m_key.size();
    return {};
}

MetricType ProtobufParser::metricType() const
{
    switch (m_type) {
    case Type::counter:
        return MetricType::counter;
    case Type::gauge:
        return MetricType::gauge;
    case Type::summary:
        return MetricType::summary;
    case Type::untyped:
        return MetricType::unknown;
    case Type::histogram:
        return MetricType::histogram;
    case Type::gaugeHistogram:
        return MetricType::gaugeHistogram;
    }
    return MetricType::unknown;
}

const pb::Histogram& ProtobufParser::histogram() const
{
    return m_metric->histogram();
}

/// Of a histogram that is not read natively: its series, unless they are only converted.
ProtobufParser::Part ProtobufParser::firstClassic() const
{
    return m_options.convertClassic && !m_options.classicToo ? Part::converted : Part::count;
}

ProtobufParser::Part ProtobufParser::afterClassic() const
{
    return isHistogram() && !m_native && m_options.convertClassic ? Part::converted : Part::done;
}

Result<EntryKind> ProtobufParser::sample(Entry& entry)
{
    switch (m_part) {
    case Part::value:
        return simple(entry);
    case Part::native:
        return native(entry);
    case Part::count:
        return count(entry);
    case Part::sum:
        return sum(entry);
    case Part::values:
        return value(entry);
    case Part::converted:
        return converted(entry);
    case Part::done:
        break;
    }
    return fail(ErrorKind::internal, "a metric has no more samples");
}

/// What all samples of a metric have.
void ProtobufParser::startEntry(Entry& entry, Part part, std::string_view suffix)
{
    m_key.resize(m_keyOfMetric);
    m_key[1] = static_cast<char>('a' + static_cast<int>(part));
    m_sampleName.assign(m_name).append(suffix);
    entry.series = m_key;
    entry.name = written(m_sampleName);
    entry.labels.assign(m_labels.begin(), m_labels.end());
    entry.numeric = NumericLabel::none; // bounds are written in their one form
    entry.atMs.reset();
    if (m_metric->timestamp_ms() != 0) {
        entry.atMs = m_metric->timestamp_ms();
    }
    entry.atSeconds.reset();
    entry.startedAtMs = m_startedAtMs;
    entry.exemplars.clear();
}

Result<EntryKind> ProtobufParser::simple(Entry& entry)
{
    startEntry(entry, Part::value, "");
    if (m_type == Type::counter) {
        entry.value = plain(m_metric->counter().value());
        if (m_metric->counter().has_exemplar()) {
            addExemplar(m_metric->counter().exemplar(), entry.exemplars);
        }
    } else {
        entry.value = plain(m_type == Type::gauge ? m_metric->gauge().value()
                                                  : m_metric->untyped().value());
    }
    m_part = Part::done;
    return EntryKind::series;
}

Result<EntryKind> ProtobufParser::native(Entry& entry)
{
    startEntry(entry, Part::native, "");
    if (auto fits = checkSpans(histogram()); !fits) {
        return faultOfMetric(fits.error().message);
    }
    readNative(histogram(), entry.histogram, entry.histogramFault);
    if (m_type == Type::gaugeHistogram) {
        entry.histogram.resetHint = CounterReset::gauge;
    }
    nativeExemplars(entry);
    m_part = m_options.classicToo && histogram().bucket_size() > 0 ? Part::count : Part::done;
    return EntryKind::histogram;
}

Result<EntryKind> ProtobufParser::converted(Entry& entry)
{
    startEntry(entry, Part::native, "");
    m_classic.clear();
    m_classic.setCount(sampleCount(histogram()));
    m_classic.setSum(plain(histogram().sample_sum()));
    for (const pb::Bucket& bucket : histogram().bucket()) {
        m_classic.setBucket(bucket.upper_bound(), cumulativeCount(bucket));
    }
    auto made = m_classic.convert();
    if (!made) {
        return faultOfMetric(made.error().message);
    }
    entry.histogram = *std::move(made);
    entry.histogramFault.clear();
    if (m_type == Type::gaugeHistogram) {
        entry.histogram.resetHint = CounterReset::gauge;
    }
    nativeExemplars(entry);
    m_part = Part::done;
    return EntryKind::histogram;
}

/// The histogram's own, else those of its classic buckets; only with a time of their own.
void ProtobufParser::nativeExemplars(Entry& entry) const
{
    const auto add = [&](const pb::Exemplar& exemplar) {
        if (exemplar.has_timestamp()) {
            addExemplar(exemplar, entry.exemplars);
        }
    };
    if (histogram().exemplars_size() > 0) {
        std::ranges::for_each(histogram().exemplars(), add);
        return;
    }
    for (const pb::Bucket& bucket : histogram().bucket()) {
        if (bucket.has_exemplar()) {
            add(bucket.exemplar());
        }
    }
}

EntryKind ProtobufParser::count(Entry& entry)
{
    startEntry(entry, Part::count, "_count");
    entry.value = isHistogram() ? plain(sampleCount(histogram()))
                                : static_cast<double>(m_metric->summary().sample_count());
    m_part = Part::sum;
    return EntryKind::series;
}

EntryKind ProtobufParser::sum(Entry& entry)
{
    startEntry(entry, Part::sum, "_sum");
    entry.value
        = plain(isHistogram() ? histogram().sample_sum() : m_metric->summary().sample_sum());
    m_part = isHistogram() || m_metric->summary().quantile_size() > 0 ? Part::values : Part::done;
    return EntryKind::series;
}

EntryKind ProtobufParser::value(Entry& entry)
{
    if (isHistogram()) {
        bucket(entry);
    } else {
        quantile(entry);
    }
    ++m_index;
    return EntryKind::series;
}

void ProtobufParser::bucket(Entry& entry)
{
    startEntry(entry, Part::values, "_bucket");
    const auto& buckets = histogram().bucket();
    if (m_index >= static_cast<std::size_t>(buckets.size())) {
        // Clients may leave it out.
        addBound(entry, "le", std::numeric_limits<double>::infinity());
        entry.value = plain(sampleCount(histogram()));
        m_part = afterClassic();
        return;
    }
    const pb::Bucket& bucket = buckets[static_cast<int>(m_index)];
    addBound(entry, "le", bucket.upper_bound());
    entry.value = plain(cumulativeCount(bucket));
    if (bucket.has_exemplar()) {
        addExemplar(bucket.exemplar(), entry.exemplars);
    }
    if (bucket.upper_bound() == std::numeric_limits<double>::infinity()) {
        m_part = afterClassic();
    }
}

void ProtobufParser::quantile(Entry& entry)
{
    startEntry(entry, Part::values, "");
    const auto& quantiles = m_metric->summary().quantile();
    const pb::Quantile& quantile = quantiles[static_cast<int>(m_index)];
    addBound(entry, "quantile", quantile.quantile());
    entry.value = plain(quantile.value());
    if (m_index + 1 == static_cast<std::size_t>(quantiles.size())) {
        m_part = Part::done;
    }
}

void ProtobufParser::addBound(Entry& entry, std::string_view label, double bound)
{
    const auto bits = std::bit_cast<std::uint64_t>(bound);
    if (m_bounds.size() <= m_index) {
        m_bounds.resize(m_index + 1);
    }
    auto& [known, text] = m_bounds[m_index];
    if (text.empty() || std::bit_cast<std::uint64_t>(known) != bits) {
        known = bound;
        text = formatBound(bound);
    }
    m_key.append(label).append(text); // the label, since a family may become another type
    entry.series = m_key;
    entry.labels.emplace_back(written(label), written(text));
}

} // namespace watchfire::exposition
