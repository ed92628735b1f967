// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/head/layout.h"

#include <algorithm>

namespace watchfire::tsdb {

struct Layout::Growth {
    std::size_t used = 0;
    std::size_t capacity = 0;
};

LayoutPtr Layout::of(std::span<const Sid> sids)
{
    auto layout = std::make_shared<Layout>();
    layout->m_growth = std::make_shared<Growth>(Growth{sids.size(), sids.size()});
    layout->m_sids = std::make_shared<Sid[]>(std::max<std::size_t>(sids.size(), 1));
    std::ranges::copy(sids, layout->m_sids.get());
    layout->m_size = sids.size();
    layout->m_sorted = std::ranges::is_sorted(sids);
    return layout;
}

LayoutPtr Layout::appended(const LayoutPtr& before, std::span<const Sid> sids)
{
    if (sids.empty()) {
        return before;
    }
    auto layout = std::make_shared<Layout>(*before);
    layout->m_size = before->m_size + sids.size();
    // Readers of earlier layouts look below their own size only, so the room behind the last
    // one may be filled while they read.
    const bool fits
        = before->m_growth->used == before->m_size && layout->m_size <= before->m_growth->capacity;
    if (!fits) {
        // A first filling is left exact; what grows again gets room to grow.
        const std::size_t capacity
            = before->m_size == 0 ? layout->m_size : layout->m_size + layout->m_size / 2;
        layout->m_sids = std::make_shared<Sid[]>(capacity);
        layout->m_growth = std::make_shared<Growth>(Growth{0, capacity});
        std::ranges::copy(before->sids(), layout->m_sids.get());
    }
    std::ranges::copy(sids, layout->m_sids.get() + before->m_size);
    layout->m_growth->used = layout->m_size;
    const std::size_t from = before->m_size == 0 ? 0 : before->m_size - 1;
    layout->m_sorted = before->m_sorted && std::ranges::is_sorted(layout->sids().subspan(from));
    return layout;
}

std::optional<std::uint32_t> Layout::find(Sid sid) const
{
    const std::span<const Sid> all = sids();
    const auto at = m_sorted ? std::ranges::lower_bound(all, sid) : std::ranges::find(all, sid);
    if (at == all.end() || *at != sid) {
        return {};
    }
    return static_cast<std::uint32_t>(at - all.begin());
}

} // namespace watchfire::tsdb
