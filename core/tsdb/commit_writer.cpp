// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/commit_writer.h"

#include "core/tsdb/replay.h"
#include "core/tsdb/window_record.h"

#include <algorithm>
#include <iterator>
#include <span>
#include <utility>

namespace watchfire::tsdb {

namespace {

using std::chrono::steady_clock;

// LMDB keeps the pages of its longest transaction.
constexpr std::size_t dirtyLimit = std::size_t{1} << 20;
constexpr std::size_t seriesAtOnce = 2048; // with fewer, long postings are rewritten more often
constexpr int deletionsAtOnce = 256;

void putGroup(WriteTxn& txn, Gid gid, const GroupRecord& record)
{
    Bytes number;
    ByteWriter(number).le(gid);
    txn.put(Table::gkey, Key().native64(record.identity.hash128().first), number);
    txn.put(Table::groups, Key().native32(gid), record.serialize());
}

} // namespace

CommitWriter::CommitWriter(Head& head, MetadataTable& metadata, ExemplarTable& exemplars,
                           IndexWriter& indexWriter, Transactor& transactor, Executor* workers,
                           Touched touched)
    : m_head(head)
    , m_context(head.context())
    , m_metadata(metadata)
    , m_exemplars(exemplars)
    , m_indexWriter(indexWriter)
    , m_transactor(transactor)
    , m_workers(workers)
    , m_touched(std::move(touched))
{
}

CommitWriter::Counts CommitWriter::counts() const
{
    const std::lock_guard lock(m_mutex);
    return m_counts;
}

void CommitWriter::writeGroup(WriteTxn& txn, CommitPlan& plan, std::size_t index)
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
}

void CommitWriter::trimJournal(WriteTxn& txn, const CommitPlan& plan)
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
Result<void> CommitWriter::fill(WriteTxn& txn, CommitPlan& plan)
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
        writeGroup(txn, plan, next.groups);
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

Result<void> CommitWriter::write(CommitPlan& plan)
{
    while (!plan.done.isComplete) {
        if (m_context.environment.isNearlyFull()) {
            if (auto room = m_transactor.makeRoom(); !room) {
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
                return std::unexpected(m_transactor.judge(*txn));
            }
            if (auto room = m_transactor.makeRoom(); !room) {
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

Result<void> CommitWriter::commit()
{
    const auto start = steady_clock::now();
    const std::uint64_t held = m_context.heldBytes.load(std::memory_order_relaxed);
    CommitPlan plan = CommitPlan::make(m_head, m_metadata, m_exemplars);
    plan.encode(m_workers);
    plan.buildJournal(*m_context.ring);
    if (plan.isEmpty()) {
        m_context.ring->release(plan.mark); // batches that said nothing new
        return {};
    }
    if (auto written = write(plan); !written) {
        return written;
    }
    for (const auto& [window, isSealed] : plan.windows) {
        m_touched(window, isSealed);
    }
    m_metadata.committed(plan.metadata);
    m_exemplars.committed(plan.exemplars);
    m_context.ring->release(plan.mark);
    m_context.heldBytes.fetch_sub(held, std::memory_order_relaxed);
    const std::lock_guard lock(m_mutex);
    ++m_counts.commits;
    m_counts.last
        = std::chrono::duration_cast<std::chrono::microseconds>(steady_clock::now() - start);
    m_counts.longest = std::max(m_counts.longest, m_counts.last);
    return {};
}

} // namespace watchfire::tsdb
