// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/index/index.h"

#include "core/tsdb/index/label_reader.h"

#include <format>

namespace watchfire::tsdb {

namespace {

constexpr std::string_view countersKey = "ids";

template <class T> void raise(std::atomic<T>& number, T least)
{
    T now = number.load();
    while (now < least && !number.compare_exchange_weak(now, least)) { }
}

} // namespace

Result<IndexCounters> IndexCounters::load(Txn& txn)
{
    IndexCounters counters;
    if (const auto value = txn.get(Table::meta, asBytes(countersKey))) {
        ByteReader reader(*value);
        counters.nextNid = reader.le<std::uint32_t>();
        counters.nextVid = reader.le<std::uint32_t>();
        counters.nextExtent = reader.le<std::uint32_t>();
        counters.nextGid = reader.le<std::uint32_t>();
        counters.series = reader.le<std::uint64_t>();
        if (!reader.ok()) {
            return fail(ErrorKind::corrupt,
                        std::format("{}: broken counters", txn.environment().file().string()));
        }
    }
    if (auto read = txn.result(txn.environment()); !read) {
        return std::unexpected(read.error());
    }
    return counters;
}

void IndexCounters::store(WriteTxn& txn) const
{
    Bytes value;
    ByteWriter writer(value);
    writer.le(nextNid);
    writer.le(nextVid);
    writer.le(nextExtent);
    writer.le(nextGid);
    writer.le(series);
    txn.put(Table::meta, asBytes(countersKey), value);
}

Result<std::unique_ptr<Index>> Index::open(Environment& environment)
{
    std::unique_ptr<Index> index(new Index(environment));
    auto txn = environment.read();
    if (!txn) {
        return std::unexpected(txn.error());
    }
    const auto counters = IndexCounters::load(*txn);
    if (!counters) {
        return std::unexpected(counters.error());
    }
    auto names = NameTable::load(*txn);
    if (!names) {
        return std::unexpected(names.error());
    }
    index->m_names = std::move(*names);
    index->m_persistedSeries = counters->series;
    index->m_nextExtent = counters->nextExtent;
    index->m_nextGid = counters->nextGid;
    return index;
}

Result<std::optional<Index::Found>> Index::findPersisted(const Labels& labels, std::uint64_t hash)
{
    auto txn = m_environment.read();
    if (!txn) {
        return std::unexpected(txn.error());
    }
    Cursor cursor(*txn, Table::hash);
    LabelReader reader(*txn, names());
    for (bool more = cursor.find(Key().native64(hash)); more; more = cursor.nextDuplicate()) {
        if (cursor.value().size() < 4) {
            return fail(ErrorKind::corrupt, "broken entry of the series hash");
        }
        const Sid sid = native32At(cursor.value(), 0);
        auto there = reader.labels(sid);
        if (!there) {
            return std::unexpected(there.error());
        }
        if (*there && **there == labels) {
            const auto gid = reader.groupOf(sid);
            if (!gid) {
                return std::unexpected(gid.error());
            }
            return Found{sid, *gid, false};
        }
    }
    if (auto read = cursor.result(m_environment); !read) {
        return std::unexpected(read.error());
    }
    return std::nullopt;
}

Result<std::optional<Index::Found>> Index::find(const Labels& labels)
{
    // First what is pending: a commit persists before it drops, so a series is never in neither.
    const std::uint64_t hash = labels.hash128().first;
    if (const auto pending = m_overlay.find(labels, hash)) {
        return Found{pending->first, pending->second, false};
    }
    return findPersisted(labels, hash);
}

Result<Index::Found> Index::findOrCreate(const Labels& labels, Gid gid,
                                         const std::function<Sid()>& allocate)
{
    const std::uint64_t hash = labels.hash128().first;
    const std::lock_guard lock(m_createMutex);
    if (const auto pending = m_overlay.find(labels, hash)) {
        return Found{pending->first, pending->second, false};
    }
    const auto there = findPersisted(labels, hash);
    if (!there) {
        return std::unexpected(there.error());
    }
    if (*there) {
        return **there;
    }
    if (isFull(1)) {
        return fail(ErrorKind::limit,
                    std::format("the store holds {} series, its limit is {}", seriesCount(),
                                m_seriesLimit.load()));
    }
    const Sid sid = allocate();
    m_overlay.add({sid, gid, hash, labels});
    ++m_created;
    return Found{sid, gid, true};
}

void Index::restore(const Labels& labels, Gid gid, Sid sid)
{
    const std::lock_guard lock(m_createMutex);
    m_overlay.add({sid, gid, labels.hash128().first, labels});
    reserve(sid >> extentBits, gid);
}

Result<Gid> Index::groupOf(Sid sid)
{
    if (const auto pending = m_overlay.groupOf(sid)) {
        return *pending;
    }
    auto txn = m_environment.read();
    if (!txn) {
        return std::unexpected(txn.error());
    }
    LabelReader reader(*txn, names());
    const auto pairs = reader.pairs(sid);
    if (!pairs) {
        return std::unexpected(pairs.error());
    }
    return pairs->empty() ? Result<Gid>(0) : reader.groupOf(sid);
}

Result<std::optional<Labels>> Index::labelsOf(Sid sid)
{
    if (auto pending = m_overlay.labelsOf(sid)) {
        return pending;
    }
    auto txn = m_environment.read();
    if (!txn) {
        return std::unexpected(txn.error());
    }
    return LabelReader(*txn, names()).labels(sid);
}

NameTablePtr Index::names() const
{
    const std::lock_guard lock(m_namesMutex);
    return m_names;
}

std::uint64_t Index::seriesCount() const
{
    return m_persistedSeries.load() + m_overlay.size();
}

bool Index::isFull(std::uint64_t more) const
{
    const std::uint64_t limit = m_seriesLimit.load();
    return limit != 0 && seriesCount() + more > limit;
}

void Index::reserve(std::uint32_t extent, Gid gid)
{
    raise(m_nextExtent, extent + 1);
    raise(m_nextGid, gid + 1);
}

void Index::publish(NameTablePtr names)
{
    const std::lock_guard lock(m_namesMutex);
    m_names = std::move(names);
}

void Index::persisted(const Overlay::Snapshot& series, std::uint64_t total)
{
    m_overlay.drop(series);
    m_persistedSeries = total;
}

} // namespace watchfire::tsdb
