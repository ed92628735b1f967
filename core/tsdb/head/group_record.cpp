// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/head/group_record.h"

namespace watchfire::tsdb {

namespace {

constexpr std::uint8_t recordVersion = 1;
// A run of a broken record must not make us fill the memory.
constexpr std::uint64_t greatestLayout = std::uint64_t{1} << 26;

void appendRuns(ByteWriter& writer, std::span<const std::uint32_t> numbers)
{
    std::vector<std::pair<std::uint32_t, std::uint32_t>> runs;
    for (const std::uint32_t number : numbers) {
        if (!runs.empty() && runs.back().first + runs.back().second == number) {
            ++runs.back().second;
        } else {
            runs.emplace_back(number, 1);
        }
    }
    writer.varint(runs.size());
    for (const auto& [first, length] : runs) {
        writer.varint(first);
        writer.varint(length);
    }
}

bool readRuns(ByteReader& reader, std::vector<std::uint32_t>& out)
{
    const std::uint64_t count = reader.varint();
    for (std::uint64_t i = 0; i < count && reader.ok(); ++i) {
        const auto first = static_cast<std::uint32_t>(reader.varint());
        const std::uint64_t length = reader.varint();
        if (length > greatestLayout || out.size() + length > greatestLayout) {
            return false;
        }
        for (std::uint32_t k = 0; k < length; ++k) {
            out.push_back(first + k);
        }
    }
    return reader.ok();
}

} // namespace

void appendLabels(ByteWriter& writer, const Labels& labels)
{
    writer.varint(labels.size());
    for (const Label& label : labels) {
        writer.text(label.name);
        writer.text(label.value);
    }
}

Labels readLabels(ByteReader& reader)
{
    std::vector<std::pair<std::string, std::string>> pairs;
    const std::uint64_t count = reader.varint();
    for (std::uint64_t i = 0; i < count && reader.ok(); ++i) {
        std::string name(reader.text());
        pairs.emplace_back(std::move(name), std::string(reader.text()));
    }
    return Labels::fromPairs(std::move(pairs));
}

Bytes GroupRecord::serialize() const
{
    Bytes out;
    ByteWriter writer(out);
    writer.le(recordVersion);
    appendLabels(writer, identity);
    writer.varint(nextStripSeq);
    writer.le(static_cast<std::uint64_t>(sealedThroughMs));
    writer.varint(coveredSeq);
    writer.varint(lateCoveredSeq);
    appendRuns(writer, extents);
    writer.le(static_cast<std::uint8_t>(usedInLast));
    appendRuns(writer, layout);
    return out;
}

Result<GroupRecord> GroupRecord::parse(ByteView value)
{
    GroupRecord record;
    ByteReader reader(value);
    const auto version = reader.le<std::uint8_t>();
    record.identity = readLabels(reader);
    record.nextStripSeq = static_cast<std::uint32_t>(reader.varint());
    record.sealedThroughMs = static_cast<std::int64_t>(reader.le<std::uint64_t>());
    record.coveredSeq = reader.varint();
    record.lateCoveredSeq = reader.varint();
    bool fits = readRuns(reader, record.extents);
    record.usedInLast = reader.le<std::uint8_t>();
    fits = fits && readRuns(reader, record.layout);
    if (!fits || !reader.ok() || version != recordVersion || record.usedInLast > extentSize) {
        return fail(ErrorKind::corrupt, "broken group record");
    }
    return record;
}

} // namespace watchfire::tsdb
