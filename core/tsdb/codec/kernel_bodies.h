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

/// The width that makes the frame smallest.
unsigned bestWidth(const u64* u, std::size_t m)
{
    u64 all = 0;
    for (std::size_t i = 0; i < m; ++i) {
        all |= u[i];
    }
    const unsigned widest = bitWidth(all);
    if (widest == 0) {
        return 0;
    }
    u8 ofWidth[65] = {};
    for (std::size_t i = 0; i < m; ++i) {
        ++ofWidth[bitWidth(u[i])];
    }
    unsigned best = widest;
    std::size_t bestBytes = 1 + (m * widest + 7) / 8;
    std::size_t patches = 0;
    for (unsigned w = widest; w-- > 0;) {
        patches += ofWidth[w + 1];
        std::size_t bytes = 2 + (m * w + 7) / 8;
        if (2 + 2 * patches >= bestBytes) {
            break;
        }
        for (unsigned wide = w + 1; wide <= widest; ++wide) {
            bytes += ofWidth[wide] * (1 + varintBytes(wide - w));
        }
        if (bytes < bestBytes) {
            bestBytes = bytes;
            best = w;
        }
    }
    return best;
}

u8* packBits(const u64* u, std::size_t m, unsigned w, u8* at)
{
    const u64 mask = w == 64 ? ~u64{0} : (u64{1} << w) - 1;
    u64 pending = 0;
    unsigned held = 0;
    u8* to = at;
    for (std::size_t i = 0; i < m; ++i) {
        const u64 x = u[i] & mask;
        pending |= x << held;
        held += w;
        if (held >= 64) {
            __builtin_memcpy(to, &pending, 8);
            to += 8;
            held -= 64;
            // held bits of x did not fit; held < w here, so the shift is below 64 if w < 64
            // or held > 0.
            pending = held == 0 ? 0 : x >> (w - held);
        }
    }
    __builtin_memcpy(to, &pending, 8);
    return at + (m * w + 7) / 8;
}

u8* putFrame(const u64* u, std::size_t m, u8* at)
{
    const unsigned w = bestWidth(u, m);
    const u64 mask = w == 64 ? ~u64{0} : (u64{1} << w) - 1;
    u8* const head = at++;
    u8* const count = at;
    std::size_t patches = 0;
    u64 over = 0;
    for (std::size_t i = 0; i < m; ++i) {
        over |= u[i] & ~mask;
    }
    if (over != 0) {
        for (std::size_t i = 0; i < m; ++i) {
            patches += static_cast<std::size_t>((u[i] & ~mask) != 0);
        }
        ++at;
        *count = static_cast<u8>(patches);
    }
    *head = static_cast<u8>(w | (patches != 0 ? 0x80U : 0U));
    if (w != 0) {
        at = packBits(u, m, w, at);
    }
    if (patches != 0) {
        for (std::size_t i = 0; i < m; ++i) {
            if ((u[i] & ~mask) != 0) {
                *at++ = static_cast<u8>(i);
                at = putVarint(at, u[i] >> w);
            }
        }
    }
    return at;
}

// ---- predictors ------------------------------------------------------------------------

/// The inverse of an odd number modulo 2^64: exact division by it is a multiplication.
inline u64 inverseOf(u64 odd)
{
    u64 x = (odd * 3) ^ 2;
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
        for (std::size_t i = 0; i < m; ++i) {
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

/// Residuals to x, in place: 64 places, of which those past m hold anything. `sum` and `step`
/// carry the last value and difference from frame to frame.
inline void undoPredictor(unsigned predictor, u64* u, std::size_t m, u64 reference, u64& sum,
                          u64& step)
{
    if (predictor == 0) {
        return;
    }
#if WF_KERNEL_AVX2
    const __m256i zero = _mm256_setzero_si256();
    const __m256i one = _mm256_set1_epi64x(1);
    const __m256i references = _mm256_set1_epi64x(asSigned(reference));
    __m256i sums = _mm256_set1_epi64x(asSigned(sum));
    __m256i steps = _mm256_set1_epi64x(asSigned(step));
    const auto runningSum = [zero](__m256i x) {
        x = _mm256_add_epi64(x, _mm256_slli_si256(x, 8));
        const __m256i low = _mm256_permute4x64_epi64(x, 0x55);
        return _mm256_add_epi64(x, _mm256_blend_epi32(zero, low, 0xF0));
    };
    for (std::size_t i = 0; i < m; i += 4) {
        __m256i x = _mm256_load_si256(reinterpret_cast<const __m256i*>(u + i));
        if (predictor == 3) {
            x = _mm256_add_epi64(x, references);
        } else {
            const __m256i sign = _mm256_sub_epi64(zero, _mm256_and_si256(x, one));
            x = _mm256_xor_si256(_mm256_srli_epi64(x, 1), sign);
        }
        x = runningSum(x);
        if (predictor == 2) {
            const __m256i total = _mm256_permute4x64_epi64(x, 0xFF);
            x = _mm256_add_epi64(x, steps);
            steps = _mm256_add_epi64(steps, total);
            x = runningSum(x);
        }
        const __m256i total = _mm256_permute4x64_epi64(x, 0xFF);
        x = _mm256_add_epi64(x, sums);
        sums = _mm256_add_epi64(sums, total);
        _mm256_store_si256(reinterpret_cast<__m256i*>(u + i), x);
    }
    // Only a full frame has a successor; the carries of a shorter one are never used.
    sum = asUnsigned(_mm256_extract_epi64(sums, 0));
    step = asUnsigned(_mm256_extract_epi64(steps, 0));
#else
    switch (predictor) {
    case 1:
        for (std::size_t i = 0; i < m; ++i) {
            sum += fromZigzag(u[i]);
            u[i] = sum;
        }
        break;
    case 2:
        for (std::size_t i = 0; i < m; ++i) {
            step += fromZigzag(u[i]);
            sum += step;
            u[i] = sum;
        }
        break;
    default:
        for (std::size_t i = 0; i < m; ++i) {
            sum += u[i] + reference;
            u[i] = sum;
        }
        break;
    }
#endif
}

/// x to base + x·scale, in place, all 64 places.
inline void undoScale(const PackedHead& head, u64* u)
{
    if (head.bits) {
        for (std::size_t i = 0; i < frameValues; ++i) {
            u[i] = (u[i] << head.scale) + head.base;
        }
    } else if (head.scale == 1) {
        for (std::size_t i = 0; i < frameValues; ++i) {
            u[i] += head.base;
        }
    } else if ((head.scale & (head.scale - 1)) == 0 && head.scale != 0) {
        const auto shift = static_cast<unsigned>(__builtin_ctzll(head.scale));
        for (std::size_t i = 0; i < frameValues; ++i) {
            u[i] = (u[i] << shift) + head.base;
        }
    } else {
        for (std::size_t i = 0; i < frameValues; ++i) {
            u[i] = u[i] * head.scale + head.base;
        }
    }
}

/// Integers to the doubles they stand for, all 64 places.
inline void toDoubles(const PackedHead& head, const u64* u, double* out)
{
    if (head.bits) {
        __builtin_memcpy(out, u, frameValues * sizeof(double));
    } else if (head.exponent == 0) {
        for (std::size_t i = 0; i < frameValues; ++i) {
            out[i] = __builtin_bit_cast(double, u[i] + magicBits) - magicDouble;
        }
    } else {
        const double power = powersOfTen[head.exponent];
        for (std::size_t i = 0; i < frameValues; ++i) {
            out[i] = (__builtin_bit_cast(double, u[i] + magicBits) - magicDouble) / power;
        }
    }
}

/// Reads the frame at `at` into 64 places of `u`: unscaled x. False: broken.
inline bool takeFrame(unsigned predictor, bool first, const u8*& at, const u8* end, std::size_t m,
                      u64* u, u64& sum, u64& step)
{
    u64 reference = 0;
    if (predictor == 3) {
        if (!takeVarint(at, end, reference)) {
            return false;
        }
        reference = fromZigzag(reference);
        if (first) {
            sum = 0 - reference;
        }
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
    undoPredictor(predictor, u, m, reference, sum, step);
    return true;
}

const u8* unpackDoubles(const PackedHead& head, const u8* at, const u8* end, std::size_t n,
                        double* out)
{
    alignas(64) u64 u[frameValues] = {};
    u64 sum = 0;
    u64 step = 0;
    for (std::size_t from = 0; from < n; from += frameValues) {
        const std::size_t m = smaller(frameValues, n - from);
        if (!takeFrame(head.predictor, from == 0, at, end, m, u, sum, step)) {
            return nullptr;
        }
        undoScale(head, u);
        if (m == frameValues) {
            toDoubles(head, u, out + from);
        } else {
            alignas(64) double last[frameValues];
            toDoubles(head, u, last);
            __builtin_memcpy(out + from, last, m * sizeof(double));
        }
    }
    return at;
}

const u8* unpackIntegers(const PackedHead& head, const u8* at, const u8* end, std::size_t n,
                         i64* out)
{
    alignas(64) u64 u[frameValues] = {};
    u64 sum = 0;
    u64 step = 0;
    for (std::size_t from = 0; from < n; from += frameValues) {
        const std::size_t m = smaller(frameValues, n - from);
        if (!takeFrame(head.predictor, from == 0, at, end, m, u, sum, step)) {
            return nullptr;
        }
        undoScale(head, u);
        __builtin_memcpy(out + from, u, m * sizeof(i64));
    }
    return at;
}
