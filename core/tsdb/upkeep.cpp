// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/upkeep.h"

#include "core/base/log.h"

#include <utility>

namespace watchfire::tsdb {

namespace {

using std::chrono::steady_clock;

constexpr std::chrono::hours compactsAgain{1}; // after it failed
constexpr std::chrono::minutes compactsAfterCopy{1}; // after it was not possible for a copy's sake
constexpr std::chrono::hours looksForDeadEvery{1};

} // namespace

Upkeep::Upkeep(Head& head, ExemplarTable& exemplars, IndexWriter& indexWriter,
               Transactor& transactor, Options options)
    : m_context(head.context())
    , m_transactor(transactor)
    , m_poke(options.poke)
    , m_retention(head.context(), options.retention, transactor.asFunction())
    , m_exemplarTrim(head.context().environment, head.context().clock, exemplars,
                     transactor.asFunction())
    , m_deadSeries(head, indexWriter, transactor.asFunction())
    , m_sealer(head, {options.workers, std::move(options.lateWindow), options.poke},
               transactor.asFunction())
    , m_scrub(head.context(), transactor.asFunction(), options.scrubBytes)
    , m_limits(options.retention)
{
}

Result<void> Upkeep::begin()
{
    if (auto begun = m_sealer.begin(); !begun) {
        return begun;
    }
    return m_scrub.begin();
}

void Upkeep::step(WriteQueue::Waiters seals)
{
    dropOutdated(false);
    seal(std::move(seals));
    removeDead();
    trimExemplars();
    scrub(false);
}

void Upkeep::end()
{
    scrub(true);
}

void Upkeep::setRetention(RetentionLimits limits)
{
    {
        const std::lock_guard lock(m_mutex);
        m_limits = limits;
        m_hasNewLimits = true;
    }
    m_poke();
}

RetentionLimits Upkeep::retention() const
{
    const std::lock_guard lock(m_mutex);
    return m_limits;
}

bool Upkeep::dropOutdated(bool isDiskFull)
{
    {
        const std::lock_guard lock(m_mutex);
        if (std::exchange(m_hasNewLimits, false)) {
            m_retention.setLimits(m_limits);
        }
    }
    const auto more = m_retention.step(isDiskFull, [this](Window window) {
        ++m_context.historyEpoch;
        m_sealer.forget(window);
        m_hasDropped = true;
    });
    if (more && !*more && std::exchange(m_hasDropped, false)) {
        m_deadSeries.look();
    }
    if (!more) {
        if (!isDiskFull) { // else it was said already
            log(LogLevel::error, "tsdb", "old data stay: {}", more.error().message);
        }
    } else if (*more) {
        m_poke();
    } else if (!isDiskFull) {
        compactWhereTooLarge();
    }
    return more.value_or(false);
}

void Upkeep::compactWhereTooLarge()
{
    if (steady_clock::now() < m_compactsFrom || !m_retention.needsCompaction()) {
        return;
    }
    if (auto done = compact(); !done && done.error().kind == ErrorKind::conflict) {
        m_compactsFrom = steady_clock::now() + compactsAfterCopy;
    } else if (!done) {
        log(LogLevel::error, "tsdb", "the file stays as large as it is: {}", done.error().message);
        m_compactsFrom = steady_clock::now() + compactsAgain;
    }
}

Result<void> Upkeep::compact()
{
    const auto begun = steady_clock::now();
    const std::uint64_t before = m_context.environment.size().fileBytes;
    auto done = m_context.environment.compact(
        [this] { m_transactor.expireReaders(steady_clock::duration(0)); });
    if (done) {
        log(LogLevel::info, "tsdb", "the file went from {} to {} KiB in {} ms", before >> 10,
            m_context.environment.size().fileBytes >> 10,
            std::chrono::duration_cast<std::chrono::milliseconds>(steady_clock::now() - begun)
                .count());
    }
    return done;
}

void Upkeep::seal(WriteQueue::Waiters waiters)
{
    const auto outcome = waiters.empty() ? m_sealer.step() : m_sealer.sealAll();
    if (!outcome) {
        log(LogLevel::error, "tsdb", "a window is not sealed: {}", outcome.error().message);
    }
    for (auto& waiter : waiters) {
        waiter.set_value(outcome);
    }
}

void Upkeep::removeDead()
{
    const Timestamp now = m_context.clock.now();
    if (!m_lookedForDead || now < *m_lookedForDead) {
        m_lookedForDead = now;
    }
    // Groups end without a window that is dropped, too: now and then is soon enough for those.
    if (now - *m_lookedForDead >= looksForDeadEvery) {
        m_lookedForDead = now;
        m_deadSeries.look();
    }
    if (!m_deadSeries.isDue()) {
        return;
    }
    const auto more = m_deadSeries.step();
    if (!more) {
        log(LogLevel::error, "tsdb", "series without samples stay: {}", more.error().message);
    } else if (*more) {
        m_poke();
    }
}

void Upkeep::trimExemplars()
{
    if (const auto done = m_exemplarTrim.step(); !done) {
        log(LogLevel::error, "tsdb", "old exemplars stay: {}", done.error().message);
    }
}

void Upkeep::scrub(bool stops)
{
    if (const auto done = m_scrub.step(stops); !done) {
        log(LogLevel::error, "tsdb", "how far stored values were looked at is not kept: {}",
            done.error().message);
    }
}

} // namespace watchfire::tsdb
