// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/codec/column.h"

#include "core/base/check.h"

#include <algorithm>
#include <bit>
#include <numeric>

namespace watchfire::tsdb {

namespace {

constexpr std::uint8_t extHeader(ExtKind kind)
{
    return static_cast<std::uint8_t>(3U | static_cast<unsigned>(kind) << 2);
}

bool isExt(ByteView data, ExtKind kind)
{
    return !data.empty() && (data[0] & 0x1F) == extHeader(kind);
}

std::unexpected<Error> broken(const char* what)
{
    return fail(ErrorKind::corrupt, std::string("column segment: ") + what);
}

bool sameBits(double a, double b)
{
    return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

bool sameBounds(const std::vector<double>& a, const std::vector<double>& b)
{
    return std::ranges::equal(a, b, sameBits);
}

/// Whether both may stand in one run.
bool sameShape(const Histogram& a, const Histogram& b)
{
    return a.schema == b.schema && sameBits(a.zeroThreshold, b.zeroThreshold)
        && a.positiveSpans == b.positiveSpans && a.negativeSpans == b.negativeSpans
        && a.positiveBuckets.size() == b.positiveBuckets.size()
        && a.negativeBuckets.size() == b.negativeBuckets.size()
        && sameBounds(a.customValues, b.customValues);
}

// ---- writing ---------------------------------------------------------------------------

using Run = std::span<const HistogramAt>;

void putSpans(const std::vector<BucketSpan>& spans, ByteWriter& writer)
{
    writer.varint(spans.size());
    for (const BucketSpan& span : spans) {
        writer.varint(zigzag(span.offset));
        writer.varint(span.length);
    }
}

/// One column of the run: `get` yields the number of a histogram.
template <class Get> void putNumbers(Run run, Bytes& out, Get get)
{
    double numbers[maxSegmentValues];
    for (std::size_t i = 0; i < run.size(); ++i) {
        numbers[i] = get(*run[i].second);
    }
    EncodeHint hint;
    encodeSegment({numbers, run.size()}, out, hint);
}

void putHistograms(Run run, Bytes& out)
{
    const Histogram& shape = *run.front().second;
    ByteWriter writer(out);
    writer.varint(run.size() << 1 | 1);
    writer.varint(zigzag(shape.schema));
    writer.f64(shape.zeroThreshold);
    putSpans(shape.positiveSpans, writer);
    putSpans(shape.negativeSpans, writer);
    writer.varint(shape.positiveBuckets.size());
    writer.varint(shape.negativeBuckets.size());
    writer.varint(shape.customValues.size());
    for (const double bound : shape.customValues) {
        writer.f64(bound);
    }
    for (std::size_t i = 0; i < run.size(); i += 4) {
        unsigned hints = 0;
        for (std::size_t k = i; k < std::min(i + 4, run.size()); ++k) {
            hints |= static_cast<unsigned>(run[k].second->resetHint) << (2 * (k - i));
        }
        out.push_back(static_cast<std::uint8_t>(hints));
    }
    putNumbers(run, out, [](const Histogram& h) { return h.count; });
    putNumbers(run, out, [](const Histogram& h) { return h.zeroCount; });
    putNumbers(run, out, [](const Histogram& h) { return h.sum; });
    for (std::size_t b = 0; b < shape.positiveBuckets.size(); ++b) {
        putNumbers(run, out, [b](const Histogram& h) { return h.positiveBuckets[b]; });
    }
    for (std::size_t b = 0; b < shape.negativeBuckets.size(); ++b) {
        putNumbers(run, out, [b](const Histogram& h) { return h.negativeBuckets[b]; });
    }
}

/// Runs of floats and histograms, all of them present.
void putMixed(std::span<const double> values, std::span<const HistogramAt> histograms, Bytes& out,
              EncodeHint& hint)
{
    out.push_back(extHeader(ExtKind::histogram));
    for (std::size_t row = 0, h = 0; row < values.size();) {
        const std::size_t first = row;
        if (!isHistogramMarker(values[row])) {
            while (row < values.size() && !isHistogramMarker(values[row])) {
                ++row;
            }
            ByteWriter(out).varint((row - first) << 1);
            encodeSegment(values.subspan(first, row - first), out, hint);
            continue;
        }
        const std::size_t firstHistogram = h;
        while (row < values.size() && isHistogramMarker(values[row])
               && sameShape(*histograms[firstHistogram].second, *histograms[h].second)) {
            ++row;
            ++h;
            if (h == histograms.size()) {
                break;
            }
        }
        putHistograms(histograms.subspan(firstHistogram, h - firstHistogram), out);
    }
}

/// The column without its absent places, or with none at all.
void putValues(std::span<const double> values, std::span<const HistogramAt> histograms, Bytes& out,
               EncodeHint& hint)
{
    if (histograms.empty()) {
        encodeSegment(values, out, hint);
        return;
    }
    const std::size_t n = values.size();
    Bytes bitmap((n + 7) / 8);
    double present[maxSegmentValues];
    std::size_t count = 0;
    for (std::size_t i = 0; i < n; ++i) {
        if (!isAbsent(values[i])) {
            bitmap[i / 8] = static_cast<std::uint8_t>(bitmap[i / 8] | 1U << i % 8);
            present[count++] = values[i];
        }
    }
    if (count < n) {
        out.push_back(extHeader(ExtKind::presence));
        ByteWriter(out).bytes(bitmap);
    }
    putMixed({present, count}, histograms, out, hint);
}

/// Nothing, where none is known.
void putStartTimes(const ColumnInput& column, Bytes& out, std::uint8_t flags = 0)
{
    std::int64_t starts[maxSegmentValues];
    std::int64_t last = 0;
    bool any = false;
    const std::size_t n = column.values.size();
    for (std::size_t i = 0; i < n; ++i) {
        // What stands at an absent place is free: the one before costs nothing.
        if (!isAbsent(column.values[i])) {
            last = column.startedAtMs[i];
            if (!any) {
                std::fill(starts, starts + i, last);
                any = true;
            }
        }
        starts[i] = last;
    }
    if (std::ranges::all_of(std::span(starts, n), [](std::int64_t at) { return at == 0; })) {
        return;
    }
    out.push_back(static_cast<std::uint8_t>(extHeader(ExtKind::startTimes) | flags));
    encodeIntegers({starts, n}, out);
}

// ---- reading ---------------------------------------------------------------------------

Result<std::size_t> takeSegment(ByteView data, std::span<double> out)
{
    const auto facts = decodeSegment(data, out);
    if (!facts) {
        return std::unexpected(facts.error());
    }
    return facts->bytes;
}

bool takeSpans(ByteReader& reader, std::vector<BucketSpan>& spans)
{
    const std::uint64_t count = reader.varint();
    if (count > reader.left() / 2) {
        return false;
    }
    spans.resize(static_cast<std::size_t>(count));
    for (BucketSpan& span : spans) {
        span.offset = static_cast<std::int32_t>(unzigzag(reader.varint()));
        span.length = static_cast<std::uint32_t>(reader.varint());
    }
    return reader.ok();
}

/// Reads one run of histograms from the front of `reader`'s rest into `run`.
Result<std::size_t> takeHistograms(ByteView data, std::span<std::shared_ptr<Histogram>> run)
{
    ByteReader reader(data);
    Histogram shape;
    shape.schema = static_cast<std::int32_t>(unzigzag(reader.varint()));
    shape.zeroThreshold = reader.f64();
    if (!takeSpans(reader, shape.positiveSpans) || !takeSpans(reader, shape.negativeSpans)) {
        return broken("its histogram spans do not fit");
    }
    const std::uint64_t positive = reader.varint();
    const std::uint64_t negative = reader.varint();
    const std::uint64_t bounds = reader.varint();
    // Every bucket's column takes a byte at least, every bound eight: so a few broken bytes
    // cannot ask for much memory.
    if (!reader.ok() || positive > reader.left() || negative > reader.left()
        || bounds > reader.left() / 8) {
        return broken("its histogram does not fit");
    }
    shape.customValues.resize(static_cast<std::size_t>(bounds));
    for (double& bound : shape.customValues) {
        bound = reader.f64();
    }
    const ByteView hints = reader.bytes((run.size() + 3) / 4);
    if (!reader.ok() || positive + negative + 3 > reader.left()) {
        return broken("its histogram does not fit");
    }
    shape.positiveBuckets.resize(static_cast<std::size_t>(positive));
    shape.negativeBuckets.resize(static_cast<std::size_t>(negative));
    for (std::size_t i = 0; i < run.size(); ++i) {
        run[i] = std::make_shared<Histogram>(shape);
        run[i]->resetHint = static_cast<CounterReset>(hints[i / 4] >> (i % 4 * 2) & 3);
    }
    std::size_t at = data.size() - reader.left();
    double numbers[maxSegmentValues];
    const std::span<double> column(numbers, run.size());
    const auto take = [&](auto place) -> Result<void> {
        const auto bytes = takeSegment(data.subspan(at), column);
        if (!bytes) {
            return std::unexpected(bytes.error());
        }
        at += *bytes;
        for (std::size_t i = 0; i < run.size(); ++i) {
            place(*run[i]) = column[i];
        }
        return {};
    };
    Result<void> taken = take([](Histogram& h) -> double& { return h.count; });
    if (taken) {
        taken = take([](Histogram& h) -> double& { return h.zeroCount; });
    }
    if (taken) {
        taken = take([](Histogram& h) -> double& { return h.sum; });
    }
    for (std::size_t b = 0; taken && b < positive; ++b) {
        taken = take([b](Histogram& h) -> double& { return h.positiveBuckets[b]; });
    }
    for (std::size_t b = 0; taken && b < negative; ++b) {
        taken = take([b](Histogram& h) -> double& { return h.negativeBuckets[b]; });
    }
    if (!taken) {
        return std::unexpected(taken.error());
    }
    return at;
}

/// Histograms in the order of their rows; `rows[i]` is the row of value i.
Result<SegmentFacts> takeMixed(ByteView data, std::span<double> out, ColumnExtras& extras,
                               const std::uint32_t* rows)
{
    std::size_t at = 1;
    SegmentFacts facts;
    for (std::size_t row = 0; row < out.size();) {
        ByteReader reader(data.subspan(at));
        const std::uint64_t head = reader.varint();
        const std::uint64_t length = head >> 1;
        if (!reader.ok() || length == 0 || length > out.size() - row) {
            return broken("a run of histograms does not fit");
        }
        at = data.size() - reader.left();
        const std::span<double> run = out.subspan(row, static_cast<std::size_t>(length));
        if ((head & 1) == 0) {
            const auto floats = decodeSegment(data.subspan(at), run);
            if (!floats) {
                return floats;
            }
            at += floats->bytes;
            facts.mayHoldStale = facts.mayHoldStale || floats->mayHoldStale;
            facts.mayHoldAbsent = facts.mayHoldAbsent || floats->mayHoldAbsent;
        } else {
            std::vector<std::shared_ptr<Histogram>> histograms(run.size());
            const auto bytes = takeHistograms(data.subspan(at), histograms);
            if (!bytes) {
                return std::unexpected(bytes.error());
            }
            at += *bytes;
            for (std::size_t i = 0; i < run.size(); ++i) {
                extras.histograms.emplace_back(extras.firstRow + rows[row + i],
                                               std::move(histograms[i]));
            }
            std::ranges::fill(run, histogramMarker());
        }
        row += run.size();
    }
    facts.bytes = at;
    return facts;
}

/// PRESENCE over a HISTOGRAM.
Result<SegmentFacts> takeSparseMixed(ByteView data, std::span<double> out, ColumnExtras& extras)
{
    const std::size_t bitmapBytes = (out.size() + 7) / 8;
    const ByteView bitmap = data.subspan(1, bitmapBytes);
    std::uint32_t rows[maxSegmentValues] = {};
    double present[maxSegmentValues];
    std::size_t count = 0;
    for (std::uint32_t i = 0; i < bitmapBytes * 8; ++i) {
        if ((bitmap[i / 8] >> i % 8 & 1) == 0) {
            continue;
        }
        if (i >= out.size()) {
            return broken("its presence bitmap does not fit");
        }
        rows[count++] = i;
    }
    if (count == 0) {
        return broken("its presence bitmap is empty");
    }
    auto facts = takeMixed(data.subspan(1 + bitmapBytes), {present, count}, extras, rows);
    if (!facts) {
        return facts;
    }
    std::ranges::fill(out, absentValue());
    for (std::size_t i = 0; i < count; ++i) {
        out[rows[i]] = present[i];
    }
    facts->bytes += 1 + bitmapBytes;
    facts->mayHoldAbsent = true;
    return facts;
}

bool holdsHistograms(ByteView data, std::size_t values)
{
    const std::size_t bitmapBytes = (values + 7) / 8;
    return isExt(data, ExtKind::histogram)
        || (isExt(data, ExtKind::presence) && data.size() > 1 + bitmapBytes
            && isExt(data.subspan(1 + bitmapBytes), ExtKind::histogram));
}

/// All values of a segment that holds histograms.
Result<SegmentFacts> takeWithHistograms(ByteView data, std::span<double> out, ColumnExtras& extras)
{
    if (isExt(data, ExtKind::presence)) {
        return takeSparseMixed(data, out, extras);
    }
    std::uint32_t rows[maxSegmentValues];
    std::iota(rows, rows + out.size(), 0U);
    return takeMixed(data, out, extras, rows);
}

} // namespace

void encodeColumn(const ColumnInput& column, Bytes& out, EncodeHint& hint)
{
    const std::size_t n = column.values.size();
    WF_CHECK(n > 0 && n <= maxSegmentValues);
    WF_CHECK(column.startedAtMs.empty() || column.startedAtMs.size() == n);
    if (!column.startedAtMs.empty()) {
        putStartTimes(column, out);
    }
    if (!column.histograms.empty()) {
        const auto markers = std::ranges::count_if(column.values, isHistogramMarker);
        WF_CHECK(static_cast<std::size_t>(markers) == column.histograms.size());
    }
    putValues(column.values, column.histograms, out, hint);
}

bool encodeChainedColumn(const ColumnInput& column, std::span<const double> previous, Bytes& out)
{
    WF_CHECK(column.histograms.empty());
    const std::size_t before = out.size();
    if (!column.startedAtMs.empty()) {
        putStartTimes(column, out, startsOfChained);
    }
    if (!encodeChainedSegment(column.values, previous, out)) {
        out.resize(before);
        return false;
    }
    return true;
}

Result<SegmentFacts> decodeColumn(ByteView data, std::span<double> out, ColumnExtras& extras,
                                  std::span<const double> previous, std::size_t encoded)
{
    const std::size_t n = encoded == 0 ? out.size() : encoded;
    WF_CHECK(!out.empty() && out.size() <= n && n <= maxSegmentValues);
    std::size_t startBytes = 0;
    if (isExt(data, ExtKind::startTimes)) {
        std::int64_t starts[maxSegmentValues];
        const auto bytes = decodeIntegers(data.subspan(1), {starts, n});
        if (!bytes) {
            return std::unexpected(bytes.error());
        }
        const std::size_t end = extras.firstRow + n;
        if (extras.startedAtMs.size() < end) {
            extras.startedAtMs.resize(end);
        }
        std::copy_n(starts, n,
                    extras.startedAtMs.begin() + static_cast<std::ptrdiff_t>(extras.firstRow));
        startBytes = 1 + *bytes;
    }
    const ByteView values = data.subspan(startBytes);
    Result<SegmentFacts> facts;
    if (!holdsHistograms(values, n)) {
        facts = decodeSegment(values, out, previous, n);
    } else if (out.size() == n) {
        facts = takeWithHistograms(values, out, extras);
    } else {
        double all[maxSegmentValues];
        facts = takeWithHistograms(values, {all, n}, extras);
        std::copy_n(all, out.size(), out.begin());
    }
    if (facts && facts->bytes != 0) {
        facts->bytes += startBytes;
    }
    return facts;
}

void encodeHistogram(const Histogram& histogram, Bytes& out)
{
    // Borrowed: the run lives as long as this call.
    const HistogramAt alone{0,
                            std::shared_ptr<const Histogram>(std::shared_ptr<void>(), &histogram)};
    putHistograms({&alone, 1}, out);
}

Result<std::shared_ptr<const Histogram>> decodeHistogram(ByteView data)
{
    ByteReader reader(data);
    if (reader.varint() != 3) {
        return broken("one histogram expected");
    }
    std::shared_ptr<Histogram> histogram;
    const auto bytes = takeHistograms(reader.rest(), {&histogram, 1});
    if (!bytes) {
        return std::unexpected(bytes.error());
    }
    return histogram;
}

} // namespace watchfire::tsdb
