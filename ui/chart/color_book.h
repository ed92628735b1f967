// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <unordered_map>
#include <vector>

namespace watchfire::ui::chart {

/// Which colour a label set has. Slot n is colour n mod 12 of the palette, dashed in the n div
/// 12-th way. One book shared by the charts of a window gives a label set one colour in all of
/// them, and after every refresh. Any thread.
class ColorBook {
public:
    /// A slot for each hash, all different within the call. A hash the book knows keeps its
    /// colour (a second one of the same colour in one chart is told apart by its dashes); a new
    /// one gets the colour its hash prefers, or the next that is free in this chart.
    std::vector<std::uint32_t> assign(std::span<const std::uint64_t> hashes);

private:
    static constexpr std::size_t most = 50'000; ///< then the book starts anew

    std::mutex m_mutex;
    std::unordered_map<std::uint64_t, std::uint32_t> m_slots;
};

} // namespace watchfire::ui::chart
