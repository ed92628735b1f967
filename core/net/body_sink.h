// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/encoding/decompressor.h"
#include "core/ports/http.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace watchfire::net {

/// What the bodies under way may hold together, counted by those that take part. Many servers
/// that each send up to their own limit would otherwise fill the memory between them.
struct BodyBudget {
    std::uint64_t limit = UINT64_MAX; ///< bytes
    std::uint64_t held = 0;
    std::uint64_t large = 0; ///< how many bodies are larger than a mebibyte
};

/// Collects the body of one answer, decompressed, and ends it at its limits: its size, the ratio
/// of a bomb, and, when all bodies together are too many bytes, its share of them.
class BodySink {
public:
    /// `limit` in bytes, 0: none. The budget must outlive the sink.
    BodySink(std::uint64_t limit, BodyBudget& budget);
    ~BodySink();
    BodySink(const BodySink&) = delete;
    BodySink& operator=(const BodySink&) = delete;

    /// Before the first piece: what the headers say of the body. Errors: limit, when they announce
    /// more than the limit; io for a content encoding that nobody asked for.
    Result<void> begin(const HttpHeaders& headers);
    /// Errors: limit; io for a body that is not of its encoding.
    Result<void> take(std::string_view piece);
    Result<void> finish() const;
    /// Hands over the body; the budget has its bytes back.
    std::string release();

private:
    Result<void> count();
    std::unexpected<Error> tooLarge() const;

    std::uint64_t m_limit;
    BodyBudget& m_budget;
    std::string m_body;
    std::uint64_t m_counted = 0;
    std::unique_ptr<encoding::Decompressor> m_decompressor; ///< none: as it is
};

} // namespace watchfire::net
