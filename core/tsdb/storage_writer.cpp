// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/storage_writer.h"

#include "core/base/log.h"

#include <algorithm>
#include <utility>

namespace watchfire::tsdb {

namespace {

using std::chrono::steady_clock;

constexpr std::chrono::seconds retryAfter{5};
constexpr std::chrono::minutes keepsHouseEvery{1};
constexpr std::chrono::minutes forgetsSeriesAfter{5};

std::unexpected<Error> doesNotWrite()
{
    return fail(ErrorKind::io, "the store does not write now");
}

} // namespace

StorageWriter::StorageWriter(Head& head, MetadataTable& metadata, ExemplarTable& exemplars,
                             Options options)
    : m_head(head)
    , m_context(head.context())
    , m_options(std::move(options))
    , m_interval(m_options.interval)
    , m_indexWriter(m_context.index)
    , m_transactor(m_context.environment, m_health, m_options.expireReaders)
    , m_upkeep(head, exemplars, m_indexWriter, m_transactor,
               {m_options.workers, m_options.retention, m_options.lateWindow, m_options.scrubBytes,
                [this] { m_queue.poke(); }})
    , m_commits(head, metadata, exemplars, m_indexWriter, m_transactor, m_options.workers,
                [this](Window window, bool isSealed) { m_upkeep.touched(window, isSealed); })
{
}

StorageWriter::~StorageWriter()
{
    m_queue.stop();
}

Result<void> StorageWriter::start()
{
    if (auto begun = m_upkeep.begin(); !begun) {
        return begun;
    }
    m_thread = std::jthread([this] { run(); });
    return {};
}

void StorageWriter::wake()
{
    if (m_options.commitsByTime) {
        m_queue.wake();
    }
}

void StorageWriter::setInterval(std::chrono::milliseconds interval)
{
    m_interval = interval;
    m_queue.poke();
}

Result<void> StorageWriter::commitNow()
{
    return m_queue.commit().get();
}

Result<void> StorageWriter::sealNow()
{
    return m_queue.seal().get();
}

Result<void> StorageWriter::compactNow()
{
    return m_queue.compact().get();
}

Result<DeleteReport> StorageWriter::deleteSamples(DeleteRequest request)
{
    return m_queue.remove(std::move(request)).get();
}

Result<void> StorageWriter::putState(const Key& key, std::optional<Bytes> value)
{
    return m_queue.change(key, std::move(value)).get();
}

Result<void> StorageWriter::putStates(std::vector<std::pair<Key, Bytes>> changes)
{
    std::vector<std::future<Result<void>>> waiting;
    waiting.reserve(changes.size());
    for (auto& [key, value] : changes) {
        waiting.push_back(m_queue.change(key, std::move(value)));
    }
    Result<void> outcome;
    for (auto& one : waiting) {
        if (auto done = one.get(); !done && outcome) {
            outcome = std::move(done);
        }
    }
    return outcome;
}

Result<void> StorageWriter::mayAppend() const
{
    return m_health.mayAppend(m_context.heldBytes.load(std::memory_order_relaxed)
                              <= m_options.heldBytesLimit);
}

std::optional<Error> StorageWriter::problem() const
{
    const auto problem = m_health.problem();
    return problem ? problem : m_upkeep.problem();
}

StorageWriter::Counts StorageWriter::counts() const
{
    const CommitWriter::Counts counts = m_commits.counts();
    return {counts.commits, m_health.failedCommits(), counts.last, counts.longest};
}

void StorageWriter::run()
{
    m_commitDue = steady_clock::now() + interval();
    m_houseDue = steady_clock::now() + keepsHouseEvery;
    m_cacheDue = steady_clock::now() + forgetsSeriesAfter;
    for (;;) {
        // At least so often readers that idle are looked at.
        WriteQueue::Taken taken = m_queue.take(
            std::min(m_commitDue, steady_clock::now() + m_options.readerAge / 2), !m_isFailing);
        const bool commits = isCommitDue(taken);
        if (!m_isFailing) { // the interval may have been shortened
            m_commitDue = std::min(m_commitDue, steady_clock::now() + interval());
        }
        change(std::move(taken.states));
        if (commits) {
            commit(std::move(taken.commits));
        } else if (steady_clock::now() >= m_commitDue) {
            m_commitDue = steady_clock::now() + interval();
        }
        follow(std::move(taken.deletes));
        compact(std::move(taken.compactions));
        m_context.epochs.reclaim();
        keepUp(std::move(taken.seals), taken.stops);
        keepHouse();
        if (taken.stops) {
            if (!m_isFailing) {
                m_upkeep.end();
            }
            return;
        }
    }
}

bool StorageWriter::isCommitDue(const WriteQueue::Taken& taken) const
{
    return taken.stops || !taken.commits.empty() || !taken.deletes.empty()
        || (m_options.commitsByTime
            && ((taken.isWoken && !m_isFailing) || steady_clock::now() >= m_commitDue));
}

void StorageWriter::commit(WriteQueue::Waiters waiters)
{
    const Result<void> outcome = m_commits.commit();
    m_health.note(outcome);
    m_isFailing = !outcome;
    for (auto& waiter : waiters) {
        waiter.set_value(outcome);
    }
    m_commitDue = steady_clock::now()
        + (m_isFailing ? std::max<steady_clock::duration>(retryAfter, interval())
                       : steady_clock::duration(interval()));
}

void StorageWriter::change(std::vector<WriteQueue::StateChange> changes)
{
    if (changes.empty()) {
        return;
    }
    const auto outcome = m_transactor.run([&](WriteTxn& txn) {
        for (const WriteQueue::StateChange& one : changes) {
            if (one.value) {
                txn.put(Table::state, one.key, *one.value);
            } else {
                txn.remove(Table::state, one.key);
            }
        }
    });
    for (WriteQueue::StateChange& one : changes) {
        one.done.set_value(outcome);
    }
}

void StorageWriter::follow(std::vector<WriteQueue::Delete> deletes)
{
    for (WriteQueue::Delete& one : deletes) {
        one.done.set_value(m_isFailing ? doesNotWrite() : follow(std::move(one.request)));
    }
}

Result<DeleteReport> StorageWriter::follow(DeleteRequest request)
{
    SeriesDeletion deletion(m_head, std::move(request));
    if (auto found = deletion.find(); !found) {
        return std::unexpected(found.error());
    }
    if (auto committed = m_commits.commit(); !committed) {
        m_health.note(committed);
        return std::unexpected(committed.error());
    }
    auto report = deletion.write(m_transactor.asFunction());
    if (report) {
        for (const auto& [window, gid] : report->places) {
            m_upkeep.deleted(window, gid);
        }
        log(LogLevel::info, "tsdb", "samples of {} series deleted", report->series);
    }
    return report;
}

void StorageWriter::compact(WriteQueue::Waiters waiters)
{
    for (auto& waiter : waiters) {
        waiter.set_value(m_isFailing ? doesNotWrite() : m_upkeep.compact());
    }
}

void StorageWriter::keepUp(WriteQueue::Waiters seals, bool stops)
{
    if (!m_isFailing && !stops) {
        m_upkeep.step(std::move(seals));
        return;
    }
    // What goes makes room for what waits.
    if (m_isFailing && !stops && !m_health.isFatal() && m_upkeep.dropOutdated(true)) {
        m_commitDue = steady_clock::now();
    }
    for (auto& waiter : seals) {
        waiter.set_value(doesNotWrite());
    }
}

void StorageWriter::keepHouse()
{
    m_transactor.expireReaders(m_options.readerAge);
    if (steady_clock::now() >= m_houseDue) {
        m_context.environment.clearStaleReaders();
        m_context.environment.giveBackPages();
        m_houseDue = steady_clock::now() + keepsHouseEvery;
    }
    if (steady_clock::now() >= m_cacheDue) {
        m_context.index.cache().age();
        m_cacheDue = steady_clock::now() + forgetsSeriesAfter;
    }
}

} // namespace watchfire::tsdb
