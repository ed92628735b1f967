// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "core/tsdb/index/names.h"

#include <array>
#include <span>
#include <vector>

namespace watchfire::tsdb {

// A series page: the label sets of one extent. On disk: do not renumber.
//
//   version u8 (1); gid varint; slots varint (≤ 64); common pairs: varint count, per pair nid
//   varint, vid varint; per slot: varint 0: no series, else count of its own pairs + 1, and
//   the pairs

struct LabelPair {
    Nid nid = 0;
    Vid vid = 0;
    friend auto operator<=>(const LabelPair&, const LabelPair&) = default;
};

/// The label sets of up to 64 series of one group.
class SeriesPage {
public:
    explicit SeriesPage(Gid gid = 0)
        : m_gid(gid)
    {
    }
    static Result<SeriesPage> parse(ByteView value);
    /// Only the group, without the rest; 0: broken.
    static Gid gidOf(ByteView value);
    /// Appends the value that the series of each of `slots`, a bit each, has of that label, where
    /// it has one; what all have in common only once. False: broken.
    static bool values(ByteView value, Nid nid, std::uint64_t slots, std::vector<Vid>& out);

    Gid gid() const { return m_gid; }
    std::uint32_t slots() const { return m_slots; }
    bool has(std::uint32_t slot) const { return slot < m_slots && (m_present >> slot & 1) != 0; }
    /// Appends the pairs of that slot to `out`, in no order.
    void pairs(std::uint32_t slot, std::vector<LabelPair>& out) const;

    /// Slots between become empty.
    void set(std::uint32_t slot, std::span<const LabelPair> pairs);
    void clear(std::uint32_t slot) { m_present &= ~(std::uint64_t{1} << slot); }
    bool empty() const { return m_present == 0; }
    Bytes serialize() const;

private:
    Gid m_gid = 0;
    std::uint32_t m_slots = 0;
    std::uint64_t m_present = 0;
    std::vector<LabelPair> m_common;
    std::vector<LabelPair> m_own;
    struct Range {
        std::uint32_t begin = 0;
        std::uint32_t end = 0;
        bool hasCommon = false;
    };
    std::array<Range, extentSize> m_ranges{};
};

} // namespace watchfire::tsdb
