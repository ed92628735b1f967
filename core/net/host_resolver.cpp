// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/net/host_resolver.h"

#include <arpa/inet.h>
#include <array>
#include <condition_variable>
#include <deque>
#include <format>
#include <mutex>
#include <netdb.h>
#include <pthread.h>
#include <sys/socket.h>
#include <thread>
#include <unordered_map>

namespace watchfire::net {

namespace {

using Moment = std::chrono::steady_clock::time_point;

constexpr auto keptFor = std::chrono::seconds(60);
constexpr std::size_t mostKept = 50'000;

Result<Addresses> askSystem(const std::string& host)
{
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (const int code = getaddrinfo(host.c_str(), nullptr, &hints, &found); code != 0) {
        return fail(ErrorKind::unavailable, gai_strerror(code));
    }
    const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner(found, &freeaddrinfo);
    Addresses out;
    for (const addrinfo* entry = found; entry != nullptr; entry = entry->ai_next) {
        std::array<char, NI_MAXHOST> text{};
        if (getnameinfo(entry->ai_addr, entry->ai_addrlen, text.data(), text.size(), nullptr, 0,
                        NI_NUMERICHOST)
            == 0) {
            out.emplace_back(text.data());
        }
    }
    // One that needs an interface named beside it cannot be handed on to libcurl.
    std::erase_if(out, [](const std::string& address) { return address.contains('%'); });
    if (out.empty()) {
        return fail(ErrorKind::unavailable, "no address of it can be used");
    }
    return out;
}

} // namespace

/// What the threads hold on to, also when the resolver is gone.
struct HostResolver::Shared : std::enable_shared_from_this<Shared> {
    struct Entry {
        Addresses addresses;
        Moment until;
    };

    Shared(std::size_t most, Lookup given)
        : mostThreads(most)
        , lookup(given ? std::move(given) : Lookup(&askSystem))
    {
    }

    void work();
    void keep(const std::string& host, const Addresses& addresses);

    const std::size_t mostThreads;
    const Lookup lookup;
    mutable std::mutex mutex;
    std::condition_variable wake;
    std::deque<std::string> queue;
    std::unordered_map<std::string, std::vector<Done>> asking;
    std::unordered_map<std::string, Entry> cache;
    std::size_t threads = 0;
    std::size_t idle = 0;
    bool stopping = false;
};

void HostResolver::Shared::keep(const std::string& host, const Addresses& addresses)
{
    const auto now = std::chrono::steady_clock::now();
    if (cache.size() >= mostKept) {
        std::erase_if(cache, [now](const auto& entry) { return entry.second.until <= now; });
    }
    if (cache.size() < mostKept) {
        cache.insert_or_assign(host, Entry{addresses, now + keptFor});
    }
}

void HostResolver::Shared::work()
{
    pthread_setname_np(pthread_self(), "net-resolve");
    std::unique_lock lock(mutex);
    while (true) {
        ++idle;
        wake.wait(lock, [this] { return stopping || !queue.empty(); });
        --idle;
        if (stopping) {
            return;
        }
        const std::string host = std::move(queue.front());
        queue.pop_front();
        lock.unlock();
        const Result<Addresses> result = lookup(host);
        lock.lock();
        if (stopping) {
            return;
        }
        if (result) {
            keep(host, *result);
        }
        auto waiting = asking.extract(host);
        // Called under the lock, so that none is called any more once the resolver is gone.
        for (Done& done : waiting.mapped()) {
            done(result);
        }
    }
}

HostResolver::HostResolver(std::size_t threads, Lookup lookup)
    : m_shared(std::make_shared<Shared>(threads, std::move(lookup)))
{
}

HostResolver::~HostResolver()
{
    std::unordered_map<std::string, std::vector<Done>> forgotten;
    const std::lock_guard lock(m_shared->mutex);
    m_shared->stopping = true;
    forgotten.swap(m_shared->asking);
    m_shared->wake.notify_all();
}

bool HostResolver::isName(const std::string& host)
{
    in_addr address{};
    return !host.empty() && !host.starts_with('[')
        && inet_pton(AF_INET, host.c_str(), &address) != 1 && host != "localhost"
        && !host.ends_with(".localhost");
}

std::optional<Addresses> HostResolver::known(const std::string& host) const
{
    const std::lock_guard lock(m_shared->mutex);
    const auto found = m_shared->cache.find(host);
    if (found == m_shared->cache.end() || found->second.until <= std::chrono::steady_clock::now()) {
        return std::nullopt;
    }
    return found->second.addresses;
}

void HostResolver::resolve(const std::string& host, Done done)
{
    const std::lock_guard lock(m_shared->mutex);
    const auto [waiting, isNew] = m_shared->asking.try_emplace(host);
    waiting->second.push_back(std::move(done));
    if (!isNew) {
        return;
    }
    m_shared->queue.push_back(host);
    if (m_shared->idle < m_shared->queue.size() && m_shared->threads < m_shared->mostThreads) {
        ++m_shared->threads;
        std::thread([shared = m_shared] { shared->work(); }).detach();
    }
    m_shared->wake.notify_one();
}

} // namespace watchfire::net
