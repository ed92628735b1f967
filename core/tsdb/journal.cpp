// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/journal.h"

namespace watchfire::tsdb {

namespace {

constexpr std::uint8_t compactedFlag = 1;
constexpr std::uint64_t greatestPositions = std::uint64_t{1} << 26;

} // namespace

void encodeStripFrame(const StripFrame& frame, Bytes& out)
{
    Bytes body;
    ByteWriter writer(body);
    writer.varint(frame.gid);
    writer.varint(frame.positions);
    writer.le(frame.compacted ? compactedFlag : std::uint8_t{0});
    if (frame.compacted) {
        std::vector<std::pair<std::uint32_t, std::uint32_t>> runs;
        for (const std::uint32_t position : frame.kept) {
            if (!runs.empty() && runs.back().first + runs.back().second == position) {
                ++runs.back().second;
            } else {
                runs.emplace_back(position, 1);
            }
        }
        writer.varint(runs.size());
        for (const auto& [first, length] : runs) {
            writer.varint(first);
            writer.varint(length);
        }
    }
    ByteWriter frames(out);
    frames.le(static_cast<std::uint8_t>(stripFrame));
    frames.varint(body.size());
    frames.bytes(body);
}

Result<StripFrame> parseStripFrame(ByteView body)
{
    StripFrame frame;
    ByteReader reader(body);
    frame.gid = static_cast<std::uint32_t>(reader.varint());
    const std::uint64_t positions = reader.varint();
    frame.positions = positions;
    frame.compacted = (reader.le<std::uint8_t>() & compactedFlag) != 0;
    if (frame.compacted) {
        const std::uint64_t runs = reader.varint();
        for (std::uint64_t i = 0; i < runs && reader.ok(); ++i) {
            const std::uint64_t first = reader.varint();
            const std::uint64_t length = reader.varint();
            if (first > greatestPositions || length > greatestPositions
                || first + length > positions) {
                return fail(ErrorKind::corrupt, "broken STRIP frame");
            }
            for (std::uint64_t k = 0; k < length; ++k) {
                frame.kept.push_back(static_cast<std::uint32_t>(first + k));
            }
        }
    }
    if (!reader.ok() || positions > greatestPositions) {
        return fail(ErrorKind::corrupt, "broken STRIP frame");
    }
    return frame;
}

std::uint64_t countNumbered(ByteView frames)
{
    std::uint64_t count = 0;
    FrameReader reader(frames);
    while (!reader.atEnd()) {
        const auto frame = reader.next();
        if (!frame) {
            break;
        }
        count += isNumbered(frame->type) ? 1 : 0;
    }
    return count;
}

} // namespace watchfire::tsdb
