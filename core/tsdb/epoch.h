// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>

namespace watchfire::tsdb {

/// What may be retired: freed when no reader can hold it any more.
struct Retirable {
    virtual ~Retirable() = default;
};

/// Lets readers follow published pointers without locks. A reader pins before it loads one; a
/// writer replaces the pointer, then retires what it pointed to; that is freed once every
/// reader that was pinned then is gone. From any thread.
class Epochs {
public:
    static constexpr std::size_t maxPins = 512;

    /// Holds a place among the readers.
    class Pin {
    public:
        Pin() = default;
        Pin(Pin&& other) noexcept
            : m_slot(std::exchange(other.m_slot, nullptr))
        {
        }
        Pin& operator=(Pin&& other) noexcept
        {
            release();
            m_slot = std::exchange(other.m_slot, nullptr);
            return *this;
        }
        Pin(const Pin&) = delete;
        Pin& operator=(const Pin&) = delete;
        ~Pin() { release(); }
        bool isHeld() const { return m_slot != nullptr; }

    private:
        friend class Epochs;
        explicit Pin(std::atomic<std::uint64_t>* slot)
            : m_slot(slot)
        {
        }
        void release()
        {
            if (m_slot != nullptr) {
                std::exchange(m_slot, nullptr)->store(0, std::memory_order_release);
            }
        }
        std::atomic<std::uint64_t>* m_slot = nullptr;
    };

    /// Fails with ErrorKind::limit when there are too many readers.
    Result<Pin> pin();
    /// `object` is reachable by pinned readers only.
    void retire(std::unique_ptr<const Retirable> object);
    /// Frees what no reader can hold.
    void reclaim();
    /// Retired and not yet freed.
    std::size_t waiting() const;

private:
    struct alignas(64) Slot {
        std::atomic<std::uint64_t> epoch{0};
    };
    struct Retired {
        std::uint64_t epoch = 0;
        std::unique_ptr<const Retirable> object;
    };

    std::atomic<std::uint64_t> m_epoch{1};
    std::atomic<std::size_t> m_hint{0};
    std::array<Slot, maxPins> m_slots;
    mutable std::mutex m_mutex;
    std::deque<Retired> m_retired; // by epoch
};

} // namespace watchfire::tsdb
