// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ports/http.h"
#include "tests/support/test_authority.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

using SSL = struct ssl_st;
using SSL_CTX = struct ssl_ctx_st;

namespace watchfire::tests {

struct RawRequest {
    std::string method;
    std::string target;
    HttpHeaders headers;
    std::string body;

    std::string_view operator[](std::string_view name) const { return header(headers, name); }
};

/// One connection, as a server sees it. Reads and writes block until the server ends.
class TestConnection {
public:
    /// `later`: what `beginTls` begins.
    TestConnection(int socket, SSL* tls, SSL* later = nullptr)
        : m_socket(socket)
        , m_tls(tls)
        , m_later(later)
    {
    }

    /// From here on TLS is spoken (STARTTLS). Whether the client agreed.
    bool beginTls();

    /// Some bytes; none at the end.
    std::string read();
    /// At least so many bytes, unless the end comes before.
    std::string read(std::size_t size);
    /// The next request with its body; nothing at the end.
    std::optional<RawRequest> readRequest();
    /// Whether all went out.
    bool write(std::string_view bytes);
    /// Does nothing for so long; false when the client went away meanwhile.
    bool pause(std::chrono::milliseconds span);
    /// Ends it with a reset instead of a goodbye.
    void reset();

    // Of TLS, else empty:
    std::string serverName() const; ///< that the client asked for
    std::string protocol() const; ///< by ALPN
    std::string version() const; ///< "TLSv1.2"
    std::string clientName() const; ///< of its certificate

private:
    int m_socket;
    SSL* m_tls;
    SSL* m_later;
    std::string m_left; ///< read and not yet asked for
};

struct TestServerTls {
    TestCertificate certificate;
    std::string clientAuthority{}; ///< PEM: clients show a certificate of it
    bool isClientFree = false; ///< to show none
    std::string protocols = "http/1.1"; ///< ALPN, by preference, by commas
    bool isLater = false; ///< only once the connection begins it (beginTls)
    int minVersion = 0; ///< of OpenSSL, 0: any
    int maxVersion = 0;
};

struct TestServerOptions {
    std::string address = "127.0.0.1";
    std::string unixPath{}; ///< listens there instead; @ in front: an abstract one
    std::optional<TestServerTls> tls{};
};

/// A server of bytes for tests of clients: each connection runs a function on a thread of its
/// own. On any free port.
class TestServer {
public:
    using Behaviour = std::function<void(TestConnection&)>;

    explicit TestServer(Behaviour behaviour, const TestServerOptions& options = {});
    /// Closes all connections and waits for their functions.
    ~TestServer();
    TestServer(const TestServer&) = delete;
    TestServer& operator=(const TestServer&) = delete;

    std::uint16_t port() const { return m_port; }
    /// "http://127.0.0.1:1234"
    std::string url() const;
    int connections() const { return m_accepted; }

private:
    struct Client {
        int socket;
        std::thread thread;
    };

    void accept();
    void serve(int socket) const;

    Behaviour m_behaviour;
    TestServerOptions m_options;
    SSL_CTX* m_tls = nullptr;
    std::uint16_t m_port = 0; ///< before the listener, which sets it
    int m_listener = -1;
    std::atomic<int> m_accepted = 0;
    std::list<Client> m_clients; ///< of the accepting thread, until it ended
    std::thread m_thread;
};

/// A behaviour that answers each request of a connection.
TestServer::Behaviour answering(std::function<std::string(const RawRequest&)> answer);
/// The text of an answer, with the length of its body.
std::string answer(int status, const HttpHeaders& headers, std::string_view body);

} // namespace watchfire::tests
