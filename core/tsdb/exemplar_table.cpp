// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/exemplar_table.h"

#include "core/base/log.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <utility>

namespace watchfire::tsdb {

namespace {

constexpr std::uint8_t valueVersion = 1;
constexpr std::uint64_t signBit = std::uint64_t{1} << 63;
constexpr std::size_t keyBytes = 12;
constexpr std::size_t looksAtOnce = 4'096;
constexpr std::size_t deletionsAtOnce = 256;

Key keyOf(Sid sid, std::int64_t atMs)
{
    return Key().be32(sid).be64(static_cast<std::uint64_t>(atMs) ^ signBit);
}

std::int64_t timeAt(ByteView key)
{
    const std::uint64_t high = be32At(key, 4);
    return static_cast<std::int64_t>((high << 32 | be32At(key, 8)) ^ signBit);
}

/// Sorts as the number does, with a place for every NaN.
std::uint64_t orderOf(double value)
{
    const auto bits = std::bit_cast<std::uint64_t>(value);
    return (bits & signBit) != 0 ? ~bits : bits | signBit;
}

bool isSame(const Exemplar& a, const Exemplar& b)
{
    return orderOf(a.value) == orderOf(b.value) && a.labels == b.labels;
}

void putExemplar(const Exemplar& exemplar, ByteWriter& writer)
{
    writer.f64(exemplar.value);
    writer.varint(exemplar.labels.size());
    for (const Label& label : exemplar.labels) {
        writer.text(label.name);
        writer.text(label.value);
    }
}

/// Empty: of a later version, or no exemplars.
std::vector<Exemplar> parse(ByteView key, ByteView value)
{
    ByteReader reader(value);
    if (reader.le<std::uint8_t>() != valueVersion) {
        return {};
    }
    std::vector<Exemplar> list;
    while (reader.ok() && !reader.atEnd()) {
        Exemplar& exemplar = list.emplace_back();
        exemplar.at = fromUnixMs(timeAt(key));
        exemplar.value = reader.f64();
        LabelsBuilder labels;
        for (std::uint64_t left = reader.varint(); left > 0 && reader.ok(); --left) {
            const std::string_view name = reader.text();
            labels.set(name, reader.text());
        }
        exemplar.labels = labels.build();
    }
    return reader.ok() ? list : std::vector<Exemplar>();
}

/// Walks the table; keys that are none are passed over.
class Moments {
public:
    explicit Moments(const Txn& txn, Cursor::Damage damage = Cursor::Damage::fails)
        : m_cursor(txn, Table::exem, damage)
    {
    }

    bool first() { return settle(m_cursor.first()); }
    bool next() { return settle(m_cursor.next()); }
    /// The first one not before that.
    bool seek(Sid sid, std::int64_t atMs) { return settle(m_cursor.seek(keyOf(sid, atMs))); }
    /// The first one of a later series.
    bool skipSeries() { return sid() != ~Sid{0} && settle(m_cursor.seek(Key().be32(sid() + 1))); }
    /// The last one of that series.
    bool newestOf(Sid sid)
    {
        constexpr std::int64_t end = std::numeric_limits<std::int64_t>::max();
        return m_cursor.seekBefore(keyOf(sid, end)) && m_cursor.key().size() == keyBytes
            && this->sid() == sid;
    }

    Sid sid() const { return be32At(m_cursor.key(), 0); }
    std::int64_t atMs() const { return timeAt(m_cursor.key()); }
    std::vector<Exemplar> exemplars() const { return parse(m_cursor.key(), m_cursor.value()); }
    Result<void> result(const Environment& environment) const
    {
        return m_cursor.result(environment);
    }

private:
    bool settle(bool more)
    {
        while (more && m_cursor.key().size() != keyBytes) {
            more = m_cursor.next();
        }
        return more;
    }

    Cursor m_cursor;
};

/// Adds those that are not there yet.
void unite(std::vector<Exemplar>& there, std::span<const Exemplar> more)
{
    for (const Exemplar& exemplar : more) {
        if (!std::ranges::any_of(there,
                                 [&](const Exemplar& one) { return isSame(one, exemplar); })) {
            there.push_back(exemplar);
        }
    }
    std::ranges::stable_sort(there, {}, [](const Exemplar& one) { return orderOf(one.value); });
}

} // namespace

bool ExemplarTable::Newest::isFollowedBy(const Newest& other) const
{
    const bool saysTheSame = labels == other.labels && orderOf(value) == orderOf(other.value);
    if (saysTheSame && !hasOwnTime && !other.hasOwnTime) {
        return false;
    }
    return std::tuple(other.atMs, orderOf(other.value), other.labels)
        > std::tuple(atMs, orderOf(value), labels);
}

ExemplarTable::Newest ExemplarTable::toNewest(const Exemplar& exemplar, std::int64_t sampleMs)
{
    return {exemplar.at ? unixMs(*exemplar.at) : sampleMs, exemplar.value, exemplar.labels.hash(),
            exemplar.at.has_value()};
}

/// Looks up, once for each series, what a former process left in the table.
void ExemplarTable::learnNewest(Environment& environment, std::span<const Arrival> arrivals)
{
    std::vector<Sid> unknown;
    {
        const std::lock_guard lock(m_mutex);
        for (const Arrival& arrival : arrivals) {
            if (!m_newest.contains(arrival.sid)) {
                unknown.push_back(arrival.sid);
            }
        }
    }
    if (unknown.empty()) {
        return;
    }
    std::vector<std::pair<Sid, std::optional<Newest>>> found;
    if (const auto txn = environment.read()) {
        // One that cannot be read counts as none: at worst an exemplar is kept twice.
        for (const Sid sid : unknown) {
            Moments moments(*txn);
            const auto list = moments.newestOf(sid) ? moments.exemplars() : std::vector<Exemplar>();
            found.emplace_back(sid, std::nullopt);
            if (!list.empty()) {
                // Whether the time was its own is not kept. Mostly it is shown again as it was.
                found.back().second = toNewest(list.back(), 0);
                found.back().second->hasOwnTime = false;
            }
        }
    }
    const std::lock_guard lock(m_mutex);
    m_newest.insert(found.begin(), found.end());
}

void ExemplarTable::keep(Sid sid, const Newest& newest, const Exemplar& exemplar)
{
    m_newest[sid] = newest;
    Exemplar& kept = m_pending[{sid, newest.atMs}].emplace_back(exemplar);
    kept.at = fromUnixMs(newest.atMs);
    ++m_pendingCount;
}

void ExemplarTable::add(Environment& environment, std::span<const Arrival> arrivals, Bytes& frames)
{
    if (arrivals.empty() || limit() == 0) {
        return;
    }
    learnNewest(environment, arrivals);
    std::vector<std::pair<Newest, const Arrival*>> inOrder;
    inOrder.reserve(arrivals.size());
    for (const Arrival& arrival : arrivals) {
        inOrder.emplace_back(toNewest(*arrival.exemplar, arrival.sampleMs), &arrival);
    }
    std::ranges::stable_sort(inOrder, {}, [](const auto& one) {
        return std::tuple(one.second->sid, one.first.atMs, orderOf(one.first.value),
                          one.first.labels);
    });
    const std::lock_guard lock(m_mutex);
    for (const auto& [newest, arrival] : inOrder) {
        const std::optional<Newest>& before = m_newest[arrival->sid];
        if (before && !before->isFollowedBy(newest)) {
            continue;
        }
        if (m_pendingCount >= mostPending) {
            if (!std::exchange(m_isFull, true)) {
                log(LogLevel::warning, "tsdb",
                    "{} exemplars wait for a commit: more are not kept until then", mostPending);
            }
            continue;
        }
        keep(arrival->sid, newest, *arrival->exemplar);
        encodeExemplar(arrival->gid, arrival->sid, arrival->sampleMs, *arrival->exemplar, frames);
    }
}

void ExemplarTable::restore(const ExemplarFrame& frame)
{
    const Newest newest = toNewest(frame.exemplar, frame.atMs);
    const std::lock_guard lock(m_mutex);
    const auto before = m_newest.find(frame.sid);
    if (before == m_newest.end() || !before->second || before->second->isFollowedBy(newest)) {
        keep(frame.sid, newest, frame.exemplar);
    }
}

Result<ExemplarTable::BySeries> ExemplarTable::list(const Txn& txn, const Pending& pending,
                                                    std::span<const Sid> sids, std::int64_t fromMs,
                                                    std::int64_t toMs)
{
    Pending found;
    Moments moments(txn);
    bool more = moments.first();
    for (auto sid = sids.begin(); sid != sids.end() && more; ++sid) {
        // Most series have none: the walk is beyond those already.
        if (std::pair(moments.sid(), moments.atMs()) < std::pair(*sid, fromMs)) {
            more = moments.seek(*sid, fromMs);
        }
        for (; more && moments.sid() == *sid && moments.atMs() <= toMs; more = moments.next()) {
            if (moments.atMs() >= fromMs) {
                found[{*sid, moments.atMs()}] = moments.exemplars();
            }
        }
    }
    if (auto read = moments.result(txn.environment()); !read) {
        return std::unexpected(read.error());
    }
    for (const auto& [moment, list] : pending) {
        const auto& [sid, atMs] = moment;
        if (atMs >= fromMs && atMs <= toMs && std::ranges::binary_search(sids, sid)) {
            unite(found[moment], list);
        }
    }
    BySeries bySeries;
    for (auto& [moment, list] : found) {
        std::ranges::move(list, std::back_inserter(bySeries[moment.first]));
    }
    return bySeries;
}

ExemplarTable::Pending ExemplarTable::pending() const
{
    const std::lock_guard lock(m_mutex);
    return m_pending;
}

void ExemplarTable::write(WriteTxn& txn, const Pending::value_type& moment)
{
    const auto key = keyOf(moment.first.first, moment.first.second);
    std::vector<Exemplar> all;
    if (const auto there = txn.get(Table::exem, key)) {
        all = parse(key, *there);
    }
    unite(all, moment.second);
    Bytes value;
    ByteWriter writer(value);
    writer.le(valueVersion);
    for (const Exemplar& exemplar : all) {
        putExemplar(exemplar, writer);
    }
    txn.put(Table::exem, key, value);
}

void ExemplarTable::committed(const Pending& done)
{
    const std::lock_guard lock(m_mutex);
    m_isFull = false;
    for (const auto& [moment, list] : done) {
        const auto at = m_pending.find(moment);
        // More of that moment may have come in since, behind these.
        at->second.erase(at->second.begin(),
                         at->second.begin() + static_cast<std::ptrdiff_t>(list.size()));
        m_pendingCount -= list.size();
        if (at->second.empty()) {
            m_pending.erase(at);
        }
    }
}

Result<void> ExemplarTable::trim(Environment& environment, const Transact& transact,
                                 std::int64_t beforeMs)
{
    {
        const std::lock_guard lock(m_mutex);
        std::erase_if(m_newest,
                      [&](const auto& one) { return !one.second || one.second->atMs < beforeMs; });
    }
    // They stand by series, so all are looked at; the oldest of a series come first.
    std::optional<Moment> from = Moment{0, std::numeric_limits<std::int64_t>::min()};
    while (from) {
        std::vector<Moment> old;
        {
            auto txn = environment.read();
            if (!txn) {
                return std::unexpected(txn.error());
            }
            Moments moments(*txn, Cursor::Damage::isTold);
            bool more = moments.seek(from->first, from->second);
            from.reset();
            for (std::size_t looks = 0; more; ++looks) {
                const Moment moment{moments.sid(), moments.atMs()};
                if (looks >= looksAtOnce || old.size() >= deletionsAtOnce) {
                    from = moment;
                    break;
                }
                if (moment.second < beforeMs) {
                    old.push_back(moment);
                    more = moments.next();
                } else {
                    more = moments.skipSeries();
                }
            }
            if (auto read = moments.result(environment); !read) {
                return read;
            }
        }
        if (old.empty()) {
            continue;
        }
        auto done = transact([&old](WriteTxn& txn) {
            for (const auto& [sid, atMs] : old) {
                txn.remove(Table::exem, keyOf(sid, atMs));
            }
        });
        if (!done) {
            return done;
        }
    }
    return {};
}

Result<std::optional<std::int64_t>> ExemplarTable::timeOfNewest(Environment& environment,
                                                                std::uint64_t count)
{
    auto txn = environment.read();
    if (!txn) {
        return std::unexpected(txn.error());
    }
    std::vector<std::int64_t> times;
    Moments moments(*txn, Cursor::Damage::isTold);
    for (bool more = moments.first(); more; more = moments.next()) {
        times.push_back(moments.atMs());
    }
    if (auto read = moments.result(environment); !read) {
        return std::unexpected(read.error());
    }
    if (times.size() <= count) {
        return std::nullopt;
    }
    if (count == 0) {
        return std::numeric_limits<std::int64_t>::max();
    }
    const auto oldest = times.begin() + static_cast<std::ptrdiff_t>(count - 1);
    std::ranges::nth_element(times, oldest, std::ranges::greater());
    return *oldest;
}

} // namespace watchfire::tsdb
