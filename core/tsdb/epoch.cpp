// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/epoch.h"

#include <vector>

namespace watchfire::tsdb {

Result<Epochs::Pin> Epochs::pin()
{
    const std::size_t start = m_hint.fetch_add(1, std::memory_order_relaxed);
    for (std::size_t i = 0; i < maxPins; ++i) {
        std::atomic<std::uint64_t>& slot = m_slots[(start + i) % maxPins].epoch;
        std::uint64_t epoch = m_epoch.load();
        std::uint64_t none = 0;
        if (!slot.compare_exchange_strong(none, epoch)) {
            continue;
        }
        // Whoever retires between our load and our store may have missed the slot; the second
        // look makes sure that our epoch was current while the slot was seen.
        for (std::uint64_t now = m_epoch.load(); now != epoch; now = m_epoch.load()) {
            epoch = now;
            slot.store(epoch);
        }
        return Pin(&slot);
    }
    return fail(ErrorKind::limit, "too many queries at once read the store");
}

void Epochs::retire(std::unique_ptr<const Retirable> object)
{
    const std::lock_guard lock(m_mutex);
    m_retired.push_back({m_epoch.fetch_add(1) + 1, std::move(object)});
}

void Epochs::reclaim()
{
    std::vector<Retired> free;
    {
        const std::lock_guard lock(m_mutex);
        if (m_retired.empty()) {
            return;
        }
        std::uint64_t oldest = ~std::uint64_t{0};
        for (const Slot& slot : m_slots) {
            const std::uint64_t epoch = slot.epoch.load();
            if (epoch != 0) {
                oldest = std::min(oldest, epoch);
            }
        }
        while (!m_retired.empty() && m_retired.front().epoch <= oldest) {
            free.push_back(std::move(m_retired.front()));
            m_retired.pop_front();
        }
    } // destructors run without the lock
}

std::size_t Epochs::waiting() const
{
    const std::lock_guard lock(m_mutex);
    return m_retired.size();
}

} // namespace watchfire::tsdb
