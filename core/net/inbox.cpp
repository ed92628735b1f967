// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/check.h"
#include "core/net/curl_loop.h"

#include <sys/eventfd.h>
#include <unistd.h>
#include <utility>

namespace watchfire::net {

Inbox::Inbox()
    : m_event(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
{
    WF_CHECK(m_event >= 0);
}

Inbox::~Inbox()
{
    close(m_event);
}

std::uint64_t Inbox::add(std::unique_ptr<Transfer> transfer)
{
    std::uint64_t id = 0;
    {
        const std::lock_guard lock(m_mutex);
        id = ++m_lastId;
        transfer->id = id;
        m_content.added.push_back(std::move(transfer));
    }
    wake();
    return id;
}

void Inbox::cancel(std::uint64_t id)
{
    {
        const std::lock_guard lock(m_mutex);
        m_content.cancelled.push_back(id);
    }
    wake();
}

void Inbox::tell(Resolved resolved)
{
    {
        const std::lock_guard lock(m_mutex);
        m_content.resolved.push_back(std::move(resolved));
    }
    wake();
}

void Inbox::wake() const
{
    // Full, it is readable already.
    [[maybe_unused]] const int written = eventfd_write(m_event, 1);
}

Inbox::Content Inbox::take()
{
    eventfd_t count = 0;
    [[maybe_unused]] const int read = eventfd_read(m_event, &count);
    const std::lock_guard lock(m_mutex);
    return std::exchange(m_content, {});
}

} // namespace watchfire::net
