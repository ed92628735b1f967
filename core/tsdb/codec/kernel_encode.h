// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The inner loops of the encoder; see kernel_common.h.

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
