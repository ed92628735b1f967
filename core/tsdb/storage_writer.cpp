// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/storage_writer.h"

#include "core/base/check.h"
#include "core/base/log.h"
#include "core/tsdb/replay.h"
#include "core/tsdb/strip_encoder.h"
#include "core/tsdb/window_record.h"

#include <algorithm>
#include <cerrno>
#include <format>
#include <latch>
#include <set>
#include <system_error>

namespace watchfire::tsdb {

namespace {

using std::chrono::steady_clock;

// LMDB keeps the pages of its longest transaction.
constexpr std::size_t dirtyLimit = std::size_t{1} << 20;
constexpr std::size_t seriesAtOnce = 2048; // with fewer, long postings are rewritten more often
constexpr std::size_t journalRecordBytes = std::size_t{4} << 20;
constexpr int deletionsAtOnce = 256;
constexpr std::chrono::seconds retryAfter{5};
constexpr std::chrono::minutes keepsHouseEvery{1};
constexpr std::chrono::minutes forgetsSeriesAfter{5};
constexpr std::chrono::hours compactsAgain{1}; // after it failed
constexpr std::chrono::hours looksForDeadEvery{1};
// Above this much free space an input/output error is no full disk.
constexpr std::uint64_t surelyFree = std::uint64_t{256} << 20;

} // namespace

/// What one commit writes, and how far it is.
struct CommitPlan {
    Ring::Mark mark;
    std::vector<std::shared_ptr<Group>> groups;
    std::vector<GroupCommit> commits; ///< parallel to groups
    std::vector<std::pair<Gid, GroupRecord>> newGroups; ///< that series are the first of
    MetadataTable::Pending metadata;
    ExemplarTable::Pending exemplars;
    Overlay::Snapshot overlay;
    std::vector<const PendingSeries*> series;
    std::vector<const PendingSeries*> byHash; ///< the same, sorted
    struct Record {
        std::uint64_t firstSeq = 0;
        std::uint64_t nextSeq = 0;
        Bytes value;
    };
    std::vector<Record> journal;
    std::uint64_t oldestNeeded = 0;
    std::map<Window, bool> windows; ///< that get strips, and whether they are sealed

    struct Progress {
        std::size_t newGroups = 0;
        std::size_t hashes = 0;
        std::size_t series = 0;
        std::size_t groups = 0;
        bool hasMetadata = false;
        std::size_t exemplars = 0;
        std::size_t journal = 0;
        bool isComplete = false;
    };
    Progress done; ///< committed
    Progress next; ///< what the transaction under way brings it to

    bool isEmpty() const
    {
        return series.empty() && journal.empty() && metadata.empty() && exemplars.empty()
            && std::ranges::none_of(commits, &GroupCommit::writesRecord);
    }
};

StorageWriter::StorageWriter(Head& head, MetadataTable& metadata, ExemplarTable& exemplars,
                             Options options)
    : m_head(head)
    , m_context(head.context())
    , m_metadata(metadata)
    , m_exemplars(exemplars)
    , m_options(std::move(options))
    , m_indexWriter(head.context().index)
    , m_retention(head.context(), m_options.retention,
                  [this](const std::function<void(WriteTxn&)>& fill) { return transact(fill); })
    , m_exemplarTrim(head.context().environment, head.context().clock, exemplars,
                     [this](const std::function<void(WriteTxn&)>& fill) { return transact(fill); })
    , m_deadSeries(head, m_indexWriter,
                   [this](const std::function<void(WriteTxn&)>& fill) { return transact(fill); })
    , m_sealer(head,
               {m_options.workers, m_options.lateWindow,
                [this] {
                    {
                        const std::lock_guard lock(m_mutex);
                        m_isBusy = true;
                    }
                    m_wakeUp.notify_all();
                }},
               [this](const std::function<void(WriteTxn&)>& fill) { return transact(fill); })
    , m_scrub(
          head.context(),
          [this](const std::function<void(WriteTxn&)>& fill) { return transact(fill); },
          m_options.scrubBytes)
{
}

StorageWriter::~StorageWriter()
{
    {
        const std::lock_guard lock(m_mutex);
        m_stops = true;
    }
    m_wakeUp.notify_all();
}

Result<void> StorageWriter::start()
{
    if (auto begun = m_sealer.begin(); !begun) {
        return begun;
    }
    if (auto begun = m_scrub.begin(); !begun) {
        return begun;
    }
    m_thread = std::jthread([this] { run(); });
    return {};
}

void StorageWriter::wake()
{
    if (!m_options.commitsByTime) {
        return;
    }
    {
        const std::lock_guard lock(m_mutex);
        m_isWoken = true;
    }
    m_wakeUp.notify_all();
}

void StorageWriter::setInterval(std::chrono::milliseconds interval)
{
    {
        const std::lock_guard lock(m_mutex);
        m_options.interval = interval;
    }
    m_wakeUp.notify_all();
}

void StorageWriter::setRetention(RetentionLimits limits)
{
    {
        const std::lock_guard lock(m_mutex);
        m_newLimits = limits;
        m_options.retention = limits;
        m_isBusy = true;
    }
    m_wakeUp.notify_all();
}

RetentionLimits StorageWriter::retention() const
{
    const std::lock_guard lock(m_mutex);
    return m_options.retention;
}

Result<void> StorageWriter::commitNow()
{
    std::future<Result<void>> done;
    {
        const std::lock_guard lock(m_mutex);
        done = m_waiters.emplace_back().get_future();
    }
    m_wakeUp.notify_all();
    return done.get();
}

Result<void> StorageWriter::sealNow()
{
    std::future<Result<void>> done;
    {
        const std::lock_guard lock(m_mutex);
        done = m_sealWaiters.emplace_back().get_future();
    }
    m_wakeUp.notify_all();
    return done.get();
}

Result<void> StorageWriter::compactNow()
{
    std::future<Result<void>> done;
    {
        const std::lock_guard lock(m_mutex);
        done = m_compactWaiters.emplace_back().get_future();
    }
    m_wakeUp.notify_all();
    return done.get();
}

Result<DeleteReport> StorageWriter::deleteSamples(DeleteRequest request)
{
    std::future<Result<DeleteReport>> done;
    {
        const std::lock_guard lock(m_mutex);
        Delete& waiting = m_deletes.emplace_back();
        waiting.request = std::move(request);
        done = waiting.done.get_future();
    }
    m_wakeUp.notify_all();
    return done.get();
}

Result<void> StorageWriter::putState(const Key& key, std::optional<Bytes> value)
{
    std::future<Result<void>> done;
    {
        const std::lock_guard lock(m_mutex);
        StateChange& change = m_stateChanges.emplace_back();
        change.key = key;
        change.value = std::move(value);
        done = change.done.get_future();
    }
    m_wakeUp.notify_all();
    return done.get();
}

Result<void> StorageWriter::mayAppend() const
{
    const std::lock_guard lock(m_mutex);
    if (!m_problem) {
        return {};
    }
    if (m_isFatal
        || m_context.heldBytes.load(std::memory_order_relaxed) > m_options.heldBytesLimit) {
        return std::unexpected(*m_problem);
    }
    return {};
}

std::optional<Error> StorageWriter::problem() const
{
    {
        const std::lock_guard lock(m_mutex);
        if (m_problem || m_lastingProblem) {
            return m_problem ? m_problem : m_lastingProblem;
        }
    }
    return m_scrub.problem();
}

void StorageWriter::setLastingProblem(Error problem)
{
    const std::lock_guard lock(m_mutex);
    m_lastingProblem = std::move(problem);
}

StorageWriter::Counts StorageWriter::counts() const
{
    const std::lock_guard lock(m_mutex);
    return m_counts;
}

void StorageWriter::run()
{
    auto due = steady_clock::now() + m_options.interval;
    auto houseDue = steady_clock::now() + keepsHouseEvery;
    auto cacheDue = steady_clock::now() + forgetsSeriesAfter;
    bool failing = false;
    for (;;) {
        std::vector<StateChange> changes;
        Waiters waiters;
        Waiters sealWaiters;
        Waiters compactWaiters;
        std::vector<Delete> deletes;
        bool commits = false;
        bool stops = false;
        {
            std::unique_lock lock(m_mutex);
            // At least so often readers that idle are looked at.
            const auto until = std::min(due, steady_clock::now() + m_options.readerAge / 2);
            m_wakeUp.wait_until(lock, until, [&] {
                return m_stops || (m_isWoken && !failing) || !m_waiters.empty()
                    || !m_stateChanges.empty() || !m_sealWaiters.empty() || !m_deletes.empty()
                    || !m_compactWaiters.empty() || m_isBusy;
            });
            changes = std::exchange(m_stateChanges, {});
            waiters = std::exchange(m_waiters, {});
            sealWaiters = std::exchange(m_sealWaiters, {});
            compactWaiters = std::exchange(m_compactWaiters, {});
            deletes = std::exchange(m_deletes, {});
            m_isBusy = false;
            stops = m_stops;
            commits = stops || !waiters.empty() || !deletes.empty()
                || (m_options.commitsByTime
                    && ((m_isWoken && !failing) || steady_clock::now() >= due));
            m_isWoken = false;
            if (!failing) { // the interval may have been shortened
                due = std::min(due, steady_clock::now() + m_options.interval);
            }
        }
        if (!changes.empty()) {
            commitState(std::move(changes));
        }
        if (commits) {
            const Result<void> outcome = commit();
            noteOutcome(outcome);
            failing = !outcome;
            for (auto& waiter : waiters) {
                waiter.set_value(outcome);
            }
            const std::lock_guard lock(m_mutex);
            due = steady_clock::now()
                + (failing ? std::max<steady_clock::duration>(retryAfter, m_options.interval)
                           : steady_clock::duration(m_options.interval));
        } else if (steady_clock::now() >= due) {
            const std::lock_guard lock(m_mutex);
            due = steady_clock::now() + m_options.interval;
        }
        for (Delete& one : deletes) {
            one.done.set_value(failing ? fail(ErrorKind::io, "the store does not write now")
                                       : followDelete(std::move(one.request)));
        }
        for (auto& waiter : compactWaiters) {
            waiter.set_value(failing ? fail(ErrorKind::io, "the store does not write now")
                                     : compact());
        }
        m_context.epochs.reclaim();
        if (failing && !stops && !isFatal()) {
            // What goes makes room for what waits.
            if (dropOutdated(true)) {
                const std::lock_guard lock(m_mutex);
                due = steady_clock::now();
            }
        }
        if (!failing && !stops) {
            dropOutdated(false);
            seal(std::move(sealWaiters));
            removeDead();
            trimExemplars();
            scrub(false);
        } else {
            for (auto& waiter : sealWaiters) {
                waiter.set_value(fail(ErrorKind::io, "the store does not write now"));
            }
        }
        if (m_options.expireReaders) {
            m_options.expireReaders(m_options.readerAge);
        }
        if (steady_clock::now() >= houseDue) {
            m_context.environment.clearStaleReaders();
            m_context.environment.giveBackPages();
            houseDue = steady_clock::now() + keepsHouseEvery;
        }
        if (steady_clock::now() >= cacheDue) {
            m_context.index.cache().age();
            cacheDue = steady_clock::now() + forgetsSeriesAfter;
        }
        if (stops) {
            if (!failing) {
                scrub(true);
            }
            return;
        }
    }
}

Result<void> StorageWriter::transact(const std::function<void(WriteTxn&)>& fill)
{
    for (;;) {
        auto txn = m_context.environment.write();
        if (!txn) {
            return std::unexpected(txn.error());
        }
        fill(*txn);
        txn->commit();
        if (txn->ok()) {
            return {};
        }
        if (!txn->isMapFull()) {
            return std::unexpected(judge(*txn));
        }
        txn->abort();
        if (auto room = makeRoom(); !room) {
            return room;
        }
    }
}

void StorageWriter::commitState(std::vector<StateChange> changes)
{
    const auto outcome = transact([&](WriteTxn& txn) {
        for (const StateChange& change : changes) {
            if (change.value) {
                txn.put(Table::state, change.key, *change.value);
            } else {
                txn.remove(Table::state, change.key);
            }
        }
    });
    for (StateChange& change : changes) {
        change.done.set_value(outcome);
    }
}

bool StorageWriter::isFatal() const
{
    const std::lock_guard lock(m_mutex);
    return m_isFatal;
}

/// True: something went.
bool StorageWriter::dropOutdated(bool isDiskFull)
{
    {
        const std::lock_guard lock(m_mutex);
        if (m_newLimits) {
            m_retention.setLimits(*std::exchange(m_newLimits, std::nullopt));
        }
    }
    const auto more = m_retention.step(isDiskFull, [this](Window window) {
        ++m_head.context().historyEpoch;
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
        const std::lock_guard lock(m_mutex);
        m_isBusy = true;
    } else if (!isDiskFull && steady_clock::now() >= m_compactsFrom
               && m_retention.needsCompaction()) {
        if (auto done = compact(); !done) {
            log(LogLevel::error, "tsdb", "the file stays as large as it is: {}",
                done.error().message);
            m_compactsFrom = steady_clock::now() + compactsAgain;
        }
    }
    return more.value_or(false);
}

void StorageWriter::removeDead()
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
        const std::lock_guard lock(m_mutex);
        m_isBusy = true;
    }
}

void StorageWriter::trimExemplars()
{
    if (const auto done = m_exemplarTrim.step(); !done) {
        log(LogLevel::error, "tsdb", "old exemplars stay: {}", done.error().message);
    }
}

void StorageWriter::scrub(bool stops)
{
    if (const auto done = m_scrub.step(stops); !done) {
        log(LogLevel::error, "tsdb", "how far stored values were looked at is not kept: {}",
            done.error().message);
    }
}

Result<void> StorageWriter::compact()
{
    const auto begun = steady_clock::now();
    const std::uint64_t before = m_context.environment.size().fileBytes;
    auto done = m_context.environment.compact([this] {
        if (m_options.expireReaders) {
            m_options.expireReaders(steady_clock::duration(0));
        }
    });
    if (done) {
        log(LogLevel::info, "tsdb", "the file went from {} to {} KiB in {} ms", before >> 10,
            m_context.environment.size().fileBytes >> 10,
            std::chrono::duration_cast<std::chrono::milliseconds>(steady_clock::now() - begun)
                .count());
    }
    return done;
}

void StorageWriter::seal(Waiters waiters)
{
    const auto outcome = waiters.empty() ? m_sealer.step() : m_sealer.sealAll();
    if (!outcome) {
        log(LogLevel::error, "tsdb", "a window is not sealed: {}", outcome.error().message);
    }
    for (auto& waiter : waiters) {
        waiter.set_value(outcome);
    }
}

Result<DeleteReport> StorageWriter::followDelete(DeleteRequest request)
{
    SeriesDeletion deletion(m_head, std::move(request));
    if (auto found = deletion.find(); !found) {
        return std::unexpected(found.error());
    }
    if (auto committed = commit(); !committed) {
        noteOutcome(committed);
        return std::unexpected(committed.error());
    }
    auto report = deletion.write(
        [this](const std::function<void(WriteTxn&)>& fill) { return transact(fill); });
    if (report) {
        for (const auto& [window, gid] : report->places) {
            m_sealer.deleted(window, gid);
        }
        log(LogLevel::info, "tsdb", "samples of {} series deleted", report->series);
    }
    return report;
}

CommitPlan StorageWriter::plan()
{
    // The order matters: what is gathered later holds at least what the earlier refers to.
    CommitPlan plan;
    plan.mark = m_context.ring->mark();
    plan.oldestNeeded = plan.mark.nextSeq;
    const Timestamp now = m_context.clock.now();
    for (auto& group : m_head.all()) {
        if (group->isIdle()) {
            plan.oldestNeeded = std::min(plan.oldestNeeded, group->oldestNeeded());
            continue;
        }
        GroupCommit commit;
        {
            const std::lock_guard lock(group->mutex);
            commit = group->collect(now, plan.mark.nextSeq);
        }
        plan.oldestNeeded = std::min(plan.oldestNeeded, commit.oldestNeeded);
        if (commit.writesRecord) {
            plan.groups.push_back(std::move(group));
            plan.commits.push_back(std::move(commit));
        }
    }
    plan.metadata = m_metadata.pending();
    plan.exemplars = m_exemplars.pending();
    plan.overlay = m_context.index.overlay().seal();
    plan.series.reserve(plan.overlay.size());
    plan.overlay.forEach([&](const PendingSeries& series) { plan.series.push_back(&series); });
    plan.byHash = plan.series;
    std::ranges::sort(plan.byHash, {}, &PendingSeries::hash);
    std::set<Gid> seen;
    for (const PendingSeries* const series : plan.series) {
        const auto group = seen.insert(series->gid).second ? m_head.loaded(series->gid) : nullptr;
        if (group == nullptr) {
            continue;
        }
        const std::lock_guard lock(group->mutex);
        if (auto record = group->firstRecord()) {
            plan.newGroups.emplace_back(series->gid, std::move(*record));
        }
    }
    return plan;
}

void StorageWriter::encode(CommitPlan& plan)
{
    const auto encodeGroup = [&plan](std::size_t index) {
        Group& group = *plan.groups[index];
        const GroupCommit& commit = plan.commits[index];
        for (const GroupCommit::Strip& strip : commit.strips) {
            if (strip.rows->encoded.empty()) {
                strip.rows->encoded
                    = encodeStrip(group.gid(), *strip.rows, *strip.layout, group.hints());
            }
        }
        for (const auto& late : commit.late) {
            if (late->encoded.empty()) {
                late->encoded = encodeLateStrips(group.gid(), *late);
            }
        }
    };
    std::vector<std::size_t> indexes;
    for (std::size_t i = 0; i < plan.commits.size(); ++i) {
        if (!plan.commits[i].strips.empty() || !plan.commits[i].late.empty()) {
            indexes.push_back(i);
        }
    }
    if (m_options.workers == nullptr || indexes.size() < 2) {
        std::ranges::for_each(indexes, encodeGroup);
        return;
    }
    // A few long tasks, so that the pool's other work comes between.
    const std::size_t tasks = std::min<std::size_t>(indexes.size(), 8);
    std::latch finished(static_cast<std::ptrdiff_t>(tasks));
    for (std::size_t task = 0; task < tasks; ++task) {
        m_options.workers->run([&, task] {
            for (std::size_t i = task; i < indexes.size(); i += tasks) {
                encodeGroup(indexes[i]);
            }
            finished.count_down();
        });
    }
    finished.wait();
}

void StorageWriter::buildJournal(CommitPlan& plan)
{
    Bytes frames;
    std::uint64_t firstSeq = 0;
    std::uint32_t count = 0;
    const auto finish = [&] {
        if (count > 0) {
            plan.journal.push_back(
                {firstSeq, firstSeq + count, encodeJournalRecord(firstSeq, count, frames)});
        }
        frames.clear();
        count = 0;
    };
    m_context.ring->visit(plan.mark, [&](const Ring::Batch& batch) {
        if (frames.size() + batch.payload.size() > journalRecordBytes) {
            finish();
        }
        if (count == 0) {
            firstSeq = batch.seq;
        }
        FrameReader reader(batch.payload);
        while (!reader.atEnd()) {
            const auto frame = reader.next();
            WF_CHECK(frame.has_value()); // we wrote it, and its CRC was right
            if (isNumbered(frame->type)) {
                ByteWriter writer(frames);
                writer.le(static_cast<std::uint8_t>(frame->type));
                writer.varint(frame->body.size());
                writer.bytes(frame->body);
                ++count;
            }
        }
    });
    finish();
}

namespace {

void putGroup(WriteTxn& txn, Gid gid, const GroupRecord& record)
{
    Bytes number;
    ByteWriter(number).le(gid);
    txn.put(Table::gkey, Key().native64(record.identity.hash128().first), number);
    txn.put(Table::groups, Key().native32(gid), record.serialize());
}

} // namespace

Result<void> StorageWriter::writeGroup(WriteTxn& txn, CommitPlan& plan, std::size_t index)
{
    const Group& group = *plan.groups[index];
    const GroupCommit& commit = plan.commits[index];
    std::map<Window, WindowRecord> windows;
    const auto put = [&](const EncodedStrip& strip) {
        txn.put(Table::strips, Key().be32(strip.window).be32(group.gid()).be32(strip.seq),
                strip.value);
        WindowRecord& window = windows[strip.window];
        window.minMs = std::min(window.minMs, strip.minMs);
        window.maxMs = std::max(window.maxMs, strip.maxMs);
        window.samples += strip.samples;
        window.bytes += strip.value.size();
    };
    for (const GroupCommit::Strip& strip : commit.strips) {
        std::ranges::for_each(strip.rows->encoded, put);
    }
    for (const auto& late : commit.late) {
        std::ranges::for_each(late->encoded, put);
    }
    for (auto& [number, window] : windows) {
        const Key key = Key().be32(number);
        if (const auto value = txn.get(Table::wins, key)) {
            if (const auto before = WindowRecord::parse(*value)) {
                window.isSealed = before->isSealed;
                window.minMs = std::min(window.minMs, before->minMs);
                window.maxMs = std::max(window.maxMs, before->maxMs);
                window.samples += before->samples;
                window.bytes += before->bytes;
                window.groups = before->groups;
            }
        }
        txn.put(Table::wins, key, window.serialize());
        plan.windows[number] = window.isSealed;
    }
    putGroup(txn, group.gid(), commit.record);
    return {};
}

void StorageWriter::trimJournal(WriteTxn& txn, const CommitPlan& plan)
{
    // A record is done with when the next one begins at or before the oldest frame needed.
    Cursor cursor(txn, Table::journal);
    bool more = cursor.first();
    for (int deleted = 0; more && deleted < deletionsAtOnce; ++deleted) {
        const std::uint64_t number = native64At(cursor.key(), 0);
        std::uint64_t end = plan.mark.nextSeq;
        if (cursor.next()) {
            end = native64At(cursor.key(), 0);
        }
        if (end > plan.oldestNeeded) {
            return;
        }
        txn.remove(Table::journal, Key().native64(number));
        more = cursor.first();
    }
}

/// Writes from where the plan stands until it is complete or the transaction is long enough.
Result<void> StorageWriter::fill(WriteTxn& txn, CommitPlan& plan)
{
    plan.next = plan.done;
    CommitPlan::Progress& next = plan.next;
    const auto isLong = [&] { return txn.dirtyBytes() > dirtyLimit || !txn.ok(); };
    for (; next.newGroups < plan.newGroups.size(); ++next.newGroups) {
        if (isLong()) {
            return {};
        }
        const auto& [gid, record] = plan.newGroups[next.newGroups];
        putGroup(txn, gid, record);
    }
    while (next.hashes < plan.byHash.size()) {
        const std::size_t count = std::min(seriesAtOnce, plan.byHash.size() - next.hashes);
        m_indexWriter.addHashes(txn, std::span(plan.byHash).subspan(next.hashes, count));
        next.hashes += count;
        if (isLong()) {
            return {};
        }
    }
    while (next.series < plan.series.size()) {
        const std::size_t count = std::min(seriesAtOnce, plan.series.size() - next.series);
        if (auto added = m_indexWriter.add(txn, std::span(plan.series).subspan(next.series, count));
            !added) {
            return added;
        }
        next.series += count;
        if (isLong()) {
            return {};
        }
    }
    while (next.groups < plan.commits.size()) {
        if (auto written = writeGroup(txn, plan, next.groups); !written) {
            return written;
        }
        ++next.groups;
        if (isLong()) {
            return {};
        }
    }
    // Before the journal, whose numbers tell which batches of the hand-off file are done with.
    if (!std::exchange(next.hasMetadata, true)) {
        MetadataTable::write(txn, plan.metadata);
    }
    for (auto moment
         = std::next(plan.exemplars.begin(), static_cast<std::ptrdiff_t>(next.exemplars));
         moment != plan.exemplars.end(); ++moment, ++next.exemplars) {
        if (isLong()) {
            return {};
        }
        ExemplarTable::write(txn, *moment);
    }
    while (next.journal < plan.journal.size()) {
        const CommitPlan::Record& record = plan.journal[next.journal];
        txn.append(Table::journal, Key().native64(record.firstSeq), record.value);
        Bytes seq;
        ByteWriter(seq).le(record.nextSeq);
        txn.put(Table::meta, asBytes(nextSeqKey), seq);
        ++next.journal;
        if (isLong()) {
            return {};
        }
    }
    trimJournal(txn, plan);
    next.isComplete = true;
    return {};
}

Result<void> StorageWriter::makeRoom()
{
    return m_context.environment.grow([this] {
        if (m_options.expireReaders) {
            m_options.expireReaders(steady_clock::duration::zero());
        }
    });
}

Result<void> StorageWriter::write(CommitPlan& plan)
{
    while (!plan.done.isComplete) {
        if (m_context.environment.isNearlyFull()) {
            if (auto room = makeRoom(); !room) {
                return room;
            }
        }
        auto txn = m_context.environment.write();
        if (!txn) {
            return std::unexpected(txn.error());
        }
        if (auto begun = m_indexWriter.begin(*txn); !begun) {
            return begun;
        }
        if (auto filled = fill(*txn, plan); !filled) {
            m_indexWriter.aborted();
            return filled;
        }
        m_indexWriter.finish(*txn);
        const std::uint64_t total = m_indexWriter.counters().series;
        txn->commit();
        if (!txn->ok()) {
            m_indexWriter.aborted();
            if (!txn->isMapFull()) {
                return std::unexpected(judge(*txn));
            }
            if (auto room = makeRoom(); !room) {
                return room;
            }
            continue;
        }
        m_indexWriter.committed();
        const CommitPlan::Progress before = std::exchange(plan.done, plan.next);
        if (before.series != plan.series.size() && plan.done.series == plan.series.size()) {
            m_context.index.persisted(plan.overlay, total);
        }
        for (std::size_t i = before.groups; i < plan.done.groups; ++i) {
            const std::lock_guard lock(plan.groups[i]->mutex);
            plan.groups[i]->committed(plan.commits[i]);
        }
    }
    return {};
}

Result<void> StorageWriter::commit()
{
    const auto start = steady_clock::now();
    const std::uint64_t held = m_context.heldBytes.load(std::memory_order_relaxed);
    CommitPlan plan = this->plan();
    encode(plan);
    buildJournal(plan);
    if (plan.isEmpty()) {
        m_context.ring->release(plan.mark); // batches that said nothing new
        return {};
    }
    if (auto written = write(plan); !written) {
        return written;
    }
    for (const auto& [window, isSealed] : plan.windows) {
        m_sealer.touched(window, isSealed);
    }
    m_metadata.committed(plan.metadata);
    m_exemplars.committed(plan.exemplars);
    m_context.ring->release(plan.mark);
    m_context.heldBytes.fetch_sub(held, std::memory_order_relaxed);
    const std::lock_guard lock(m_mutex);
    ++m_counts.commits;
    m_counts.lastCommit
        = std::chrono::duration_cast<std::chrono::microseconds>(steady_clock::now() - start);
    m_counts.longestCommit = std::max(m_counts.longestCommit, m_counts.lastCommit);
    return {};
}

/// Says what a failed transaction means for the person in front of it.
Error StorageWriter::judge(const TxnStatus& status)
{
    const Error plain = status.result(m_context.environment).error();
    const std::uint64_t free = m_context.environment.freeBytes();
    const bool isCut
        = status.code() == EIO && (free < surelyFree || m_context.environment.cannotGrow());
    if (isCut || status.code() == ENOSPC || status.code() == EDQUOT || status.code() == EFBIG) {
        return {ErrorKind::io,
                std::format("disk full: cannot write {}: {} ({} MiB free)",
                            m_context.environment.file().string(),
                            isCut ? "a write was cut short"
                                  : std::generic_category().message(status.code()),
                            free >> 20)};
    }
    m_context.environment.requestCheck();
    const std::lock_guard lock(m_mutex);
    m_isFatal = true;
    return {plain.kind,
            std::format("{}; the store takes nothing more until it is restarted", plain.message)};
}

void StorageWriter::noteOutcome(const Result<void>& outcome)
{
    const std::lock_guard lock(m_mutex);
    if (outcome) {
        if (m_problem && !m_isFatal) {
            log(LogLevel::info, "tsdb", "the store writes again");
            m_problem.reset();
        }
        return;
    }
    ++m_counts.failedCommits;
    if (!m_problem) {
        log(LogLevel::error, "tsdb", "{}", outcome.error().message);
    }
    m_problem = outcome.error();
}

} // namespace watchfire::tsdb
