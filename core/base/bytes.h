// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace watchfire {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

inline std::string_view asText(ByteView bytes)
{
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
inline ByteView asBytes(std::string_view text)
{
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// Maps small magnitudes of both signs to small unsigned numbers: 0 −1 1 −2 → 0 1 2 3.
constexpr std::uint64_t zigzag(std::int64_t value)
{
    return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
}
constexpr std::int64_t unzigzag(std::uint64_t value)
{
    return static_cast<std::int64_t>(value >> 1) ^ -static_cast<std::int64_t>(value & 1);
}

/// Appends numbers to a buffer: little-endian, or LEB128 varints.
class ByteWriter {
public:
    explicit ByteWriter(Bytes& out)
        : m_out(out)
    {
    }

    template <std::unsigned_integral T> void le(T value)
    {
        static_assert(std::endian::native == std::endian::little);
        const std::size_t at = m_out.size();
        m_out.resize(at + sizeof value);
        std::memcpy(m_out.data() + at, &value, sizeof value);
    }
    void f64(double value) { le(std::bit_cast<std::uint64_t>(value)); }
    void varint(std::uint64_t value)
    {
        while (value >= 0x80) {
            m_out.push_back(static_cast<std::uint8_t>(value | 0x80));
            value >>= 7;
        }
        m_out.push_back(static_cast<std::uint8_t>(value));
    }
    void bytes(ByteView data) { m_out.insert(m_out.end(), data.begin(), data.end()); }
    /// Length as varint, then the bytes.
    void text(std::string_view data)
    {
        varint(data.size());
        bytes(asBytes(data));
    }
    std::size_t size() const { return m_out.size(); }

private:
    Bytes& m_out;
};

/// Reads what ByteWriter wrote. Reading past the end yields zeros and makes `ok` false for
/// good, so a decoder may check once at its end and never reads outside the buffer.
class ByteReader {
public:
    explicit ByteReader(ByteView data)
        : m_data(data)
    {
    }

    bool ok() const { return m_ok; }
    bool atEnd() const { return m_data.empty(); }
    std::size_t left() const { return m_data.size(); }
    ByteView rest() const { return m_data; }

    template <std::unsigned_integral T> T le()
    {
        T value = 0;
        if (m_data.size() < sizeof value) {
            m_ok = false;
            m_data = {};
            return value;
        }
        std::memcpy(&value, m_data.data(), sizeof value);
        m_data = m_data.subspan(sizeof value);
        return value;
    }
    double f64() { return std::bit_cast<double>(le<std::uint64_t>()); }
    std::uint64_t varint()
    {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 64; shift += 7) {
            const auto byte = le<std::uint8_t>();
            value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
            if (byte < 0x80) {
                return value;
            }
        }
        m_ok = false;
        return value;
    }
    ByteView bytes(std::size_t count)
    {
        if (m_data.size() < count) {
            m_ok = false;
            m_data = {};
            return {};
        }
        const ByteView taken = m_data.first(count);
        m_data = m_data.subspan(count);
        return taken;
    }
    std::string_view text() { return asText(bytes(static_cast<std::size_t>(varint()))); }

private:
    ByteView m_data;
    bool m_ok = true;
};

} // namespace watchfire
