// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/codec/checked_value.h"

#include "core/tsdb/codec/crc32c.h"

#include <cstring>

namespace watchfire::tsdb {

namespace {

std::uint32_t crcOf(ByteView value)
{
    return crc32c(value.subspan(checkedHeaderBytes), crc32c(value.first(4)));
}

} // namespace

void beginChecked(std::string_view magic, std::uint8_t version, std::uint8_t flags, Bytes& out)
{
    ByteWriter writer(out);
    writer.bytes(asBytes(magic));
    writer.le(version);
    writer.le(flags);
    writer.le(std::uint32_t{0});
}

void sealChecked(Bytes& value)
{
    const std::uint32_t crc = crcOf(value);
    std::memcpy(value.data() + 4, &crc, sizeof crc);
}

Result<std::uint8_t> openChecked(ByteView value, std::string_view magic, std::uint8_t version,
                                 Verify verify, std::string_view what)
{
    const auto broken = [what](ErrorKind kind, const char* how) {
        return fail(kind, std::string(what) + ": " + how);
    };
    if (value.size() < checkedHeaderBytes || asText(value.first(2)) != magic) {
        return broken(ErrorKind::corrupt, "it does not start as one");
    }
    ByteReader reader(value.subspan(4));
    const auto crc = reader.le<std::uint32_t>();
    // The CRC first: a version byte that rotted is damage and not the future.
    if (verify == Verify::yes && crc != crcOf(value)) {
        return broken(ErrorKind::corrupt, "its checksum is wrong");
    }
    if (value[2] != version) {
        return broken(ErrorKind::unsupported, "its version is not known here");
    }
    return value[3];
}

} // namespace watchfire::tsdb
