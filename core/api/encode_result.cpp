// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/api/encode_result.h"

#include "core/encoding/json.h"
#include "core/model/histogram_bounds.h"
#include "core/text/number.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <limits>
#include <ranges>
#include <sys/mman.h>
#include <type_traits>

namespace watchfire::api {

namespace {

void appendQuoted(std::string& out, double value)
{
    out += '"';
    text::appendValue(out, value);
    out += '"';
}

void appendSample(std::string& out, std::int64_t atMs, double value)
{
    out += '[';
    appendSeconds(out, atMs);
    out += ',';
    appendQuoted(out, value);
    out += ']';
}

void appendSample(std::string& out, std::int64_t atMs, const Histogram& histogram)
{
    out += '[';
    appendSeconds(out, atMs);
    out += ',';
    appendHistogram(out, histogram);
    out += ']';
}

/// Upper bound of bucket `index`.
double boundOf(const Histogram& histogram, std::int64_t index)
{
    if (histogram.usesCustomBuckets()) {
        if (index < 0) {
            return -std::numeric_limits<double>::infinity();
        }
        const auto at = static_cast<std::size_t>(index);
        return at < histogram.customValues.size() ? histogram.customValues[at]
                                                  : std::numeric_limits<double>::infinity();
    }
    return exponentialBound(index, histogram.schema);
}

struct Bucket {
    double lower;
    double upper;
    bool lowerInclusive;
    bool upperInclusive;
    double count;
};

class BucketList {
public:
    explicit BucketList(std::string& out)
        : m_out(out)
    {
    }

    void add(const Bucket& bucket)
    {
        if (bucket.count == 0) {
            return;
        }
        m_out += m_any ? ",[" : ",\"buckets\":[[";
        m_any = true;
        const int boundaries = bucket.lowerInclusive ? (bucket.upperInclusive ? 3 : 1)
                                                     : (bucket.upperInclusive ? 0 : 2);
        m_out += static_cast<char>('0' + boundaries);
        for (const double number : {bucket.lower, bucket.upper, bucket.count}) {
            m_out += ',';
            appendQuoted(m_out, number);
        }
        m_out += ']';
    }

    void end()
    {
        if (m_any) {
            m_out += ']';
        }
    }

private:
    std::string& m_out;
    bool m_any = false;
};

/// Calls `visit(index, count)` for each bucket of the spans, in order of index.
template <class Visit>
void eachBucket(const std::vector<BucketSpan>& spans, const std::vector<double>& counts,
                Visit visit)
{
    std::int64_t index = 0;
    std::size_t next = 0;
    for (const BucketSpan& span : spans) {
        index += span.offset;
        for (std::uint32_t i = 0; i < span.length && next < counts.size(); ++i) {
            visit(index++, counts[next++]);
        }
    }
}

void appendVector(std::string& out, const Vector& vector)
{
    out += '[';
    for (const VectorSample& sample : vector) {
        out += &sample == vector.data() ? "{\"metric\":" : ",{\"metric\":";
        appendLabels(out, sample.labels);
        if (sample.histogram != nullptr) {
            out += ",\"histogram\":";
            appendSample(out, sample.atMs, *sample.histogram);
        } else {
            out += ",\"value\":";
            appendSample(out, sample.atMs, sample.value);
        }
        out += '}';
    }
    out += ']';
}

constexpr std::size_t mostSecondsBytes = 24;

/// Writes a moment into memory that holds `mostSecondsBytes`; returns its end.
char* writeSeconds(char* out, std::int64_t atMs)
{
    auto magnitude = static_cast<std::uint64_t>(atMs);
    if (atMs < 0) {
        *out++ = '-';
        magnitude = ~magnitude + 1;
    }
    out = std::to_chars(out, out + mostSecondsBytes, magnitude / 1000).ptr;
    if (const std::uint64_t ms = magnitude % 1000; ms != 0) {
        *out++ = '.';
        *out++ = static_cast<char>('0' + ms / 100);
        *out++ = static_cast<char>('0' + ms / 10 % 10);
        *out++ = static_cast<char>('0' + ms % 10);
    }
    return out;
}

/// Writes the values of a matrix, whose series mostly have the same moments, in order.
class ValueWriter {
public:
    explicit ValueWriter(const std::vector<std::int64_t>& atMs)
        : m_atMs(atMs)
        , m_moments(atMs.size())
    {
        for (std::size_t i = 0; i < atMs.size(); ++i) {
            m_moments[i] = momentOf(atMs[i]);
        }
    }

    /// `[[MOMENT,"VALUE"],…`, without the end.
    void append(std::string& out, const MatrixSeries& series)
    {
        const std::size_t before = out.size();
        out.resize_and_overwrite(before + mostBytes(series), [&](char* data, std::size_t) {
            char* at = data + before;
            *at++ = '[';
            std::size_t next = 0;
            for (std::size_t i = 0; i < series.values.size(); ++i) {
                while (next < m_atMs.size() && m_atMs[next] < series.atMs[i]) {
                    ++next;
                }
                const bool isKnown = next < m_atMs.size() && m_atMs[next] == series.atMs[i];
                at = writeMoment(at, isKnown ? m_moments[next] : momentOf(series.atMs[i]));
                at = text::writeValue(at, series.values[i]);
                *at++ = '"';
                *at++ = ']';
                *at++ = ',';
            }
            return static_cast<std::size_t>(at - data) - 1; // the last comma
        });
    }

    /// What the values of a series may take at most.
    static std::size_t mostBytes(const MatrixSeries& series)
    {
        return 1 + series.values.size() * (sizeof(Moment::text) + text::mostValueBytes + 3);
    }

private:
    /// With what stands around it: `[MOMENT,"`.
    struct Moment {
        std::array<char, mostSecondsBytes + 8> text;
        std::uint8_t length;
    };
    static Moment momentOf(std::int64_t atMs)
    {
        Moment moment{};
        char* at = moment.text.data();
        *at++ = '[';
        at = writeSeconds(at, atMs);
        *at++ = ',';
        *at++ = '"';
        moment.length = static_cast<std::uint8_t>(at - moment.text.data());
        return moment;
    }
    static char* writeMoment(char* out, const Moment& moment)
    {
        // More than needed, but of a length the compiler knows.
        std::memcpy(out, moment.text.data(), moment.text.size());
        return out + moment.length;
    }

    const std::vector<std::int64_t>& m_atMs;
    std::vector<Moment> m_moments;
};

/// Reserves room for that much more. What is filled once from end to end and then given back, as a
/// large answer is, spends a tenth of its time on faults of small pages; huge ones spare it that.
void reserveMore(std::string& out, std::size_t bytes)
{
    constexpr std::size_t pageBytes = 4096;
    constexpr std::size_t largeBytes = 16U << 20U;
    out.reserve(out.size() + bytes);
    if (bytes >= largeBytes) {
        // Refused where the system has none, which changes nothing.
        const std::size_t toPage = -reinterpret_cast<std::uintptr_t>(out.data()) % pageBytes;
        ::madvise(out.data() + toPage, out.capacity() - toPage, MADV_HUGEPAGE);
    }
}

void appendMatrix(std::string& out, const Matrix& matrix)
{
    const auto longest = std::ranges::max_element(
        matrix, {}, [](const MatrixSeries& series) { return series.atMs.size(); });
    if (longest == matrix.end()) {
        out += "[]";
        return;
    }
    ValueWriter values(longest->atMs);
    // Twice what mostly comes of it, so that nothing is ever moved; memory that is not written to
    // is not taken.
    std::size_t bytes = 0;
    for (const MatrixSeries& series : matrix) {
        bytes += 64 + 2 * series.labels.bytes() + ValueWriter::mostBytes(series);
    }
    reserveMore(out, bytes);
    out += '[';
    for (const MatrixSeries& series : matrix) {
        out += &series == matrix.data() ? "{\"metric\":" : ",{\"metric\":";
        appendLabels(out, series.labels);
        if (!series.values.empty()) {
            out += ",\"values\":";
            values.append(out, series);
            out += ']';
        }
        for (std::size_t i = 0; i < series.histograms.size(); ++i) {
            out += i == 0 ? ",\"histograms\":[" : ",";
            appendSample(out, series.histogramAtMs[i], *series.histograms[i]);
        }
        if (!series.histograms.empty()) {
            out += ']';
        }
        out += '}';
    }
    out += ']';
}

} // namespace

void appendSeconds(std::string& out, std::int64_t atMs)
{
    std::array<char, mostSecondsBytes> buffer;
    out.append(buffer.data(), writeSeconds(buffer.data(), atMs));
}

void appendLabels(std::string& out, const Labels& labels)
{
    char before = '{';
    for (const Label& label : labels) {
        out += before;
        before = ',';
        encoding::appendJsonString(out, label.name);
        out += ':';
        encoding::appendJsonString(out, label.value);
    }
    out += before == '{' ? "{}" : "}";
}

void appendHistogram(std::string& out, const Histogram& histogram)
{
    out += "{\"count\":";
    appendQuoted(out, histogram.count);
    out += ",\"sum\":";
    appendQuoted(out, histogram.sum);
    BucketList list(out);
    std::vector<std::pair<std::int64_t, double>> negative;
    eachBucket(histogram.negativeSpans, histogram.negativeBuckets,
               [&](std::int64_t index, double count) { negative.emplace_back(index, count); });
    const double zero = histogram.zeroThreshold;
    for (const auto& [index, count] : std::views::reverse(negative)) {
        const double upper = std::min(-boundOf(histogram, index - 1), -zero);
        list.add({-boundOf(histogram, index), upper, true, upper > 0, count});
    }
    if (histogram.zeroCount > 0) {
        list.add({-zero, zero, true, true, histogram.zeroCount});
    }
    eachBucket(histogram.positiveSpans, histogram.positiveBuckets,
               [&](std::int64_t index, double count) {
                   const double upper = boundOf(histogram, index);
                   if (histogram.usesCustomBuckets()) {
                       list.add({boundOf(histogram, index - 1), upper, index == 0, true, count});
                   } else {
                       const double lower = std::max(boundOf(histogram, index - 1), zero);
                       list.add({lower, upper, lower < 0, true, count});
                   }
               });
    list.end();
    out += '}';
}

void appendResult(std::string& out, const QueryValue& value)
{
    std::visit(
        [&](const auto& held) {
            using Held = std::remove_cvref_t<decltype(held)>;
            if constexpr (std::is_same_v<Held, Vector>) {
                out += R"("resultType":"vector","result":)";
                appendVector(out, held);
            } else if constexpr (std::is_same_v<Held, Matrix>) {
                out += R"("resultType":"matrix","result":)";
                appendMatrix(out, held);
            } else if constexpr (std::is_same_v<Held, Scalar>) {
                out += R"("resultType":"scalar","result":)";
                appendSample(out, held.atMs, held.value);
            } else {
                out += R"("resultType":"string","result":[)";
                appendSeconds(out, held.atMs);
                out += ',';
                encoding::appendJsonString(out, held.value);
                out += ']';
            }
        },
        value);
}

void appendExplanation(std::string& out, const NodeReport& report)
{
    constexpr std::uint64_t bytesPerSample = 16; // time and value, as limits count them
    encoding::JsonWriter json(out);
    const auto appendSide = [&](std::string_view name, const MatchReport::Side& side) {
        json.key(name).beginObject();
        json.key("groups").unsignedInteger(side.groups);
        json.key("series").unsignedInteger(side.series);
        json.key("examples").beginArray();
        for (const Labels& labels : side.examples) {
            appendLabels(json.value(), labels);
        }
        json.endArray().endObject();
    };
    json.beginObject().field("kind", report.kind).field("text", report.text);
    json.key("begin").unsignedInteger(report.where.begin);
    json.key("end").unsignedInteger(report.where.end);
    json.key("seriesIn").unsignedInteger(report.seriesIn);
    json.key("seriesOut").unsignedInteger(report.seriesOut);
    json.key("samplesRead").unsignedInteger(report.samplesRead);
    json.key("samplesOut").unsignedInteger(report.samplesOut);
    json.key("seconds").number(std::chrono::duration<double>(report.time).count());
    json.key("peakSamples").unsignedInteger(report.peakSamples);
    json.key("peakBytes").unsignedInteger(report.peakSamples * bytesPerSample);
    if (report.matching) {
        json.key("matching").beginObject();
        json.key("matchedGroups").unsignedInteger(report.matching->matchedGroups);
        appendSide("unmatchedLeft", report.matching->left);
        appendSide("unmatchedRight", report.matching->right);
        json.endObject();
    }
    json.key("children").beginArray();
    for (const NodeReport& child : report.children) {
        appendExplanation(json.value(), child);
    }
    json.endArray().endObject();
}

bool truncate(QueryValue& value, std::size_t limit)
{
    const auto cut = [&](auto& list) {
        if (limit == 0 || list.size() <= limit) {
            return false;
        }
        list.erase(list.begin() + static_cast<std::ptrdiff_t>(limit), list.end());
        return true;
    };
    if (auto* const vector = std::get_if<Vector>(&value)) {
        return cut(*vector);
    }
    if (auto* const matrix = std::get_if<Matrix>(&value)) {
        return cut(*matrix);
    }
    return false;
}

} // namespace watchfire::api
