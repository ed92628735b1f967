// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/encoding/decompressor.h"

#include <algorithm>
#include <format>
#include <zlib.h>
#include <zstd.h>

namespace watchfire::encoding {

namespace {

constexpr std::size_t step = std::size_t{64} << 10;

/// What both formats have in common: output comes in steps, and after each the limits are held.
class Stream : public Decompressor {
public:
    explicit Stream(const DecompressionLimits& limits)
        : m_limits(limits)
    {
    }

    Result<void> feed(std::string_view piece, std::string& out) final
    {
        m_taken += piece.size();
        while (true) {
            growForBody(out, step);
            const std::size_t before = out.size();
            const std::size_t given = piece.size();
            Result<std::size_t> written = std::size_t{0};
            out.resize_and_overwrite(before + step, [&](char* data, std::size_t) {
                written = turn(piece, data + before, step);
                return before + written.value_or(0);
            });
            if (!written) {
                return std::unexpected(std::move(written.error()));
            }
            if (auto held = holdLimits(out.size()); !held) {
                return held;
            }
            // Less than a full step: there is nothing more in what was given.
            if (piece.empty() && *written < step) {
                return {};
            }
            if (*written == 0 && piece.size() == given) {
                return fail(ErrorKind::invalid,
                            std::format("the {} stream cannot be read on", name()));
            }
        }
    }

    Result<void> finish() const final
    {
        if (m_taken != 0 && !atEnd()) {
            return fail(ErrorKind::invalid,
                        std::format("the {} stream ends before its end", name()));
        }
        return {};
    }

protected:
    /// Takes from the front of `piece` and writes up to `room` bytes.
    virtual Result<std::size_t> turn(std::string_view& piece, char* out, std::size_t room) = 0;
    virtual bool atEnd() const = 0;
    virtual const char* name() const = 0;

private:
    Result<void> holdLimits(std::uint64_t size) const
    {
        if (size > m_limits.maxSize) {
            return fail(ErrorKind::limit,
                        std::format("decompressed, it is larger than the limit of {} bytes",
                                    m_limits.maxSize));
        }
        if (size > m_limits.ratioCountsFrom && size / m_limits.maxRatio > m_taken) {
            return fail(ErrorKind::limit,
                        std::format("{} bytes of {} became {}, more than {} times as many: taken "
                                    "for a decompression bomb",
                                    m_taken, name(), size, m_limits.maxRatio));
        }
        return {};
    }

    DecompressionLimits m_limits;
    std::uint64_t m_taken = 0;
};

class Gzip final : public Stream {
public:
    explicit Gzip(const DecompressionLimits& limits)
        : Stream(limits)
        , m_ready(inflateInit2(&m_stream, 15 + 16) == Z_OK) // 16: gzip and nothing else
    {
    }
    ~Gzip() override
    {
        if (m_ready) {
            inflateEnd(&m_stream);
        }
    }
    Gzip(const Gzip&) = delete;
    Gzip& operator=(const Gzip&) = delete;

private:
    Result<std::size_t> turn(std::string_view& piece, char* out, std::size_t room) override
    {
        if (!m_ready) {
            return fail(ErrorKind::internal, "zlib cannot start");
        }
        std::size_t written = 0;
        while (written < room) {
            if (m_memberEnded && !piece.empty()) { // another member follows
                if (inflateReset(&m_stream) != Z_OK) {
                    return fail(ErrorKind::internal, "zlib cannot go on");
                }
                m_memberEnded = false;
            }
            if (m_memberEnded) {
                break;
            }
            // zlib takes a pointer to non-const and does not write through it.
            m_stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(piece.data()));
            m_stream.avail_in = static_cast<uInt>(std::min<std::size_t>(piece.size(), 1U << 30));
            m_stream.next_out = reinterpret_cast<Bytef*>(out + written);
            m_stream.avail_out = static_cast<uInt>(room - written);
            const std::size_t given = m_stream.avail_in;
            const int state = inflate(&m_stream, Z_NO_FLUSH);
            piece.remove_prefix(given - m_stream.avail_in);
            written = room - m_stream.avail_out;
            if (state == Z_STREAM_END) {
                m_memberEnded = true;
            } else if (state == Z_BUF_ERROR || (state == Z_OK && piece.empty())) {
                break; // it wants more input
            } else if (state != Z_OK) {
                return fail(ErrorKind::invalid,
                            std::format("not valid gzip: {}",
                                        m_stream.msg != nullptr ? m_stream.msg : "damaged data"));
            }
        }
        return written;
    }
    bool atEnd() const override { return m_memberEnded; }
    const char* name() const override { return "gzip"; }

    z_stream m_stream{};
    bool m_memberEnded = false;
    bool m_ready;
};

class Zstd final : public Stream {
public:
    explicit Zstd(const DecompressionLimits& limits)
        : Stream(limits)
        , m_context(ZSTD_createDCtx())
    {
        constexpr int windowLog = 23; // 8 MiB
        if (m_context != nullptr) {
            ZSTD_DCtx_setParameter(m_context.get(), ZSTD_d_windowLogMax, windowLog);
        }
    }

private:
    struct Deleter {
        void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
    };

    Result<std::size_t> turn(std::string_view& piece, char* out, std::size_t room) override
    {
        if (m_context == nullptr) {
            return fail(ErrorKind::internal, "zstd cannot start");
        }
        if (piece.empty() && m_state == 0) {
            return std::size_t{0}; // asked again, it would wait for another frame
        }
        ZSTD_inBuffer in{piece.data(), piece.size(), 0};
        ZSTD_outBuffer target{out, room, 0};
        while (true) {
            const std::size_t taken = in.pos;
            const std::size_t before = target.pos;
            m_state = ZSTD_decompressStream(m_context.get(), &target, &in);
            if (ZSTD_isError(m_state) != 0) {
                return fail(ErrorKind::invalid,
                            std::format("not valid zstd: {}", ZSTD_getErrorName(m_state)));
            }
            if (target.pos == room || (in.pos == taken && target.pos == before)
                || (in.pos == in.size && m_state == 0)) {
                break;
            }
        }
        piece.remove_prefix(in.pos);
        return target.pos;
    }
    bool atEnd() const override { return m_state == 0; }
    const char* name() const override { return "zstd"; }

    std::unique_ptr<ZSTD_DCtx, Deleter> m_context;
    std::size_t m_state = 1; ///< 0: a frame has ended and is flushed
};

} // namespace

Result<std::unique_ptr<Decompressor>> makeDecompressor(std::string_view encoding,
                                                       const DecompressionLimits& limits)
{
    if (encoding == "gzip" || encoding == "x-gzip") {
        return std::make_unique<Gzip>(limits);
    }
    if (encoding == "zstd") {
        return std::make_unique<Zstd>(limits);
    }
    return fail(ErrorKind::unsupported,
                std::format("content encoding \"{}\" is not known", encoding));
}

void growForBody(std::string& out, std::size_t more)
{
    const std::size_t wanted = out.size() + more;
    if (wanted <= out.capacity()) {
        return;
    }
    // Small ones as any string does. Beyond that in few steps, since each copies what is there and
    // what is reserved and not written is not there.
    constexpr std::size_t large = std::size_t{1} << 20;
    constexpr std::size_t largest = std::size_t{64} << 20;
    const std::size_t now = out.capacity();
    const std::size_t grown = now >= large && now < largest ? std::min(now * 8, largest) : now * 2;
    out.reserve(std::max({wanted, grown, std::size_t{8} << 10}));
}

} // namespace watchfire::encoding
