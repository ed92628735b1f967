// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/mailbox.h"

#include <utility>

namespace watchfire {

void Mailbox::run(Task task)
{
    {
        const std::lock_guard lock(m_mutex);
        if (m_closed) {
            return;
        }
        m_tasks.push_back(std::move(task));
    }
    m_wake.notify_one();
}

bool Mailbox::wait(std::optional<std::chrono::steady_clock::time_point> until)
{
    std::unique_lock lock(m_mutex);
    const auto ready = [this] { return m_closed || !m_tasks.empty(); };
    if (until) {
        m_wake.wait_until(lock, *until, ready);
    } else {
        m_wake.wait(lock, ready);
    }
    return !m_closed || !m_tasks.empty();
}

std::size_t Mailbox::drain()
{
    std::deque<Task> tasks;
    {
        const std::lock_guard lock(m_mutex);
        tasks.swap(m_tasks);
    }
    for (Task& task : tasks) {
        task();
    }
    return tasks.size();
}

void Mailbox::close()
{
    {
        const std::lock_guard lock(m_mutex);
        m_closed = true;
    }
    m_wake.notify_all();
}

} // namespace watchfire
