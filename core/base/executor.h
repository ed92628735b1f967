// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace watchfire {

using Task = std::move_only_function<void()>;

/// Something that runs tasks, on threads of its own or at once.
struct Executor {
    virtual ~Executor() = default;
    /// From any thread. Tasks must not throw.
    virtual void run(Task task) = 0;
};

/// Runs each task on the calling thread before `run` returns: for tests.
struct InlineExecutor final : Executor {
    void run(Task task) override { task(); }
};

/// A fixed number of worker threads over one queue. The thread that became idle last takes the
/// next task, so that a program with little to do uses few of them: what the others would keep
/// for themselves, their caches and the heaps of the allocator, stays small. The destructor lets
/// running tasks end, drops queued ones and joins.
class ThreadPool final : public Executor {
public:
    explicit ThreadPool(std::size_t threads, const char* name = "worker");
    ~ThreadPool() override;
    ThreadPool(const ThreadPool&) = delete;
    ThreadPool& operator=(const ThreadPool&) = delete;

    void run(Task task) override;
    std::size_t threads() const { return m_threads.size(); }

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

} // namespace watchfire
