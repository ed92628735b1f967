// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <functional>
#include <list>
#include <string_view>
#include <thread>

#include <QString>

namespace watchfire::tests {

/// One connection of a RawServer: bytes as they come.
class RawConnection {
public:
    RawConnection(int socket, const std::atomic<bool>& ending)
        : m_socket(socket)
        , m_ending(ending)
    {
    }
    /// Reads up to the end of a request's head. False: the other side is gone.
    bool readHead() const;
    /// False: the other side is gone, or the server ends.
    bool write(std::string_view bytes) const;
    /// Until the other side is gone, or the server ends, or for so long.
    bool rest(int forMs) const;

private:
    int m_socket;
    const std::atomic<bool>& m_ending;
};

/// Serves on a free port of the loopback what no decent server would: its handler is given each
/// connection on a thread of its own and writes what it likes; the connection closes when it
/// returns.
class RawServer {
public:
    using Handler = std::function<void(const RawConnection&)>;

    explicit RawServer(Handler handler);
    ~RawServer();
    RawServer(const RawServer&) = delete;
    RawServer& operator=(const RawServer&) = delete;

    QString address() const; ///< "127.0.0.1:40123"

private:
    void accept();

    Handler m_handler;
    int m_socket = -1;
    int m_port = 0;
    std::atomic<bool> m_ending = false;
    std::list<std::jthread> m_connections; ///< touched by the accepting thread alone
    std::jthread m_thread;
};

} // namespace watchfire::tests
