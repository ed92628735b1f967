// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/bytes.h"
#include "core/base/result.h"

#include <bit>
#include <cstdint>
#include <span>
#include <vector>

namespace watchfire::tsdb {

// A posting container: the low 16 bits of ids that share their high 16. On disk: do not
// renumber.
//
//   u8 kind; u32 cardinality; data, little-endian
//   kind 0 runs: u16 start, u16 last, ascending, apart; 1 array: u16 ascending; 2 bitmap:
//   8 KiB, bit i of word i/64. The smallest is chosen.

/// On disk: do not renumber.
enum class ContainerKind : std::uint8_t { runs = 0, array = 1, bitmap = 2 };

/// First and last of consecutive ids.
struct IdRun {
    std::uint16_t first = 0;
    std::uint16_t last = 0;
    friend bool operator==(const IdRun&, const IdRun&) = default;
};

/// Reads a container in place. A broken one reads as empty: `isBroken` tells.
class ContainerView {
public:
    explicit ContainerView(ByteView value);
    bool isBroken() const { return m_broken; }
    std::uint32_t cardinality() const { return m_cardinality; }
    ContainerKind kind() const { return m_kind; }
    /// Number of runs, or of entries of the array.
    std::size_t entries() const;
    IdRun run(std::size_t index) const; ///< kind runs
    std::uint16_t at(std::size_t index) const; ///< kind array
    std::uint64_t word(std::size_t index) const; ///< kind bitmap

private:
    ContainerKind m_kind = ContainerKind::runs;
    std::uint32_t m_cardinality = 0;
    ByteView m_data;
    bool m_broken = false;
};

/// A set of 16-bit ids in memory: a sorted array while small, a bitmap above.
class Container {
public:
    static constexpr std::size_t bitmapWords = 1024;
    static constexpr std::size_t greatestArray = 4096;

    Container() = default;
    explicit Container(const ContainerView& view);
    static Container fromSorted(std::span<const std::uint16_t> ids);

    std::size_t cardinality() const { return m_cardinality; }
    bool empty() const { return m_cardinality == 0; }
    bool contains(std::uint16_t id) const;

    void unite(const Container& other);
    void intersect(const Container& other);
    void subtract(const Container& other);
    bool intersects(const Container& other) const;

    void add(std::uint16_t id);
    void remove(std::uint16_t id);

    /// Ascending.
    template <class Visit> void forEach(Visit&& visit) const
    {
        if (m_words.empty()) {
            for (const std::uint16_t id : m_ids) {
                visit(id);
            }
            return;
        }
        for (std::size_t i = 0; i < bitmapWords; ++i) {
            for (std::uint64_t word = m_words[i]; word != 0; word &= word - 1) {
                visit(static_cast<std::uint16_t>(i * 64
                                                 + static_cast<unsigned>(std::countr_zero(word))));
            }
        }
    }

    /// The form on disk.
    Bytes serialize() const;
    friend bool operator==(const Container& a, const Container& b);

private:
    void toBitmap();
    void settle();

    std::vector<std::uint16_t> m_ids; // unless there are words
    std::vector<std::uint64_t> m_words;
    std::size_t m_cardinality = 0;
};

} // namespace watchfire::tsdb
