// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/codec/journal_frame.h"

#include "core/base/check.h"
#include "core/tsdb/codec/checked_value.h"
#include "core/tsdb/codec/column.h"

#include <limits>

namespace watchfire::tsdb {

namespace {

constexpr std::string_view magic = "WJ";
constexpr std::size_t usualSeriesFrame = 256;

std::unexpected<Error> broken(const char* what)
{
    return fail(ErrorKind::corrupt, std::string("journal: ") + what);
}

/// Appends type, length and body.
void putFrame(FrameType type, ByteView body, Bytes& out)
{
    ByteWriter writer(out);
    writer.le(static_cast<std::uint8_t>(type));
    writer.varint(body.size());
    writer.bytes(body);
}

void putLabels(const Labels& labels, ByteWriter& writer)
{
    writer.varint(labels.size());
    for (const Label& label : labels) {
        writer.text(label.name);
        writer.text(label.value);
    }
}

Labels takeLabels(ByteReader& reader)
{
    const std::uint64_t count = reader.varint();
    LabelsBuilder builder;
    for (std::uint64_t i = 0; i < count && reader.ok(); ++i) {
        const std::string_view name = reader.text();
        builder.set(name, reader.text());
    }
    return builder.build();
}

/// A varint that fits 32 bits; 0 and `ok` false otherwise.
std::uint32_t take32(ByteReader& reader, bool& ok)
{
    const std::uint64_t value = reader.varint();
    ok = ok && reader.ok() && value <= std::numeric_limits<std::uint32_t>::max();
    return ok ? static_cast<std::uint32_t>(value) : 0;
}

std::int64_t takeTime(ByteReader& reader)
{
    return static_cast<std::int64_t>(reader.le<std::uint64_t>());
}

void putTime(ByteWriter& writer, std::int64_t atMs)
{
    writer.le(static_cast<std::uint64_t>(atMs));
}

} // namespace

void encodeSparse(FrameType sparseOrLate, std::uint32_t gid, std::int64_t atMs,
                  std::span<const PositionedValue> values, Bytes& out)
{
    WF_CHECK(sparseOrLate == FrameType::sparse || sparseOrLate == FrameType::late);
    Bytes body;
    ByteWriter writer(body);
    writer.varint(gid);
    putTime(writer, atMs);
    writer.varint(values.size());
    for (const auto& [position, value] : values) {
        writer.varint(position);
        writer.f64(value);
    }
    putFrame(sparseOrLate, body, out);
}

void encodeSeries(std::uint32_t gid, std::uint32_t sid, std::uint32_t position,
                  const Labels& labels, Bytes& out)
{
    Bytes body;
    body.reserve(usualSeriesFrame);
    ByteWriter writer(body);
    writer.varint(gid);
    writer.varint(sid);
    writer.varint(position);
    putLabels(labels, writer);
    putFrame(FrameType::series, body, out);
}

void encodeHistogramFrame(std::uint32_t gid, std::int64_t atMs, std::uint32_t position,
                          const Histogram& histogram, Bytes& out)
{
    Bytes body;
    ByteWriter writer(body);
    writer.varint(gid);
    putTime(writer, atMs);
    writer.varint(position);
    encodeHistogram(histogram, body);
    putFrame(FrameType::histogram, body, out);
}

void encodeExemplar(std::uint32_t gid, std::uint32_t sid, std::int64_t atMs,
                    const Exemplar& exemplar, Bytes& out)
{
    Bytes body;
    ByteWriter writer(body);
    writer.varint(gid);
    writer.varint(sid);
    putTime(writer, atMs);
    writer.f64(exemplar.value);
    writer.le(static_cast<std::uint8_t>(exemplar.at.has_value()));
    if (exemplar.at) {
        putTime(writer, unixMs(*exemplar.at));
    }
    putLabels(exemplar.labels, writer);
    putFrame(FrameType::exemplar, body, out);
}

void encodeMetadata(std::uint32_t gid, const FamilyMetadata& metadata, Bytes& out)
{
    Bytes body;
    ByteWriter writer(body);
    writer.varint(gid);
    writer.text(metadata.family);
    writer.le(static_cast<std::uint8_t>(metadata.metadata.type));
    writer.text(metadata.metadata.unit);
    writer.text(metadata.metadata.help);
    putFrame(FrameType::metadata, body, out);
}

void encodeStarts(std::uint32_t gid, std::int64_t atMs, std::span<const PositionedStart> starts,
                  Bytes& out)
{
    Bytes body;
    ByteWriter writer(body);
    writer.varint(gid);
    putTime(writer, atMs);
    writer.varint(starts.size());
    for (const auto& [position, startedAtMs] : starts) {
        writer.varint(position);
        putTime(writer, startedAtMs);
    }
    putFrame(FrameType::starts, body, out);
}

void encodeGroup(std::uint32_t gid, const Labels& identity, Bytes& out)
{
    Bytes body;
    ByteWriter writer(body);
    writer.varint(gid);
    putLabels(identity, writer);
    putFrame(FrameType::group, body, out);
}

Result<SparseFrame> parseSparse(ByteView body)
{
    ByteReader reader(body);
    SparseFrame frame;
    bool ok = true;
    frame.gid = take32(reader, ok);
    frame.atMs = takeTime(reader);
    const std::uint64_t count = reader.varint();
    if (!reader.ok() || count > reader.left() / 9) {
        return broken("a sparse row does not fit");
    }
    frame.values.resize(static_cast<std::size_t>(count));
    for (auto& [position, value] : frame.values) {
        position = take32(reader, ok);
        value = reader.f64();
    }
    if (!ok || !reader.ok() || !reader.atEnd()) {
        return broken("a sparse row is not one");
    }
    return frame;
}

Result<SeriesFrame> parseSeries(ByteView body)
{
    ByteReader reader(body);
    SeriesFrame frame;
    bool ok = true;
    frame.gid = take32(reader, ok);
    frame.sid = take32(reader, ok);
    frame.position = take32(reader, ok);
    frame.labels = takeLabels(reader);
    if (!ok || !reader.ok() || !reader.atEnd()) {
        return broken("a series is not one");
    }
    return frame;
}

Result<HistogramFrame> parseHistogram(ByteView body)
{
    ByteReader reader(body);
    HistogramFrame frame;
    bool ok = true;
    frame.gid = take32(reader, ok);
    frame.atMs = takeTime(reader);
    frame.position = take32(reader, ok);
    if (!ok || !reader.ok()) {
        return broken("a histogram is not one");
    }
    auto histogram = decodeHistogram(reader.rest());
    if (!histogram) {
        return std::unexpected(histogram.error().within("journal"));
    }
    frame.histogram = std::move(*histogram);
    return frame;
}

Result<ExemplarFrame> parseExemplar(ByteView body)
{
    ByteReader reader(body);
    ExemplarFrame frame;
    bool ok = true;
    frame.gid = take32(reader, ok);
    frame.sid = take32(reader, ok);
    frame.atMs = takeTime(reader);
    frame.exemplar.value = reader.f64();
    if (reader.le<std::uint8_t>() != 0) {
        frame.exemplar.at = fromUnixMs(takeTime(reader));
    }
    frame.exemplar.labels = takeLabels(reader);
    if (!ok || !reader.ok() || !reader.atEnd()) {
        return broken("an exemplar is not one");
    }
    return frame;
}

Result<MetadataFrame> parseMetadata(ByteView body)
{
    ByteReader reader(body);
    MetadataFrame frame;
    bool ok = true;
    frame.gid = take32(reader, ok);
    frame.metadata.family = reader.text();
    const auto type = reader.le<std::uint8_t>();
    frame.metadata.metadata.unit = reader.text();
    frame.metadata.metadata.help = reader.text();
    if (!ok || !reader.ok() || !reader.atEnd()
        || type > static_cast<std::uint8_t>(MetricType::stateSet)) {
        return broken("metadata is not such");
    }
    frame.metadata.metadata.type = static_cast<MetricType>(type);
    return frame;
}

Result<StartsFrame> parseStarts(ByteView body)
{
    ByteReader reader(body);
    StartsFrame frame;
    bool ok = true;
    frame.gid = take32(reader, ok);
    frame.atMs = takeTime(reader);
    const std::uint64_t count = reader.varint();
    if (!reader.ok() || count > reader.left() / 9) {
        return broken("start times do not fit");
    }
    frame.starts.resize(static_cast<std::size_t>(count));
    for (auto& [position, startedAtMs] : frame.starts) {
        position = take32(reader, ok);
        startedAtMs = takeTime(reader);
    }
    if (!ok || !reader.ok() || !reader.atEnd()) {
        return broken("start times are not such");
    }
    return frame;
}

Result<GroupFrame> parseGroup(ByteView body)
{
    ByteReader reader(body);
    GroupFrame frame;
    bool ok = true;
    frame.gid = take32(reader, ok);
    frame.identity = takeLabels(reader);
    if (!ok || !reader.ok() || !reader.atEnd()) {
        return broken("a group is not one");
    }
    return frame;
}

Result<std::uint32_t> frameGid(ByteView body)
{
    ByteReader reader(body);
    bool ok = true;
    const std::uint32_t gid = take32(reader, ok);
    if (!ok) {
        return broken("a frame has no group");
    }
    return gid;
}

Result<Frame> FrameReader::next()
{
    ByteReader reader(m_rest);
    const auto type = static_cast<FrameType>(reader.le<std::uint8_t>());
    const ByteView body = reader.bytes(static_cast<std::size_t>(reader.varint()));
    if (!reader.ok()) {
        m_rest = {};
        return broken("a frame ends early");
    }
    m_rest = reader.rest();
    return Frame{type, body};
}

Bytes encodeJournalRecord(std::uint64_t firstSeq, std::uint32_t frameCount, ByteView frames)
{
    Bytes value;
    value.reserve(journalHeaderBytes + frames.size());
    beginChecked(magic, journalVersion, 0, value);
    ByteWriter writer(value);
    writer.le(firstSeq);
    writer.le(frameCount);
    writer.le(std::uint32_t{0});
    writer.bytes(frames);
    sealChecked(value);
    return value;
}

Result<JournalRecord> parseJournalRecord(ByteView value)
{
    const auto flags = openChecked(value, magic, journalVersion, Verify::yes, "journal record");
    if (!flags) {
        return std::unexpected(flags.error());
    }
    ByteReader reader(value.subspan(checkedHeaderBytes));
    JournalRecord record;
    record.firstSeq = reader.le<std::uint64_t>();
    record.frameCount = reader.le<std::uint32_t>();
    reader.le<std::uint32_t>();
    if (!reader.ok()) {
        return broken("a record ends early");
    }
    record.frames = reader.rest();
    return record;
}

} // namespace watchfire::tsdb
