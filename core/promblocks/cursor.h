// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/bytes.h"

#include <cstdint>
#include <string_view>

namespace watchfire::promblocks {

/// Reads a block's files: numbers are big-endian there. Past the end it yields zeros and `ok`
/// is false for good.
class Cursor {
public:
    explicit Cursor(ByteView data)
        : m_data(data)
    {
    }

    bool ok() const { return m_ok; }
    std::size_t offset() const { return m_at; }
    std::size_t left() const { return m_data.size() - m_at; }

    std::uint8_t u8() { return static_cast<std::uint8_t>(be(1)); }
    std::uint32_t be32() { return static_cast<std::uint32_t>(be(4)); }
    std::uint64_t be64() { return be(8); }
    std::uint64_t uvarint()
    {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 64; shift += 7) {
            const std::uint64_t byte = be(1);
            value |= (byte & 0x7F) << shift;
            if (byte < 0x80) {
                return value;
            }
        }
        m_ok = false;
        return 0;
    }
    std::int64_t varint() { return unzigzag(uvarint()); }
    ByteView bytes(std::uint64_t count)
    {
        if (count > left()) {
            m_ok = false;
            m_at = m_data.size();
            return {};
        }
        const ByteView taken = m_data.subspan(m_at, static_cast<std::size_t>(count));
        m_at += taken.size();
        return taken;
    }
    std::string_view text() { return asText(bytes(uvarint())); }

private:
    std::uint64_t be(std::size_t count)
    {
        std::uint64_t value = 0;
        for (const std::uint8_t byte : bytes(count)) {
            value = value << 8 | byte;
        }
        return value;
    }

    ByteView m_data;
    std::size_t m_at = 0;
    bool m_ok = true;
};

} // namespace watchfire::promblocks
