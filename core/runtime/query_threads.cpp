// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/query_threads.h"

#include <pthread.h>
#include <utility>

namespace watchfire::runtime {

QueryThreads::QueryThreads(std::size_t threads)
{
    m_threads.reserve(threads);
    for (std::size_t i = 0; i < threads; ++i) {
        m_threads.emplace_back([this] {
            pthread_setname_np(pthread_self(), "query");
            work();
        });
    }
}

QueryThreads::~QueryThreads()
{
    std::deque<Task> dropped;
    {
        const std::lock_guard lock(m_mutex);
        m_stopping = true;
        dropped.swap(m_tasks);
        for (Idle* const idle : m_idle) {
            idle->wake.notify_one();
        }
    }
    m_threads.clear();
}

void QueryThreads::run(Task task)
{
    const std::lock_guard lock(m_mutex);
    if (m_stopping) {
        return;
    }
    m_tasks.push_back(std::move(task));
    if (!m_idle.empty()) {
        Idle& idle = *m_idle.back();
        m_idle.pop_back();
        idle.isCalled = true;
        idle.wake.notify_one(); // with the lock held: what lies on its stack is still there
    }
}

void QueryThreads::waitIdle(std::unique_lock<std::mutex>& lock)
{
    Idle idle;
    m_idle.push_back(&idle);
    idle.wake.wait(lock, [&] { return idle.isCalled || m_stopping; });
    if (!idle.isCalled) {
        std::erase(m_idle, &idle);
    }
}

void QueryThreads::work()
{
    for (;;) {
        Task task;
        {
            std::unique_lock lock(m_mutex);
            while (!m_stopping && m_tasks.empty()) {
                waitIdle(lock);
            }
            if (m_stopping) {
                return;
            }
            task = std::move(m_tasks.front());
            m_tasks.pop_front();
        }
        task();
    }
}

} // namespace watchfire::runtime
