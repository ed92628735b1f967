// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/bytes.h"

#include <cstdint>

namespace watchfire::tsdb {

/// CRC-32C (Castagnoli, reflected polynomial 0x82F63B78) of `data`, continuing from `before`,
/// the CRC of what precedes it (0: nothing). Uses the processor's instruction where it has
/// one. From any thread.
///
/// Source: RFC 3720, appendix B.4; check value 0xE3069283 for "123456789".
std::uint32_t crc32c(ByteView data, std::uint32_t before = 0);

/// The same by tables only: what machines without the instruction run, and what tests compare
/// the other against.
std::uint32_t crc32cPortable(ByteView data, std::uint32_t before = 0);

} // namespace watchfire::tsdb
