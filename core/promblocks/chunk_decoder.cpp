// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promblocks/chunk_decoder.h"

#include "core/model/sample.h"
#include "core/promblocks/bits.h"

#include <algorithm>
#include <cmath>
#include <format>
#include <limits>
#include <utility>

namespace watchfire::promblocks {

namespace {

/// Sums of hostile differences may overflow: they are made in unsigned arithmetic.
std::int64_t plus(std::int64_t a, std::int64_t b)
{
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}
std::int64_t minus(std::int64_t a, std::int64_t b)
{
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b));
}

std::unexpected<Error> endsEarly()
{
    return fail(ErrorKind::corrupt, "the chunk ends within a sample");
}

/// A float that is written as what changed against the one before: the bits between the zeros
/// in front and behind, whose numbers are written only when they no longer fit.
struct ChangingFloat {
    double value = 0;
    unsigned leading = 0;
    unsigned trailing = 0;

    /// The bits between zeros as they were before.
    bool readSame(BitReader& in)
    {
        apply(in.bits(64 - leading - trailing));
        return true;
    }
    bool readNew(BitReader& in)
    {
        const auto zeros = static_cast<unsigned>(in.bits(5));
        auto width = static_cast<unsigned>(in.bits(6));
        width = width == 0 ? 64 : width; // none at all is not written
        if (zeros + width > 64) {
            return false;
        }
        leading = zeros;
        trailing = 64 - zeros - width;
        apply(in.bits(width));
        return true;
    }
    /// <varbit_xor>; false: it is not one.
    bool read(BitReader& in)
    {
        if (!in.bit()) {
            return true;
        }
        return in.bit() ? readNew(in) : readSame(in);
    }

private:
    void apply(std::uint64_t changed)
    {
        // Nothing is shifted out by 64: then at least one of the zeros is missing.
        value = std::bit_cast<double>(std::bit_cast<std::uint64_t>(value) ^ (changed << trailing));
    }
};

/// When counters started, where a chunk says so.
class Starts {
public:
    void readHeader(std::uint8_t header)
    {
        m_firstKnown = (header & 0x80) != 0;
        m_changesOn = header & 0x7F;
    }
    /// After sample `index` (from 0) at `atMs`; the one before was at `beforeMs`.
    void read(BitReader& in, std::uint32_t index, std::int64_t atMs, std::int64_t beforeMs)
    {
        if (index == 0) {
            if (m_firstKnown) {
                m_difference = 0;
                m_startMs = minus(atMs, in.varint());
            }
            return;
        }
        if (m_changesOn == 0 || index < m_changesOn) {
            return;
        }
        const std::int64_t read = in.varbit();
        m_difference = index == m_changesOn ? read : plus(m_difference, read);
        m_startMs = minus(beforeMs, m_difference);
    }
    std::int64_t startMs() const { return m_startMs; }

private:
    bool m_firstKnown = false;
    std::uint32_t m_changesOn = 0;
    std::int64_t m_difference = 0;
    std::int64_t m_startMs = 0;
};

Result<void> decodeXor(ByteView data, std::uint32_t count, std::vector<ChunkSample>& out)
{
    BitReader in(data);
    ChangingFloat value;
    std::int64_t atMs = 0;
    std::int64_t step = 0;
    for (std::uint32_t i = 0; i < count; ++i) {
        bool valid = true;
        if (i == 0) {
            atMs = in.varint();
            value.value = in.float64();
        } else {
            if (i == 1) {
                step = static_cast<std::int64_t>(in.uvarint());
            } else {
                static constexpr std::uint8_t widths[] = {0, 14, 17, 20, 64};
                step = plus(step, in.shifted(widths[in.ones(4)]));
            }
            atMs = plus(atMs, step);
            valid = value.read(in);
        }
        if (!in.ok() || !valid) {
            return endsEarly();
        }
        out.push_back({atMs, 0, value.value, nullptr});
    }
    return {};
}

/// Where a time off the beat stands between: 0 same, 10 other window and so on.
bool readXor2Value(BitReader& in, ChangingFloat& value, bool& isStale)
{
    switch (in.ones(3)) {
    case 0:
        return true;
    case 1:
        return value.readSame(in);
    case 2:
        return value.readNew(in);
    default:
        isStale = true;
        return true;
    }
}

Result<void> decodeXor2(ByteView data, std::uint32_t count, std::vector<ChunkSample>& out)
{
    BitReader in(data);
    Starts starts;
    starts.readHeader(static_cast<std::uint8_t>(in.bits(8)));
    ChangingFloat value; // staleness markers leave it alone
    std::int64_t atMs = 0;
    std::int64_t step = 0;
    for (std::uint32_t i = 0; i < count; ++i) {
        const std::int64_t beforeMs = atMs;
        bool valid = true;
        bool isStale = false;
        if (i == 0) {
            atMs = in.varint();
            const double first = in.float64();
            isStale = isStaleMarker(first);
            value.value = isStale ? 0 : first;
        } else if (i == 1) {
            step = static_cast<std::int64_t>(in.uvarint());
            atMs = plus(atMs, step);
            valid = readXor2Value(in, value, isStale);
        } else {
            const unsigned control = in.ones(5);
            if (control >= 2 && control <= 4) {
                static constexpr std::uint8_t widths[] = {13, 20, 64};
                step = plus(step, in.twos(widths[control - 2]));
                valid = readXor2Value(in, value, isStale);
            } else if (control == 1) {
                valid = in.bit() ? value.readNew(in) : value.readSame(in);
            }
            isStale = isStale || control == 5;
            atMs = plus(atMs, step);
        }
        starts.read(in, i, atMs, beforeMs);
        if (!in.ok() || !valid) {
            return endsEarly();
        }
        out.push_back({atMs, starts.startMs(), isStale ? staleMarker() : value.value, nullptr});
    }
    return {};
}

/// What all histograms of one chunk share.
struct Layout {
    std::int32_t schema = 0;
    double zeroThreshold = 0;
    std::vector<BucketSpan> positiveSpans;
    std::vector<BucketSpan> negativeSpans;
    std::size_t positive = 0; ///< buckets
    std::size_t negative = 0;
    std::vector<double> customValues;
};

Result<std::size_t> readSpans(BitReader& in, std::vector<BucketSpan>& spans)
{
    const std::uint64_t count = in.varbitUnsigned();
    std::uint64_t buckets = 0;
    for (std::uint64_t i = 0; i < count && in.ok(); ++i) {
        const std::uint64_t length = in.varbitUnsigned();
        const std::int64_t offset = in.varbit();
        buckets += std::min<std::uint64_t>(length, std::numeric_limits<std::uint32_t>::max());
        // Every bucket takes a bit at least.
        if (buckets > in.left() || offset > std::numeric_limits<std::int32_t>::max()
            || offset < std::numeric_limits<std::int32_t>::min() || (i > 0 && offset < 0)) {
            return fail(ErrorKind::corrupt, "the spans of a histogram are out of range");
        }
        spans.push_back({static_cast<std::int32_t>(offset), static_cast<std::uint32_t>(length)});
    }
    if (!in.ok()) {
        return endsEarly();
    }
    return static_cast<std::size_t>(buckets);
}

Result<Layout> readLayout(BitReader& in)
{
    Layout layout;
    if (const auto code = static_cast<int>(in.bits(8)); code == 255) {
        layout.zeroThreshold = in.float64();
    } else if (code != 0) {
        layout.zeroThreshold = std::ldexp(0.5, code - 243);
    }
    const std::int64_t schema = in.varbit();
    if (in.ok() && schema != Histogram::customSchema && (schema < -4 || schema > 8)) {
        return fail(ErrorKind::unsupported,
                    std::format("a histogram's schema {} is not known", schema));
    }
    layout.schema = static_cast<std::int32_t>(schema);
    const auto positive = readSpans(in, layout.positiveSpans);
    if (!positive) {
        return std::unexpected(positive.error());
    }
    const auto negative = readSpans(in, layout.negativeSpans);
    if (!negative) {
        return std::unexpected(negative.error());
    }
    layout.positive = *positive;
    layout.negative = *negative;
    if (layout.schema == Histogram::customSchema) {
        const std::uint64_t count = in.varbitUnsigned();
        for (std::uint64_t i = 0; i < count && in.ok(); ++i) {
            const std::uint64_t thousandths = in.varbitUnsigned();
            layout.customValues.push_back(
                thousandths == 0 ? in.float64() : static_cast<double>(thousandths - 1) / 1000);
        }
        if (layout.negative > 0 || layout.positive > layout.customValues.size() + 1) {
            return fail(ErrorKind::corrupt, "a histogram with custom buckets contradicts itself");
        }
    }
    if (!in.ok()) {
        return endsEarly();
    }
    return layout;
}

/// An integer written as the difference of its differences.
struct Accelerating {
    std::int64_t value = 0;
    std::int64_t step = 0;
    void read(BitReader& in)
    {
        step = plus(step, in.varbit());
        value = plus(value, step);
    }
};

/// The numbers of histograms with integer counts. Buckets are differences to their neighbours.
struct IntegerCounts {
    Accelerating count;
    Accelerating zeroCount;
    ChangingFloat sum;
    std::vector<Accelerating> positive;
    std::vector<Accelerating> negative;

    bool readFirst(BitReader& in)
    {
        count.value = static_cast<std::int64_t>(in.varbitUnsigned());
        zeroCount.value = static_cast<std::int64_t>(in.varbitUnsigned());
        sum.value = in.float64();
        for (auto* const buckets : {&positive, &negative}) {
            for (Accelerating& bucket : *buckets) {
                bucket.value = in.varbit();
            }
        }
        return true;
    }
    bool readNext(BitReader& in)
    {
        count.read(in);
        zeroCount.read(in);
        if (!sum.read(in)) {
            return false;
        }
        if (isStaleMarker(sum.value)) {
            return true; // a marker has no buckets
        }
        for (auto* const buckets : {&positive, &negative}) {
            for (Accelerating& bucket : *buckets) {
                bucket.read(in);
            }
        }
        return true;
    }
    void fill(Histogram& out) const
    {
        out.count = static_cast<double>(static_cast<std::uint64_t>(count.value));
        out.zeroCount = static_cast<double>(static_cast<std::uint64_t>(zeroCount.value));
        const auto absolute = [](const std::vector<Accelerating>& buckets) {
            std::vector<double> made;
            made.reserve(buckets.size());
            std::int64_t current = 0;
            for (const Accelerating& bucket : buckets) {
                current = plus(current, bucket.value);
                made.push_back(static_cast<double>(current));
            }
            return made;
        };
        out.positiveBuckets = absolute(positive);
        out.negativeBuckets = absolute(negative);
    }
};

struct FloatCounts {
    ChangingFloat count;
    ChangingFloat zeroCount;
    ChangingFloat sum;
    std::vector<ChangingFloat> positive;
    std::vector<ChangingFloat> negative;

    bool readFirst(BitReader& in)
    {
        count.value = in.float64();
        zeroCount.value = in.float64();
        sum.value = in.float64();
        for (auto* const buckets : {&positive, &negative}) {
            for (ChangingFloat& bucket : *buckets) {
                bucket.value = in.float64();
            }
        }
        return true;
    }
    bool readNext(BitReader& in)
    {
        if (!count.read(in) || !zeroCount.read(in) || !sum.read(in)) {
            return false;
        }
        if (isStaleMarker(sum.value)) {
            return true;
        }
        for (auto* const buckets : {&positive, &negative}) {
            for (ChangingFloat& bucket : *buckets) {
                if (!bucket.read(in)) {
                    return false;
                }
            }
        }
        return true;
    }
    void fill(Histogram& out) const
    {
        out.count = count.value;
        out.zeroCount = zeroCount.value;
        const auto values = [](const std::vector<ChangingFloat>& buckets) {
            std::vector<double> made;
            made.reserve(buckets.size());
            for (const ChangingFloat& bucket : buckets) {
                made.push_back(bucket.value);
            }
            return made;
        };
        out.positiveBuckets = values(positive);
        out.negativeBuckets = values(negative);
    }
};

template <class Counts>
Result<void> decodeHistograms(BitReader in, std::uint32_t count, bool isGauge, Starts* starts,
                              std::vector<ChunkSample>& out)
{
    if (count == 0) {
        return {};
    }
    const auto layout = readLayout(in);
    if (!layout) {
        return std::unexpected(layout.error());
    }
    Counts counts;
    counts.positive.resize(layout->positive);
    counts.negative.resize(layout->negative);
    Accelerating at;
    for (std::uint32_t i = 0; i < count; ++i) {
        const std::int64_t beforeMs = at.value;
        if (i == 0) {
            at.value = in.varbit();
        } else {
            at.read(in);
        }
        const bool valid = i == 0 ? counts.readFirst(in) : counts.readNext(in);
        if (starts != nullptr) {
            starts->read(in, i, at.value, beforeMs);
        }
        if (!in.ok() || !valid) {
            return endsEarly();
        }
        const std::int64_t startMs = starts != nullptr ? starts->startMs() : 0;
        if (isStaleMarker(counts.sum.value)) {
            out.push_back({at.value, startMs, staleMarker(), nullptr});
            continue;
        }
        auto made = std::make_shared<Histogram>();
        // Within a chunk nothing resets; whether its first one does depends on what is before.
        made->resetHint = isGauge ? CounterReset::gauge
            : i > 0               ? CounterReset::notReset
                                  : CounterReset::unknown;
        made->schema = layout->schema;
        made->zeroThreshold = layout->zeroThreshold;
        made->sum = counts.sum.value;
        made->positiveSpans = layout->positiveSpans;
        made->negativeSpans = layout->negativeSpans;
        made->customValues = layout->customValues;
        counts.fill(*made);
        out.push_back({at.value, startMs, 0, std::move(made)});
    }
    return {};
}

constexpr unsigned gaugeFlags = 3;

} // namespace

std::uint32_t chunkSampleCount(std::uint8_t encoding, ByteView data)
{
    if (data.size() < 2 || encoding == 0 || encoding > 6) {
        return 0;
    }
    const std::uint32_t count = static_cast<std::uint32_t>(data[0]) << 8 | data[1];
    return encoding >= 5 ? count & 0x3FFF : count;
}

Result<void> decodeChunk(std::uint8_t encoding, ByteView data, std::vector<ChunkSample>& out)
{
    if (encoding < 1 || encoding > 6) {
        return fail(ErrorKind::unsupported,
                    std::format("chunk encoding {} is not known", encoding));
    }
    const std::uint32_t count = chunkSampleCount(encoding, data);
    if (data.size() < 3) {
        return endsEarly();
    }
    const ByteView body = data.subspan(2);
    switch (static_cast<ChunkEncoding>(encoding)) {
    case ChunkEncoding::xorFloats:
        return decodeXor(body, count, out);
    case ChunkEncoding::xor2Floats:
        return decodeXor2(body, count, out);
    case ChunkEncoding::histogram:
    case ChunkEncoding::floatHistogram: {
        const bool isGauge = unsigned{body[0]} >> 6 == gaugeFlags;
        const BitReader in(body.subspan(1));
        return encoding == 2 ? decodeHistograms<IntegerCounts>(in, count, isGauge, nullptr, out)
                             : decodeHistograms<FloatCounts>(in, count, isGauge, nullptr, out);
    }
    case ChunkEncoding::histogramStarts:
    case ChunkEncoding::floatHistogramStarts: {
        const bool isGauge = unsigned{data[0]} >> 6 == gaugeFlags;
        Starts starts;
        starts.readHeader(body[0]);
        const BitReader in(body.subspan(1));
        return encoding == 5 ? decodeHistograms<IntegerCounts>(in, count, isGauge, &starts, out)
                             : decodeHistograms<FloatCounts>(in, count, isGauge, &starts, out);
    }
    }
    return {};
}

} // namespace watchfire::promblocks
