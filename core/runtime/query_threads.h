// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/executor.h"

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

namespace watchfire::runtime {

/// Threads for queries, more than there are processors, of which few have to do mostly: the one
/// that became idle last takes the next task. What the others would keep for themselves, caches
/// and the heaps of the allocator, stays small. The destructor lets running tasks end, drops
/// queued ones and joins.
class QueryThreads final : public Executor {
public:
    explicit QueryThreads(std::size_t threads);
    ~QueryThreads() override;
    QueryThreads(const QueryThreads&) = delete;
    QueryThreads& operator=(const QueryThreads&) = delete;

    void run(Task task) override;

private:
    struct Idle {
        std::condition_variable wake;
        bool isCalled = false;
    };
    void work();
    void waitIdle(std::unique_lock<std::mutex>& lock);

    std::mutex m_mutex;
    std::vector<Idle*> m_idle; ///< the last one has waited shortest
    std::deque<Task> m_tasks;
    bool m_stopping = false;
    std::vector<std::jthread> m_threads;
};

} // namespace watchfire::runtime
