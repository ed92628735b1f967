// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/executor.h"
#include "core/base/result.h"
#include "core/base/ticket.h"

#include <atomic>
#include <cstddef>
#include <format>
#include <memory>
#include <stop_token>
#include <utility>

namespace watchfire::runtime {

/// Runs questions on the workers, a bounded number waiting. Reading work only: scrapes and rules
/// have workers of their own, which questions cannot take.
class QueryLane {
public:
    QueryLane(Executor& workers, std::size_t mostWaiting)
        : m_workers(workers)
        , m_mostWaiting(mostWaiting)
    {
    }

    /// `work` gets a stop token and returns Result<T>. A request over the bound is refused with
    /// ErrorKind::unavailable.
    template <class T, class Work> Ticket ask(Work work, Reply<T> reply)
    {
        if (m_waiting->load() >= m_mostWaiting) {
            reply(fail(ErrorKind::unavailable,
                       std::format("{} queries are waiting already; try again", m_mostWaiting)));
            return {};
        }
        ++*m_waiting;
        std::stop_source source;
        m_workers.run([waiting = Waiting(m_waiting), token = source.get_token(),
                       work = std::move(work), reply = std::move(reply)]() mutable {
            waiting.end();
            if (token.stop_requested()) {
                return;
            }
            Result<T> result = work(token);
            if (!token.stop_requested()) {
                reply(std::move(result));
            }
        });
        return Ticket(std::move(source));
    }

private:
    /// Counts down once, also when the task is dropped unrun.
    class Waiting {
    public:
        explicit Waiting(std::shared_ptr<std::atomic<std::size_t>> count)
            : m_count(std::move(count))
        {
        }
        Waiting(Waiting&&) noexcept = default;
        Waiting(const Waiting&) = delete;
        Waiting& operator=(const Waiting&) = delete;
        Waiting& operator=(Waiting&&) = delete;
        ~Waiting() { end(); }
        void end()
        {
            if (const auto count = std::exchange(m_count, nullptr)) {
                --*count;
            }
        }

    private:
        std::shared_ptr<std::atomic<std::size_t>> m_count;
    };

    Executor& m_workers;
    std::size_t m_mostWaiting;
    std::shared_ptr<std::atomic<std::size_t>> m_waiting
        = std::make_shared<std::atomic<std::size_t>>(0);
};

} // namespace watchfire::runtime
