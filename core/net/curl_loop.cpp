// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/net/curl_loop.h"

#include "core/base/check.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <format>
#include <limits>
#include <pthread.h>
#include <sys/epoll.h>
#include <unistd.h>
#include <utility>

namespace watchfire::net {

namespace {

constexpr std::size_t eventsPerTurn = 256;

long asLong(std::size_t value)
{
    return static_cast<long>(std::min<std::size_t>(value, std::numeric_limits<long>::max()));
}

} // namespace

CurlLoop::CurlLoop(const FetcherOptions& options)
    : m_inbox(std::make_shared<Inbox>())
    , m_resolver(options.resolverThreads, options.lookup)
    , m_epoll(epoll_create1(EPOLL_CLOEXEC))
    , m_multi(curl_multi_init())
{
    WF_CHECK(m_epoll >= 0 && m_multi != nullptr);
    m_surroundings.environment = options.environment;
    m_surroundings.sockets.kept = options.keptConnections;
    m_surroundings.budget.limit = options.heldBodies;
    curl_multi_setopt(m_multi, CURLMOPT_SOCKETFUNCTION, &CurlLoop::onSocket);
    curl_multi_setopt(m_multi, CURLMOPT_SOCKETDATA, this);
    curl_multi_setopt(m_multi, CURLMOPT_TIMERFUNCTION, &CurlLoop::onTimer);
    curl_multi_setopt(m_multi, CURLMOPT_TIMERDATA, this);
    curl_multi_setopt(m_multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, asLong(options.openConnections));
    // Never reached: libcurl looks through all connections to find one to close.
    curl_multi_setopt(m_multi, CURLMOPT_MAXCONNECTS, asLong(options.openConnections));
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = m_inbox->descriptor();
    epoll_ctl(m_epoll, EPOLL_CTL_ADD, m_inbox->descriptor(), &event);
    m_thread = std::thread([this] { run(); });
}

CurlLoop::~CurlLoop()
{
    m_stopping = true;
    m_inbox->wake();
    m_thread.join();
    for (auto& [id, transfer] : m_running) {
        curl_multi_remove_handle(m_multi, transfer->handle());
    }
    m_running.clear();
    m_inbox->take();
    curl_multi_cleanup(m_multi);
    close(m_epoll);
}

std::uint64_t CurlLoop::submit(HttpRequest request, Reply<HttpResponse> reply)
{
    return m_inbox->add(std::make_unique<Transfer>(std::move(request), std::move(reply)));
}

int CurlLoop::onSocket(CURL* /*handle*/, curl_socket_t socket, int what, void* user, void* known)
{
    auto& loop = *static_cast<CurlLoop*>(user);
    if (what == CURL_POLL_REMOVE) {
        epoll_ctl(loop.m_epoll, EPOLL_CTL_DEL, socket, nullptr);
        return 0;
    }
    epoll_event event{};
    event.data.fd = socket;
    event.events = ((what & CURL_POLL_IN) != 0 ? EPOLLIN : 0U)
        | ((what & CURL_POLL_OUT) != 0 ? EPOLLOUT : 0U);
    if (known == nullptr) {
        curl_multi_assign(loop.m_multi, socket, &loop); // anything that is not null
    }
    // A number may come again before libcurl took its last bearer away.
    if (epoll_ctl(loop.m_epoll, known == nullptr ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, socket, &event)
        != 0) {
        epoll_ctl(loop.m_epoll, errno == EEXIST ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, socket, &event);
    }
    return 0;
}

int CurlLoop::onTimer(CURLM* /*multi*/, long milliseconds, void* user)
{
    auto& loop = *static_cast<CurlLoop*>(user);
    loop.m_curlDue.reset();
    if (milliseconds >= 0) {
        loop.m_curlDue = std::chrono::steady_clock::now() + std::chrono::milliseconds(milliseconds);
    }
    return 0;
}

void CurlLoop::run()
{
    pthread_setname_np(pthread_self(), "net-fetch");
    while (!m_stopping) {
        takeInbox();
        giveUpLate();
        wait();
        finishDone();
    }
}

void CurlLoop::wait()
{
    std::optional<Moment> due = m_curlDue;
    if (!m_deadlines.empty() && (!due || m_deadlines.begin()->first < *due)) {
        due = m_deadlines.begin()->first;
    }
    int milliseconds = -1;
    if (due) {
        const auto left
            = std::chrono::ceil<std::chrono::milliseconds>(*due - std::chrono::steady_clock::now());
        milliseconds = static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 60'000));
    }
    std::array<epoll_event, eventsPerTurn> events{};
    const int count
        = epoll_wait(m_epoll, events.data(), static_cast<int>(events.size()), milliseconds);
    int running = 0;
    for (int i = 0; i < count; ++i) {
        const epoll_event& event = events.at(static_cast<std::size_t>(i));
        if (event.data.fd == m_inbox->descriptor()) {
            continue;
        }
        const int what = ((event.events & EPOLLIN) != 0 ? CURL_CSELECT_IN : 0)
            | ((event.events & EPOLLOUT) != 0 ? CURL_CSELECT_OUT : 0)
            | ((event.events & (EPOLLERR | EPOLLHUP)) != 0 ? CURL_CSELECT_ERR : 0);
        curl_multi_socket_action(m_multi, event.data.fd, what, &running);
    }
    if (m_curlDue && *m_curlDue <= std::chrono::steady_clock::now()) {
        m_curlDue.reset();
        curl_multi_socket_action(m_multi, CURL_SOCKET_TIMEOUT, 0, &running);
    }
}

void CurlLoop::takeInbox()
{
    Inbox::Content content = m_inbox->take();
    for (auto& transfer : content.added) {
        start(std::move(transfer));
    }
    for (const Inbox::Resolved& resolved : content.resolved) {
        auto transfer = takeWaiting(resolved.id);
        if (!transfer) {
            continue; // cancelled, or its time is over
        }
        if (resolved.addresses) {
            launch(std::move(transfer), *resolved.addresses);
        } else {
            transfer->failWith(resolved.addresses.error().within(
                std::format("cannot resolve {}", transfer->hostToResolve())));
        }
    }
    for (const std::uint64_t id : content.cancelled) {
        takeWaiting(id).reset();
        if (const auto found = m_running.find(id); found != m_running.end()) {
            curl_multi_remove_handle(m_multi, found->second->handle());
            m_running.erase(found);
        }
    }
}

void CurlLoop::start(std::unique_ptr<Transfer> transfer)
{
    if (auto begun = transfer->begin(m_surroundings); !begun) {
        transfer->failWith(std::move(begun.error()));
        return;
    }
    proceed(std::move(transfer));
}

void CurlLoop::proceed(std::unique_ptr<Transfer> transfer)
{
    const std::string host = transfer->hostToResolve();
    if (host.empty()) {
        launch(std::move(transfer), {});
        return;
    }
    if (const auto known = m_resolver.known(host)) {
        launch(std::move(transfer), *known);
        return;
    }
    const std::uint64_t id = transfer->id;
    m_deadlines.emplace(transfer->deadline(), id);
    m_waiting.emplace(id, std::move(transfer));
    m_resolver.resolve(host, [inbox = m_inbox, id](const Result<Addresses>& addresses) {
        inbox->tell({id, addresses});
    });
}

void CurlLoop::launch(std::unique_ptr<Transfer> transfer, const Addresses& addresses)
{
    if (auto prepared = transfer->prepare(addresses, m_surroundings); !prepared) {
        transfer->failWith(std::move(prepared.error()));
        return;
    }
    curl_multi_add_handle(m_multi, transfer->handle());
    m_running.emplace(transfer->id, std::move(transfer));
}

std::unique_ptr<Transfer> CurlLoop::takeWaiting(std::uint64_t id)
{
    auto node = m_waiting.extract(id);
    if (node.empty()) {
        return nullptr;
    }
    const auto [first, last] = m_deadlines.equal_range(node.mapped()->deadline());
    for (auto entry = first; entry != last; ++entry) {
        if (entry->second == id) {
            m_deadlines.erase(entry);
            break;
        }
    }
    return std::move(node.mapped());
}

void CurlLoop::giveUpLate()
{
    const auto now = std::chrono::steady_clock::now();
    while (!m_deadlines.empty() && m_deadlines.begin()->first <= now) {
        takeWaiting(m_deadlines.begin()->second)->failLate();
    }
}

void CurlLoop::finishDone()
{
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(m_multi, &left)) {
        if (message->msg != CURLMSG_DONE) {
            continue;
        }
        const CURLcode code = message->data.result;
        Transfer* done = nullptr;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &done);
        auto transfer = std::move(m_running.extract(done->id).mapped());
        curl_multi_remove_handle(m_multi, transfer->handle());
        if (transfer->followsOn(code, m_surroundings)) {
            proceed(std::move(transfer));
        } else {
            transfer->conclude();
        }
    }
}

} // namespace watchfire::net
