// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/net/fetch_error.h"

#include "core/text/duration.h"

#include <cstring>
#include <format>

namespace watchfire::net {

namespace {

/// The system's reason for a failed connection; libcurl's words where it gives none.
std::string connectReason(CURL* handle, std::string_view detail)
{
    long number = 0;
    curl_easy_getinfo(handle, CURLINFO_OS_ERRNO, &number);
    return number != 0
        ? std::strerror(static_cast<int>(number)) // NOLINT(concurrency-mt-unsafe): glibc's is safe
        : std::string(detail);
}

} // namespace

Error timeoutError(const FetchContext& context, std::string_view meanwhile)
{
    return {ErrorKind::timeout,
            std::format("no complete answer from {} within {}{}", context.peer,
                        text::formatDuration(context.timeout), meanwhile)};
}

Error fetchError(CURL* handle, CURLcode code, std::string_view detail, const FetchContext& context)
{
    if (detail.empty()) {
        detail = curl_easy_strerror(code);
    }
    const std::string& nearest = context.proxy.empty() ? context.peer : context.proxy;
    const std::string_view role = context.proxy.empty() ? "" : "the proxy ";
    switch (code) {
    case CURLE_OPERATION_TIMEDOUT:
        return timeoutError(context);
    case CURLE_COULDNT_RESOLVE_HOST:
        return {ErrorKind::unavailable, std::format("cannot resolve the host of {}", context.peer)};
    case CURLE_COULDNT_RESOLVE_PROXY:
        return {ErrorKind::unavailable,
                std::format("cannot resolve the host of the proxy {}", context.proxy)};
    case CURLE_COULDNT_CONNECT:
        return {ErrorKind::unavailable,
                std::format("cannot connect to {}{}: {}", role, nearest,
                            connectReason(handle, detail))};
    case CURLE_PROXY:
        return {ErrorKind::unavailable,
                std::format("the proxy {} does not lead to {}: {}", context.proxy, context.peer,
                            detail)};
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CONNECT_ERROR:
        return {ErrorKind::unavailable,
                std::format("no secure connection to {}: {}", context.peer, detail)};
    case CURLE_UNSUPPORTED_PROTOCOL: // what came begins like no answer of HTTP
    case CURLE_WEIRD_SERVER_REPLY:
        return {ErrorKind::io, std::format("{} does not answer in HTTP: {}", context.peer, detail)};
    case CURLE_GOT_NOTHING:
        return {ErrorKind::io,
                std::format("{} closed the connection without an answer", context.peer)};
    default:
        return {ErrorKind::io, std::format("{}: {}", context.peer, detail)};
    }
}

} // namespace watchfire::net
