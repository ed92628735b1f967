// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace watchfire {

/// What callers branch on; the HTTP API maps it to its error types.
enum class ErrorKind {
    invalid, ///< the input is wrong
    notFound,
    conflict,
    outOfOrder,
    limit, ///< a configured bound was reached
    timeout,
    cancelled,
    unavailable, ///< not now; the same call may succeed later
    io,
    corrupt, ///< stored data is not what was written
    unsupported,
    internal ///< a fault of ours
};

/// A half-open range of bytes in the text at fault.
struct Span {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    friend bool operator==(const Span&, const Span&) = default;
};

/// Why something could not be done: an English sentence that names the thing at fault.
struct Error {
    ErrorKind kind = ErrorKind::internal;
    std::string message;
    std::optional<Span> where = std::nullopt;

    /// The same error as seen one floor up: "context: message".
    [[nodiscard]] Error within(std::string_view context) const
    {
        return {kind, std::string(context) + ": " + message, where};
    }
};

template <class T> using Result = std::expected<T, Error>;

/// Answers a request, at most once, on a thread of the engine's choosing.
template <class T> using Reply = std::move_only_function<void(Result<T>)>;

inline std::unexpected<Error> fail(ErrorKind kind, std::string message,
                                   std::optional<Span> where = std::nullopt)
{
    return std::unexpected(Error{kind, std::move(message), where});
}

} // namespace watchfire
