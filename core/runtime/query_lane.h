// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/executor.h"
#include "core/base/result.h"
#include "core/base/ticket.h"

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <utility>

namespace watchfire::runtime {

/// Runs questions on the workers: some at once, some more waiting, first come, first served.
/// Reading work only: scrapes and rules have workers of their own, which questions cannot take.
/// From any thread.
class QueryLane {
public:
    using SteadyTime = std::chrono::steady_clock::time_point;

    struct Limits {
        std::size_t running = 1; ///< at once; the workers have as many threads, or more
        std::size_t waiting = 0;
    };

    QueryLane(Executor& workers, Limits limits);
    /// Those that wait are dropped, without a reply.
    ~QueryLane();
    QueryLane(const QueryLane&) = delete;
    QueryLane& operator=(const QueryLane&) = delete;

    /// `work` gets a stop token and returns Result<T>. A request over the bounds is refused with
    /// ErrorKind::unavailable. One that still waits at its deadline gets ErrorKind::timeout, from
    /// `expire`; one whose ticket is dropped makes room for another at once.
    template <class T, class Work>
    Ticket ask(Work work, Reply<T> reply, SteadyTime deadline = SteadyTime::max())
    {
        std::stop_source source;
        const auto answer = std::make_shared<Reply<T>>(std::move(reply));
        Entry entry;
        entry.deadline = deadline;
        entry.run = [answer, token = source.get_token(), work = std::move(work)]() mutable {
            if (token.stop_requested()) {
                return;
            }
            Result<T> result = work(token);
            if (!token.stop_requested()) {
                (*answer)(std::move(result));
            }
        };
        entry.refuse = [answer](Error error) { (*answer)(std::unexpected(std::move(error))); };
        enter(std::move(entry), source.get_token());
        return Ticket(std::move(source));
    }

    /// Answers those whose deadline has come while they waited.
    void expire(SteadyTime now);
    /// The earliest deadline of those that wait.
    std::optional<SteadyTime> nextDeadline() const;

private:
    struct Entry {
        std::move_only_function<void()> run;
        std::move_only_function<void(Error)> refuse;
        SteadyTime deadline{};
    };
    struct Shared;

    void enter(Entry entry, const std::stop_token& stop);

    std::shared_ptr<Shared> m_shared;
};

} // namespace watchfire::runtime
