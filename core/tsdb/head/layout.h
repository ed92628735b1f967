// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tsdb/tables.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

namespace watchfire::tsdb {

class Layout;
using LayoutPtr = std::shared_ptr<const Layout>;

/// Which series stands at which position of a group's rows. Immutable; one that grew shares the
/// memory of the one before. `appended` and `kept` are for the group's writer; the rest is for
/// any thread.
class Layout {
public:
    static constexpr std::uint32_t dropped = ~std::uint32_t{0};

    static LayoutPtr of(std::span<const Sid> sids);
    /// With these at the end.
    static LayoutPtr appended(const LayoutPtr& before, std::span<const Sid> sids);

    std::size_t size() const { return m_size; }
    Sid sid(std::size_t position) const { return m_sids[position]; }
    std::span<const Sid> sids() const { return {m_sids.get(), m_size}; }
    std::optional<std::uint32_t> find(Sid sid) const;
    /// Sids ascend with positions.
    bool isSorted() const { return m_sorted; }

private:
    struct Growth; // how much of the shared memory is in use, by whichever layout is the last

    std::shared_ptr<Sid[]> m_sids;
    std::shared_ptr<Growth> m_growth;
    std::size_t m_size = 0;
    bool m_sorted = true;
};

} // namespace watchfire::tsdb
