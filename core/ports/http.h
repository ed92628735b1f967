// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/base/ticket.h"
#include "core/model/secret.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace watchfire {

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

/// The first header of that name, whatever its case; "" where there is none.
std::string_view header(const HttpHeaders& headers, std::string_view name);

struct BasicAuth {
    std::string user;
    Secret password;
    std::string passwordFile; ///< read anew for each request
    std::string userFile; ///< likewise
    friend bool operator==(const BasicAuth&, const BasicAuth&) = default;
};
struct BearerAuth {
    std::string type = "Bearer";
    Secret token;
    std::string tokenFile; ///< read anew for each request
    friend bool operator==(const BearerAuth&, const BearerAuth&) = default;
};

/// Which server is believed, and who we are. Of each of CA, certificate and key, the text itself
/// or a file; a file is read anew for each connection.
struct TlsOptions {
    std::string ca; ///< PEM
    std::string cert; ///< PEM
    Secret key; ///< PEM
    std::string caFile;
    std::string certFile;
    std::string keyFile;
    std::string serverName;
    bool skipVerify = false;
    std::string minVersion; ///< TLS10 … TLS13; empty: the library's
    std::string maxVersion;
    friend bool operator==(const TlsOptions&, const TlsOptions&) = default;
};

/// Through whom a request goes.
struct ProxyOptions {
    std::string url; ///< http, https or socks5; may hold a user and a password; empty: none
    std::string noProxy; ///< hosts and networks that are reached directly, by commas
    bool fromEnvironment = false; ///< HTTP_PROXY, HTTPS_PROXY and NO_PROXY say
    std::vector<std::pair<std::string, std::vector<Secret>>> connectHeaders;
    friend bool operator==(const ProxyOptions&, const ProxyOptions&) = default;
};

/// A token is fetched with the client's credentials and used until it ends.
/// Source: RFC 6749, section 4.4.
struct OAuth2 {
    std::string clientId;
    Secret clientSecret;
    std::string clientSecretFile; ///< read anew for each token
    std::string tokenUrl;
    std::vector<std::string> scopes;
    std::vector<std::pair<std::string, std::string>> endpointParams; ///< sent with the request
    TlsOptions tls; ///< towards the token's server
    ProxyOptions proxy;
    friend bool operator==(const OAuth2&, const OAuth2&) = default;
};

using HttpAuth = std::variant<std::monostate, BasicAuth, BearerAuth, OAuth2>;

/// A header that configuration adds to every request, once for each of its values.
struct HttpHeaderSource {
    std::string name;
    std::vector<std::string> values;
    std::vector<Secret> secrets;
    std::vector<std::string> files; ///< read anew for each request
    friend bool operator==(const HttpHeaderSource&, const HttpHeaderSource&) = default;
};
/// Those headers with their values. Fails with what reading a file said.
Result<HttpHeaders> resolveHeaders(const std::vector<HttpHeaderSource>& sources);

/// How a program of ours talks HTTP to another: what scrape jobs, discoveries and the rest have
/// in common.
/// Source: Prometheus documentation, "Configuration", http_config.
struct HttpClientOptions {
    HttpAuth auth;
    TlsOptions tls;
    ProxyOptions proxy;
    std::vector<HttpHeaderSource> headers;
    bool followRedirects = true;
    bool http2 = true;
    friend bool operator==(const HttpClientOptions&, const HttpClientOptions&) = default;
};

/// How long each phase took; zero where it did not happen.
struct HttpTimings {
    std::chrono::microseconds resolve{};
    std::chrono::microseconds connect{};
    std::chrono::microseconds tls{};
    std::chrono::microseconds firstByte{};
    std::chrono::microseconds total{};
};

/// What a request under way is at.
enum class HttpPhase : std::uint8_t { resolve, connect, tls, firstByte, body };
/// Told when a request enters a phase, and how long those before took. Called on the fetcher's
/// thread; must not block it.
using HttpProgress = std::function<void(HttpPhase, const HttpTimings&)>;

struct HttpRequest {
    std::string method = "GET";
    std::string url; ///< a client's: absolute; a server's: path and query as sent
    HttpHeaders headers;
    std::string body;
    // Client side only:
    std::chrono::milliseconds timeout{10'000};
    std::uint64_t maxBody = std::uint64_t{64} << 20; ///< after decompression; over it: limit
    bool acceptCompressed = true;
    HttpClientOptions client;
    std::string unixSocket; ///< connect there, whatever host the URL names; empty: to the host
    HttpProgress progress; ///< may be empty
    // Server side only:
    std::string peer; ///< address of the client
};

struct HttpResponse {
    int status = 200;
    HttpHeaders headers;
    std::string body;
    HttpTimings timings;
};

/// Fetches; the reply comes on a thread of the fetcher's. A status of 4xx or 5xx is a response,
/// not an error. Errors: unavailable (cannot connect, with the reason), timeout, limit, invalid
/// (url), io.
struct HttpFetcher {
    virtual ~HttpFetcher() = default;
    virtual Ticket fetch(HttpRequest request, Reply<HttpResponse> reply) = 0;
};

/// Answers requests of a server. Called on the server's thread; must not block it.
struct HttpHandler {
    virtual ~HttpHandler() = default;
    virtual Ticket handle(HttpRequest request, Reply<HttpResponse> reply) = 0;
};

/// The path of a server-side request, without its query, percent-decoded only where asked.
std::string_view pathOf(const HttpRequest& request);
/// Decoded parameters: of a form in the body, then of the address, then of a multipart form.
std::vector<std::pair<std::string, std::string>> parametersOf(const HttpRequest& request);
std::string percentDecode(std::string_view text, bool plusIsSpace = false);
std::string percentEncode(std::string_view text);

} // namespace watchfire
