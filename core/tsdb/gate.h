// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>

namespace watchfire::tsdb {

/// Lets work in until something is to be changed that all of it relies on; that then waits until
/// none is left inside. A thread inside must not enter again. Who enters and who leaves may be
/// different threads.
class Gate {
public:
    void enter();
    void leave();
    /// Shuts the gate and calls `shoo` until all are out.
    void close(const std::function<void()>& shoo);
    /// Shuts the gate if nobody is inside.
    bool tryClose();
    void open();

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::size_t m_inside = 0;
    bool m_closed = false;
};

/// Someone inside, for as long as it lives.
class GateEntry {
public:
    GateEntry() = default;
    explicit GateEntry(Gate& gate)
        : m_gate(&gate)
    {
        gate.enter();
    }
    GateEntry(const GateEntry&) = delete;
    GateEntry& operator=(const GateEntry&) = delete;
    ~GateEntry() { leave(); }

    bool isInside() const { return m_gate != nullptr; }
    /// Nothing happens to who is inside already.
    void enter(Gate& gate)
    {
        if (m_gate == nullptr) {
            gate.enter();
            m_gate = &gate;
        }
    }
    void leave()
    {
        if (m_gate != nullptr) {
            m_gate->leave();
            m_gate = nullptr;
        }
    }

private:
    Gate* m_gate = nullptr;
};

} // namespace watchfire::tsdb
