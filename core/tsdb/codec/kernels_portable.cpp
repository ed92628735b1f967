// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/codec/kernels.h"

#define WF_KERNEL_AVX2 0

namespace watchfire::tsdb {

namespace {
#include "core/tsdb/codec/kernel_common.h"
#include "core/tsdb/codec/kernel_decode.h"
#include "core/tsdb/codec/kernel_encode.h"
} // namespace

constinit const Kernels portableKernels{"portable", exactExponents, toDecimal,
                                        pack,       unpackDoubles,  unpackIntegers};

const Kernels& bestKernels()
{
    static const Kernels& best = avx2Kernels() != nullptr ? *avx2Kernels() : portableKernels;
    return best;
}

} // namespace watchfire::tsdb
