// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/executor.h"
#include "core/promql/batch.h"
#include "core/promql/findings.h"

#include <functional>
#include <memory>
#include <vector>

namespace watchfire::promql {

/// Hands out the batches of a scan in order while other threads compute those to come. Whoever
/// waits for a batch computes one himself, so nothing depends on the others: they come when
/// their executor lets them, find something to do, and go when there is nothing.
///
/// The rows are cut into parts, each computed by one thread at a time and in the order of its
/// rows. Used by one thread; its destructor waits until nobody computes any more.
class BatchesAhead {
public:
    /// Fills `out` (absent cells) with the rows of a part that begin at its row `from`.
    using Compute = std::function<Result<void>(std::size_t part, std::size_t from, Batch& out,
                                               Findings& findings)>;

    /// `partRows`: rows by part. At most `helpers` threads of `workers` (null: none) are asked.
    BatchesAhead(const std::vector<std::size_t>& partRows, std::size_t steps, Compute compute,
                 Executor* workers, std::size_t helpers);
    ~BatchesAhead();
    BatchesAhead(const BatchesAhead&) = delete;
    BatchesAhead& operator=(const BatchesAhead&) = delete;

    /// False: there are no more. The memory of `out` is used again.
    Result<bool> next(Batch& out, Findings& findings);
    /// That may wait to be handed out, at most.
    std::size_t cellsAhead() const { return m_cellsAhead; }

private:
    struct Shared;
    std::shared_ptr<Shared> m_shared;
    Executor* m_workers;
    std::size_t m_helpers;
    std::size_t m_cellsAhead = 0;
};

} // namespace watchfire::promql
