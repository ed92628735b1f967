// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The bodies of the inner loops. Included once for each instruction set, inside an anonymous
// namespace and under that set's target pragma, hence no include guard and no includes: the
// including file has them. WF_KERNEL_AVX2 is 1 or 0.

using u8 = std::uint8_t;
using u64 = std::uint64_t;
using i64 = std::int64_t;

// 1.5·2^52: adding it to |x| < 2^51 leaves the integer nearest to x in the low bits.
constexpr double magicDouble = 6'755'399'441'055'744.0;
constexpr u64 magicBits = 0x4338'0000'0000'0000;

inline unsigned bitWidth(u64 value)
{
    return value == 0 ? 0U : 64U - static_cast<unsigned>(__builtin_clzll(value));
}
inline u64 asUnsigned(i64 value)
{
    return static_cast<u64>(value);
}
inline i64 asSigned(u64 value)
{
    return static_cast<i64>(value);
}
inline u64 toZigzag(u64 value)
{
    return (value << 1) ^ asUnsigned(asSigned(value) >> 63);
}
inline u64 fromZigzag(u64 value)
{
    return (value >> 1) ^ (0 - (value & 1));
}
inline std::size_t smaller(std::size_t a, std::size_t b)
{
    return a < b ? a : b;
}

// ---- decimals --------------------------------------------------------------------------

unsigned exactExponents(double value)
{
    u64 exact[16];
    const u64 bits = __builtin_bit_cast(u64, value);
    for (std::size_t e = 0; e < 16; ++e) {
        const double rounded = (value * powersOfTen[e] + magicDouble) - magicDouble;
        const bool fits = __builtin_fabs(rounded) < static_cast<double>(mantissaLimit);
        // Adding 0.0 makes −0 the 0 that an integer would yield.
        const double back = (rounded + 0.0) / powersOfTen[e];
        exact[e] = static_cast<u64>(fits) & static_cast<u64>(__builtin_bit_cast(u64, back) == bits);
    }
    unsigned mask = 0;
    for (unsigned e = 0; e < 16; ++e) {
        mask |= static_cast<unsigned>(exact[e]) << e;
    }
    return mask;
}

std::size_t toDecimal(const double* values, std::size_t n, unsigned exponent, std::size_t enough,
                      i64* d)
{
    const double power = powersOfTen[exponent];
    std::size_t bad = 0;
    for (std::size_t from = 0; from < n && bad <= enough; from += 64) {
        const std::size_t m = smaller(64, n - from);
        const double* v = values + from;
        i64* o = d + from;
        u64 good = 0;
        if (exponent == 0) {
            for (std::size_t i = 0; i < m; ++i) {
                const double shifted = v[i] + magicDouble;
                const double rounded = (shifted - magicDouble) + 0.0;
                const bool fits = __builtin_fabs(rounded) < static_cast<double>(mantissaLimit);
                const bool same = __builtin_bit_cast(u64, rounded) == __builtin_bit_cast(u64, v[i]);
                const u64 keep = (fits ? ~u64{0} : 0) & (same ? ~u64{0} : 0);
                o[i] = asSigned((__builtin_bit_cast(u64, shifted) - magicBits) & keep);
                good -= keep;
            }
        } else {
            for (std::size_t i = 0; i < m; ++i) {
                const double shifted = v[i] * power + magicDouble;
                const double rounded = (shifted - magicDouble) + 0.0;
                const bool fits = __builtin_fabs(rounded) < static_cast<double>(mantissaLimit);
                const double back = rounded / power;
                const bool same = __builtin_bit_cast(u64, back) == __builtin_bit_cast(u64, v[i]);
                const u64 keep = (fits ? ~u64{0} : 0) & (same ? ~u64{0} : 0);
                o[i] = asSigned((__builtin_bit_cast(u64, shifted) - magicBits) & keep);
                good -= keep;
            }
        }
        bad += m - static_cast<std::size_t>(good);
    }
    return bad;
}

// ---- writing ---------------------------------------------------------------------------

inline u8* putVarint(u8* at, u64 value)
{
    while (value >= 0x80) {
        *at++ = static_cast<u8>(value | 0x80);
        value >>= 7;
    }
    *at++ = static_cast<u8>(value);
    return at;
}

inline std::size_t varintBytes(unsigned width)
{
    return width == 0 ? 1 : (width + 6) / 7;
}

/// How many of u are wider than w bits; w < 64.
inline std::size_t countWider(const u64* u, std::size_t m, unsigned w)
{
    u64 count = 0;
    for (std::size_t i = 0; i < m; ++i) {
        count += static_cast<u64>((u[i] >> w) != 0);
    }
    return static_cast<std::size_t>(count);
}

/// The width that makes the frame smallest. `wider` becomes the number of patches it takes.
unsigned bestWidth(const u64* u, std::size_t m, std::size_t& wider)
{
    wider = 0;
    u64 all = 0;
    for (std::size_t i = 0; i < m; ++i) {
        all |= u[i];
    }
    const unsigned widest = bitWidth(all);
    unsigned best = widest;
    std::size_t bestBytes = 1 + (m * widest + 7) / 8;
    // A patch takes a byte for its index, one for its varint, and one more for each 7 bits
    // that are left: so many as are wider than w, and w + 7, and w + 14, ...
    std::size_t widerThan[64];
    for (unsigned w = widest; w-- > 0;) {
        const std::size_t patches = countWider(u, m, w);
        widerThan[w] = patches;
        // Where all are patched, or patches alone cost too much, a smaller width cannot help.
        if (2 + 2 * patches >= bestBytes || patches == m) {
            break;
        }
        std::size_t bytes = 2 + (m * w + 7) / 8 + patches;
        for (unsigned wide = w; wide < widest; wide += 7) {
            bytes += widerThan[wide];
        }
        if (bytes < bestBytes) {
            bestBytes = bytes;
            best = w;
            wider = patches;
        }
    }
    return best;
}

/// Appends numbers of any width to a stream of bits, eight bytes at a time.
struct BitStream {
    u8* to;
    u64 pending = 0;
    unsigned held = 0;

    /// x < 2^w; 0 < w ≤ 64.
    void put(u64 x, unsigned w)
    {
        pending |= x << held;
        held += w;
        if (held >= 64) {
            __builtin_memcpy(to, &pending, 8);
            to += 8;
            held -= 64;
            // The bits of x that did not fit: the upper `held`, fewer than w unless w is 64.
            pending = held == 0 ? 0 : x >> (w - held);
        }
    }
    void flush() { __builtin_memcpy(to, &pending, 8); }
};

u8* packBits(const u64* u, std::size_t m, unsigned w, u8* at)
{
    const u64 mask = w == 64 ? ~u64{0} : (u64{1} << w) - 1;
    BitStream stream{at};
    std::size_t i = 0;
    if (w <= 16) {
        for (; i + 4 <= m; i += 4) {
            const u64 low = (u[i] & mask) | (u[i + 1] & mask) << w;
            const u64 high = (u[i + 2] & mask) | (u[i + 3] & mask) << w;
            stream.put(low | high << (2 * w), 4 * w);
        }
    } else if (w <= 32) {
        for (; i + 2 <= m; i += 2) {
            stream.put((u[i] & mask) | (u[i + 1] & mask) << w, 2 * w);
        }
    }
    for (; i < m; ++i) {
        stream.put(u[i] & mask, w);
    }
    stream.flush();
    return at + (m * w + 7) / 8;
}

u8* putFrame(const u64* u, std::size_t m, u8* at)
{
    std::size_t patches = 0;
    const unsigned w = bestWidth(u, m, patches);
    *at++ = static_cast<u8>(w | (patches != 0 ? 0x80U : 0U));
    if (patches != 0) {
        *at++ = static_cast<u8>(patches);
    }
    if (w != 0) {
        at = packBits(u, m, w, at);
    }
    if (patches != 0) {
        for (std::size_t i = 0; i < m; ++i) {
            const u64 over = u[i] >> w; // w < 64, or there would be no patches
            if (over != 0) {
                *at++ = static_cast<u8>(i);
                at = putVarint(at, over);
            }
        }
    }
    return at;
}

// ---- predictors ------------------------------------------------------------------------

/// The inverse of an odd number modulo 2^64: exact division by it is a multiplication.
inline u64 inverseOf(u64 odd)
{
    u64 x = (odd * 3) ^ 2; // right in its low 5 bits; each step doubles them
    for (int i = 0; i < 4; ++i) {
        x *= 2 - odd * x;
    }
    return x;
}

/// The greatest odd divisor that all of x have in common; most often 1 after a few.
u64 commonFactor(const i64* x, std::size_t n)
{
    u64 g = 0;
    u64 inverse = 1;
    u64 limit = 0;
    for (std::size_t i = 1; i < n; ++i) {
        u64 y = x[i] < 0 ? 0 - asUnsigned(x[i]) : asUnsigned(x[i]);
        // A multiple of g times g's inverse is the quotient, which is small; others are not.
        if (y == 0 || (g != 0 && y * inverse <= limit)) {
            continue;
        }
        y >>= __builtin_ctzll(y);
        while (y != 0) {
            const u64 rest = g % y;
            g = y;
            y = rest;
        }
        if (g == 1) {
            return 1;
        }
        inverse = inverseOf(g);
        limit = ~u64{0} / g;
    }
    return g == 0 ? 1 : g;
}

struct Residuals {
    alignas(64) u64 of[4][maxSegmentValues];
    i64 references[maxSegmentValues / frameValues];
    u64 minimum; ///< of x, for predictor 0
};

/// About what a frame costs: its widest, or 3 bits less and patches where few reach there.
inline std::size_t frameCost(const u64* u, std::size_t m)
{
    u64 all = 0;
    for (std::size_t i = 0; i < m; ++i) {
        all |= u[i];
    }
    unsigned width = bitWidth(all);
    std::size_t patches = 0;
    if (width > 6) {
        const unsigned shift = width - 3;
        u64 reach = 0;
        for (std::size_t i = 0; i < m; ++i) {
            reach += static_cast<u64>((u[i] >> shift) != 0);
        }
        if (reach <= m / 16) {
            patches = static_cast<std::size_t>(reach) * (3 + width / 7);
            width = shift;
        }
    }
    return 2 + (m * width + 7) / 8 + patches;
}

/// Fills `r` and returns the predictor that looks cheapest.
unsigned predict(const i64* x, std::size_t n, Residuals& r)
{
    i64 minimum = 0;
    for (std::size_t i = 0; i < n; ++i) {
        minimum = x[i] < minimum ? x[i] : minimum;
    }
    r.minimum = asUnsigned(minimum);
    i64 delta[maxSegmentValues];
    delta[0] = 0;
    for (std::size_t i = 1; i < n; ++i) {
        delta[i] = asSigned(asUnsigned(x[i]) - asUnsigned(x[i - 1]));
    }
    for (std::size_t i = 0; i < n; ++i) {
        r.of[0][i] = asUnsigned(x[i]) - r.minimum;
        r.of[1][i] = toZigzag(asUnsigned(delta[i]));
    }
    r.of[2][0] = 0;
    for (std::size_t i = 1; i < n; ++i) {
        r.of[2][i] = toZigzag(asUnsigned(delta[i]) - asUnsigned(delta[i - 1]));
    }
    std::size_t cost[4] = {};
    for (std::size_t from = 0, f = 0; from < n; from += frameValues, ++f) {
        const std::size_t m = smaller(frameValues, n - from);
        // The reference ignores a few negative differences: a counter was reset there.
        constexpr i64 none = INT64_MAX;
        i64 lowest = none;
        i64 lowestPositive = none;
        i64 negatives = 0;
        for (std::size_t i = from + (from == 0 ? 1 : 0); i < from + m; ++i) {
            const i64 x1 = delta[i];
            const i64 positive = x1 < 0 ? none : x1;
            lowest = x1 < lowest ? x1 : lowest;
            lowestPositive = positive < lowestPositive ? positive : lowestPositive;
            negatives += x1 < 0 ? 1 : 0;
        }
        if (negatives != 0 && asUnsigned(negatives) <= 1 + m / 32 && lowestPositive != none) {
            lowest = lowestPositive;
        }
        const i64 reference = lowest == none ? 0 : lowest;
        r.references[f] = reference;
        for (std::size_t i = from; i < from + m; ++i) {
            r.of[3][i] = asUnsigned(delta[i]) - asUnsigned(reference);
        }
        if (from == 0) {
            r.of[3][0] = 0;
        }
        for (std::size_t p = 0; p < 4; ++p) {
            cost[p] += frameCost(r.of[p] + from, m);
        }
        cost[3] += varintBytes(bitWidth(toZigzag(asUnsigned(reference))));
    }
    unsigned best = 0;
    for (unsigned p = 1; p < 4; ++p) {
        best = cost[p] < cost[best] ? p : best;
    }
    return best;
}

std::size_t pack(const i64* d, std::size_t n, bool bits, unsigned exponent,
                 const ExceptionalValue* exceptions, std::size_t exceptionCount, u8* room)
{
    i64 x[maxSegmentValues];
    u64 any = 0;
    const u64 first = asUnsigned(d[0]);
    for (std::size_t i = 0; i < n; ++i) {
        const u64 difference = asUnsigned(d[i]) - first;
        x[i] = asSigned(difference);
        any |= difference;
    }
    const unsigned zeros = any == 0 ? 0U : static_cast<unsigned>(__builtin_ctzll(any));
    if (zeros != 0) {
        for (std::size_t i = 0; i < n; ++i) {
            x[i] >>= zeros;
        }
    }
    u64 factor = 1;
    if (!bits && any != 0) {
        factor = commonFactor(x, n);
        if (factor != 1) {
            const u64 inverse = inverseOf(factor);
            for (std::size_t i = 0; i < n; ++i) {
                x[i] = asSigned(asUnsigned(x[i]) * inverse);
            }
        }
    }
    Residuals residuals;
    const unsigned predictor = predict(x, n, residuals);
    const bool scaled = zeros != 0 || factor != 1;
    u64 base = first;
    if (predictor == 0) {
        base += (residuals.minimum * factor) << zeros;
    }

    u8* at = room;
    *at++ = static_cast<u8>(2U | predictor << 2 | (bits ? 0x10U : 0U) | (scaled ? 0x20U : 0U)
                            | (exceptionCount != 0 ? 0x40U : 0U));
    if (!bits) {
        *at++ = static_cast<u8>(exponent);
    }
    if (scaled) {
        at = putVarint(at, bits ? zeros : factor << zeros);
    }
    at = putVarint(at, toZigzag(base));
    if (exceptionCount != 0) {
        *at++ = static_cast<u8>(exceptionCount);
        for (std::size_t k = 0; k < exceptionCount; ++k) {
            __builtin_memcpy(at, &exceptions[k].index, 2);
            __builtin_memcpy(at + 2, &exceptions[k].bits, 8);
            at += 10;
        }
    }
    for (std::size_t from = 0, f = 0; from < n; from += frameValues, ++f) {
        if (predictor == 3) {
            at = putVarint(at, toZigzag(asUnsigned(residuals.references[f])));
        }
        at = putFrame(residuals.of[predictor] + from, smaller(frameValues, n - from), at);
    }
    return static_cast<std::size_t>(at - room);
}

// ---- reading ---------------------------------------------------------------------------

inline bool takeVarint(const u8*& at, const u8* end, u64& value)
{
    value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        if (at == end) {
            return false;
        }
        const u8 byte = *at++;
        value |= static_cast<u64>(byte & 0x7F) << shift;
        if (byte < 0x80) {
            return true;
        }
    }
    return false;
}

/// Unpacks the values of w bits at `at`, ⌈m/8⌉·8 of them, into `u`; unpackSlack bytes behind
/// them must be readable.
inline void unpackBits(const u8* at, std::size_t m, unsigned w, u64* u)
{
    if (w == 0) {
        for (std::size_t i = 0; i < frameValues; ++i) {
            u[i] = 0;
        }
        return;
    }
    const u64 mask = w == 64 ? ~u64{0} : (u64{1} << w) - 1;
    if (w > 57) {
        for (std::size_t i = 0; i < (m + 7) / 8 * 8; ++i) {
            const std::size_t bit = i * w;
            u64 low = 0;
            __builtin_memcpy(&low, at + bit / 8, 8);
            const unsigned shift = bit % 8;
            u64 value = low >> shift;
            if (shift != 0) {
                value |= static_cast<u64>(at[bit / 8 + 8]) << (64 - shift);
            }
            u[i] = value & mask;
        }
        return;
    }
#if WF_KERNEL_AVX2
    const UnpackPlan& plan = unpackPlans[w];
    const __m256i masks = _mm256_set1_epi64x(asSigned(mask));
    const __m256i shuffle0 = _mm256_load_si256(reinterpret_cast<const __m256i*>(plan.shuffle[0]));
    const __m256i shuffle1 = _mm256_load_si256(reinterpret_cast<const __m256i*>(plan.shuffle[1]));
    const __m256i shift0 = _mm256_load_si256(reinterpret_cast<const __m256i*>(plan.shift[0]));
    const __m256i shift1 = _mm256_load_si256(reinterpret_cast<const __m256i*>(plan.shift[1]));
    const std::size_t offset1 = 2 * w / 8;
    const std::size_t offset2 = 4 * w / 8;
    const std::size_t offset3 = 6 * w / 8;
    for (std::size_t i = 0; i < m; i += 8, at += w) {
        const auto load = [at](std::size_t offset) {
            return _mm_loadu_si128(reinterpret_cast<const __m128i*>(at + offset));
        };
        __m256i a = _mm256_inserti128_si256(_mm256_castsi128_si256(load(0)), load(offset1), 1);
        __m256i b
            = _mm256_inserti128_si256(_mm256_castsi128_si256(load(offset2)), load(offset3), 1);
        a = _mm256_srlv_epi64(_mm256_shuffle_epi8(a, shuffle0), shift0);
        b = _mm256_srlv_epi64(_mm256_shuffle_epi8(b, shuffle1), shift1);
        _mm256_store_si256(reinterpret_cast<__m256i*>(u + i), _mm256_and_si256(a, masks));
        _mm256_store_si256(reinterpret_cast<__m256i*>(u + i + 4), _mm256_and_si256(b, masks));
    }
#else
    for (std::size_t i = 0; i < m; i += 8, at += w) {
        for (unsigned k = 0; k < 8; ++k) {
            const unsigned bit = k * w;
            u64 x = 0;
            __builtin_memcpy(&x, at + bit / 8, 8);
            u[i + k] = (x >> (bit % 8)) & mask;
        }
    }
#endif
}

/// Reads the frame at `at`: its residuals into `u`, with multiples of 8 filled. False: broken.
inline bool takeFrame(unsigned predictor, const u8*& at, const u8* end, std::size_t m, u64* u,
                      u64& reference)
{
    if (predictor == 3) {
        if (!takeVarint(at, end, reference)) {
            return false;
        }
        reference = fromZigzag(reference);
    }
    if (at == end) {
        return false;
    }
    const u8 head = *at++;
    const unsigned w = head & 0x7FU;
    std::size_t patches = 0;
    if ((head & 0x80) != 0) {
        if (at == end) {
            return false;
        }
        patches = *at++;
    }
    const std::size_t bytes = (m * w + 7) / 8;
    if (w > 64 || patches > m || (patches != 0 && w == 64)
        || static_cast<std::size_t>(end - at) < bytes) {
        return false;
    }
    if (static_cast<std::size_t>(end - at) < (m + 7) / 8 * w + unpackSlack) {
        u8 copy[frameValues * 8 + unpackSlack];
        __builtin_memcpy(copy, at, bytes);
        __builtin_memset(copy + bytes, 0, sizeof copy - bytes);
        unpackBits(copy, m, w, u);
    } else {
        unpackBits(at, m, w, u);
    }
    at += bytes;
    for (std::size_t k = 0; k < patches; ++k) {
        if (at == end) {
            return false;
        }
        const std::size_t index = *at++;
        u64 high = 0;
        if (index >= m || !takeVarint(at, end, high)) {
            return false;
        }
        u[index] |= high << w;
    }
    return true;
}

/// What goes from frame to frame: the last x and the last difference.
struct Carry {
    u64 sum = 0;
    u64 step = 0;
};

enum class Target { integers, bits, whole, fractions };

#if WF_KERNEL_AVX2

inline __m256i load(const u64* at)
{
    return _mm256_load_si256(reinterpret_cast<const __m256i*>(at));
}

inline __m256i runningSum(__m256i x)
{
    x = _mm256_add_epi64(x, _mm256_slli_si256(x, 8));
    const __m256i low = _mm256_permute4x64_epi64(x, 0x55);
    return _mm256_add_epi64(x, _mm256_blend_epi32(_mm256_setzero_si256(), low, 0xF0));
}

/// The low 64 bits of the products.
inline __m256i multiply(__m256i a, __m256i b)
{
    const __m256i crossed = _mm256_mullo_epi32(a, _mm256_shuffle_epi32(b, 0xB1));
    const __m256i high = _mm256_add_epi32(
        _mm256_slli_epi64(crossed, 32),
        _mm256_and_si256(crossed, _mm256_set1_epi64x(asSigned(0xFFFF'FFFF'0000'0000))));
    return _mm256_add_epi64(_mm256_mul_epu32(a, b), high);
}

/// Residuals to results, in one pass: `out` takes multiples of 4.
template <unsigned predictor, Target target, bool product>
void finishFrame(const PackedHead& head, const u64* u, std::size_t m, u64 reference, Carry& carry,
                 double* out)
{
    const __m256i zero = _mm256_setzero_si256();
    const __m256i one = _mm256_set1_epi64x(1);
    const __m256i references = _mm256_set1_epi64x(asSigned(reference));
    const __m256i bases = _mm256_set1_epi64x(asSigned(
        head.base + (target == Target::whole || target == Target::fractions ? magicBits : 0)));
    const __m256i scales = _mm256_set1_epi64x(asSigned(head.scale));
    const __m128i shift = _mm_cvtsi64_si128(
        head.bits ? asSigned(head.scale) : static_cast<i64>(__builtin_ctzll(head.scale)));
    const __m256d magic = _mm256_set1_pd(magicDouble);
    const __m256d power = _mm256_set1_pd(powersOfTen[head.exponent]);
    __m256i sums = _mm256_set1_epi64x(asSigned(carry.sum));
    __m256i steps = _mm256_set1_epi64x(asSigned(carry.step));
    for (std::size_t i = 0; i < m; i += 4) {
        __m256i x = load(u + i);
        if constexpr (predictor == 3) {
            x = _mm256_add_epi64(x, references);
        } else if constexpr (predictor != 0) {
            const __m256i sign = _mm256_sub_epi64(zero, _mm256_and_si256(x, one));
            x = _mm256_xor_si256(_mm256_srli_epi64(x, 1), sign);
        }
        if constexpr (predictor == 2) {
            x = runningSum(x);
            const __m256i total = _mm256_permute4x64_epi64(x, 0xFF);
            x = _mm256_add_epi64(x, steps);
            steps = _mm256_add_epi64(steps, total);
        }
        if constexpr (predictor != 0) {
            x = runningSum(x);
            const __m256i total = _mm256_permute4x64_epi64(x, 0xFF);
            x = _mm256_add_epi64(x, sums);
            sums = _mm256_add_epi64(sums, total);
        }
        x = product ? multiply(x, scales) : _mm256_sll_epi64(x, shift);
        x = _mm256_add_epi64(x, bases);
        if constexpr (target == Target::integers || target == Target::bits) {
            _mm256_storeu_si256(reinterpret_cast<__m256i*>(out + i), x);
        } else {
            __m256d result = _mm256_sub_pd(_mm256_castsi256_pd(x), magic);
            if constexpr (target == Target::fractions) {
                result = _mm256_div_pd(result, power);
            }
            _mm256_storeu_pd(out + i, result);
        }
    }
    // Only a full frame has a successor; the carries of a shorter one are never used.
    carry.sum = asUnsigned(_mm256_extract_epi64(sums, 0));
    carry.step = asUnsigned(_mm256_extract_epi64(steps, 0));
}

#else

/// Residuals to results, pass by pass, so that all but the sums can be vectorised: `out` takes
/// multiples of 8.
template <unsigned predictor, Target target, bool product>
void finishFrame(const PackedHead& head, u64* u, std::size_t m, u64 reference, Carry& carry,
                 double* out)
{
    const std::size_t n = (m + 7) / 8 * 8;
    if constexpr (predictor == 1 || predictor == 2) {
        for (std::size_t i = 0; i < n; ++i) {
            u[i] = fromZigzag(u[i]);
        }
    }
    u64 sum = carry.sum;
    u64 step = carry.step;
    if constexpr (predictor != 0) {
        for (std::size_t i = 0; i < m; ++i) {
            if constexpr (predictor == 2) {
                step += u[i];
                sum += step;
            } else {
                sum += u[i] + reference;
            }
            u[i] = sum;
        }
    }
    carry = {sum, step};
    const unsigned shift = head.bits ? static_cast<unsigned>(head.scale)
                                     : static_cast<unsigned>(__builtin_ctzll(head.scale));
    for (std::size_t i = 0; i < n; ++i) {
        u[i] = (product ? u[i] * head.scale : u[i] << shift) + head.base;
    }
    if constexpr (target == Target::integers || target == Target::bits) {
        __builtin_memcpy(out, u, n * sizeof(double));
    } else {
        const double power = powersOfTen[head.exponent];
        for (std::size_t i = 0; i < n; ++i) {
            const double whole = __builtin_bit_cast(double, u[i] + magicBits) - magicDouble;
            out[i] = target == Target::fractions ? whole / power : whole;
        }
    }
}

#endif

template <unsigned predictor, Target target, bool product>
const u8* unpackFrames(const PackedHead& head, const u8* at, const u8* end, std::size_t n,
                       double* out)
{
    alignas(64) u64 u[frameValues];
    Carry carry;
    for (std::size_t from = 0; from < n; from += frameValues) {
        const std::size_t m = smaller(frameValues, n - from);
        u64 reference = 0;
        if (!takeFrame(predictor, at, end, m, u, reference)) {
            return nullptr;
        }
        if (predictor == 3 && from == 0) {
            carry.sum = 0 - reference; // so that the first x is 0
        }
        if (m % 8 == 0) {
            finishFrame<predictor, target, product>(head, u, m, reference, carry, out + from);
        } else {
            alignas(64) double last[frameValues];
            finishFrame<predictor, target, product>(head, u, m, reference, carry, last);
            __builtin_memcpy(out + from, last, m * sizeof(double));
        }
    }
    return at;
}

template <Target target, bool product>
const u8* unpackTo(const PackedHead& head, const u8* at, const u8* end, std::size_t n, double* out)
{
    switch (head.predictor) {
    case 0:
        return unpackFrames<0, target, product>(head, at, end, n, out);
    case 1:
        return unpackFrames<1, target, product>(head, at, end, n, out);
    case 2:
        return unpackFrames<2, target, product>(head, at, end, n, out);
    default:
        return unpackFrames<3, target, product>(head, at, end, n, out);
    }
}

const u8* unpackDoubles(const PackedHead& head, const u8* at, const u8* end, std::size_t n,
                        double* out)
{
    if (head.bits) {
        return unpackTo<Target::bits, false>(head, at, end, n, out);
    }
    const bool product = (head.scale & (head.scale - 1)) != 0;
    if (head.exponent == 0) {
        return product ? unpackTo<Target::whole, true>(head, at, end, n, out)
                       : unpackTo<Target::whole, false>(head, at, end, n, out);
    }
    return product ? unpackTo<Target::fractions, true>(head, at, end, n, out)
                   : unpackTo<Target::fractions, false>(head, at, end, n, out);
}

const u8* unpackIntegers(const PackedHead& head, const u8* at, const u8* end, std::size_t n,
                         i64* out)
{
    // The passes write patterns of 64 bits; as integers they are put into place whole.
    double patterns[maxSegmentValues];
    const bool product = !head.bits && (head.scale & (head.scale - 1)) != 0;
    const u8* const after = product ? unpackTo<Target::integers, true>(head, at, end, n, patterns)
                                    : unpackTo<Target::integers, false>(head, at, end, n, patterns);
    if (after != nullptr) {
        __builtin_memcpy(out, patterns, n * sizeof(i64));
    }
    return after;
}
