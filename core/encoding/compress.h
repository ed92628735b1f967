// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <string>
#include <string_view>

/// Doors to the compression libraries. Every reader takes the most bytes it may yield, so that
/// a small hostile body cannot become a large one: over it ErrorKind::limit; what is not of the
/// format: ErrorKind::invalid.
namespace watchfire::encoding {

/// Snappy's block format, as remote write and read use it.
std::string snappyCompress(std::string_view data);
Result<std::string> snappyDecompress(std::string_view data, std::uint64_t maxSize);

/// RFC 1952. `level` 1 (fast) … 9 (small).
std::string gzipCompress(std::string_view data, int level = 6);
/// gzip of one or more members, or zlib's wrapping of deflate.
Result<std::string> gzipDecompress(std::string_view data, std::uint64_t maxSize);

std::string zstdCompress(std::string_view data, int level = 3);
Result<std::string> zstdDecompress(std::string_view data, std::uint64_t maxSize);

/// By the name of a Content-Encoding: "", identity, gzip, deflate, snappy, zstd. Any other:
/// ErrorKind::unsupported.
Result<std::string> decompress(std::string_view encoding, std::string_view data,
                               std::uint64_t maxSize);

} // namespace watchfire::encoding
