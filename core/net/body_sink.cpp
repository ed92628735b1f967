// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/net/body_sink.h"

#include "core/ports/body_limit.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <format>
#include <limits>
#include <optional>
#include <utility>

namespace watchfire::net {

namespace {

constexpr std::uint64_t largeFrom = std::uint64_t{1} << 20;
/// What is reserved on the word of a header alone.
constexpr std::uint64_t mostReserved = std::uint64_t{64} << 20;

/// The codings that a body went through, in small letters and without those that change nothing.
/// Source: RFC 9110, section 8.4.
std::string codingsOf(const HttpHeaders& headers)
{
    std::string out;
    for (const auto& [name, value] : headers) {
        const HttpHeaders one{{name, value}};
        if (header(one, "Content-Encoding").empty()) {
            continue;
        }
        std::string word;
        for (const char c : value + ",") {
            if (c != ',' && c != ' ' && c != '\t') {
                word += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
            } else if (c == ',') {
                if (!word.empty() && word != "identity") {
                    out += (out.empty() ? "" : ", ") + word;
                }
                word.clear();
            }
        }
    }
    return out;
}

std::optional<std::uint64_t> lengthOf(const HttpHeaders& headers)
{
    const std::string_view text = header(headers, "Content-Length");
    std::uint64_t length = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), length);
    if (text.empty() || error != std::errc() || end != text.data() + text.size()) {
        return std::nullopt;
    }
    return length;
}

/// What the decompressor says, in the kinds of a fetcher.
Error asFetchError(Error error)
{
    if (error.kind != ErrorKind::limit) {
        error.kind = ErrorKind::io;
    }
    return error.within("the answer's body");
}

} // namespace

BodySink::BodySink(std::uint64_t limit, BodyBudget& budget)
    : m_limit(limit != 0 ? limit : std::numeric_limits<std::uint64_t>::max())
    , m_budget(budget)
{
}

BodySink::~BodySink()
{
    release();
}

std::unexpected<Error> BodySink::tooLarge() const
{
    return std::unexpected(bodyLimitError(m_limit));
}

Result<void> BodySink::begin(const HttpHeaders& headers)
{
    if (const std::string codings = codingsOf(headers); !codings.empty()) {
        auto made = encoding::makeDecompressor(codings, {.maxSize = m_limit});
        if (!made) {
            return std::unexpected(asFetchError(std::move(made.error())));
        }
        m_decompressor = std::move(*made);
    } else if (const auto length = lengthOf(headers)) {
        if (*length > m_limit) {
            return tooLarge();
        }
        m_body.reserve(static_cast<std::size_t>(std::min(*length, mostReserved)));
    }
    return {};
}

Result<void> BodySink::take(std::string_view piece)
{
    if (m_decompressor) {
        auto fed = m_decompressor->feed(piece, m_body);
        // Its limit of size is ours, and said in the same words whatever the encoding.
        if (m_body.size() > m_limit) {
            return tooLarge();
        }
        if (!fed) {
            return std::unexpected(asFetchError(std::move(fed.error())));
        }
    } else {
        if (piece.size() > m_limit - m_body.size()) {
            return tooLarge();
        }
        encoding::growForBody(m_body, piece.size());
        m_body += piece;
    }
    return count();
}

Result<void> BodySink::count()
{
    if (m_counted <= largeFrom && m_body.size() > largeFrom) {
        ++m_budget.large;
    }
    m_budget.held += m_body.size() - m_counted;
    m_counted = m_body.size();
    // One over its share learns of it with its next piece. When that does not come, others would
    // grow into their shares beside it, so that there is an end for all.
    const std::uint64_t most = m_budget.limit + m_budget.limit / 8;
    if (m_counted > largeFrom && m_budget.held > m_budget.limit
        && (m_counted > m_budget.limit / m_budget.large || m_budget.held > most)) {
        return fail(ErrorKind::limit,
                    std::format("given up after {} bytes: {} large answers that are under way hold "
                                "{} bytes together, more than their limit of {}",
                                m_counted, m_budget.large, m_budget.held, m_budget.limit));
    }
    return {};
}

Result<void> BodySink::finish() const
{
    if (m_decompressor) {
        if (auto finished = m_decompressor->finish(); !finished) {
            return std::unexpected(asFetchError(std::move(finished.error())));
        }
    }
    return {};
}

std::string BodySink::release()
{
    if (m_counted > largeFrom) {
        --m_budget.large;
    }
    m_budget.held -= m_counted;
    m_counted = 0;
    m_decompressor.reset();
    return std::exchange(m_body, {});
}

} // namespace watchfire::net
