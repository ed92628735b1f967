// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/ports/http.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace watchfire::net {

struct ServerLimits {
    std::uint64_t body = std::uint64_t{64} << 20; ///< bytes of a request; over it: 413
    unsigned connections = 512;
    unsigned idleSeconds = 60;
};

/// Serves a handler over HTTP with libmicrohttpd on one thread of its own. A request is handed
/// over whole; the connection then sleeps until the reply comes, from any thread.
class HttpServer {
public:
    /// `address` is "HOST:PORT"; port 0 takes any free one. Fails with ErrorKind::invalid for
    /// what is no numeric address and port, unavailable when it is taken.
    static Result<std::unique_ptr<HttpServer>>
    listen(std::string_view address, HttpHandler& handler, const ServerLimits& limits = {});
    ~HttpServer();
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    std::uint16_t port() const;
    /// "http://127.0.0.1:9090"
    const std::string& url() const;

private:
    class Daemon;
    explicit HttpServer(std::unique_ptr<Daemon> daemon);
    std::unique_ptr<Daemon> m_daemon;
};

/// Whether "HOST:PORT" names an address of this machine's loopback interface.
bool isLoopback(std::string_view address);

} // namespace watchfire::net
