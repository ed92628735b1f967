// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/encoding/compress.h"

#include "core/base/check.h"

#include <algorithm>
#include <format>
#include <memory>
#include <snappy.h>
#include <zlib.h>
#include <zstd.h>

namespace watchfire::encoding {

namespace {

constexpr std::size_t step = std::size_t{64} << 10;

std::unexpected<Error> tooLarge(std::uint64_t maxSize)
{
    return fail(ErrorKind::limit, std::format("decompressed body exceeds {} bytes", maxSize));
}

Bytef* input(std::string_view data)
{
    // zlib takes a pointer to non-const and does not write through it.
    return const_cast<Bytef*>(reinterpret_cast<const Bytef*>(data.data()));
}

/// inflateEnd on every way out.
struct Inflater {
    z_stream stream{};
    bool ready = inflateInit2(&stream, 15 + 32) == Z_OK; // 32: gzip or zlib by its header
    Inflater() = default;
    Inflater(const Inflater&) = delete;
    Inflater& operator=(const Inflater&) = delete;
    ~Inflater()
    {
        if (ready) {
            inflateEnd(&stream);
        }
    }
};

} // namespace

std::string snappyCompress(std::string_view data)
{
    std::string out;
    snappy::Compress(data.data(), data.size(), &out);
    return out;
}

Result<std::string> snappyDecompress(std::string_view data, std::uint64_t maxSize)
{
    std::size_t size = 0;
    if (!snappy::GetUncompressedLength(data.data(), data.size(), &size)) {
        return fail(ErrorKind::invalid, "snappy: corrupt input");
    }
    // The length is the sender's claim: nothing is reserved before the content is checked.
    if (size > maxSize) {
        return tooLarge(maxSize);
    }
    std::string out;
    if (!snappy::IsValidCompressedBuffer(data.data(), data.size())
        || !snappy::Uncompress(data.data(), data.size(), &out)) {
        return fail(ErrorKind::invalid, "snappy: corrupt input");
    }
    return out;
}

std::string gzipCompress(std::string_view data, int level)
{
    z_stream stream{};
    WF_CHECK(deflateInit2(&stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    std::string out(deflateBound(&stream, static_cast<uLong>(data.size())), '\0');
    stream.next_in = input(data);
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    std::size_t left = data.size();
    std::size_t room = out.size();
    int state = Z_OK;
    while (state == Z_OK) {
        // avail_in and avail_out are 32-bit.
        stream.avail_in = static_cast<uInt>(std::min<std::size_t>(left, 1U << 30));
        stream.avail_out = static_cast<uInt>(std::min<std::size_t>(room, 1U << 30));
        const uInt in = stream.avail_in;
        const uInt before = stream.avail_out;
        state = deflate(&stream, in == left ? Z_FINISH : Z_NO_FLUSH);
        left -= in - stream.avail_in;
        room -= before - stream.avail_out;
    }
    WF_CHECK(state == Z_STREAM_END);
    out.resize(out.size() - room);
    deflateEnd(&stream);
    return out;
}

Result<std::string> gzipDecompress(std::string_view data, std::uint64_t maxSize)
{
    Inflater inflater;
    if (!inflater.ready) {
        return fail(ErrorKind::internal, "zlib cannot start");
    }
    z_stream& stream = inflater.stream;
    stream.next_in = input(data);
    std::size_t left = data.size();
    std::string out;
    std::size_t size = 0;
    while (true) {
        if (size == out.size()) {
            if (size >= maxSize + 1) {
                return tooLarge(maxSize);
            }
            const std::uint64_t wanted = std::max<std::uint64_t>(size * 2, step);
            out.resize(static_cast<std::size_t>(std::min<std::uint64_t>(wanted, maxSize + 1)));
        }
        stream.avail_in = static_cast<uInt>(std::min<std::size_t>(left, 1U << 30));
        const uInt in = stream.avail_in;
        stream.next_out = reinterpret_cast<Bytef*>(out.data() + size);
        stream.avail_out = static_cast<uInt>(std::min<std::size_t>(out.size() - size, 1U << 30));
        const uInt before = stream.avail_out;
        const int state = inflate(&stream, Z_NO_FLUSH);
        left -= in - stream.avail_in;
        size += before - stream.avail_out;
        if (state == Z_STREAM_END) {
            if (left == 0) {
                break;
            }
            if (inflateReset(&stream) != Z_OK) { // the next member
                return fail(ErrorKind::internal, "zlib cannot go on");
            }
            continue;
        }
        if (state != Z_OK && state != Z_BUF_ERROR) {
            return fail(ErrorKind::invalid, "gzip: invalid data");
        }
        if (left == 0 && size < out.size()) {
            return fail(ErrorKind::invalid, "gzip: unexpected end");
        }
    }
    if (size > maxSize) {
        return tooLarge(maxSize);
    }
    out.resize(size);
    return out;
}

std::string zstdCompress(std::string_view data, int level)
{
    std::string out(ZSTD_compressBound(data.size()), '\0');
    const std::size_t size = ZSTD_compress(out.data(), out.size(), data.data(), data.size(), level);
    WF_CHECK(ZSTD_isError(size) == 0);
    out.resize(size);
    return out;
}

Result<std::string> zstdDecompress(std::string_view data, std::uint64_t maxSize)
{
    const std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)> context(ZSTD_createDCtx(),
                                                                       &ZSTD_freeDCtx);
    if (context == nullptr) {
        return fail(ErrorKind::internal, "zstd cannot start");
    }
    ZSTD_DCtx_setParameter(context.get(), ZSTD_d_windowLogMax, 27);
    ZSTD_inBuffer in{data.data(), data.size(), 0};
    std::string out;
    std::size_t size = 0;
    std::size_t state = 1;
    while (in.pos < in.size || state != 0) {
        if (size == out.size()) {
            if (size >= maxSize + 1) {
                return tooLarge(maxSize);
            }
            const std::uint64_t wanted = std::max<std::uint64_t>(size * 2, step);
            out.resize(static_cast<std::size_t>(std::min<std::uint64_t>(wanted, maxSize + 1)));
        }
        ZSTD_outBuffer target{out.data(), out.size(), size};
        const std::size_t consumed = in.pos;
        state = ZSTD_decompressStream(context.get(), &target, &in);
        if (ZSTD_isError(state) != 0) {
            return fail(ErrorKind::invalid, std::string("zstd: ") + ZSTD_getErrorName(state));
        }
        const bool stuck = target.pos == size && in.pos == consumed;
        size = target.pos;
        if (state != 0 && in.pos == in.size && (stuck || size < out.size())) {
            return fail(ErrorKind::invalid, "zstd: unexpected end");
        }
    }
    if (size > maxSize) {
        return tooLarge(maxSize);
    }
    out.resize(size);
    return out;
}

Result<std::string> decompress(std::string_view encoding, std::string_view data,
                               std::uint64_t maxSize)
{
    if (encoding.empty() || encoding == "identity") {
        if (data.size() > maxSize) {
            return tooLarge(maxSize);
        }
        return std::string(data);
    }
    if (encoding == "gzip" || encoding == "x-gzip" || encoding == "deflate") {
        return gzipDecompress(data, maxSize);
    }
    if (encoding == "snappy") {
        return snappyDecompress(data, maxSize);
    }
    if (encoding == "zstd") {
        return zstdDecompress(data, maxSize);
    }
    return fail(ErrorKind::unsupported,
                std::format("content encoding \"{}\" is not known", encoding));
}

} // namespace watchfire::encoding
