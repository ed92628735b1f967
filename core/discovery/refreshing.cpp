// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/discovery/refreshing.h"

#include "core/base/log.h"

#include <algorithm>
#include <utility>

namespace watchfire::discovery {

Refreshing::Refreshing(const ProviderPorts& ports, std::string kind, std::string source,
                       std::chrono::milliseconds interval)
    : m_ports(ports)
    , m_status{std::move(kind), std::move(source), {}, {}}
    , m_interval(std::max(interval, std::chrono::milliseconds(1)))
    , m_homing(ports.home)
{
}

void Refreshing::start(Update update)
{
    m_update = std::move(update);
    begin(m_ports.clock.now());
}

std::optional<Timestamp> Refreshing::nextDue() const
{
    return m_asking || !m_update ? std::nullopt : std::optional(m_due);
}

void Refreshing::advance(Timestamp now)
{
    m_due = std::min(m_due, now + m_interval);
    if (!m_asking && m_update && m_due <= now) {
        begin(now);
    }
}

void Refreshing::begin(Timestamp now)
{
    m_due = now + m_interval;
    m_asking = true;
    m_again = false;
    ask();
}

void Refreshing::askSoon()
{
    if (m_asking) {
        m_again = true;
    } else if (m_update) {
        begin(m_ports.clock.now());
    }
}

void Refreshing::finish(Groups groups, std::string error)
{
    m_status.lastUpdate = m_ports.clock.now();
    if (!error.empty() && error != m_status.lastError) {
        log(LogLevel::warning, "discovery", "{} {}: {}", m_status.kind, m_status.source, error);
    }
    m_status.lastError = std::move(error);
    m_update(std::move(groups));
    end();
}

void Refreshing::giveUp(std::string error)
{
    if (error != m_status.lastError) {
        log(LogLevel::warning, "discovery", "{} {}: {}", m_status.kind, m_status.source, error);
    }
    m_status.lastError = std::move(error);
    end();
}

void Refreshing::end()
{
    m_asking = false;
    if (m_again) {
        begin(m_ports.clock.now());
    }
}

} // namespace watchfire::discovery
