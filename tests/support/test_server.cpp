// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/test_server.h"

#include "core/base/check.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <charconv>
#include <csignal>
#include <cstring>
#include <format>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <utility>

namespace watchfire::tests {

namespace {

int listenAt(const TestServerOptions& options, std::uint16_t& port)
{
    if (!options.unixPath.empty()) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        WF_CHECK(options.unixPath.size() < sizeof address.sun_path);
        std::ranges::copy(options.unixPath, std::begin(address.sun_path));
        socklen_t size = sizeof address;
        if (address.sun_path[0] == '@') {
            address.sun_path[0] = '\0';
            size
                = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + options.unixPath.size());
        }
        const int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        WF_CHECK(bind(listener, reinterpret_cast<const sockaddr*>(&address), size) == 0);
        WF_CHECK(listen(listener, 1024) == 0);
        return listener;
    }
    sockaddr_in address{};
    address.sin_family = AF_INET;
    WF_CHECK(inet_pton(AF_INET, options.address.c_str(), &address.sin_addr) == 1);
    const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    WF_CHECK(bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    WF_CHECK(listen(listener, 1024) == 0);
    socklen_t size = sizeof address;
    getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
    port = ntohs(address.sin_port);
    return listener;
}

X509* certificateOf(const std::string& pem)
{
    BIO* const memory = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
    X509* const out = PEM_read_bio_X509(memory, nullptr, nullptr, nullptr);
    BIO_free(memory);
    return out;
}

int choose(SSL* /*tls*/, const unsigned char** out, unsigned char* size, const unsigned char* in,
           unsigned inSize, void* user)
{
    const auto& wire = *static_cast<const std::string*>(user);
    return SSL_select_next_proto(const_cast<unsigned char**>(out), size,
                                 reinterpret_cast<const unsigned char*>(wire.data()),
                                 static_cast<unsigned>(wire.size()), in, inSize)
            == OPENSSL_NPN_NEGOTIATED
        ? SSL_TLSEXT_ERR_OK
        : SSL_TLSEXT_ERR_NOACK;
}

/// "h2,http/1.1" with a length before each.
std::string asWire(const std::string& protocols)
{
    std::string out;
    std::size_t begin = 0;
    while (begin < protocols.size()) {
        const std::size_t end = std::min(protocols.find(',', begin), protocols.size());
        out += static_cast<char>(end - begin);
        out += protocols.substr(begin, end - begin);
        begin = end + 1;
    }
    return out;
}

SSL_CTX* contextOf(TestServerTls& options)
{
    SSL_CTX* const context = SSL_CTX_new(TLS_server_method());
    SSL_CTX_set_cipher_list(context, "DEFAULT@SECLEVEL=0");
    SSL_CTX_set_min_proto_version(context, options.minVersion);
    SSL_CTX_set_max_proto_version(context, options.maxVersion);
    X509* const certificate = certificateOf(options.certificate.certificate);
    SSL_CTX_use_certificate(context, certificate);
    X509_free(certificate);
    BIO* const memory = BIO_new_mem_buf(options.certificate.key.data(),
                                        static_cast<int>(options.certificate.key.size()));
    EVP_PKEY* const key = PEM_read_bio_PrivateKey(memory, nullptr, nullptr, nullptr);
    WF_CHECK(SSL_CTX_use_PrivateKey(context, key) == 1);
    EVP_PKEY_free(key);
    BIO_free(memory);
    if (!options.clientAuthority.empty()) {
        X509* const authority = certificateOf(options.clientAuthority);
        X509_STORE_add_cert(SSL_CTX_get_cert_store(context), authority);
        X509_free(authority);
        SSL_CTX_set_verify(
            context, SSL_VERIFY_PEER | (options.isClientFree ? 0 : SSL_VERIFY_FAIL_IF_NO_PEER_CERT),
            nullptr);
        const unsigned char id = 1;
        SSL_CTX_set_session_id_context(context, &id, 1);
    }
    options.protocols = asWire(options.protocols);
    SSL_CTX_set_alpn_select_cb(context, &choose, &options.protocols);
    return context;
}

} // namespace

std::string TestConnection::read()
{
    if (!m_left.empty()) {
        return std::exchange(m_left, {});
    }
    std::array<char, 16'384> buffer{};
    const ssize_t count = m_tls != nullptr
        ? SSL_read(m_tls, buffer.data(), static_cast<int>(buffer.size()))
        : recv(m_socket, buffer.data(), buffer.size(), 0);
    return count > 0 ? std::string(buffer.data(), static_cast<std::size_t>(count)) : std::string();
}

std::string TestConnection::read(std::size_t size)
{
    std::string out;
    while (out.size() < size) {
        const std::string more = read();
        if (more.empty()) {
            break;
        }
        out += more;
    }
    return out;
}

std::optional<RawRequest> TestConnection::readRequest()
{
    std::string text;
    std::size_t end = std::string::npos;
    while ((end = text.find("\r\n\r\n")) == std::string::npos) {
        const std::string more = read();
        if (more.empty()) {
            return std::nullopt;
        }
        text += more;
    }
    m_left = text.substr(end + 4);
    text.resize(end + 2);
    RawRequest out;
    std::size_t begin = 0;
    while (begin < text.size()) {
        const std::size_t stop = text.find("\r\n", begin);
        const std::string line = text.substr(begin, stop - begin);
        if (begin == 0) {
            out.method = line.substr(0, line.find(' '));
            out.target = line.substr(out.method.size() + 1);
            out.target.resize(out.target.rfind(' '));
        } else if (const std::size_t colon = line.find(':'); colon != std::string::npos) {
            const std::size_t value = line.find_first_not_of(' ', colon + 1);
            out.headers.emplace_back(line.substr(0, colon),
                                     value == std::string::npos ? "" : line.substr(value));
        }
        begin = stop + 2;
    }
    const std::string_view length = out["Content-Length"];
    std::size_t size = 0;
    std::from_chars(length.data(), length.data() + length.size(), size);
    out.body = size != 0 ? read(size) : std::string();
    m_left.insert(0, out.body.substr(std::min(size, out.body.size())));
    out.body.resize(std::min(size, out.body.size()));
    return out;
}

bool TestConnection::write(std::string_view bytes)
{
    while (!bytes.empty()) {
        const ssize_t count = m_tls != nullptr
            ? SSL_write(m_tls, bytes.data(),
                        static_cast<int>(std::min<std::size_t>(bytes.size(), 1 << 20)))
            : send(m_socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count <= 0) {
            return false;
        }
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
}

bool TestConnection::pause(std::chrono::milliseconds span)
{
    pollfd one{m_socket, POLLRDHUP, 0};
    return poll(&one, 1, static_cast<int>(span.count())) == 0;
}

void TestConnection::reset()
{
    const linger now{1, 0};
    setsockopt(m_socket, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

bool TestConnection::beginTls()
{
    if (m_later == nullptr || SSL_accept(m_later) != 1) {
        return false;
    }
    m_tls = std::exchange(m_later, nullptr);
    return true;
}

std::string TestConnection::serverName() const
{
    const char* const name
        = m_tls != nullptr ? SSL_get_servername(m_tls, TLSEXT_NAMETYPE_host_name) : nullptr;
    return name != nullptr ? name : "";
}

std::string TestConnection::protocol() const
{
    const unsigned char* name = nullptr;
    unsigned size = 0;
    if (m_tls != nullptr) {
        SSL_get0_alpn_selected(m_tls, &name, &size);
    }
    return size != 0 ? std::string(reinterpret_cast<const char*>(name), size) : std::string();
}

std::string TestConnection::version() const
{
    return m_tls != nullptr ? SSL_get_version(m_tls) : "";
}

std::string TestConnection::clientName() const
{
    X509* const certificate = m_tls != nullptr ? SSL_get0_peer_certificate(m_tls) : nullptr;
    std::array<char, 256> name{};
    if (certificate != nullptr) {
        X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, name.data(),
                                  static_cast<int>(name.size()));
    }
    return name.data();
}

TestServer::TestServer(Behaviour behaviour, const TestServerOptions& options)
    : m_behaviour(std::move(behaviour))
    , m_options(options)
    , m_listener(listenAt(m_options, m_port))
{
    // OpenSSL writes without MSG_NOSIGNAL.
    [[maybe_unused]] static const auto ignored = std::signal(SIGPIPE, SIG_IGN);
    if (m_options.tls) {
        m_tls = contextOf(*m_options.tls);
    }
    m_thread = std::thread([this] { accept(); });
}

TestServer::~TestServer()
{
    shutdown(m_listener, SHUT_RDWR); // accept returns
    m_thread.join();
    for (const Client& client : m_clients) {
        shutdown(client.socket, SHUT_RDWR);
    }
    for (Client& client : m_clients) {
        client.thread.join();
        close(client.socket);
    }
    close(m_listener);
    SSL_CTX_free(m_tls);
}

std::string TestServer::url() const
{
    return std::format("{}://{}:{}", m_tls != nullptr ? "https" : "http", m_options.address,
                       m_port);
}

void TestServer::accept()
{
    while (true) {
        const int socket = accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC);
        if (socket < 0) {
            return;
        }
        ++m_accepted;
        m_clients.push_back({socket, std::thread([this, socket] { serve(socket); })});
    }
}

void TestServer::serve(int socket) const
{
    SSL* const tls = m_tls != nullptr ? SSL_new(m_tls) : nullptr;
    if (tls != nullptr) {
        SSL_set_fd(tls, socket);
    }
    const bool isLater = tls != nullptr && m_options.tls->isLater;
    if (tls == nullptr || isLater || SSL_accept(tls) == 1) {
        TestConnection connection(socket, isLater ? nullptr : tls, isLater ? tls : nullptr);
        m_behaviour(connection);
        if (tls != nullptr && SSL_is_init_finished(tls) == 1) {
            SSL_shutdown(tls);
        }
    }
    SSL_free(tls);
    // The number stays taken until the server ends, so that it cannot close another's.
    linger how{};
    socklen_t size = sizeof how;
    getsockopt(socket, SOL_SOCKET, SO_LINGER, &how, &size);
    if (how.l_onoff != 0) {
        sockaddr nowhere{};
        nowhere.sa_family = AF_UNSPEC;
        connect(socket, &nowhere, sizeof nowhere); // sends the reset
    } else {
        shutdown(socket, SHUT_RDWR);
    }
}

TestServer::Behaviour answering(std::function<std::string(const RawRequest&)> answer)
{
    return [answer = std::move(answer)](TestConnection& connection) {
        while (const auto request = connection.readRequest()) {
            if (!connection.write(answer(*request))) {
                return;
            }
        }
    };
}

std::string answer(int status, const HttpHeaders& headers, std::string_view body)
{
    std::string out
        = std::format("HTTP/1.1 {} Because\r\nContent-Length: {}\r\n", status, body.size());
    for (const auto& [name, value] : headers) {
        out += std::format("{}: {}\r\n", name, value);
    }
    return out + "\r\n" + std::string(body);
}

} // namespace watchfire::tests
