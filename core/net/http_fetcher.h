// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/net/host_resolver.h"
#include "core/net/proxy.h"
#include "core/ports/http.h"

#include <cstddef>
#include <cstdint>
#include <memory>

namespace watchfire::net {

class CurlLoop;

/// What a fetcher may use. The defaults serve a hundred thousand targets.
struct FetcherOptions {
    /// Sockets that may be open at once; a request over it waits for its turn. 0: three quarters
    /// of the files that the process may have open.
    std::size_t openConnections = 0;
    /// Sockets that may stay open between requests; over it a new one closes with its request.
    /// libcurl looks at each of them once a second, so that more are no gain. Never more than half
    /// of `openConnections`.
    std::size_t keptConnections = 8'192;
    /// Bytes that answers under way may hold together. Over it, one of more than a mebibyte and
    /// more than its share ends with `limit`.
    std::uint64_t heldBodies = std::uint64_t{36} << 20;
    /// How many names may be asked for at once.
    std::size_t resolverThreads = 16;
    HostResolver::Lookup lookup{}; ///< the system's where none is given
    ProxyEnvironment environment = ProxyEnvironment::ofProcess();
};

/// Fetches over HTTP(S) with libcurl on one thread of its own. Connections are kept and used
/// again; one of HTTP/2 carries several requests at once. A proxy is used where one is configured,
/// also in the environment where that is asked for. Credentials and configured headers do not
/// follow a redirect to another scheme, host or port. Answers in gzip and zstd are read; a request
/// that takes compressed ones asks for gzip, as Prometheus does.
///
/// The timeout of a request counts from `fetch`, whatever waits before it. Replies come on the
/// fetcher's thread and must be short. A dropped ticket ends the transfer at once. The destructor
/// ends all transfers without replies.
///
/// Files of passwords and tokens are read on the fetcher's thread, certificates too where a
/// connection is made: ordinary files of a local file system, no more than a look at the page
/// cache. One on a file system that hangs would hold up all requests.
///
/// Raises the process' limit of open files as far as the system allows, as Go's runtime does.
class CurlFetcher final : public HttpFetcher {
public:
    explicit CurlFetcher(FetcherOptions options = {});
    ~CurlFetcher() override;
    CurlFetcher(const CurlFetcher&) = delete;
    CurlFetcher& operator=(const CurlFetcher&) = delete;

    Ticket fetch(HttpRequest request, Reply<HttpResponse> reply) override;

private:
    std::unique_ptr<CurlLoop> m_loop;
};

} // namespace watchfire::net
