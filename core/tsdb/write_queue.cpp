// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/write_queue.h"

#include <utility>

namespace watchfire::tsdb {

std::future<Result<void>> WriteQueue::wait(Waiters& waiters)
{
    std::future<Result<void>> done;
    {
        const std::lock_guard lock(m_mutex);
        done = waiters.emplace_back().get_future();
    }
    m_changed.notify_all();
    return done;
}

std::future<Result<DeleteReport>> WriteQueue::remove(DeleteRequest request)
{
    std::future<Result<DeleteReport>> done;
    {
        const std::lock_guard lock(m_mutex);
        Delete& waiting = m_waiting.deletes.emplace_back();
        waiting.request = std::move(request);
        done = waiting.done.get_future();
    }
    m_changed.notify_all();
    return done;
}

std::future<Result<void>> WriteQueue::change(const Key& key, std::optional<Bytes> value)
{
    std::future<Result<void>> done;
    {
        const std::lock_guard lock(m_mutex);
        StateChange& waiting = m_waiting.states.emplace_back();
        waiting.key = key;
        waiting.value = std::move(value);
        done = waiting.done.get_future();
    }
    m_changed.notify_all();
    return done;
}

void WriteQueue::wake()
{
    {
        const std::lock_guard lock(m_mutex);
        m_waiting.isWoken = true;
    }
    m_changed.notify_all();
}

void WriteQueue::poke()
{
    {
        const std::lock_guard lock(m_mutex);
        m_isPoked = true;
    }
    m_changed.notify_all();
}

void WriteQueue::stop()
{
    {
        const std::lock_guard lock(m_mutex);
        m_waiting.stops = true;
    }
    m_changed.notify_all();
}

bool WriteQueue::isEmpty() const
{
    return !m_isPoked && m_waiting.states.empty() && m_waiting.commits.empty()
        && m_waiting.seals.empty() && m_waiting.compactions.empty() && m_waiting.deletes.empty();
}

WriteQueue::Taken WriteQueue::take(std::chrono::steady_clock::time_point until, bool heedsWaking)
{
    std::unique_lock lock(m_mutex);
    m_changed.wait_until(lock, until, [&] {
        return m_waiting.stops || (m_waiting.isWoken && heedsWaking) || !isEmpty();
    });
    m_isPoked = false;
    return std::exchange(m_waiting, {});
}

} // namespace watchfire::tsdb
