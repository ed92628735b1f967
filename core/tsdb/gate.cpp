// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/gate.h"

#include <chrono>

namespace watchfire::tsdb {

void Gate::enter()
{
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [this] { return !m_closed; });
    ++m_inside;
}

void Gate::leave()
{
    const std::lock_guard lock(m_mutex);
    --m_inside;
    m_changed.notify_all();
}

void Gate::close(const std::function<void()>& shoo)
{
    std::unique_lock lock(m_mutex);
    m_closed = true;
    while (m_inside > 0) {
        lock.unlock();
        if (shoo) {
            shoo();
        }
        lock.lock();
        m_changed.wait_for(lock, std::chrono::milliseconds(5), [this] { return m_inside == 0; });
    }
}

bool Gate::tryClose()
{
    const std::lock_guard lock(m_mutex);
    if (m_inside > 0 || m_closed) {
        return false;
    }
    m_closed = true;
    return true;
}

void Gate::open()
{
    const std::lock_guard lock(m_mutex);
    m_closed = false;
    m_changed.notify_all();
}

} // namespace watchfire::tsdb
