// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// ROW frames of the journal; the layout stands in journal_frame.h.
#include "core/tsdb/codec/journal_frame.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <limits>

namespace watchfire::tsdb {

namespace {

constexpr std::uint8_t againstZeroFlag = 1; ///< On disk: do not renumber.

std::unexpected<Error> broken(const char* what)
{
    return fail(ErrorKind::corrupt, std::string("journal: ") + what);
}

constexpr double magicDouble = 6'755'399'441'055'744.0; // 1.5·2^52
constexpr std::uint64_t magicBits = 0x4338'0000'0000'0000;
constexpr double integerLimit = 2'251'799'813'685'248.0; // 2^51

/// Whether the value is an integer below 2^51 in magnitude, and not −0; then `integer` is it.
bool asInteger(double value, std::int64_t& integer)
{
    const double shifted = value + magicDouble;
    const double rounded = shifted - magicDouble;
    integer = static_cast<std::int64_t>(std::bit_cast<std::uint64_t>(shifted) - magicBits);
    return std::bit_cast<std::uint64_t>(rounded) == std::bit_cast<std::uint64_t>(value)
        && rounded < integerLimit && rounded > -integerLimit;
}

unsigned bytesOf(std::uint64_t value)
{
    return static_cast<unsigned>(std::bit_width(value) + 7) / 8;
}

/// The nibble for this change, and the number whose low bytes follow it.
unsigned describe(double before, double now, std::uint64_t& number)
{
    std::int64_t a = 0;
    std::int64_t b = 0;
    if (asInteger(before, a) && asInteger(now, b)) {
        number = zigzag(b - a);
        return bytesOf(number);
    }
    number = std::bit_cast<std::uint64_t>(before) ^ std::bit_cast<std::uint64_t>(now);
    return 7 + bytesOf(number);
}

/// Number of bytes that follow a nibble.
constexpr std::array<std::uint8_t, 16> bytesAfter{0, 1, 2, 3, 4, 5, 6, 7, 1, 2, 3, 4, 5, 6, 7, 8};
/// What of eight bytes belongs to a number of so many.
constexpr std::array<std::uint64_t, 9> lowBytes{0,
                                                0xFF,
                                                0xFFFF,
                                                0xFF'FFFF,
                                                0xFFFF'FFFF,
                                                0xFF'FFFF'FFFF,
                                                0xFFFF'FFFF'FFFF,
                                                0xFF'FFFF'FFFF'FFFF,
                                                0xFFFF'FFFF'FFFF'FFFF};
constexpr std::size_t mostPairBytes = 17;

double apply(unsigned nibble, double before, std::uint64_t number)
{
    if (nibble >= 8) {
        return std::bit_cast<double>(std::bit_cast<std::uint64_t>(before) ^ number);
    }
    std::int64_t a = 0;
    asInteger(before, a);
    // A sum past 2^51 cannot have been written; with wrap-around it is any number, not harm.
    const std::uint64_t sum
        = static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(unzigzag(number));
    return static_cast<double>(static_cast<std::int64_t>(sum));
}

std::uint64_t loadWord(const std::uint8_t* at)
{
    std::uint64_t word = 0;
    std::memcpy(&word, at, 8);
    return word;
}

/// Applies the change of one nibble, the number at `at` being followed by slack.
void change(unsigned nibble, const std::uint8_t* at, double& value)
{
    value = apply(nibble, value, loadWord(at) & lowBytes[bytesAfter[nibble]]);
}

/// Reads the changes of `count` positions, two by two, from `at` on; the last control byte of
/// an odd count has one. Returns where they end; nullptr: broken.
const std::uint8_t* takeChanges(const std::uint32_t* positions, std::size_t count,
                                const std::uint8_t* at, const std::uint8_t* end, double* out)
{
    for (std::size_t k = 0; k < count; k += 2) {
        const bool pair = k + 1 < count;
        std::uint8_t copy[mostPairBytes + 8] = {};
        const auto left = static_cast<std::size_t>(end - at);
        const std::uint8_t* from = at;
        if (left < sizeof copy) {
            if (left == 0) {
                return nullptr;
            }
            std::memcpy(copy, at, left);
            from = copy;
        }
        const unsigned first = *from & 15U;
        const unsigned second = pair ? *from >> 4U : 0U;
        const std::size_t bytes = 1U + bytesAfter[first] + bytesAfter[second];
        if (bytes > left || first == 0 || (pair && second == 0)) {
            return nullptr;
        }
        change(first, from + 1, out[positions[k]]);
        if (pair) {
            change(second, from + 1 + bytesAfter[first], out[positions[k + 1]]);
        }
        at += bytes;
    }
    return at;
}

} // namespace

void packRow(std::span<const double> row, std::span<const double> previous, Bytes& out)
{
    const std::size_t n = row.size();
    const std::size_t known = std::min(n, previous.size());
    const std::size_t bitmapBytes = (n + 7) / 8;
    const std::size_t bitmapAt = out.size();
    // Bitmap, and at most 17 bytes for each pair of changes; 8 of slack, as numbers are written
    // eight bytes at a time.
    out.resize(bitmapAt + bitmapBytes + (n + 1) / 2 * mostPairBytes + 8);
    std::uint8_t* const bitmap = out.data() + bitmapAt;
    std::uint8_t* at = bitmap + bitmapBytes;
    std::uint8_t* control = nullptr;
    for (std::size_t i = 0; i < n; ++i) {
        const double before = i < known ? previous[i] : 0.0;
        if (std::bit_cast<std::uint64_t>(before) == std::bit_cast<std::uint64_t>(row[i])) {
            continue;
        }
        bitmap[i / 8] = static_cast<std::uint8_t>(bitmap[i / 8] | 1U << i % 8);
        std::uint64_t number = 0;
        const unsigned nibble = describe(before, row[i], number);
        if (control == nullptr) {
            control = at++;
            *control = static_cast<std::uint8_t>(nibble);
        } else {
            *control = static_cast<std::uint8_t>(*control | nibble << 4);
            control = nullptr;
        }
        std::memcpy(at, &number, 8);
        at += bytesAfter[nibble];
    }
    out.resize(static_cast<std::size_t>(at - out.data()));
}

void encodeRow(std::uint32_t gid, std::int64_t atMs, std::span<const double> row,
               std::span<const double> previous, Bytes& out)
{
    Bytes body;
    ByteWriter writer(body);
    writer.varint(gid);
    writer.le(static_cast<std::uint64_t>(atMs));
    writer.varint(row.size());
    body.push_back(previous.empty() ? againstZeroFlag : 0);
    packRow(row, previous, body);
    ByteWriter frame(out);
    frame.le(static_cast<std::uint8_t>(FrameType::row));
    frame.varint(body.size());
    frame.bytes(body);
}

Result<RowFrame> parseRow(ByteView body)
{
    ByteReader reader(body);
    RowFrame frame;
    const std::uint64_t gid = reader.varint();
    frame.atMs = static_cast<std::int64_t>(reader.le<std::uint64_t>());
    const std::uint64_t positions = reader.varint();
    frame.againstZero = (reader.le<std::uint8_t>() & againstZeroFlag) != 0;
    frame.payload = reader.rest();
    if (!reader.ok() || gid > std::numeric_limits<std::uint32_t>::max()
        || positions / 8 > frame.payload.size()) {
        return broken("a row's head does not fit");
    }
    frame.gid = static_cast<std::uint32_t>(gid);
    frame.positions = static_cast<std::size_t>(positions);
    if ((frame.positions + 7) / 8 > frame.payload.size()) {
        return broken("a row's bitmap does not fit");
    }
    return frame;
}

Result<void> decodeRow(const RowFrame& frame, std::span<const double> previous,
                       std::span<double> out)
{
    if (out.size() != frame.positions) {
        return broken("a row does not fit its place");
    }
    return unpackRow(frame.payload, frame.againstZero ? std::span<const double>() : previous, out);
}

Result<void> unpackRow(ByteView packed, std::span<const double> previous, std::span<double> out)
{
    const std::size_t n = out.size();
    if ((n + 7) / 8 > packed.size()) {
        return broken("a row's bitmap does not fit");
    }
    const std::size_t known = std::min(n, previous.size());
    if (known != 0 && out.data() != previous.data()) {
        std::copy_n(previous.begin(), known, out.begin());
    }
    std::fill(out.begin() + static_cast<std::ptrdiff_t>(known), out.end(), 0.0);

    const ByteView bitmap = packed.first((n + 7) / 8);
    const std::uint8_t* at = packed.data() + bitmap.size();
    const std::uint8_t* const end = packed.data() + packed.size();
    constexpr std::size_t batch = 512;
    std::uint32_t changed[batch + 64];
    std::size_t count = 0;
    for (std::size_t from = 0; from < n; from += 64) {
        std::uint64_t bits = 0;
        std::memcpy(&bits, bitmap.data() + from / 8,
                    std::min<std::size_t>(8, bitmap.size() - from / 8));
        if (n - from < 64 && bits >> (n - from) != 0) {
            return broken("a row has changes behind its end");
        }
        for (; bits != 0; bits &= bits - 1) {
            changed[count++] = static_cast<std::uint32_t>(from)
                + static_cast<std::uint32_t>(std::countr_zero(bits));
        }
        const bool last = n - from <= 64;
        if (count >= batch || last) {
            // Pairs go across batches: of an odd number the last waits.
            const std::size_t now = last ? count : count & ~std::size_t{1};
            at = takeChanges(changed, now, at, end, out.data());
            if (at == nullptr) {
                return broken("a row ends early");
            }
            if (count > now) {
                changed[0] = changed[now];
            }
            count -= now;
        }
    }
    if (at != end) {
        return broken("a row goes on behind its end");
    }
    return {};
}

} // namespace watchfire::tsdb
