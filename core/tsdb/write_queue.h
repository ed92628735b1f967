// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "core/tsdb/series_deletion.h"
#include "core/tsdb/tables.h"

#include <chrono>
#include <condition_variable>
#include <future>
#include <mutex>
#include <optional>
#include <vector>

namespace watchfire::tsdb {

/// What other threads want of the storage writer, until it takes it. From any thread.
class WriteQueue {
public:
    using Waiters = std::vector<std::promise<Result<void>>>;
    struct StateChange {
        Key key;
        std::optional<Bytes> value; ///< nothing: the key goes
        std::promise<Result<void>> done;
    };
    struct Delete {
        DeleteRequest request;
        std::promise<Result<DeleteReport>> done;
    };
    /// All there was at one time. Whoever takes it fulfils every promise.
    struct Taken {
        std::vector<StateChange> states;
        Waiters commits;
        Waiters seals;
        Waiters compactions;
        std::vector<Delete> deletes;
        bool isWoken = false; ///< the hand-off ring is half full
        bool stops = false;
    };

    // Each is told when it is done.
    std::future<Result<void>> commit() { return wait(m_waiting.commits); }
    std::future<Result<void>> seal() { return wait(m_waiting.seals); }
    std::future<Result<void>> compact() { return wait(m_waiting.compactions); }
    std::future<Result<DeleteReport>> remove(DeleteRequest request);
    std::future<Result<void>> change(const Key& key, std::optional<Bytes> value);

    /// The hand-off ring is half full.
    void wake();
    /// There is something to do that stands in no list here.
    void poke();
    /// The writer's last turn begins.
    void stop();

    /// The writer: waits until there is something, or until then. A ring that is half full is
    /// nothing, where it does not heed that.
    Taken take(std::chrono::steady_clock::time_point until, bool heedsWaking);

private:
    std::future<Result<void>> wait(Waiters& waiters);
    bool isEmpty() const;

    std::mutex m_mutex;
    std::condition_variable m_changed;
    Taken m_waiting;
    bool m_isPoked = false;
};

} // namespace watchfire::tsdb
