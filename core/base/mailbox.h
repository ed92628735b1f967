// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/base/executor.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>

namespace watchfire {

/// A queue of tasks that one thread drains: how values come to the engine's thread. `run`
/// may be called from any thread; `wait` and `drain` only by the owner.
class Mailbox final : public Executor {
public:
    void run(Task task) override;
    /// Waits for a task, for `until`, or for `close`; false once closed and empty. `until` is
    /// of the steady clock, so a change of the wall clock does not stretch the wait.
    bool wait(std::optional<std::chrono::steady_clock::time_point> until);
    /// Runs what is queued now. Returns how many tasks ran.
    std::size_t drain();
    /// No task is accepted any more; those queued still run at the next drain.
    void close();

private:
    std::mutex m_mutex;
    std::condition_variable m_wake;
    std::deque<Task> m_tasks;
    bool m_closed = false;
};

} // namespace watchfire
