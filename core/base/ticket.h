// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <utility>

namespace watchfire {

/// Stands for a request under way. Dropping it asks the work to stop; its reply may then
/// never come. An empty ticket stands for nothing.
class [[nodiscard]] Ticket {
public:
    Ticket() = default;
    explicit Ticket(std::stop_source source)
        : m_source(std::move(source))
        , m_held(true)
    {
    }
    Ticket(Ticket&& other) noexcept
        : m_source(std::move(other.m_source))
        , m_held(std::exchange(other.m_held, false))
    {
    }
    Ticket& operator=(Ticket&& other) noexcept
    {
        if (this != &other) {
            cancel();
            m_source = std::move(other.m_source);
            m_held = std::exchange(other.m_held, false);
        }
        return *this;
    }
    Ticket(const Ticket&) = delete;
    Ticket& operator=(const Ticket&) = delete;
    ~Ticket() { cancel(); }

    void cancel()
    {
        if (std::exchange(m_held, false)) {
            m_source.request_stop();
        }
    }
    /// Lets the work run to its end without anybody to stop it.
    void detach() { m_held = false; }
    bool isHeld() const { return m_held; }

private:
    std::stop_source m_source{std::nostopstate};
    bool m_held = false;
};

/// Keeps a watcher registered; dropping it ends the callbacks. After its destructor returns
/// no callback starts any more.
class [[nodiscard]] Subscription {
public:
    Subscription() = default;
    explicit Subscription(std::move_only_function<void()> end)
        : m_end(std::move(end))
    {
    }
    Subscription(Subscription&& other) noexcept
        : m_end(std::exchange(other.m_end, nullptr))
    {
    }
    Subscription& operator=(Subscription&& other) noexcept
    {
        if (this != &other) {
            reset();
            m_end = std::exchange(other.m_end, nullptr);
        }
        return *this;
    }
    Subscription(const Subscription&) = delete;
    Subscription& operator=(const Subscription&) = delete;
    ~Subscription() { reset(); }

    void reset()
    {
        if (auto end = std::exchange(m_end, nullptr)) {
            end();
        }
    }

private:
    std::move_only_function<void()> m_end;
};

/// Receives immutable snapshots, each replacing the one before, on an engine thread.
template <class T> using Watcher = std::move_only_function<void(std::shared_ptr<const T>)>;

} // namespace watchfire
