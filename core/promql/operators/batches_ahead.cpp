// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/operators/batches_ahead.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <utility>

namespace watchfire::promql {

namespace {

/// Cells that may wait to be handed out: 64 MiB of numbers.
constexpr std::size_t mostCellsAhead = std::size_t{8} << 20;

} // namespace

/// What the threads share; guarded by the mutex but for what a taken slot holds.
struct BatchesAhead::Shared {
    struct Item { ///< one batch
        std::size_t part;
        std::size_t from; ///< row of the part
        std::size_t firstRow; ///< of all
        std::size_t rows;
    };
    enum class State { empty, taken, ready };
    struct Slot {
        State state = State::empty;
        Batch batch;
        Findings findings;
        Result<void> outcome;
    };

    std::mutex mutex;
    std::condition_variable changed;
    Compute compute;
    std::size_t steps = 0;
    std::vector<Item> items;
    std::vector<bool> isBusy; ///< by part
    std::vector<Slot> slots; ///< item i, when its turn is near, is in slot i modulo their number
    std::size_t handedOut = 0;
    std::size_t asked = 0; ///< helpers that were asked for and are not gone again
    std::size_t working = 0; ///< helpers that are there
    bool hasEnded = false;

    Slot& slotOf(std::size_t item) { return slots[item % slots.size()]; }

    /// The next item that nobody computes, of a part that nobody is at.
    std::optional<std::size_t> claimable()
    {
        const std::size_t end = std::min(items.size(), handedOut + slots.size());
        for (std::size_t item = handedOut; item < end; ++item) {
            if (slotOf(item).state == State::empty && !isBusy[items[item].part]) {
                return item;
            }
        }
        return {};
    }

    void run(std::size_t number, std::unique_lock<std::mutex>& lock)
    {
        Slot& slot = slotOf(number);
        const Item& item = items[number];
        slot.state = State::taken;
        isBusy[item.part] = true;
        lock.unlock();
        slot.findings = {};
        slot.batch.reset(item.firstRow, item.rows, steps);
        slot.outcome = compute(item.part, item.from, slot.batch, slot.findings);
        lock.lock();
        slot.state = State::ready;
        isBusy[item.part] = false;
        changed.notify_all();
    }

    void help()
    {
        std::unique_lock lock(mutex);
        --asked;
        if (hasEnded) {
            return;
        }
        ++working;
        while (!hasEnded) {
            const auto item = claimable();
            if (!item) {
                break;
            }
            run(*item, lock);
        }
        --working;
        changed.notify_all();
    }
};

BatchesAhead::BatchesAhead(const std::vector<std::size_t>& partRows, std::size_t steps,
                           Compute compute, Executor* workers, std::size_t helpers)
    : m_shared(std::make_shared<Shared>())
    , m_workers(workers)
    , m_helpers(workers == nullptr ? 0 : helpers)
{
    Shared& shared = *m_shared;
    shared.compute = std::move(compute);
    shared.steps = steps;
    shared.isBusy.resize(partRows.size());
    const std::size_t most = rowsPerBatch(steps);
    std::size_t firstRow = 0;
    std::size_t mostInPart = 1;
    for (std::size_t part = 0; part < partRows.size(); ++part) {
        mostInPart = std::max(mostInPart, (partRows[part] + most - 1) / most);
        for (std::size_t from = 0; from < partRows[part]; from += most) {
            const std::size_t rows = std::min(most, partRows[part] - from);
            shared.items.push_back({part, from, firstRow, rows});
            firstRow += rows;
        }
    }
    std::size_t slots = 1;
    if (m_helpers > 0) {
        // Room for as many parts as there are threads; more only makes batches wait.
        const std::size_t cells = most * std::max<std::size_t>(steps, 1);
        slots = std::clamp<std::size_t>(mostInPart * (m_helpers + 1), 2 * (m_helpers + 1),
                                        std::max<std::size_t>(mostCellsAhead / cells, 2));
    }
    shared.slots.resize(std::max<std::size_t>(std::min(slots, shared.items.size()), 1));
    m_cellsAhead = shared.slots.size() * std::min(most, firstRow) * steps;
}

BatchesAhead::~BatchesAhead()
{
    std::unique_lock lock(m_shared->mutex);
    m_shared->hasEnded = true;
    m_shared->changed.wait(lock, [this] { return m_shared->working == 0; });
}

Result<bool> BatchesAhead::next(Batch& out, Findings& findings)
{
    Shared& shared = *m_shared;
    std::unique_lock lock(shared.mutex);
    if (shared.handedOut == shared.items.size()) {
        return false;
    }
    while (shared.asked + shared.working < m_helpers && shared.claimable()) {
        ++shared.asked;
        lock.unlock();
        m_workers->run([ahead = m_shared] { ahead->help(); });
        lock.lock();
    }
    Shared::Slot& slot = shared.slotOf(shared.handedOut);
    while (slot.state != Shared::State::ready) {
        if (const auto item = shared.claimable()) {
            shared.run(*item, lock);
        } else {
            shared.changed.wait(lock);
        }
    }
    slot.state = Shared::State::empty;
    ++shared.handedOut;
    std::swap(out, slot.batch);
    findings = std::move(slot.findings);
    if (!slot.outcome) {
        return std::unexpected(slot.outcome.error());
    }
    return true;
}

} // namespace watchfire::promql
