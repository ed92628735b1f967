// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "core/model/histogram.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace watchfire::promblocks {

/// How the samples of a chunk are written. In their files: do not renumber.
enum class ChunkEncoding : std::uint8_t {
    xorFloats = 1,
    histogram = 2,
    floatHistogram = 3,
    xor2Floats = 4, ///< with times of start
    histogramStarts = 5,
    floatHistogramStarts = 6
};

struct ChunkSample {
    std::int64_t atMs = 0;
    std::int64_t startedAtMs = 0; ///< 0: not said
    double value = 0; ///< a staleness marker also ends series of histograms
    std::shared_ptr<const Histogram> histogram; ///< set: a histogram
};

/// How many samples a chunk says it holds, without looking at them. The encodings that count
/// otherwise are told apart by `encoding`; 0 for an unknown one or too few bytes.
std::uint32_t chunkSampleCount(std::uint8_t encoding, ByteView data);

/// Appends a chunk's samples, as its bytes have them, to `out`. Whatever the bytes, it reads
/// none outside `data` and makes no more than they can say. Fails with ErrorKind::unsupported
/// for an encoding or histogram schema that is not known, corrupt where the bytes end early or
/// contradict themselves; the samples before that stay in `out`.
///
/// Source: Prometheus 3.14, tsdb/docs/format/chunks.md.
Result<void> decodeChunk(std::uint8_t encoding, ByteView data, std::vector<ChunkSample>& out);

} // namespace watchfire::promblocks
