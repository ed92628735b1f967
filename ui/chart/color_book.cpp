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
constexpr std::uint32_t bestColors = 8; // those that can be told apart best come first

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

    /// For a newcomer: a colour nobody has here, among the best first, where there is one.
    std::uint32_t takeNew(std::uint64_t hash)
    {
        for (const auto& [first, count] :
             {std::pair(0U, bestColors), std::pair(bestColors, colors - bestColors)}) {
            const auto preferred = std::uint32_t(hash % count);
            for (std::uint32_t i = 0; i < count; ++i) {
                const std::uint32_t slot = first + (preferred + i) % count;
                if (take(slot)) {
                    return slot;
                }
            }
        }
        return takeColor(std::uint32_t(hash % colors));
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
    for (const std::size_t i : order) {
        const auto known = m_slots.find(hashes[i]);
        if (known != m_slots.end()) {
            assigned[i] = taken.take(known->second) ? known->second
                                                    : taken.takeColor(known->second % colors);
            continue;
        }
        const std::uint32_t slot = taken.takeNew(hashes[i]);
        assigned[i] = slot;
        m_slots.emplace(hashes[i], slot);
    }
    return assigned;
}

} // namespace watchfire::ui::chart
