// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/codec/crc32c.h"

#include <array>
#include <cstring>

#if defined(__x86_64__)
#include <nmmintrin.h>
#endif

namespace watchfire::tsdb {

namespace {

constexpr std::uint32_t polynomial = 0x82F6'3B78;

using Table = std::array<std::uint32_t, 256>;

/// tables[k][b]: what byte b does to the state when k zero bytes follow it.
constexpr std::array<Table, 8> makeTables()
{
    std::array<Table, 8> tables{};
    for (std::uint32_t byte = 0; byte < 256; ++byte) {
        std::uint32_t state = byte;
        for (int bit = 0; bit < 8; ++bit) {
            state = (state >> 1) ^ ((state & 1) != 0 ? polynomial : 0);
        }
        tables[0][byte] = state;
    }
    for (std::size_t k = 1; k < tables.size(); ++k) {
        for (std::size_t byte = 0; byte < 256; ++byte) {
            const std::uint32_t state = tables[k - 1][byte];
            tables[k][byte] = (state >> 8) ^ tables[0][state & 0xFF];
        }
    }
    return tables;
}
constexpr std::array<Table, 8> tables = makeTables();

std::uint32_t advancePortable(std::uint32_t state, const std::uint8_t* at, std::size_t count)
{
    for (; count >= 8; count -= 8, at += 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, at, 8);
        word ^= state;
        state = 0;
        for (std::size_t k = 0; k < 8; ++k) {
            state ^= tables[7 - k][(word >> (8 * k)) & 0xFF];
        }
    }
    for (; count > 0; --count, ++at) {
        state = (state >> 8) ^ tables[0][(state ^ *at) & 0xFF];
    }
    return state;
}

#if defined(__x86_64__)

// The instruction has a latency of three cycles and starts every cycle, so three lanes run
// side by side; their states are joined by moving the earlier ones over the bytes of the later.
constexpr std::size_t laneBytes = 256;

/// shifts[k][b]: what byte k of a state, being b, becomes after laneBytes zero bytes.
constexpr std::array<Table, 4> makeShifts()
{
    std::array<std::uint32_t, 32> moved{};
    for (std::size_t bit = 0; bit < 32; ++bit) {
        std::uint32_t state = std::uint32_t{1} << bit;
        for (std::size_t byte = 0; byte < laneBytes; ++byte) {
            state = (state >> 8) ^ tables[0][state & 0xFF];
        }
        moved[bit] = state;
    }
    std::array<Table, 4> shifts{};
    for (std::size_t k = 0; k < 4; ++k) {
        for (std::size_t byte = 0; byte < 256; ++byte) {
            for (std::size_t bit = 0; bit < 8; ++bit) {
                shifts[k][byte] ^= (byte >> bit & 1) != 0 ? moved[8 * k + bit] : 0;
            }
        }
    }
    return shifts;
}
constexpr std::array<Table, 4> shifts = makeShifts();

std::uint32_t overLane(std::uint64_t state)
{
    return shifts[0][state & 0xFF] ^ shifts[1][state >> 8 & 0xFF] ^ shifts[2][state >> 16 & 0xFF]
        ^ shifts[3][state >> 24 & 0xFF];
}

std::uint64_t wordAt(const std::uint8_t* at)
{
    std::uint64_t word = 0;
    std::memcpy(&word, at, 8);
    return word;
}

[[gnu::target("sse4.2")]] std::uint32_t advanceHardware(std::uint32_t before,
                                                        const std::uint8_t* at, std::size_t count)
{
    std::uint64_t state = before;
    for (; count >= 3 * laneBytes; count -= 3 * laneBytes, at += 3 * laneBytes) {
        std::uint64_t second = 0;
        std::uint64_t third = 0;
        for (std::size_t i = 0; i < laneBytes; i += 8) {
            state = _mm_crc32_u64(state, wordAt(at + i));
            second = _mm_crc32_u64(second, wordAt(at + laneBytes + i));
            third = _mm_crc32_u64(third, wordAt(at + 2 * laneBytes + i));
        }
        state = overLane(overLane(state) ^ second) ^ third;
    }
    for (; count >= 8; count -= 8, at += 8) {
        state = _mm_crc32_u64(state, wordAt(at));
    }
    auto narrow = static_cast<std::uint32_t>(state);
    for (; count > 0; --count, ++at) {
        narrow = _mm_crc32_u8(narrow, *at);
    }
    return narrow;
}

bool hasInstruction()
{
    static const bool has = __builtin_cpu_supports("sse4.2") != 0;
    return has;
}

#endif

} // namespace

std::uint32_t crc32cPortable(ByteView data, std::uint32_t before)
{
    return ~advancePortable(~before, data.data(), data.size());
}

std::uint32_t crc32c(ByteView data, std::uint32_t before)
{
#if defined(__x86_64__)
    if (hasInstruction()) {
        return ~advanceHardware(~before, data.data(), data.size());
    }
#endif
    return crc32cPortable(data, before);
}

} // namespace watchfire::tsdb
