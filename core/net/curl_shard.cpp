// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/net/curl_shard.h"

#include "core/base/check.h"

#include <cerrno>
#include <limits>
#include <sys/epoll.h>

namespace watchfire::net {

CurlShard::CurlShard(int epoll, std::uint32_t index)
    : m_epoll(epoll)
    , m_index(index)
    , m_multi(curl_multi_init())
{
    WF_CHECK(m_multi != nullptr);
    curl_multi_setopt(m_multi, CURLMOPT_SOCKETFUNCTION, &CurlShard::onSocket);
    curl_multi_setopt(m_multi, CURLMOPT_SOCKETDATA, this);
    curl_multi_setopt(m_multi, CURLMOPT_TIMERFUNCTION, &CurlShard::onTimer);
    curl_multi_setopt(m_multi, CURLMOPT_TIMERDATA, this);
    // How many are kept is decided where sockets are opened.
    curl_multi_setopt(m_multi, CURLMOPT_MAXCONNECTS,
                      static_cast<long>(std::numeric_limits<int>::max()));
}

CurlShard::~CurlShard()
{
    curl_multi_cleanup(m_multi);
}

std::uint64_t CurlShard::eventOf(std::uint32_t index, int socket)
{
    return std::uint64_t{index} << 32 | static_cast<std::uint32_t>(socket);
}

std::uint32_t CurlShard::indexOf(std::uint64_t event)
{
    return static_cast<std::uint32_t>(event >> 32);
}

int CurlShard::socketOf(std::uint64_t event)
{
    return static_cast<int>(static_cast<std::uint32_t>(event));
}

void CurlShard::add(CURL* handle)
{
    curl_multi_add_handle(m_multi, handle);
}

void CurlShard::remove(CURL* handle)
{
    curl_multi_remove_handle(m_multi, handle);
}

int CurlShard::onSocket(CURL* /*handle*/, curl_socket_t socket, int what, void* user, void* known)
{
    auto& shard = *static_cast<CurlShard*>(user);
    if (what == CURL_POLL_REMOVE) {
        epoll_ctl(shard.m_epoll, EPOLL_CTL_DEL, socket, nullptr);
        return 0;
    }
    epoll_event event{};
    event.data.u64 = eventOf(shard.m_index, socket);
    event.events = ((what & CURL_POLL_IN) != 0 ? EPOLLIN : 0U)
        | ((what & CURL_POLL_OUT) != 0 ? EPOLLOUT : 0U);
    if (known == nullptr) {
        curl_multi_assign(shard.m_multi, socket, &shard); // anything that is not null
    }
    // A number may come again before libcurl took its last bearer away.
    if (epoll_ctl(shard.m_epoll, known == nullptr ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, socket, &event)
        != 0) {
        epoll_ctl(shard.m_epoll, errno == EEXIST ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, socket, &event);
    }
    return 0;
}

int CurlShard::onTimer(CURLM* /*multi*/, long milliseconds, void* user)
{
    auto& shard = *static_cast<CurlShard*>(user);
    shard.m_due.reset();
    if (milliseconds >= 0) {
        shard.m_due = std::chrono::steady_clock::now() + std::chrono::milliseconds(milliseconds);
    }
    return 0;
}

void CurlShard::advance(Moment now)
{
    if (m_due && *m_due <= now) {
        m_due.reset();
        int running = 0;
        curl_multi_socket_action(m_multi, CURL_SOCKET_TIMEOUT, 0, &running);
    }
}

void CurlShard::act(int socket, std::uint32_t events)
{
    const int what = ((events & EPOLLIN) != 0 ? CURL_CSELECT_IN : 0)
        | ((events & EPOLLOUT) != 0 ? CURL_CSELECT_OUT : 0)
        | ((events & (EPOLLERR | EPOLLHUP)) != 0 ? CURL_CSELECT_ERR : 0);
    int running = 0;
    curl_multi_socket_action(m_multi, socket, what, &running);
}

std::optional<CurlShard::Done> CurlShard::takeDone()
{
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(m_multi, &left)) {
        if (message->msg == CURLMSG_DONE) {
            return Done{message->easy_handle, message->data.result};
        }
    }
    return std::nullopt;
}

} // namespace watchfire::net
