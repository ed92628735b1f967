// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace watchfire::ui::editor {

/// Many names, ranked by how well they fit what was typed: those that begin with it, then those
/// with a word that does, then those that contain it, then those that have its letters in that
/// order. Upper and lower case are the same. Among equals what was used lately comes first, then
/// what fits the place, then the shorter. 100,000 names take a few milliseconds.
///
/// Immutable; may be made on one thread and used on another.
class NameIndex {
public:
    enum class Order : std::uint8_t { byLength, asGiven };
    enum class Tier : std::uint8_t { prefix, word, part, letters };
    struct Hit {
        std::uint32_t name = 0; ///< index
        /// Smaller is better; may be compared with hits of other indexes.
        std::uint64_t rank = 0;
        Tier tier() const { return Tier(rank >> 62U); }
    };
    struct Ranking {
        std::vector<Hit> best; ///< best first
        std::size_t matching = 0; ///< of all names
    };
    struct Wish {
        std::string_view typed;
        /// Names used lately, the latest first.
        std::span<const std::string> recent = {};
        /// Names marked as fitting go before others.
        bool preferFitting = false;
        std::size_t most = 200;
    };

    NameIndex() = default;
    /// `fitting`: one bool for each name, or empty.
    explicit NameIndex(std::vector<std::string> names, Order order = Order::byLength,
                       std::vector<bool> fitting = {});

    const std::vector<std::string>& names() const { return m_names; }
    Ranking rank(const Wish& wish) const;

private:
    std::vector<std::string> m_names;
    std::string m_lower; ///< all names one behind the other
    std::vector<std::uint32_t> m_ends;
    std::vector<std::uint64_t> m_letters; ///< which characters a name has, one bit each
    std::vector<bool> m_fitting;
    Order m_order = Order::byLength;
};

/// Begin and length, in bytes of the name, of what `typed` matches in it, as ranking sees it.
std::vector<std::pair<std::size_t, std::size_t>> matchedRuns(std::string_view name,
                                                             std::string_view typed);

} // namespace watchfire::ui::editor
