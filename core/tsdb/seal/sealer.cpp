// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/seal/sealer.h"

#include "core/base/log.h"
#include "core/tsdb/window_record.h"

#include <algorithm>
#include <iterator>

namespace watchfire::tsdb {

namespace {

constexpr std::chrono::minutes settles{10};
constexpr std::chrono::hours settlesAgain{1};
constexpr std::chrono::minutes pausesAfterFailure{1};
constexpr std::size_t mergesAtOnce = 2;
// A first seal is written in transactions of about that size; the timeline comes last.
constexpr std::size_t blockBytesAtOnce = std::size_t{4} << 20;

} // namespace

Sealer::Sealer(Head& head, Options options, Transact transact)
    : m_head(head)
    , m_context(head.context())
    , m_options(std::move(options))
    , m_transact(std::move(transact))
{
}

Sealer::~Sealer()
{
    std::unique_lock lock(m_mutex);
    m_idle.wait(lock, [this] { return m_running == 0; });
}

Result<void> Sealer::begin()
{
    auto txn = m_context.environment.read();
    if (!txn) {
        return std::unexpected(txn.error());
    }
    // Strips stand by window: one look-up each.
    Cursor strips(*txn, Table::strips);
    bool more = strips.first();
    while (more && strips.key().size() == 12) {
        const Window window = be32At(strips.key(), 0);
        const auto value = txn->get(Table::wins, Key().be32(window));
        const auto record = value ? WindowRecord::parse(*value) : std::nullopt;
        m_open[window] = {m_context.clock.now(), record && record->isSealed};
        more = window != ~Window{0} && strips.seek(Key().be32(window + 1));
    }
    if (auto read = strips.result(m_context.environment); !read) {
        return read;
    }
    return findDeletions();
}

/// Groups whose deletions wait to be followed.
Result<void> Sealer::findDeletions()
{
    auto txn = m_context.environment.read();
    if (!txn) {
        return std::unexpected(txn.error());
    }
    Cursor cursor(*txn, Table::tomb, Cursor::Damage::isTold);
    for (bool more = cursor.first(); more; more = cursor.next()) {
        if (cursor.key().size() == 12 && !cursor.isDamaged()) {
            deleted(be32At(cursor.key(), 0), be32At(cursor.key(), 4));
        }
    }
    return cursor.result(m_context.environment);
}

void Sealer::deleted(Window window, Gid gid)
{
    m_deleted[window].insert(gid);
}

void Sealer::touched(Window window, bool isSealed)
{
    m_open[window] = {m_context.clock.now(), isSealed};
}

bool Sealer::hasRows(std::int64_t endMs) const
{
    return std::ranges::any_of(m_head.all(), [&](const std::shared_ptr<Group>& group) {
        const std::lock_guard lock(group->mutex);
        const auto range = group->headRange();
        return range && range->first < endMs;
    });
}

bool Sealer::isClosed(Window window) const
{
    const std::chrono::milliseconds late
        = m_options.lateWindow ? m_options.lateWindow() : std::chrono::milliseconds(0);
    return unixMs(m_context.clock.now() - late - settles) >= endOfWindow(window);
}

bool Sealer::isDue(Window window, const OpenWindow& state) const
{
    const std::chrono::milliseconds quiet = state.isSealed ? settlesAgain : settles;
    return isClosed(window) && m_context.clock.now() >= state.touchedAt + quiet
        && !hasRows(endOfWindow(window));
}

Result<void> Sealer::start(Window window, bool seals)
{
    std::set<Gid> groups;
    if (seals) {
        const auto withStrips = groupsWithStrips(m_context.environment, window);
        if (!withStrips) {
            return std::unexpected(withStrips.error());
        }
        groups.insert(withStrips->begin(), withStrips->end());
    }
    if (auto deleted = m_deleted.extract(window)) {
        groups.merge(deleted.mapped());
    }
    m_job = Job{++m_jobs, window, seals, {groups.begin(), groups.end()}, 0, 0};
    return {};
}

Result<void> Sealer::step()
{
    if (m_pausedUntil && m_context.clock.now() < *m_pausedUntil) {
        return {};
    }
    m_pausedUntil.reset();
    if (!m_job) {
        const auto due = std::ranges::find_if(
            m_open, [&](const auto& one) { return isDue(one.first, one.second); });
        // Sealing takes room before it gives some back.
        if ((due == m_open.end() && m_deleted.empty()) || m_context.environment.isLowOnSpace()) {
            return {};
        }
        auto started
            = m_deleted.empty() ? start(due->first, true) : start(m_deleted.begin()->first, false);
        if (!started) {
            return started;
        }
    }
    Result<void> done = advanceOrGiveUp();
    if (!done) {
        m_pausedUntil = m_context.clock.now() + pausesAfterFailure;
    }
    return done;
}

Result<void> Sealer::advanceOrGiveUp()
{
    Result<void> done = advance();
    if (!done) {
        m_job.reset();
        // What the job was to follow waits again.
        if (auto found = findDeletions(); !found) {
            return found;
        }
    }
    return done;
}

/// One round: writes what there is, hands out what may be handed out.
Result<void> Sealer::advance()
{
    std::vector<Merged> merged;
    {
        const std::lock_guard lock(m_mutex);
        merged = std::exchange(m_merged, {});
    }
    for (Merged& one : merged) {
        if (one.job != m_job->number) {
            continue; // that job was given up
        }
        --m_job->merging;
        if (!one.group) {
            log(LogLevel::error, "tsdb", "a group is left unsealed: {}", one.group.error().message);
            continue;
        }
        if (*one.group) {
            if (auto written = write(**one.group); !written) {
                return written;
            }
        }
    }
    while (m_job->next < m_job->groups.size() && m_job->merging < mergesAtOnce) {
        ++m_job->merging;
        merge(m_job->groups[m_job->next++]);
    }
    if (m_job->next == m_job->groups.size() && m_job->merging == 0) {
        return finish();
    }
    return {};
}

void Sealer::merge(Gid gid)
{
    {
        const std::lock_guard lock(m_mutex);
        ++m_running;
    }
    auto task = [this, gid, job = m_job->number, window = m_job->window,
                 names = m_context.index.names()] {
        Merged merged{job, mergeWindow(m_context.environment, names, window, gid)};
        if (m_options.wake) {
            m_options.wake();
        }
        const std::lock_guard lock(m_mutex);
        m_merged.push_back(std::move(merged));
        --m_running;
        m_idle.notify_all();
    };
    if (m_options.workers == nullptr) {
        task();
    } else {
        m_options.workers->run(std::move(task));
    }
}

Result<void> Sealer::write(SealedGroup& group)
{
    const Window window = group.window;
    const auto blockKey = [&](Sid first) { return Key().be32(window).be32(first); };
    // Blocks without a timeline are not read, so those of a first seal may come piece by piece.
    std::size_t written = 0;
    if (group.isFirst) {
        for (std::size_t bytes = 0, end = 0; end < group.blocks.size();) {
            bytes += group.blocks[end++].second.size();
            if (bytes < blockBytesAtOnce) {
                continue;
            }
            auto done = m_transact([&](WriteTxn& txn) {
                for (std::size_t i = written; i < end; ++i) {
                    txn.put(Table::blocks, blockKey(group.blocks[i].first), group.blocks[i].second);
                }
            });
            if (!done) {
                return done;
            }
            written = end;
            bytes = 0;
        }
    }
    return m_transact([&](WriteTxn& txn) {
        const Key windowKey = Key().be32(window);
        const auto value = txn.get(Table::wins, windowKey);
        auto record = value ? WindowRecord::parse(*value) : std::nullopt;
        if (!record) {
            return; // the window has been dropped meanwhile
        }
        // Of an interrupted seal, or what is replaced; but not what stands there anew.
        for (const Sid first : group.oldBlocks) {
            const bool isNew
                = std::ranges::any_of(std::span(group.blocks).first(written),
                                      [&](const auto& block) { return block.first == first; });
            if (!isNew) {
                txn.remove(Table::blocks, blockKey(first));
            }
        }
        std::uint64_t bytes = group.line.size();
        for (std::size_t i = 0; i < group.blocks.size(); ++i) {
            bytes += group.blocks[i].second.size();
            if (i >= written) {
                txn.put(Table::blocks, blockKey(group.blocks[i].first), group.blocks[i].second);
            }
        }
        const Key lineKey = Key().be32(window).be32(group.gid);
        if (group.line.empty()) {
            txn.remove(Table::lines, lineKey);
        } else {
            txn.put(Table::lines, lineKey, group.line);
        }
        for (const auto& [high, part] : group.live.parts()) {
            const Key key = Key().be32(window).be16(high);
            Container all = part;
            if (const auto there = txn.get(Table::live, key)) {
                all.unite(Container(ContainerView(*there)));
            }
            txn.put(Table::live, key, all.serialize());
        }
        for (const auto& [high, part] : group.gone.parts()) {
            const Key key = Key().be32(window).be16(high);
            const auto there = txn.get(Table::live, key);
            if (!there) {
                continue;
            }
            Container left{ContainerView(*there)};
            left.subtract(part);
            if (left.empty()) {
                txn.remove(Table::live, key);
            } else {
                txn.put(Table::live, key, left.serialize());
            }
        }
        for (const std::uint32_t seq : group.strips) {
            txn.remove(Table::strips, Key().be32(window).be32(group.gid).be32(seq));
        }
        for (const std::uint32_t number : group.deletions) {
            txn.remove(Table::tomb, Key().be32(window).be32(group.gid).be32(number));
        }
        record->bytes = record->bytes + bytes - std::min(record->bytes + bytes, group.oldBytes);
        record->samples -= std::min(record->samples, group.deletedSamples);
        record->groups += group.isFirst && !group.line.empty() ? 1 : 0;
        txn.put(Table::wins, windowKey, record->serialize());
    });
}

/// All groups are done: the window is sealed, though strips may have come for it meanwhile.
Result<void> Sealer::finish()
{
    if (!m_job->seals) {
        m_job.reset();
        return {};
    }
    const Window window = m_job->window;
    auto left = groupsWithStrips(m_context.environment, window);
    if (!left) {
        return std::unexpected(left.error());
    }
    auto done = m_transact([&](WriteTxn& txn) {
        const Key key = Key().be32(window);
        const auto value = txn.get(Table::wins, key);
        if (auto record = value ? WindowRecord::parse(*value) : std::nullopt) {
            record->isSealed = true;
            txn.put(Table::wins, key, record->serialize());
        }
    });
    if (!done) {
        return done;
    }
    m_job.reset();
    m_open.erase(window);
    if (!left->empty()) { // damaged, or come meanwhile
        touched(window, true);
    }
    return {};
}

void Sealer::forget(Window window)
{
    m_open.erase(window);
    m_deleted.erase(window);
    if (m_job && m_job->window == window) {
        m_job.reset();
    }
}

Result<void> Sealer::sealAll()
{
    std::set<Window> sealed; // each once: damaged strips keep a window open
    for (;;) {
        if (!m_job) {
            const auto closed = std::ranges::find_if(m_open, [&](const auto& one) {
                return !sealed.contains(one.first) && isClosed(one.first)
                    && !hasRows(endOfWindow(one.first));
            });
            if (closed == m_open.end() && m_deleted.empty()) {
                return {};
            }
            const Window window = m_deleted.empty() ? closed->first : m_deleted.begin()->first;
            if (auto started = start(window, m_deleted.empty()); !started) {
                return started;
            }
        }
        if (m_job->seals) {
            sealed.insert(m_job->window);
        }
        while (m_job) {
            if (auto done = advanceOrGiveUp(); !done) {
                return done;
            }
            std::unique_lock lock(m_mutex);
            m_idle.wait(lock, [this] { return m_running == 0 || !m_merged.empty(); });
        }
    }
}

} // namespace watchfire::tsdb
