// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/bytes.h"

#include <bit>
#include <cstdint>

namespace watchfire::promblocks {

/// Reads numbers from a chunk bit by bit, most significant first. Past the end it yields zeros
/// and `ok` is false for good, as with ByteReader.
class BitReader {
public:
    explicit BitReader(ByteView data)
        : m_data(data)
    {
    }

    bool ok() const { return m_ok; }
    std::uint64_t left() const { return std::uint64_t{m_data.size()} * 8 - m_at; }

    bool bit() { return bits(1) != 0; }
    /// `count` 0…64.
    std::uint64_t bits(unsigned count)
    {
        if (count > left()) {
            m_ok = false;
            m_at = std::uint64_t{m_data.size()} * 8;
            return 0;
        }
        std::uint64_t value = 0;
        while (count > 0) {
            const unsigned here = 8 - static_cast<unsigned>(m_at % 8);
            const unsigned taken = count < here ? count : here;
            const unsigned byte = m_data[static_cast<std::size_t>(m_at / 8)];
            value = value << taken | ((byte >> (here - taken)) & ((1U << taken) - 1));
            m_at += taken;
            count -= taken;
        }
        return value;
    }
    double float64() { return std::bit_cast<double>(bits(64)); }
    /// How many ones stand before the next zero, at most `most`; the zero is read too.
    unsigned ones(unsigned most)
    {
        unsigned count = 0;
        while (count < most && bit()) {
            ++count;
        }
        return count;
    }
    /// LEB128, of bytes that need not begin at a byte.
    std::uint64_t uvarint()
    {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 64; shift += 7) {
            const std::uint64_t byte = bits(8);
            value |= (byte & 0x7F) << shift;
            if (byte < 0x80) {
                return value;
            }
        }
        m_ok = false;
        return 0;
    }
    std::int64_t varint() { return unzigzag(uvarint()); }
    /// <varbit_uint>: a prefix of ones says how many bits follow.
    std::uint64_t varbitUnsigned()
    {
        static constexpr std::uint8_t widths[] = {0, 3, 6, 9, 12, 18, 25, 56, 64};
        return bits(widths[ones(8)]);
    }
    /// <varbit_int>: the same; values above the middle are negative, the middle itself is not.
    std::int64_t varbit()
    {
        static constexpr std::uint8_t widths[] = {0, 3, 6, 9, 12, 18, 25, 56, 64};
        return shifted(widths[ones(8)]);
    }
    /// A signed number of `width` bits of which 2^(width−1) is the greatest.
    std::int64_t shifted(unsigned width)
    {
        std::uint64_t value = bits(width);
        if (width > 0 && width < 64 && value > std::uint64_t{1} << (width - 1)) {
            value -= std::uint64_t{1} << width;
        }
        return static_cast<std::int64_t>(value);
    }
    /// The same in two's complement.
    std::int64_t twos(unsigned width)
    {
        std::uint64_t value = bits(width);
        if (width < 64 && value >= std::uint64_t{1} << (width - 1)) {
            value -= std::uint64_t{1} << width;
        }
        return static_cast<std::int64_t>(value);
    }

private:
    ByteView m_data;
    std::uint64_t m_at = 0;
    bool m_ok = true;
};

} // namespace watchfire::promblocks
