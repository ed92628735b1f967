// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/executor.h"
#include "core/config/config.h"

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <vector>

namespace watchfire::rules {

/// How many queries of rules may run beside the first one of each group, all groups together.
/// From any thread.
class Concurrency {
public:
    /// `workers` must outlive it.
    Concurrency(Executor& workers, std::size_t limit)
        : m_workers(workers)
        , m_free(limit)
    {
    }

    /// Calls `ask` once for each number below `count` and returns when all are done: the calling
    /// thread takes one after the other, and as many workers help as the limit allows and are
    /// idle. It never waits for a worker that has not begun.
    void run(std::size_t count, const std::function<void(std::size_t)>& ask);

private:
    bool take();
    void give() { ++m_free; }

    Executor& m_workers;
    std::atomic<std::size_t> m_free;
};

/// Where a group's rules, in their order, may be cut: the numbers of rules that follow each other
/// and whose queries may run at one time, because none reads what one before it in its part makes.
/// So results are those of rules that run one by one. Rules with a selector that names no metric,
/// or whose expression does not parse, may read anything and begin a part.
///
/// Source: Prometheus documentation, "Feature flags", concurrent evaluation of independent rules;
/// there rules may change places, here they keep them.
std::vector<std::size_t> independentParts(std::span<const config::RuleConfig> rules);

} // namespace watchfire::rules
