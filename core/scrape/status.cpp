// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/scrape/status.h"

#include <algorithm>

namespace watchfire::scrape {

namespace {

constexpr std::int64_t slotMs = 15 * 60 * 1000;

std::int64_t slotAt(Timestamp at)
{
    return unixMs(at) / slotMs;
}

std::size_t cellOf(std::int64_t slot)
{
    return static_cast<std::size_t>(slot % static_cast<std::int64_t>(Availability::quarters));
}

} // namespace

/// Clears what the ring still holds of the day before.
void Availability::advance(std::int64_t slot)
{
    const std::int64_t ahead = slot - m_latest;
    if (ahead <= 0) {
        return;
    }
    for (std::int64_t i = 1; i <= std::min<std::int64_t>(ahead, quarters); ++i) {
        m_ring[cellOf(m_latest + i)] = Slot::unknown;
    }
    m_latest = slot;
}

void Availability::note(Timestamp at, bool up)
{
    const std::int64_t slot = slotAt(at);
    if (slot < m_latest - static_cast<std::int64_t>(quarters) + 1 || slot < 0) {
        m_latest = 0; // the clock was set far back
        m_ring.fill(Slot::unknown);
        if (slot < 0) {
            return;
        }
    }
    advance(slot);
    Slot& cell = m_ring[cellOf(slot)];
    const Slot now = up ? Slot::up : Slot::down;
    cell = cell == Slot::unknown || cell == now ? now : Slot::partly;
}

std::array<Availability::Slot, Availability::quarters> Availability::day(Timestamp now) const
{
    std::array<Slot, quarters> out{};
    const std::int64_t last = slotAt(now);
    for (std::size_t i = 0; i < quarters; ++i) {
        const std::int64_t slot = last - static_cast<std::int64_t>(quarters - 1 - i);
        if (slot >= 0 && slot <= m_latest
            && slot > m_latest - static_cast<std::int64_t>(quarters)) {
            out[i] = m_ring[cellOf(slot)];
        }
    }
    return out;
}

} // namespace watchfire::scrape
