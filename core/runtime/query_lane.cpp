// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/query_lane.h"

#include <algorithm>
#include <format>
#include <list>
#include <mutex>
#include <vector>

namespace watchfire::runtime {

/// Outlives the lane in the tasks that were handed to the workers.
struct QueryLane::Shared {
    struct Waiting {
        Entry entry;
        /// Takes it from the list; runs on the thread that drops the ticket.
        std::optional<std::stop_callback<std::function<void()>>> onStop;
    };

    explicit Shared(Executor& executor, Limits most)
        : workers(&executor)
        , limits(most)
    {
    }

    std::mutex mutex;
    Executor* workers; ///< null: the lane has gone
    const Limits limits;
    std::size_t running = 0;
    std::list<std::shared_ptr<Waiting>> waiting; ///< in the order they came

    /// Runs it on the workers, then the next. Called with the lock held: the workers only queue
    /// it, or run it at once where there are no threads, so that the lock is let go first.
    static void start(const std::shared_ptr<Shared>& shared, Entry entry,
                      std::unique_lock<std::mutex>& lock)
    {
        ++shared->running;
        Executor* const executor = shared->workers;
        lock.unlock();
        executor->run([shared, entry = std::move(entry)]() mutable {
            entry.run();
            entry = {}; // what it holds goes before others come
            std::unique_lock ended(shared->mutex);
            --shared->running;
            startNext(shared, ended);
        });
    }

    static void startNext(const std::shared_ptr<Shared>& shared, std::unique_lock<std::mutex>& lock)
    {
        if (shared->workers == nullptr || shared->waiting.empty()
            || shared->running >= shared->limits.running) {
            return;
        }
        const std::shared_ptr<Waiting> next = std::move(shared->waiting.front());
        shared->waiting.pop_front();
        start(shared, std::move(next->entry), lock);
    }

    /// The ticket was dropped.
    void leave(const std::shared_ptr<Waiting>& one)
    {
        Entry dropped; // goes after the lock
        const std::lock_guard lock(mutex);
        if (waiting.remove(one) > 0) {
            dropped = std::move(one->entry);
        }
    }
};

QueryLane::QueryLane(Executor& workers, Limits limits)
    : m_shared(std::make_shared<Shared>(workers, limits))
{
}

QueryLane::~QueryLane()
{
    std::list<std::shared_ptr<Shared::Waiting>> dropped;
    const std::lock_guard lock(m_shared->mutex);
    m_shared->workers = nullptr;
    dropped.swap(m_shared->waiting);
}

void QueryLane::enter(Entry entry, const std::stop_token& stop)
{
    std::unique_lock lock(m_shared->mutex);
    const Limits& limits = m_shared->limits;
    if (m_shared->running < limits.running) {
        Shared::start(m_shared, std::move(entry), lock);
        return;
    }
    if (m_shared->waiting.size() >= limits.waiting) {
        lock.unlock();
        entry.refuse(Error{ErrorKind::unavailable,
                           std::format("{} queries are running and {} waiting already; try again",
                                       limits.running, limits.waiting),
                           std::nullopt});
        return;
    }
    const auto one = std::make_shared<Shared::Waiting>();
    one->entry = std::move(entry);
    // Nobody can stop it before its ticket is handed out, so that this does not call at once.
    one->onStop.emplace(stop, [shared = std::weak_ptr(m_shared), waiting = std::weak_ptr(one)] {
        const auto lane = shared.lock();
        const auto who = waiting.lock();
        if (lane != nullptr && who != nullptr) {
            lane->leave(who);
        }
    });
    m_shared->waiting.push_back(one);
}

void QueryLane::expire(SteadyTime now)
{
    std::vector<std::shared_ptr<Shared::Waiting>> late;
    {
        const std::lock_guard lock(m_shared->mutex);
        auto& waiting = m_shared->waiting;
        for (auto one = waiting.begin(); one != waiting.end();) {
            if ((*one)->entry.deadline <= now) {
                late.push_back(std::move(*one));
                one = waiting.erase(one);
            } else {
                ++one;
            }
        }
    }
    for (const auto& one : late) {
        one->entry.refuse(
            Error{ErrorKind::timeout, "query timed out in query queue", std::nullopt});
    }
}

std::optional<QueryLane::SteadyTime> QueryLane::nextDeadline() const
{
    const std::lock_guard lock(m_shared->mutex);
    const auto first = std::ranges::min_element(
        m_shared->waiting, {}, [](const auto& one) { return one->entry.deadline; });
    return first == m_shared->waiting.end() ? std::nullopt
                                            : std::optional((*first)->entry.deadline);
}

} // namespace watchfire::runtime
