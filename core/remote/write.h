// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/model/write_request.h"

#include <string>
#include <string_view>

namespace watchfire::remote {

/// Which message a body holds.
enum class WriteVersion { v1, v2 };

/// What a request held, after what the receiver drops was dropped.
struct DecodedWrite {
    WriteRequest request;
    std::size_t samples = 0; ///< in `request`
    std::size_t histograms = 0;
    std::size_t exemplars = 0;
    std::size_t droppedSeries = 0; ///< without a valid name, or with a repeated label name
    /// Version 2 tells the sender about the first series it dropped; version 1 is silent.
    std::string dropReason;
};

/// Reads a protobuf body (already decompressed). Series whose labels cannot be stored are
/// dropped and counted, as Prometheus does. Fails with ErrorKind::invalid when the body is not
/// the message, a symbol number is out of range, or a native histogram contradicts itself. Start
/// times, which only version 2 has, are kept where they are older than their samples.
///
/// Source: Prometheus documentation, remote write specifications 1.0 and 2.0.
Result<DecodedWrite> decodeWrite(std::string_view body, WriteVersion version);

/// The body of a version 1 request, not compressed. It says all that a WriteRequest does but when
/// counters started; native histograms whose counts are whole go as such, others as floats.
std::string encodeWrite(const WriteRequest& request);

} // namespace watchfire::remote
