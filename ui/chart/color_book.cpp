// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chart/color_book.h"

#include "ui/theme/palette.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <unordered_set>

namespace watchfire::ui::chart {

namespace {

constexpr std::uint32_t colors = theme::seriesColorCount;

/// Slots already given within one chart.
class Taken {
public:
    bool take(std::uint32_t slot) { return m_slots.insert(slot).second; }

    /// The first free slot of that colour.
    std::uint32_t takeColor(std::uint32_t color)
    {
        std::uint32_t& tier = m_tiers.at(color);
        while (!take(color + tier * colors)) {
            ++tier;
        }
        return color + tier * colors;
    }

private:
    std::unordered_set<std::uint32_t> m_slots;
    std::array<std::uint32_t, colors> m_tiers{};
};

} // namespace

std::vector<std::uint32_t> ColorBook::assign(std::span<const std::uint64_t> hashes)
{
    const std::lock_guard lock(m_mutex);
    if (m_slots.size() > most) {
        m_slots.clear();
    }
    // Known ones first, then the others by hash, so that the order of a result plays no part.
    std::vector<std::size_t> order(hashes.size());
    std::iota(order.begin(), order.end(), std::size_t(0));
    std::ranges::sort(order, {}, [&](std::size_t i) {
        return std::pair(!m_slots.contains(hashes[i]), hashes[i]);
    });

    Taken taken;
    std::vector<std::uint32_t> assigned(hashes.size());
    std::uint32_t inFirstTier = 0;
    for (const std::size_t i : order) {
        const auto known = m_slots.find(hashes[i]);
        if (known != m_slots.end()) {
            assigned[i] = taken.take(known->second) ? known->second
                                                    : taken.takeColor(known->second % colors);
            inFirstTier += assigned[i] < colors ? 1 : 0;
            continue;
        }
        const auto preferred = std::uint32_t(hashes[i] % colors);
        std::uint32_t slot = preferred;
        if (inFirstTier < colors) {
            while (!taken.take(slot)) {
                slot = (slot + 1) % colors;
            }
            ++inFirstTier;
        } else {
            slot = taken.takeColor(preferred);
        }
        assigned[i] = slot;
        m_slots.emplace(hashes[i], slot);
    }
    return assigned;
}

} // namespace watchfire::ui::chart
