// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/net/http_server.h"

#include <arpa/inet.h>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <format>
#include <microhttpd.h>
#include <mutex>
#include <netinet/in.h>
#include <optional>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>
#include <unordered_set>
#include <utility>

namespace watchfire::net {

namespace {

struct SocketAddress {
    sockaddr_storage storage{};
    std::string host;
    bool six = false;
};

/// "127.0.0.1:9090", "[::1]:9090" or "localhost:9090".
std::optional<SocketAddress> parseAddress(std::string_view text)
{
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos) {
        return std::nullopt;
    }
    std::uint16_t port = 0;
    const std::string_view digits = text.substr(colon + 1);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (error != std::errc() || end != digits.data() + digits.size()) {
        return std::nullopt;
    }
    SocketAddress out;
    out.host = text.substr(0, colon);
    if (out.host == "localhost") {
        out.host = "127.0.0.1";
    }
    if (out.host.starts_with('[') && out.host.ends_with(']')) {
        out.host = out.host.substr(1, out.host.size() - 2);
    }
    sockaddr_in four{};
    if (inet_pton(AF_INET, out.host.c_str(), &four.sin_addr) == 1) {
        four.sin_family = AF_INET;
        four.sin_port = htons(port);
        std::memcpy(&out.storage, &four, sizeof four);
        return out;
    }
    sockaddr_in6 six{};
    if (inet_pton(AF_INET6, out.host.c_str(), &six.sin6_addr) == 1) {
        six.sin6_family = AF_INET6;
        six.sin6_port = htons(port);
        std::memcpy(&out.storage, &six, sizeof six);
        out.six = true;
        return out;
    }
    return std::nullopt;
}

/// Why nobody can listen there: the library forgets it while it cleans up.
std::string whyNot(const SocketAddress& address)
{
    const int family = address.six ? AF_INET6 : AF_INET;
    const socklen_t length = address.six ? sizeof(sockaddr_in6) : sizeof(sockaddr_in);
    const int probe = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int yes = 1;
    int error = 0;
    if (probe < 0 || ::setsockopt(probe, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) != 0
        || ::bind(probe, reinterpret_cast<const sockaddr*>(&address.storage), length) != 0
        || ::listen(probe, 1) != 0) {
        error = errno;
    }
    if (probe >= 0) {
        ::close(probe);
    }
    return error != 0 ? std::generic_category().message(error) : "the server cannot start";
}

std::string peerOf(MHD_Connection* connection)
{
    const auto* info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    if (info == nullptr) {
        return {};
    }
    char text[INET6_ADDRSTRLEN] = {};
    sockaddr_storage address{};
    if (info->client_addr->sa_family == AF_INET) {
        std::memcpy(&address, info->client_addr, sizeof(sockaddr_in));
        sockaddr_in four{};
        std::memcpy(&four, &address, sizeof four);
        inet_ntop(AF_INET, &four.sin_addr, text, sizeof text);
    } else {
        std::memcpy(&address, info->client_addr, sizeof(sockaddr_in6));
        sockaddr_in6 six{};
        std::memcpy(&six, &address, sizeof six);
        inet_ntop(AF_INET6, &six.sin6_addr, text, sizeof text);
    }
    return text;
}

MHD_Result collectHeader(void* user, MHD_ValueKind, const char* name, const char* value)
{
    static_cast<HttpHeaders*>(user)->emplace_back(name, value == nullptr ? "" : value);
    return MHD_YES;
}

void freeString(void* user)
{
    delete static_cast<std::string*>(user); // NOLINT: the counterpart of the release below
}

MHD_Result send(MHD_Connection* connection, HttpResponse response)
{
    auto body = std::make_unique<std::string>(std::move(response.body));
    const std::size_t size = body->size();
    char* const data = body->data();
    MHD_Response* const answer = MHD_create_response_from_buffer_with_free_callback_cls(
        size, data, &freeString, body.release());
    for (const auto& [name, value] : response.headers) {
        MHD_add_response_header(answer, name.c_str(), value.c_str());
    }
    const MHD_Result queued
        = MHD_queue_response(connection, static_cast<unsigned>(response.status), answer);
    MHD_destroy_response(answer);
    return queued;
}

/// One request from its first line to the end of its answer.
struct Exchange {
    HttpRequest request;
    bool begun = false;
    bool tooLarge = false;
    bool handed = false;
    Ticket ticket;

    std::mutex mutex; // guards what follows: the reply may come on any thread
    MHD_Connection* suspended = nullptr;
    std::optional<HttpResponse> response;
};

HttpResponse plain(int status, std::string text)
{
    return {status, {{"Content-Type", "text/plain; charset=utf-8"}}, std::move(text), {}};
}

HttpResponse fromError(const Error& error)
{
    return plain(error.kind == ErrorKind::unavailable ? 503 : 500, error.message + "\n");
}

} // namespace

class HttpServer::Daemon {
public:
    Daemon(HttpHandler& handler, const ServerLimits& limits)
        : m_handler(handler)
        , m_limits(limits)
    {
    }
    ~Daemon()
    {
        if (m_daemon == nullptr) {
            return;
        }
        {
            const std::lock_guard lock(m_mutex);
            m_closing = true;
            for (const auto& exchange : m_waiting) {
                answer(exchange, plain(503, "shutting down\n"));
            }
        }
        MHD_stop_daemon(m_daemon);
    }
    Daemon(const Daemon&) = delete;
    Daemon& operator=(const Daemon&) = delete;

    Result<void> start(std::string_view text)
    {
        const auto address = parseAddress(text);
        if (!address) {
            return fail(ErrorKind::invalid,
                        std::format("\"{}\" is not ADDRESS:PORT with a numeric address", text));
        }
        const unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME
            | (address->six ? MHD_USE_IPv6 : MHD_NO_FLAG);
        m_daemon = MHD_start_daemon(
            flags, 0, nullptr, nullptr, &Daemon::onAccess, this, MHD_OPTION_SOCK_ADDR,
            &address->storage, MHD_OPTION_URI_LOG_CALLBACK, &Daemon::onUri, this,
            MHD_OPTION_NOTIFY_COMPLETED, &Daemon::onCompleted, this, MHD_OPTION_CONNECTION_LIMIT,
            m_limits.connections, MHD_OPTION_CONNECTION_TIMEOUT, m_limits.idleSeconds,
            MHD_OPTION_CONNECTION_MEMORY_LIMIT, std::size_t{64} << 10, MHD_OPTION_END);
        // MHD_OPTION_LISTENING_ADDRESS_REUSE would let a second program share the port; a port
        // just left is free again without it.
        if (m_daemon == nullptr) {
            return fail(ErrorKind::unavailable,
                        std::format("cannot listen on {}: {}", text, whyNot(*address)));
        }
        m_port = MHD_get_daemon_info(m_daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
        m_url = address->six ? std::format("http://[{}]:{}", address->host, m_port)
                             : std::format("http://{}:{}", address->host, m_port);
        return {};
    }

    std::uint16_t port() const { return m_port; }
    const std::string& url() const { return m_url; }

private:
    using ExchangePtr = std::shared_ptr<Exchange>;

    /// The first callback of a request: the URI as sent, before anything is decoded.
    static void* onUri(void*, const char* uri, MHD_Connection*)
    {
        auto* const exchange = new ExchangePtr(std::make_shared<Exchange>()); // NOLINT
        (*exchange)->request.url = uri;
        return exchange;
    }

    static void onCompleted(void* user, MHD_Connection*, void** state, MHD_RequestTerminationCode)
    {
        auto* const exchange = static_cast<ExchangePtr*>(*state);
        if (exchange == nullptr) {
            return;
        }
        static_cast<Daemon*>(user)->forget(*exchange);
        delete exchange; // NOLINT: made in onUri
        *state = nullptr;
    }

    static MHD_Result onAccess(void* user, MHD_Connection* connection, const char*,
                               const char* method, const char*, const char* data, std::size_t* size,
                               void** state)
    {
        return static_cast<Daemon*>(user)->access(connection, method, data, size,
                                                  *static_cast<ExchangePtr*>(*state));
    }

    MHD_Result access(MHD_Connection* connection, const char* method, const char* data,
                      std::size_t* size, const ExchangePtr& exchange)
    {
        if (!exchange->begun) {
            exchange->begun = true;
            exchange->request.method = method;
            exchange->request.peer = peerOf(connection);
            MHD_get_connection_values(connection, MHD_HEADER_KIND, &collectHeader,
                                      &exchange->request.headers);
            return MHD_YES;
        }
        if (*size != 0) {
            if (exchange->request.body.size() + *size > m_limits.body) {
                exchange->tooLarge = true;
                exchange->request.body.clear();
            }
            if (!exchange->tooLarge) {
                exchange->request.body.append(data, *size);
            }
            *size = 0;
            return MHD_YES;
        }
        if (exchange->tooLarge) {
            return send(connection, plain(413, "the request is larger than the limit\n"));
        }
        if (exchange->handed) {
            const std::lock_guard lock(exchange->mutex);
            return exchange->response ? send(connection, std::move(*exchange->response)) : MHD_YES;
        }
        exchange->handed = true;
        {
            const std::lock_guard lock(m_mutex);
            if (m_closing) {
                return send(connection, plain(503, "shutting down\n"));
            }
            m_waiting.insert(exchange);
        }
        {
            const std::lock_guard lock(exchange->mutex);
            exchange->suspended = connection;
            MHD_suspend_connection(connection);
        }
        exchange->ticket = m_handler.handle(
            std::move(exchange->request),
            [weak = std::weak_ptr(exchange)](Result<HttpResponse> result) {
                if (const auto waiting = weak.lock()) {
                    answer(waiting, result ? std::move(*result) : fromError(result.error()));
                }
            });
        return MHD_YES;
    }

    static void answer(const ExchangePtr& exchange, HttpResponse response)
    {
        const std::lock_guard lock(exchange->mutex);
        if (exchange->suspended == nullptr) {
            return;
        }
        exchange->response = std::move(response);
        MHD_resume_connection(std::exchange(exchange->suspended, nullptr));
    }

    void forget(const ExchangePtr& exchange)
    {
        {
            const std::lock_guard lock(exchange->mutex);
            exchange->suspended = nullptr;
        }
        const std::lock_guard lock(m_mutex);
        m_waiting.erase(exchange);
    }

    HttpHandler& m_handler;
    ServerLimits m_limits;
    MHD_Daemon* m_daemon = nullptr;
    std::uint16_t m_port = 0;
    std::string m_url;
    std::mutex m_mutex;
    bool m_closing = false;
    std::unordered_set<ExchangePtr> m_waiting;
};

Result<std::unique_ptr<HttpServer>>
HttpServer::listen(std::string_view address, HttpHandler& handler, const ServerLimits& limits)
{
    auto daemon = std::make_unique<Daemon>(handler, limits);
    if (auto started = daemon->start(address); !started) {
        return std::unexpected(std::move(started.error()));
    }
    return std::unique_ptr<HttpServer>(new HttpServer(std::move(daemon)));
}

HttpServer::HttpServer(std::unique_ptr<Daemon> daemon)
    : m_daemon(std::move(daemon))
{
}
HttpServer::~HttpServer() = default;

std::uint16_t HttpServer::port() const
{
    return m_daemon->port();
}

const std::string& HttpServer::url() const
{
    return m_daemon->url();
}

bool isLoopback(std::string_view address)
{
    const auto parsed = parseAddress(address);
    return parsed && (parsed->six ? parsed->host == "::1" : parsed->host.starts_with("127."));
}

} // namespace watchfire::net
