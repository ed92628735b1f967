// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/program/raw_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <string>
#include <sys/socket.h>
#include <unistd.h>

namespace watchfire::tests {

namespace {

constexpr int lookEveryMs = 50; ///< whether the server ends

bool isReady(int socket, short what, const std::atomic<bool>& ending)
{
    while (!ending) {
        ::pollfd one{socket, what, 0};
        const int ready = ::poll(&one, 1, lookEveryMs);
        if (ready != 0) {
            return ready > 0 && (one.revents & what) != 0;
        }
    }
    return false;
}

} // namespace

bool RawConnection::readHead() const
{
    std::string head;
    while (!head.ends_with("\r\n\r\n")) {
        char byte = 0;
        if (!isReady(m_socket, POLLIN, m_ending) || ::recv(m_socket, &byte, 1, 0) != 1) {
            return false;
        }
        head += byte;
    }
    return true;
}

bool RawConnection::write(std::string_view bytes) const
{
    while (!bytes.empty()) {
        if (!isReady(m_socket, POLLOUT, m_ending)) {
            return false;
        }
        const ::ssize_t sent
            = ::send(m_socket, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent <= 0) {
            return false;
        }
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

bool RawConnection::rest(int forMs) const
{
    for (; forMs > 0 && !m_ending; forMs -= lookEveryMs) {
        ::pollfd one{m_socket, POLLRDHUP, 0};
        if (::poll(&one, 1, lookEveryMs) != 0) {
            return false;
        }
    }
    return !m_ending;
}

RawServer::RawServer(Handler handler)
    : m_handler(std::move(handler))
    , m_socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
{
    ::sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::socklen_t length = sizeof address;
    auto* const any = reinterpret_cast<::sockaddr*>(&address);
    if (::bind(m_socket, any, length) == 0 && ::listen(m_socket, 128) == 0
        && ::getsockname(m_socket, any, &length) == 0) {
        m_port = ntohs(address.sin_port);
    }
    m_thread = std::jthread([this] { accept(); });
}

RawServer::~RawServer()
{
    m_ending = true;
    m_thread.join();
    m_connections.clear();
    ::close(m_socket);
}

QString RawServer::address() const
{
    return QStringLiteral("127.0.0.1:%1").arg(m_port);
}

void RawServer::accept()
{
    while (isReady(m_socket, POLLIN, m_ending)) {
        const int socket = ::accept4(m_socket, nullptr, nullptr, SOCK_CLOEXEC);
        if (socket < 0) {
            continue;
        }
        m_connections.emplace_back([this, socket] {
            m_handler(RawConnection(socket, m_ending));
            ::close(socket);
        });
    }
}

} // namespace watchfire::tests
