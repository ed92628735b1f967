// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/dead_series.h"

#include "core/base/log.h"
#include "core/tsdb/codec/strip.h"
#include "core/tsdb/head/group_record.h"
#include "core/tsdb/index/container.h"

#include <algorithm>

namespace watchfire::tsdb {

namespace {

constexpr std::size_t seriesATransaction = 256;
// So many at a time: commits wait meanwhile.
constexpr std::size_t seriesAStep = 8'192;

/// Opens the gate again, whatever happened behind it.
class Shut {
public:
    explicit Shut(Gate& gate)
        : m_gate(gate)
    {
    }
    Shut(const Shut&) = delete;
    Shut& operator=(const Shut&) = delete;
    ~Shut() { m_gate.open(); }

private:
    Gate& m_gate;
};

} // namespace

/// Series with samples in the tables.
Result<void> DeadSeries::addStored(Txn& txn, SidSet& alive) const
{
    Cursor live(txn, Table::live);
    for (bool more = live.first(); more; more = live.next()) {
        if (live.key().size() == 6) {
            alive.unite(be16At(live.key(), 4), Container(ContainerView(live.value())));
        }
    }
    if (auto read = live.result(txn.environment()); !read) {
        return read;
    }
    Cursor strips(txn, Table::strips);
    for (bool more = strips.first(); more; more = strips.next()) {
        const auto strip = StripView::open(strips.value(), Verify::yes);
        if (!strip) {
            return std::unexpected(strip.error()); // nobody knows whose samples it holds
        }
        for (std::size_t i = 0; i < strip->series(); ++i) {
            alive.add(strip->sid(i));
        }
    }
    return strips.result(txn.environment());
}

/// Series of groups that are in memory.
void DeadSeries::addWritten(SidSet& alive) const
{
    for (const auto& group : m_head.all()) {
        const std::lock_guard lock(group->mutex);
        const SidSet series = group->series();
        for (const auto& [high, part] : series.parts()) {
            alive.unite(high, part);
        }
    }
}

Result<SidSet> DeadSeries::find()
{
    auto txn = m_context.environment.read();
    if (!txn) {
        return std::unexpected(txn.error());
    }
    SidSet alive;
    if (auto added = addStored(*txn, alive); !added) {
        return std::unexpected(added.error());
    }
    addWritten(alive);
    SidSet dead;
    Cursor all(*txn, Table::post);
    const Key prefix = Key().be32(allSeriesNid).be32(allSeriesVid);
    for (bool more = all.seek(prefix); more && startsWith(all.key(), prefix); more = all.next()) {
        if (all.key().size() == 10) {
            dead.unite(be16At(all.key(), 8), Container(ContainerView(all.value())));
        }
    }
    if (auto read = all.result(m_context.environment); !read) {
        return std::unexpected(read.error());
    }
    dead.subtract(alive);
    return dead;
}

/// In a transaction of its own: what fails here need not keep the store from writing.
Result<void> DeadSeries::removeSome(std::span<const Sid> sids)
{
    auto txn = m_context.environment.write();
    if (!txn) {
        return std::unexpected(txn.error());
    }
    auto removed = m_writer.begin(*txn);
    if (removed) {
        removed = m_writer.remove(*txn, sids);
    }
    if (removed) {
        m_writer.finish(*txn);
        txn->commit();
        removed = txn->result(m_context.environment);
    }
    if (!removed) {
        m_writer.aborted();
        return removed;
    }
    m_writer.committed();
    m_context.index.removed(m_writer.counters().series);
    return {};
}

/// Takes removed series out of the records of groups that are not in memory, and removes groups
/// that have none left.
Result<void> DeadSeries::tidyGroups(const SidSet& removed)
{
    std::vector<std::pair<Gid, GroupRecord>> changed;
    {
        auto txn = m_context.environment.read();
        if (!txn) {
            return std::unexpected(txn.error());
        }
        Cursor cursor(*txn, Table::groups);
        for (bool more = cursor.first(); more; more = cursor.next()) {
            const Gid gid = native32At(cursor.key(), 0);
            if (m_head.loaded(gid) != nullptr) {
                continue;
            }
            auto record = GroupRecord::parse(cursor.value());
            if (!record) {
                return std::unexpected(record.error());
            }
            const bool isConcerned = std::ranges::any_of(record->extents, [&](auto extent) {
                const Sid first = extent << extentBits;
                for (Sid sid = first; sid < first + extentSize; ++sid) {
                    if (removed.contains(sid)) {
                        return true;
                    }
                }
                return false;
            });
            if (!isConcerned) {
                continue;
            }
            std::erase_if(record->layout, [&](Sid sid) { return removed.contains(sid); });
            // Extents without a series left are forgotten; the last one may have room.
            Cursor pages(*txn, Table::series);
            const std::uint32_t last = record->extents.back();
            bool hasSeries = false;
            std::erase_if(record->extents, [&](std::uint32_t extent) {
                const bool isThere = pages.find(Key().native32(extent));
                hasSeries = hasSeries || isThere;
                return !isThere && extent != last;
            });
            if (!hasSeries) {
                record->extents.clear();
            }
            changed.emplace_back(gid, std::move(*record));
        }
        if (auto read = cursor.result(m_context.environment); !read) {
            return read;
        }
    }
    for (const auto& [gid, record] : changed) {
        auto done = m_transact([&](WriteTxn& txn) {
            const Key key = Key().native32(gid);
            if (!record.extents.empty()) {
                txn.put(Table::groups, key, record.serialize());
                return;
            }
            txn.remove(Table::groups, key);
            Bytes number;
            ByteWriter(number).le(gid);
            txn.remove(Table::gkey, Key().native64(record.identity.hash128().first), number);
            const Key prefix = Key().be32(gid);
            Cursor metadata(txn, Table::mdata, Cursor::Damage::isTold);
            while (metadata.seek(prefix) && startsWith(metadata.key(), prefix)) {
                metadata.erase();
            }
        });
        if (!done) {
            return done;
        }
    }
    return {};
}

Result<bool> DeadSeries::step()
{
    // While somebody holds the number of a series that is not written yet, it cannot be told
    // which one is dead. To look takes a while: the gate is tried first and shut after.
    if (!m_context.seriesGate.tryClose()) {
        return false;
    }
    m_context.seriesGate.open();
    m_head.unloadSpent();
    const auto dead = find();
    m_mayBeSome = dead && !dead->empty();
    if (!m_mayBeSome) {
        return dead ? Result<bool>(false) : std::unexpected(dead.error());
    }
    if (!m_context.seriesGate.tryClose()) {
        return false;
    }
    const Shut shut(m_context.seriesGate);
    SidSet written;
    addWritten(written);
    SidSet removed;
    std::vector<Sid> sids;
    dead->forEach([&](Sid sid) {
        if (sids.size() < seriesAStep && !written.contains(sid)) {
            sids.push_back(sid);
            removed.add(sid);
        }
    });
    m_context.removals.fetch_add(1);
    m_context.index.cache().clear();
    for (std::size_t from = 0; from < sids.size(); from += seriesATransaction) {
        const auto some
            = std::span(sids).subspan(from, std::min(seriesATransaction, sids.size() - from));
        if (auto done = removeSome(some); !done) {
            m_mayBeSome = false;
            return std::unexpected(done.error());
        }
    }
    if (auto done = tidyGroups(removed); !done) {
        m_mayBeSome = false;
        return std::unexpected(done.error());
    }
    log(LogLevel::info, "tsdb", "{} series that have no samples any more are removed", sids.size());
    m_mayBeSome = dead->cardinality() > sids.size();
    return m_mayBeSome;
}

} // namespace watchfire::tsdb
