// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/executor.h"

#include <memory>
#include <utility>

namespace watchfire::discovery {

/// Brings calls that others make on threads of their own to the home thread, for as long as its
/// owner lives there.
class Homing {
public:
    explicit Homing(Executor& home)
        : m_home(home)
    {
    }
    Homing(const Homing&) = delete;
    Homing& operator=(const Homing&) = delete;

    /// A function to be called once, from any thread, that has `call` run at home with its
    /// arguments; dropped when the owner is gone.
    template <class Call> auto once(Call call)
    {
        return [&home = m_home, alive = std::weak_ptr(m_alive),
                call = std::move(call)](auto... arguments) mutable {
            home.run([alive = std::move(alive), call = std::move(call),
                      ... arguments = std::move(arguments)]() mutable {
                if (alive.lock() != nullptr) {
                    call(std::move(arguments)...);
                }
            });
        };
    }
    /// The same, to be called any number of times and without arguments.
    template <class Call> auto always(Call call)
    {
        return [&home = m_home, alive = std::weak_ptr(m_alive), call = std::move(call)] {
            home.run([alive, call] {
                if (alive.lock() != nullptr) {
                    call();
                }
            });
        };
    }

private:
    Executor& m_home;
    std::shared_ptr<bool> m_alive = std::make_shared<bool>(true);
};

} // namespace watchfire::discovery
