// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/codec/kernels.h"

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define WF_KERNEL_AVX2 1
#include <immintrin.h>

// Not FMA: a fused multiply-add rounds once instead of twice, so the two builds of the
// encoder could choose differently.
#pragma GCC push_options
#pragma GCC target("avx2,bmi,bmi2,lzcnt,popcnt")

namespace watchfire::tsdb {

namespace {

/// How to bring the values of one width into 64-bit lanes: of a group of 8 values (which
/// starts at a byte) values 0–3 and 4–7; each 128-bit lane holds 16 bytes from the byte in
/// which its first value starts.
struct alignas(32) UnpackPlan {
    std::uint8_t shuffle[2][32];
    std::uint64_t shift[2][4];
};

constexpr std::array<UnpackPlan, 58> makeUnpackPlans()
{
    std::array<UnpackPlan, 58> plans{};
    for (unsigned w = 1; w < plans.size(); ++w) {
        for (unsigned value = 0; value < 8; ++value) {
            const unsigned half = value / 4;
            const unsigned laneStart = value / 2 * 2 * w / 8 * 8;
            const unsigned bit = value * w - laneStart;
            plans[w].shift[half][value % 4] = bit % 8;
            for (unsigned byte = 0; byte < 8; ++byte) {
                plans[w].shuffle[half][value % 4 * 8 + byte]
                    = static_cast<std::uint8_t>(bit / 8 + byte);
            }
        }
    }
    return plans;
}
constexpr std::array<UnpackPlan, 58> unpackPlans = makeUnpackPlans();

#include "core/tsdb/codec/kernel_common.h"
#include "core/tsdb/codec/kernel_decode.h"
#include "core/tsdb/codec/kernel_encode.h"

constinit const Kernels kernels{"AVX2", exactExponents, toDecimal,
                                pack,   unpackDoubles,  unpackIntegers};

} // namespace

} // namespace watchfire::tsdb

#pragma GCC pop_options

namespace watchfire::tsdb {

const Kernels* avx2Kernels()
{
    static const bool has = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi")
        && __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("lzcnt")
        && __builtin_cpu_supports("popcnt");
    return has ? &kernels : nullptr;
}

} // namespace watchfire::tsdb

#else

namespace watchfire::tsdb {

const Kernels* avx2Kernels()
{
    return nullptr;
}

} // namespace watchfire::tsdb

#endif
