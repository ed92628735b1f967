// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "core/tsdb/codec/strip.h"

#include <cstdint>
#include <string_view>

namespace watchfire::tsdb {

// The eight bytes every stored value starts with: magic 2; version 1; flags 1; CRC-32C 4 of
// all bytes but its own. On disk: do not renumber.

inline constexpr std::size_t checkedHeaderBytes = 8;

/// Appends the head with a CRC of zero.
void beginChecked(std::string_view magic, std::uint8_t version, std::uint8_t flags, Bytes& out);
/// Writes the CRC once everything else is in place.
void sealChecked(Bytes& value);
/// Checks head and, if asked, CRC; returns the flags. `what` names the value in messages.
Result<std::uint8_t> openChecked(ByteView value, std::string_view magic, std::uint8_t version,
                                 Verify verify, std::string_view what);

/// The CRC a value claims, to tell it from another; 0: it is too short to have one.
inline std::uint32_t crcOfChecked(ByteView value)
{
    ByteReader reader(value);
    static_cast<void>(reader.le<std::uint32_t>());
    const auto crc = reader.le<std::uint32_t>();
    return reader.ok() ? crc : 0;
}

} // namespace watchfire::tsdb
