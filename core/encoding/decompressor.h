// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace watchfire::encoding {

/// How much a compressed stream may become.
struct DecompressionLimits {
    std::uint64_t maxSize = UINT64_MAX; ///< bytes
    /// Bytes that a byte may become. What people write, metrics and JSON too, shrinks 5 to 50
    /// times and rarely more than 100; a stream of zeros shrinks a thousand times in gzip and
    /// without bound in zstd.
    std::uint64_t maxRatio = 200;
    std::uint64_t ratioCountsFrom = std::uint64_t{1} << 20; ///< bytes; less may be of any ratio
};

/// Decompresses a stream piece by piece, as it arrives from a network, and stops as soon as a
/// limit is passed: what it has written then is at most 64 KiB more than allowed.
class Decompressor {
public:
    virtual ~Decompressor() = default;
    /// Appends to `out` what the next piece yields; `out` holds only what came of earlier ones.
    /// Errors: limit (size or ratio), invalid (not of the format). After an error the rest of
    /// the stream is of no use.
    virtual Result<void> feed(std::string_view piece, std::string& out) = 0;
    /// Fails with invalid when the stream ended before its end. No piece at all is fine.
    virtual Result<void> finish() const = 0;
};

/// By the name of a Content-Encoding: gzip (or x-gzip) and zstd. Any other fails with
/// ErrorKind::unsupported.
///
/// A frame of zstd may ask for a window of 8 MiB at most.
/// Source: RFC 1952; RFC 8878; RFC 9659 for the window.
Result<std::unique_ptr<Decompressor>> makeDecompressor(std::string_view encoding,
                                                       const DecompressionLimits& limits);

/// Makes room for `more` bytes behind what `out` holds. Between 1 and 64 MiB it is copied twice at
/// most, at 1 and at 8 MiB: what is reserved and never written takes no memory, a copy does.
void growForBody(std::string& out, std::size_t more);

} // namespace watchfire::encoding
