// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/store_querier.h"

#include "core/tsdb/codec/strip.h"
#include "core/tsdb/seal/sealed_window.h"
#include "core/tsdb/store_group_reader.h"

#include <algorithm>
#include <set>

namespace watchfire::tsdb {

namespace {

using std::chrono::steady_clock;

constexpr std::chrono::seconds greatestAge{10};
/// A large group has several readers, so that several threads can read it.
constexpr std::size_t seriesPerReader = 1024;

} // namespace

bool HeadCapture::hides(std::uint32_t seq) const
{
    if (!isLoaded) {
        return false;
    }
    return seq >= nextSeq
        || std::ranges::any_of(strips, [&](const Strip& strip) { return strip.seq == seq; })
        || std::ranges::any_of(late, [&](const Late& one) { return one.rows->seq == seq; });
}

Result<void>
visitStrips(Txn& txn, Gid gid, std::int64_t fromMs, std::int64_t toMs,
            const std::function<bool(Window window, std::uint32_t seq, ByteView value)>& visit)
{
    const Window last = windowOf(toMs);
    Cursor cursor(txn, Table::strips);
    Window window = windowOf(fromMs);
    while (window <= last) {
        const Key prefix = Key().be32(window).be32(gid);
        bool more = cursor.seek(prefix);
        for (; more && startsWith(cursor.key(), prefix); more = cursor.next()) {
            if (cursor.key().size() != 12) {
                return fail(ErrorKind::corrupt, "broken key of a strip");
            }
            if (!visit(window, be32At(cursor.key(), 8), cursor.value())) {
                return cursor.result(txn.environment());
            }
        }
        if (!more || cursor.key().size() < 4) {
            break;
        }
        // Where the next key stands tells which windows are empty.
        const Window next = be32At(cursor.key(), 0);
        if (window == ~Window{0}) {
            break;
        }
        window = std::max(window + 1, next);
    }
    return cursor.result(txn.environment());
}

Result<std::unique_ptr<StoreQuerier>> StoreQuerier::make(StoreCore& core)
{
    auto pin = core.epochs().pin();
    if (!pin) {
        return std::unexpected(pin.error());
    }
    std::unique_ptr<StoreQuerier> querier(new StoreQuerier(core, std::move(*pin)));
    core.add(querier.get());
    return querier;
}

StoreQuerier::~StoreQuerier()
{
    m_core.remove(this);
}

Result<SnapshotPtr> StoreQuerier::snapshot()
{
    const std::lock_guard lock(m_mutex);
    if (m_current != nullptr && steady_clock::now() - m_current->born < greatestAge) {
        return m_current;
    }
    m_current.reset(); // a thread inside the gate must not enter it again
    auto txn = m_core.environment().read();
    if (!txn) {
        return std::unexpected(txn.error());
    }
    m_current = std::make_shared<Snapshot>(std::move(*txn));
    return m_current;
}

Result<SnapshotPtr> StoreQuerier::renew()
{
    {
        const std::lock_guard lock(m_mutex);
        m_current.reset();
    }
    return snapshot();
}

void StoreQuerier::expire(steady_clock::duration older)
{
    // Who holds the mutex is at work and will look by itself.
    const std::unique_lock lock(m_mutex, std::try_to_lock);
    if (lock.owns_lock() && m_current != nullptr
        && steady_clock::now() - m_current->born >= older) {
        m_current.reset();
    }
}

const HeadCapture& StoreQuerier::capture(Gid gid)
{
    const auto [at, made] = m_heads.try_emplace(gid);
    if (!made) {
        return *at->second;
    }
    at->second = std::make_unique<HeadCapture>();
    HeadCapture& capture = *at->second;
    const std::shared_ptr<Group> group = m_core.head().loaded(gid);
    if (group == nullptr) {
        return capture;
    }
    for (;;) {
        const HeadView* const view = group->view();
        capture.strips.clear();
        capture.late.clear();
        if (view != nullptr) {
            capture.isLoaded = true;
            capture.nextSeq = view->nextSeq;
            for (const HeadView::Strip& strip : view->strips) {
                HeadCapture::Strip& one = capture.strips.emplace_back();
                one.seq = strip.rows->seq;
                one.layout = strip.layout.get();
                one.rows.resize(strip.rows->count.load(std::memory_order_acquire));
                for (std::uint32_t i = 0; i < one.rows.size(); ++i) {
                    one.rows[i] = &strip.rows->row(i);
                }
            }
            for (const auto& late : view->late) {
                capture.late.push_back({late.get(), late->count.load(std::memory_order_acquire)});
            }
        }
        // A row that was counted may have series which only a younger view has: with the same
        // view still in place after the counts were read, it has not.
        if (group->view() == view) {
            return capture;
        }
    }
}

/// Series of the index tables that match.
Result<StoreQuerier::Selected> StoreQuerier::findPersisted(std::span<const Matcher> matchers,
                                                           const Overlay::Snapshot& pending)
{
    const auto snapshot = renew();
    if (!snapshot) {
        return std::unexpected(snapshot.error());
    }
    Selected selected;
    const std::lock_guard lock((*snapshot)->mutex);
    const NameTablePtr names = m_core.index().names();
    auto sids = Selection((*snapshot)->txn, names).series(matchers);
    if (!sids) {
        return std::unexpected(sids.error());
    }
    // What a commit wrote in between is in both; here it counts as pending.
    pending.forEach([&](const PendingSeries& series) { sids->remove(series.sid); });
    LabelReader reader((*snapshot)->txn, names);
    std::optional<Error> failed;
    std::uint32_t extent = ~0U;
    std::vector<Sid>* group = nullptr;
    sids->forEach([&](Sid sid) {
        if (failed) {
            return;
        }
        if (sid >> extentBits != extent) {
            extent = sid >> extentBits;
            const auto gid = reader.groupOf(sid);
            if (!gid) {
                failed = gid.error();
                return;
            }
            group = &selected.groups[*gid];
        }
        group->push_back(sid);
    });
    if (failed) {
        return std::unexpected(*failed);
    }
    return selected;
}

/// Adds the pending series that match, of those numbered `from` and on.
void StoreQuerier::addPending(std::span<const Matcher> matchers, const Overlay::Snapshot& pending,
                              std::uint64_t from, Selected& selected)
{
    std::uint64_t number = pending.first();
    pending.forEach([&](const PendingSeries& series) {
        if (number++ >= from && matchesAll(matchers, series.labels)) {
            selected.groups[series.gid].push_back(series.sid);
            selected.pending.emplace(series.sid, series.labels);
        }
    });
}

Result<StoreQuerier::Selected> StoreQuerier::find(std::span<const Matcher> matchers)
{
    for (;;) {
        // First what is pending, then the tables: a commit persists before it drops.
        const Overlay::Snapshot pending = m_core.index().overlay().snapshot();
        auto selected = findPersisted(matchers, pending);
        if (!selected) {
            return selected;
        }
        addPending(matchers, pending, pending.first(), *selected);
        for (const auto& [gid, sids] : selected->groups) {
            capture(gid);
        }
        // A row that was captured may have series made since we looked for them.
        const Overlay::Snapshot since = m_core.index().overlay().snapshot();
        if (since.first() > pending.end()) {
            continue; // some were made and committed meanwhile: look again
        }
        Selected fresh;
        addPending(matchers, since, pending.end(), fresh);
        for (auto& [gid, sids] : fresh.groups) {
            if (const auto at = selected->groups.find(gid); at != selected->groups.end()) {
                at->second.insert(at->second.end(), sids.begin(), sids.end());
                for (const Sid sid : sids) {
                    selected->pending.insert(fresh.pending.extract(sid));
                }
            }
        }
        for (auto& [gid, sids] : selected->groups) {
            std::ranges::sort(sids);
        }
        if (const auto renewed = renew(); !renewed) {
            return std::unexpected(renewed.error());
        }
        return selected;
    }
}

Result<storage::GroupReaders> StoreQuerier::select(std::span<const Matcher> matchers,
                                                   TimeRange range)
{
    auto selected = find(matchers);
    if (!selected) {
        return std::unexpected(selected.error());
    }
    storage::GroupReaders readers;
    readers.reserve(selected->groups.size());
    for (const auto& [gid, sids] : selected->groups) {
        for (std::size_t from = 0; from < sids.size(); from += seriesPerReader) {
            const auto part
                = std::span(sids).subspan(from, std::min(seriesPerReader, sids.size() - from));
            std::unordered_map<Sid, Labels> pending;
            if (!selected->pending.empty()) {
                for (const Sid sid : part) {
                    if (const auto at = selected->pending.find(sid);
                        at != selected->pending.end()) {
                        pending.insert(*at);
                    }
                }
            }
            readers.push_back(std::make_unique<StoreGroupReader>(
                *this, gid, std::vector<Sid>(part.begin(), part.end()), std::move(pending),
                *m_heads[gid], range));
        }
    }
    return readers;
}

Result<bool> StoreQuerier::hasRows(Snapshot& snapshot, Gid gid, TimeRange range)
{
    const std::int64_t from = unixMs(range.from);
    const std::int64_t to = unixMs(range.to);
    const HeadCapture& head = capture(gid);
    const auto isIn = [&](std::int64_t atMs) { return atMs >= from && atMs <= to; };
    for (const HeadCapture::Strip& strip : head.strips) {
        for (const HeadRow* const row : strip.rows) {
            if (isIn(row->atMs)) {
                return true;
            }
        }
    }
    for (const HeadCapture::Late& late : head.late) {
        for (std::uint32_t i = 0; i < late.count; ++i) {
            if (isIn(late.rows->rows[i]->atMs)) {
                return true;
            }
        }
    }
    bool found = false;
    std::vector<std::int64_t> times;
    const std::lock_guard lock(snapshot.mutex);
    const auto visited
        = visitStrips(snapshot.txn, gid, from, to, [&](Window, std::uint32_t seq, ByteView value) {
              if (head.hides(seq)) {
                  return true;
              }
              if (const auto strip = StripView::open(value, Verify::no)) {
                  times.resize(strip->rows());
                  found = strip->timestamps(times) && std::ranges::any_of(times, isIn);
              }
              return !found;
          });
    if (!visited) {
        return std::unexpected(visited.error());
    }
    if (found) {
        return true;
    }
    const auto sealed = visitLines(snapshot.txn, gid, from, to, [&](Window, ByteView value) {
        if (const auto line = TimelineView::open(value, Verify::no)) {
            times.resize(line->rows());
            found = line->read(times) && std::ranges::any_of(times, isIn);
        }
        return !found;
    });
    if (!sealed) {
        return std::unexpected(sealed.error());
    }
    return found;
}

Result<StoreQuerier::Selected> StoreQuerier::findInRange(std::span<const Matcher> matchers,
                                                         TimeRange range)
{
    auto selected = find(matchers);
    if (!selected) {
        return selected;
    }
    const auto snapshot = this->snapshot();
    if (!snapshot) {
        return std::unexpected(snapshot.error());
    }
    for (auto at = selected->groups.begin(); at != selected->groups.end();) {
        const auto has = hasRows(**snapshot, at->first, range);
        if (!has) {
            return std::unexpected(has.error());
        }
        at = *has ? std::next(at) : selected->groups.erase(at);
    }
    return selected;
}

Result<std::vector<Labels>> StoreQuerier::series(std::span<const Matcher> matchers, TimeRange range)
{
    const auto selected = findInRange(matchers, range);
    if (!selected) {
        return std::unexpected(selected.error());
    }
    const auto snapshot = this->snapshot();
    if (!snapshot) {
        return std::unexpected(snapshot.error());
    }
    std::vector<Labels> list;
    {
        const std::lock_guard lock((*snapshot)->mutex);
        LabelReader reader((*snapshot)->txn, m_core.index().names());
        for (const auto& [gid, sids] : selected->groups) {
            for (const Sid sid : sids) {
                if (const auto at = selected->pending.find(sid); at != selected->pending.end()) {
                    list.push_back(at->second);
                    continue;
                }
                auto labels = reader.labels(sid);
                if (!labels) {
                    return std::unexpected(labels.error());
                }
                if (*labels) {
                    list.push_back(std::move(**labels));
                }
            }
        }
    }
    std::ranges::sort(list);
    return list;
}

Result<std::vector<std::string>> StoreQuerier::labelNames(std::span<const Matcher> matchers,
                                                          TimeRange range)
{
    std::set<std::string> names;
    if (matchers.empty()) {
        const Overlay::Snapshot pending = m_core.index().overlay().snapshot();
        const auto snapshot = renew();
        if (!snapshot) {
            return std::unexpected(snapshot.error());
        }
        const std::lock_guard lock((*snapshot)->mutex);
        Selection selection((*snapshot)->txn, m_core.index().names());
        if (auto done = selection.names(nullptr, names); !done) {
            return std::unexpected(done.error());
        }
        pending.forEach([&](const PendingSeries& series) {
            for (const Label& label : series.labels) {
                names.emplace(label.name);
            }
        });
        return std::vector<std::string>(names.begin(), names.end());
    }
    const auto selected = findInRange(matchers, range);
    if (!selected) {
        return std::unexpected(selected.error());
    }
    const auto snapshot = this->snapshot();
    if (!snapshot) {
        return std::unexpected(snapshot.error());
    }
    SidSet persisted;
    for (const auto& [gid, sids] : selected->groups) {
        for (const Sid sid : sids) {
            if (const auto at = selected->pending.find(sid); at != selected->pending.end()) {
                for (const Label& label : at->second) {
                    names.emplace(label.name);
                }
            } else {
                persisted.add(sid);
            }
        }
    }
    const std::lock_guard lock((*snapshot)->mutex);
    Selection selection((*snapshot)->txn, m_core.index().names());
    if (auto done = selection.names(&persisted, names); !done) {
        return std::unexpected(done.error());
    }
    return std::vector<std::string>(names.begin(), names.end());
}

Result<std::vector<std::string>>
StoreQuerier::labelValues(std::string_view name, std::span<const Matcher> matchers, TimeRange range)
{
    std::set<std::string> values;
    const auto addValue = [&](const Labels& labels) {
        if (const std::string_view value = labels.get(name); !value.empty()) {
            values.emplace(value);
        }
    };
    if (matchers.empty()) {
        const Overlay::Snapshot pending = m_core.index().overlay().snapshot();
        const auto snapshot = renew();
        if (!snapshot) {
            return std::unexpected(snapshot.error());
        }
        const std::lock_guard lock((*snapshot)->mutex);
        Selection selection((*snapshot)->txn, m_core.index().names());
        if (auto done = selection.values(name, values); !done) {
            return std::unexpected(done.error());
        }
        pending.forEach([&](const PendingSeries& series) { addValue(series.labels); });
        return std::vector<std::string>(values.begin(), values.end());
    }
    const auto selected = findInRange(matchers, range);
    if (!selected) {
        return std::unexpected(selected.error());
    }
    const auto snapshot = this->snapshot();
    if (!snapshot) {
        return std::unexpected(snapshot.error());
    }
    std::vector<Sid> persisted;
    for (const auto& [gid, sids] : selected->groups) {
        if (selected->pending.empty()) {
            persisted.insert(persisted.end(), sids.begin(), sids.end());
            continue;
        }
        for (const Sid sid : sids) {
            if (const auto at = selected->pending.find(sid); at != selected->pending.end()) {
                addValue(at->second);
            } else {
                persisted.push_back(sid);
            }
        }
    }
    const std::lock_guard lock((*snapshot)->mutex);
    Selection selection((*snapshot)->txn, m_core.index().names());
    if (auto done = selection.valuesAmong(name, persisted, values); !done) {
        return std::unexpected(done.error());
    }
    return std::vector<std::string>(values.begin(), values.end());
}

} // namespace watchfire::tsdb
