// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The inner loops of the decoder; see kernel_common.h.

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
