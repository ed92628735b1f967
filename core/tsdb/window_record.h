// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/bytes.h"

#include <cstdint>
#include <limits>
#include <optional>

namespace watchfire::tsdb {

// Table wins: window 4 → version u8 (1); state u8 (0 open, 1 sealed); min, max ts i64;
// samples u64; bytes u64; groups u32 (0 until sealed). On disk: do not renumber.

struct WindowRecord {
    bool isSealed = false;
    std::int64_t minMs = std::numeric_limits<std::int64_t>::max();
    std::int64_t maxMs = std::numeric_limits<std::int64_t>::min();
    std::uint64_t samples = 0;
    std::uint64_t bytes = 0;
    std::uint32_t groups = 0;

    Bytes serialize() const
    {
        Bytes out;
        ByteWriter writer(out);
        writer.le(std::uint8_t{1});
        writer.le(static_cast<std::uint8_t>(isSealed));
        writer.le(static_cast<std::uint64_t>(minMs));
        writer.le(static_cast<std::uint64_t>(maxMs));
        writer.le(samples);
        writer.le(bytes);
        writer.le(groups);
        return out;
    }
    static std::optional<WindowRecord> parse(ByteView value)
    {
        WindowRecord record;
        ByteReader reader(value);
        const auto version = reader.le<std::uint8_t>();
        record.isSealed = reader.le<std::uint8_t>() != 0;
        record.minMs = static_cast<std::int64_t>(reader.le<std::uint64_t>());
        record.maxMs = static_cast<std::int64_t>(reader.le<std::uint64_t>());
        record.samples = reader.le<std::uint64_t>();
        record.bytes = reader.le<std::uint64_t>();
        record.groups = reader.le<std::uint32_t>();
        return reader.ok() && version == 1 ? std::optional(record) : std::nullopt;
    }
};

} // namespace watchfire::tsdb
