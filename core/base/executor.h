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

/// A fixed number of worker threads over one queue. The destructor lets running tasks end,
/// drops queued ones and joins.
class ThreadPool final : public Executor {
public:
    explicit ThreadPool(std::size_t threads, const char* name = "worker");
    ~ThreadPool() override;
    ThreadPool(const ThreadPool&) = delete;
    ThreadPool& operator=(const ThreadPool&) = delete;

    void run(Task task) override;
    std::size_t threads() const { return m_threads.size(); }

private:
    void work();

    std::mutex m_mutex;
    std::condition_variable m_wake;
    std::deque<Task> m_tasks;
    bool m_stopping = false;
    std::vector<std::jthread> m_threads;
};

} // namespace watchfire
