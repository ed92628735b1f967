// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/bytes.h"

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace watchfire::tsdb {

/// A series: 0 is none. Ids come in extents of 64; an extent belongs to one group.
using Sid = std::uint32_t;
/// A group: 0 is none.
using Gid = std::uint32_t;
/// Number of the 8-hour window of a moment, so that times before 1970 sort too.
using Window = std::uint32_t;

inline constexpr std::uint32_t extentBits = 6;
inline constexpr std::uint32_t extentSize = 1U << extentBits;
inline constexpr std::int64_t windowMs = 28'800'000;

/// ⌊ms / 28,800,000⌋ + 2³¹. On disk: do not change.
constexpr Window windowOf(std::int64_t ms)
{
    std::int64_t number = ms / windowMs;
    if (ms % windowMs < 0) {
        --number;
    }
    constexpr std::int64_t middle = std::int64_t{1} << 31;
    number += middle;
    return number<0 ? 0 : number>(middle * 2 - 1) ? ~Window{0} : static_cast<Window>(number);
}

/// The first moment after a window, ms since the epoch.
constexpr std::int64_t endOfWindow(Window window)
{
    return (static_cast<std::int64_t>(window) - (std::int64_t{1} << 31) + 1) * windowMs;
}

/// The tables of the environment. Names, key forms and flags are on disk (environment.cpp has
/// them); the order here is not.
enum class Table : std::uint8_t {
    meta, ///< ASCII name → format version, store UUID, next ids, watermarks
    names, ///< label name (cut as in lval) → u32 name id; the full name if cut
    lval, ///< nid 4; value bytes → u32 value id. Sorted: enumeration and prefix ranges
    vstr, ///< vid → nid 4; full value
    series, ///< extent → series page
    hash, ///< first 8 bytes of the label set's 128-bit hash → sids
    post, ///< nid 4; vid 4; sid_hi 2 → posting container
    groups, ///< gid → group record
    gkey, ///< hash of the identity labels → gids
    journal, ///< u64 number → journal record
    strips, ///< win 4; gid 4; seq 4 → strip
    lines, ///< win 4; gid 4 → timeline of a sealed window
    blocks, ///< win 4; first sid 4 → block
    live, ///< win 4; sid_hi 2 → container of the sids with samples in the window
    wins, ///< win 4 → window record
    tomb, ///< win 4; gid 4; number 4 → deletion
    mdata, ///< gid 4; family → type, unit, help
    exem, ///< sid 4; ts 8 → exemplar
    state, ///< domain; 0; key → StateStore values
};
inline constexpr std::size_t tableCount = 19;

/// Assembles a key: big-endian, so that keys sort as numbers, or native for integer tables.
class Key {
public:
    static constexpr std::size_t capacity = 511; // LMDB's limit

    Key& be16(std::uint16_t value) { return number(std::byteswap(value)); }
    Key& be32(std::uint32_t value) { return number(std::byteswap(value)); }
    Key& be64(std::uint64_t value) { return number(std::byteswap(value)); }
    Key& native32(std::uint32_t value) { return number(value); }
    Key& native64(std::uint64_t value) { return number(value); }
    /// What does not fit is cut off; callers see to it that it fits.
    Key& text(std::string_view value)
    {
        const std::size_t length = std::min(value.size(), capacity - m_size);
        std::memcpy(m_bytes.data() + m_size, value.data(), length);
        m_size += length;
        return *this;
    }
    ByteView view() const { return {m_bytes.data(), m_size}; }
    operator ByteView() const { return view(); }

private:
    template <class T> Key& number(T value)
    {
        static_assert(std::endian::native == std::endian::little);
        std::memcpy(m_bytes.data() + m_size, &value, sizeof value);
        m_size += sizeof value;
        return *this;
    }

    alignas(8) std::array<std::uint8_t, capacity + 1> m_bytes;
    std::size_t m_size = 0;
};

/// Numbers of a key or value at an offset; the caller has checked the length.
inline std::uint16_t be16At(ByteView bytes, std::size_t at)
{
    std::uint16_t value = 0;
    std::memcpy(&value, bytes.data() + at, sizeof value);
    return std::byteswap(value);
}
inline std::uint32_t be32At(ByteView bytes, std::size_t at)
{
    std::uint32_t value = 0;
    std::memcpy(&value, bytes.data() + at, sizeof value);
    return std::byteswap(value);
}
inline std::uint32_t native32At(ByteView bytes, std::size_t at)
{
    std::uint32_t value = 0;
    std::memcpy(&value, bytes.data() + at, sizeof value);
    return value;
}
inline std::uint64_t native64At(ByteView bytes, std::size_t at)
{
    std::uint64_t value = 0;
    std::memcpy(&value, bytes.data() + at, sizeof value);
    return value;
}
inline bool startsWith(ByteView bytes, ByteView prefix)
{
    return bytes.size() >= prefix.size()
        && (prefix.empty() || std::memcmp(bytes.data(), prefix.data(), prefix.size()) == 0);
}

} // namespace watchfire::tsdb
