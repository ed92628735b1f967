// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/net/curl_loop.h"

#include "core/base/check.h"

#include <algorithm>
#include <array>
#include <format>
#include <functional>
#include <limits>
#include <pthread.h>
#include <sys/epoll.h>
#include <unistd.h>
#include <utility>

namespace watchfire::net {

namespace {

constexpr std::size_t eventsPerTurn = 256;
constexpr std::uint32_t shards = 16;
/// Each shard has a store of the system's authorities of its own, a mebibyte or more.
constexpr std::uint32_t secureShards = 4;
constexpr std::uint32_t inboxIndex = std::numeric_limits<std::uint32_t>::max();

} // namespace

CurlLoop::CurlLoop(const FetcherOptions& options)
    : m_inbox(std::make_shared<Inbox>())
    , m_mostRunning(std::max<std::size_t>(1, options.openConnections - options.keptConnections))
    , m_resolver(options.resolverThreads, options.lookup)
    , m_epoll(epoll_create1(EPOLL_CLOEXEC))
{
    WF_CHECK(m_epoll >= 0);
    m_surroundings.environment = options.environment;
    m_surroundings.sockets.kept = options.keptConnections;
    m_surroundings.budget.limit = options.heldBodies;
    for (std::uint32_t i = 0; i < shards; ++i) {
        m_shards.push_back(std::make_unique<CurlShard>(m_epoll, i));
    }
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = CurlShard::eventOf(inboxIndex, m_inbox->descriptor());
    epoll_ctl(m_epoll, EPOLL_CTL_ADD, m_inbox->descriptor(), &event);
    m_thread = std::thread([this] { run(); });
}

CurlLoop::~CurlLoop()
{
    m_stopping = true;
    m_inbox->wake();
    m_thread.join();
    for (auto& [id, running] : m_running) {
        running.shard->remove(running.transfer->handle());
    }
    m_running.clear();
    m_inbox->take();
    m_shards.clear();
    close(m_epoll);
}

std::uint64_t CurlLoop::submit(HttpRequest request, Reply<HttpResponse> reply)
{
    return m_inbox->add(std::make_unique<Transfer>(std::move(request), std::move(reply)));
}

void CurlLoop::run()
{
    pthread_setname_np(pthread_self(), "net-fetch");
    for (;;) {
        takeInbox();
        if (m_stopping) { // looked at after the inbox, which swallows what woke us
            return;
        }
        giveUpLate();
        letIn();
        wait();
        finishDone();
    }
}

void CurlLoop::wait()
{
    std::optional<Moment> due;
    if (!m_deadlines.empty()) {
        due = m_deadlines.begin()->first;
    }
    for (const auto& shard : m_shards) {
        if (shard->due() && (!due || *shard->due() < *due)) {
            due = shard->due();
        }
    }
    int milliseconds = -1;
    if (due) {
        const auto left
            = std::chrono::ceil<std::chrono::milliseconds>(*due - std::chrono::steady_clock::now());
        milliseconds = static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 60'000));
    }
    std::array<epoll_event, eventsPerTurn> events; // NOLINT(*-member-init): epoll fills it
    const int count
        = epoll_wait(m_epoll, events.data(), static_cast<int>(events.size()), milliseconds);
    for (int i = 0; i < count; ++i) {
        const epoll_event& event = events.at(static_cast<std::size_t>(i));
        const std::uint32_t index = CurlShard::indexOf(event.data.u64);
        if (index != inboxIndex) {
            m_shards[index]->act(CurlShard::socketOf(event.data.u64), event.events);
        }
    }
    const auto now = std::chrono::steady_clock::now();
    for (const auto& shard : m_shards) {
        shard->advance(now);
    }
}

void CurlLoop::takeInbox()
{
    Inbox::Content content = m_inbox->take();
    for (auto& transfer : content.added) {
        start(std::move(transfer));
    }
    for (const Inbox::Resolved& resolved : content.resolved) {
        auto waiting = takeWaiting(resolved.id);
        if (!waiting) {
            continue; // cancelled, or its time is over
        }
        if (resolved.addresses) {
            launch(std::move(waiting->transfer), *resolved.addresses);
        } else {
            waiting->transfer->failWith(resolved.addresses.error().within(
                std::format("cannot resolve {}", waiting->transfer->hostToResolve())));
        }
    }
    for (const std::uint64_t id : content.cancelled) {
        cancelHere(id);
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
    keepWaiting({std::move(transfer), " (the name of its host was asked for)", {}});
    m_resolver.resolve(host, [inbox = m_inbox, id](const Result<Addresses>& addresses) {
        inbox->tell({id, addresses});
    });
}

void CurlLoop::launch(std::unique_ptr<Transfer> transfer, const Addresses& addresses)
{
    if (m_running.size() >= m_mostRunning) {
        m_turns.push_back(transfer->id);
        keepWaiting({std::move(transfer), " (too many others were under way)", addresses});
        return;
    }
    if (auto prepared = transfer->prepare(addresses, m_surroundings); !prepared) {
        transfer->failWith(std::move(prepared.error()));
        return;
    }
    CurlShard& shard = shardFor(transfer->url());
    shard.add(transfer->handle());
    const std::uint64_t id = transfer->id;
    m_running.emplace(id, Running{std::move(transfer), &shard});
}

void CurlLoop::letIn()
{
    while (!m_turns.empty() && m_running.size() < m_mostRunning) {
        auto waiting = takeWaiting(m_turns.front());
        m_turns.pop_front();
        if (waiting) {
            launch(std::move(waiting->transfer), waiting->addresses);
        }
    }
}

CurlShard& CurlLoop::shardFor(const Url& url)
{
    // The requests of one server share their connections.
    const std::size_t hash = std::hash<std::string>()(url.authority());
    return *m_shards[hash % (url.isSecure() ? secureShards : shards)];
}

void CurlLoop::finishDone()
{
    for (const auto& shard : m_shards) {
        while (const auto done = shard->takeDone()) {
            Transfer* known = nullptr;
            curl_easy_getinfo(done->handle, CURLINFO_PRIVATE, &known);
            auto transfer = std::move(m_running.extract(known->id).mapped().transfer);
            shard->remove(done->handle);
            if (transfer->followsOn(done->code, m_surroundings)) {
                proceed(std::move(transfer));
            } else {
                transfer->conclude();
            }
        }
    }
}

void CurlLoop::cancelHere(std::uint64_t id)
{
    takeWaiting(id);
    if (const auto found = m_running.find(id); found != m_running.end()) {
        found->second.shard->remove(found->second.transfer->handle());
        m_running.erase(found);
    }
}

void CurlLoop::keepWaiting(Waiting waiting)
{
    const std::uint64_t id = waiting.transfer->id;
    m_deadlines.emplace(waiting.transfer->deadline(), id);
    m_waiting.emplace(id, std::move(waiting));
}

std::optional<CurlLoop::Waiting> CurlLoop::takeWaiting(std::uint64_t id)
{
    auto node = m_waiting.extract(id);
    if (node.empty()) {
        return std::nullopt;
    }
    const auto [first, last] = m_deadlines.equal_range(node.mapped().transfer->deadline());
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
        const auto late = takeWaiting(m_deadlines.begin()->second);
        late->transfer->failLate(late->what);
    }
}

} // namespace watchfire::net
