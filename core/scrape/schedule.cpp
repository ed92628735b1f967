// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/scrape/schedule.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace watchfire::scrape {

namespace {

constexpr std::chrono::milliseconds restartWindow{2000};

} // namespace

Schedule::Schedule(Handler handler)
    : m_handler(std::move(handler))
{
}

void Schedule::add(Id id, std::chrono::milliseconds interval, Timestamp first)
{
    remove(id);
    m_entries.emplace(id, Entry{interval, first});
    m_order.emplace(first, id);
}

void Schedule::remove(Id id)
{
    if (const auto found = m_entries.find(id); found != m_entries.end()) {
        m_order.erase({found->second.due, id});
        m_entries.erase(found);
    }
}

std::optional<Timestamp> Schedule::nextDue() const
{
    return m_order.empty() ? std::nullopt : std::optional(m_order.begin()->first);
}

void Schedule::advance(Timestamp now)
{
    if (now < m_latest) {
        // The clock was set back: nobody waits longer than an interval for it to catch up.
        for (auto& [id, entry] : m_entries) {
            if (entry.due > now + entry.interval) {
                move(id, entry, turnAfter(id, entry.interval, now));
            }
        }
    }
    m_latest = now;
    std::vector<Turn> turns;
    while (!m_order.empty() && m_order.begin()->first <= now) {
        const auto [due, id] = *m_order.begin();
        Entry& entry = m_entries.find(id)->second;
        const Timestamp next = turnAfter(id, entry.interval, now);
        if (now - due >= entry.interval) {
            const auto window = std::min(entry.interval, restartWindow).count();
            const auto wait = static_cast<std::int64_t>(id % static_cast<std::uint64_t>(window));
            move(id, entry, std::min(next, now + std::chrono::milliseconds(wait)));
            continue;
        }
        turns.push_back({id, due});
        move(id, entry, next);
    }
    for (const Turn& turn : turns) {
        m_handler(turn);
    }
}

void Schedule::move(Id id, Entry& entry, Timestamp due)
{
    m_order.erase({entry.due, id});
    entry.due = due;
    m_order.emplace(due, id);
}

std::chrono::milliseconds Schedule::offsetOf(Id id, std::chrono::milliseconds interval)
{
    return std::chrono::milliseconds(id % static_cast<std::uint64_t>(interval.count()));
}

Timestamp Schedule::turnAfter(Id id, std::chrono::milliseconds interval, Timestamp at)
{
    const std::int64_t step = interval.count();
    std::int64_t since = (unixMs(at) - offsetOf(id, interval).count()) % step;
    if (since < 0) {
        since += step;
    }
    return at + std::chrono::milliseconds(step - since);
}

} // namespace watchfire::scrape
