// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/executor.h"
#include "core/base/ticket.h"

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <utility>

namespace watchfire::runtime {

/// Hands each new snapshot of one kind to its watchers. A slot of one: who comes late gets the
/// newest and misses the rest. From any thread; watchers are called one at a time.
template <class T> class Publisher {
public:
    /// The watcher is first called through `executor`, with what is newest then.
    Subscription watch(Watcher<T> watcher, Executor& executor)
    {
        const auto state = m_state;
        std::uint64_t id = 0;
        {
            const std::lock_guard lock(state->mutex);
            id = ++state->lastId;
            state->watchers.emplace(id, Watching{std::move(watcher), nullptr});
        }
        executor.run([state, id] {
            const std::lock_guard lock(state->mutex);
            const auto found = state->watchers.find(id);
            if (found != state->watchers.end()) {
                found->second.tell(state->newest);
            }
        });
        return Subscription([weak = std::weak_ptr(state), id] {
            if (const auto held = weak.lock()) {
                const std::lock_guard lock(held->mutex);
                held->watchers.erase(id);
            }
        });
    }

    void publish(std::shared_ptr<const T> snapshot)
    {
        const std::lock_guard lock(m_state->mutex);
        m_state->newest = std::move(snapshot);
        for (auto& [id, watching] : m_state->watchers) {
            watching.tell(m_state->newest);
        }
    }

    std::shared_ptr<const T> newest() const
    {
        const std::lock_guard lock(m_state->mutex);
        return m_state->newest;
    }

private:
    struct Watching {
        Watcher<T> watcher;
        std::shared_ptr<const T> told; ///< last

        /// Each snapshot once: the newest may be published before the first call comes.
        void tell(const std::shared_ptr<const T>& snapshot)
        {
            if (snapshot != told) {
                told = snapshot;
                watcher(snapshot);
            }
        }
    };
    struct State {
        std::recursive_mutex mutex; // a watcher may watch or look at the newest again
        std::uint64_t lastId = 0;
        std::map<std::uint64_t, Watching> watchers;
        std::shared_ptr<const T> newest;
    };
    std::shared_ptr<State> m_state = std::make_shared<State>();
};

} // namespace watchfire::runtime
