// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstdint>

namespace watchfire::promql {

/// The memory that queries may take together. From any thread.
class MemoryBudget {
public:
    explicit MemoryBudget(std::uint64_t bytes)
        : m_bytes(bytes)
    {
    }
    MemoryBudget(const MemoryBudget&) = delete;
    MemoryBudget& operator=(const MemoryBudget&) = delete;

    /// Takes them, or nothing when that would be more than there may be.
    bool tryTake(std::uint64_t bytes)
    {
        std::uint64_t taken = m_taken.load();
        while (bytes <= m_bytes && taken <= m_bytes - bytes) {
            if (m_taken.compare_exchange_weak(taken, taken + bytes)) {
                notePeak(taken + bytes);
                return true;
            }
        }
        return false;
    }
    /// What is taken already; false when that is more than there may be.
    bool note(std::uint64_t bytes)
    {
        const std::uint64_t taken = m_taken.fetch_add(bytes) + bytes;
        notePeak(taken);
        return taken <= m_bytes;
    }
    void giveBack(std::uint64_t bytes) { m_taken.fetch_sub(bytes); }

    std::uint64_t bytes() const { return m_bytes; } ///< at most
    std::uint64_t taken() const { return m_taken.load(); }
    std::uint64_t peak() const { return m_peak.load(); } ///< the most that was taken so far

private:
    void notePeak(std::uint64_t taken)
    {
        std::uint64_t peak = m_peak.load();
        while (peak < taken && !m_peak.compare_exchange_weak(peak, taken)) { }
    }

    const std::uint64_t m_bytes;
    std::atomic<std::uint64_t> m_taken{0};
    std::atomic<std::uint64_t> m_peak{0};
};

} // namespace watchfire::promql
