// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/scrub_record.h"

namespace watchfire::tsdb {

namespace {

// meta "scrub": version u8 (1); finished at i64 (ms since the epoch); findings of that pass: count
// varint, where text, what text; flag u8 (1: a pass is under way, and follows: begun at i64; table
// text; key text; values varint; bytes varint; findings). Text: varint length, bytes. On disk: do
// not renumber.
constexpr std::uint8_t version = 1;

void putTime(ByteWriter& writer, Timestamp at)
{
    writer.le(static_cast<std::uint64_t>(unixMs(at)));
}

Timestamp takeTime(ByteReader& reader)
{
    return fromUnixMs(static_cast<std::int64_t>(reader.le<std::uint64_t>()));
}

void putFindings(ByteWriter& writer, const ScrubRecord::Findings& findings)
{
    writer.varint(findings.count);
    writer.text(findings.first.where);
    writer.text(findings.first.what);
}

ScrubRecord::Findings takeFindings(ByteReader& reader)
{
    ScrubRecord::Findings findings;
    findings.count = reader.varint();
    findings.first.where = reader.text();
    findings.first.what = reader.text();
    return findings;
}

} // namespace

Bytes ScrubRecord::serialize() const
{
    Bytes value;
    ByteWriter writer(value);
    writer.le(version);
    putTime(writer, finishedAt);
    putFindings(writer, known);
    writer.le(static_cast<std::uint8_t>(begunAt.has_value()));
    if (begunAt) {
        putTime(writer, *begunAt);
        writer.text(table);
        writer.text(asText(last));
        writer.varint(values);
        writer.varint(bytes);
        putFindings(writer, found);
    }
    return value;
}

std::optional<ScrubRecord> ScrubRecord::parse(ByteView value)
{
    ByteReader reader(value);
    ScrubRecord record;
    if (reader.le<std::uint8_t>() != version) {
        return {};
    }
    record.finishedAt = takeTime(reader);
    record.known = takeFindings(reader);
    if (reader.le<std::uint8_t>() != 0) {
        record.begunAt = takeTime(reader);
        record.table = reader.text();
        const ByteView key = asBytes(reader.text());
        record.last.assign(key.begin(), key.end());
        record.values = reader.varint();
        record.bytes = reader.varint();
        record.found = takeFindings(reader);
    }
    return reader.ok() ? std::optional(std::move(record)) : std::nullopt;
}

} // namespace watchfire::tsdb
