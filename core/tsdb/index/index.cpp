// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/index/index.h"

#include "core/tsdb/index/label_reader.h"
#include "core/tsdb/index/select.h"

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
    std::optional<LabelReader> reader; // made when needed: most that are looked for are new
    for (bool more = cursor.find(Key().native64(hash)); more; more = cursor.nextDuplicate()) {
        if (cursor.value().size() < 4) {
            return fail(ErrorKind::corrupt, "broken entry of the series hash");
        }
        const Sid sid = native32At(cursor.value(), 0);
        if (!reader) {
            reader.emplace(*txn, names());
        }
        auto there = reader->labels(sid);
        if (!there) {
            return std::unexpected(there.error());
        }
        if (*there && **there == labels) {
            const auto gid = reader->groupOf(sid);
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
                                         const std::function<Sid()>& allocate, Age absentAt)
{
    const std::uint64_t hash = labels.hash128().first;
    const std::lock_guard lock(m_createMutex);
    if (const auto pending = m_overlay.find(labels, hash)) {
        return Found{pending->first, pending->second, false};
    }
    if (absentAt != m_age) {
        const auto there = findPersisted(labels, hash);
        if (!there) {
            return std::unexpected(there.error());
        }
        if (const auto& found = *there) {
            return *found;
        }
    }
    if (isFull(1)) {
        return fail(ErrorKind::limit,
                    std::format("the store holds {} series, its limit is {}", seriesCount(),
                                m_seriesLimit.load()));
    }
    const auto budget = budgetFor(labels);
    if (!budget) {
        return std::unexpected(budget.error());
    }
    if (*budget != nullptr && *(*budget)->series >= (*budget)->limit) {
        return fail(ErrorKind::limit,
                    std::format("job \"{}\" has {} series, which is its budget", labels.get("job"),
                                *(*budget)->series));
    }
    const Sid sid = allocate();
    m_overlay.add({sid, gid, hash, labels});
    if (*budget != nullptr) {
        ++*(*budget)->series;
    }
    ++m_created;
    return Found{sid, gid, true};
}

void Index::setBudgets(std::map<std::string, std::uint64_t, std::less<>> byJob)
{
    const std::lock_guard lock(m_createMutex);
    m_budgets.clear();
    for (const auto& [job, limit] : byJob) {
        m_budgets.emplace(job, Budget{limit, std::nullopt});
    }
}

Result<Index::Budget*> Index::budgetFor(const Labels& labels)
{
    const auto at = m_budgets.find(labels.get("job"));
    if (at == m_budgets.end()) {
        return nullptr;
    }
    if (!at->second.series) {
        const auto count = countOfJob(at->first);
        if (!count) {
            return std::unexpected(count.error());
        }
        at->second.series = *count;
    }
    return &at->second;
}

Result<std::uint64_t> Index::countOfJob(std::string_view job)
{
    const Overlay::Snapshot pending = m_overlay.snapshot();
    auto txn = m_environment.read();
    if (!txn) {
        return std::unexpected(txn.error());
    }
    const Matcher isJob = *Matcher::make(MatchType::equal, "job", std::string(job));
    auto all = Selection(*txn, names()).series({&isJob, 1});
    if (!all) {
        return std::unexpected(all.error());
    }
    // What a commit wrote in between is in both, and one in the set.
    pending.forEach([&](const PendingSeries& series) {
        if (series.labels.get("job") == job) {
            all->add(series.sid);
        }
    });
    return all->cardinality();
}

void Index::removed(std::uint64_t total)
{
    m_persistedSeries = total;
    const std::lock_guard lock(m_createMutex);
    for (auto& [job, budget] : m_budgets) {
        budget.series.reset();
    }
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
    ++m_age; // before they are gone from what is pending
    m_overlay.drop(series);
    m_persistedSeries = total;
}

} // namespace watchfire::tsdb
