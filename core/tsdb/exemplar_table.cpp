// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/exemplar_table.h"

#include <optional>

namespace watchfire::tsdb {

namespace {

constexpr std::uint8_t valueVersion = 1;
constexpr std::uint64_t signBit = std::uint64_t{1} << 63;
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

/// Nothing: of a later version, or no exemplar.
std::optional<Exemplar> parse(ByteView key, ByteView value)
{
    ByteReader reader(value);
    const auto version = reader.le<std::uint8_t>();
    Exemplar exemplar;
    exemplar.value = reader.f64();
    exemplar.at = fromUnixMs(timeAt(key));
    LabelsBuilder labels;
    for (std::uint64_t left = reader.varint(); left > 0 && reader.ok(); --left) {
        const std::string_view name = reader.text();
        labels.set(name, reader.text());
    }
    exemplar.labels = labels.build();
    return reader.ok() && version == valueVersion ? std::optional(std::move(exemplar))
                                                  : std::nullopt;
}

} // namespace

void ExemplarTable::add(Sid sid, std::int64_t sampleMs, const Exemplar& exemplar)
{
    const std::int64_t atMs = exemplar.at ? unixMs(*exemplar.at) : sampleMs;
    const std::lock_guard lock(m_mutex);
    const auto newest = m_newest.find(sid);
    if ((newest != m_newest.end() && newest->second >= atMs) || m_pending.size() >= mostPending) {
        return;
    }
    m_newest[sid] = atMs;
    Exemplar& kept = m_pending[{sid, atMs}];
    kept = exemplar;
    kept.at = fromUnixMs(atMs);
}

Result<std::vector<Exemplar>> ExemplarTable::list(ReadTxn& txn, const Pending& pending, Sid sid,
                                                  std::int64_t fromMs, std::int64_t toMs)
{
    std::map<std::int64_t, Exemplar> found;
    Cursor cursor(txn, Table::exem);
    const Key prefix = Key().be32(sid);
    for (bool more = cursor.seek(keyOf(sid, fromMs));
         more && startsWith(cursor.key(), prefix) && timeAt(cursor.key()) <= toMs;
         more = cursor.next()) {
        if (auto exemplar = parse(cursor.key(), cursor.value())) {
            found.insert_or_assign(timeAt(cursor.key()), std::move(*exemplar));
        }
    }
    if (auto read = cursor.result(txn.environment()); !read) {
        return std::unexpected(read.error());
    }
    for (auto at = pending.lower_bound({sid, fromMs});
         at != pending.end() && at->first.first == sid && at->first.second <= toMs; ++at) {
        found.insert_or_assign(at->first.second, at->second);
    }
    std::vector<Exemplar> list;
    list.reserve(found.size());
    for (auto& [at, exemplar] : found) {
        list.push_back(std::move(exemplar));
    }
    return list;
}

ExemplarTable::Pending ExemplarTable::pending() const
{
    const std::lock_guard lock(m_mutex);
    return m_pending;
}

void ExemplarTable::write(WriteTxn& txn, const Pending& pending)
{
    for (const auto& [at, exemplar] : pending) {
        Bytes value;
        ByteWriter writer(value);
        writer.le(valueVersion);
        writer.f64(exemplar.value);
        writer.varint(exemplar.labels.size());
        for (const Label& label : exemplar.labels) {
            writer.text(label.name);
            writer.text(label.value);
        }
        txn.put(Table::exem, keyOf(at.first, at.second), value);
    }
}

void ExemplarTable::committed(const Pending& done)
{
    const std::lock_guard lock(m_mutex);
    for (const auto& [at, exemplar] : done) {
        m_pending.erase(at); // none of that time is taken twice
    }
}

Result<void> ExemplarTable::trim(Environment& environment, const Transact& transact,
                                 std::int64_t beforeMs)
{
    {
        const std::lock_guard lock(m_mutex);
        std::erase_if(m_newest, [&](const auto& one) { return one.second < beforeMs; });
    }
    // They stand by series, so all are looked at; the oldest of a series come first.
    std::optional<Key> from = Key();
    while (from) {
        std::vector<Key> old;
        {
            auto txn = environment.read();
            if (!txn) {
                return std::unexpected(txn.error());
            }
            Cursor cursor(*txn, Table::exem, Cursor::Damage::isTold);
            bool more = from->view().empty() ? cursor.first() : cursor.seek(*from);
            from.reset();
            for (std::size_t looks = 0; more; ++looks) {
                if (cursor.key().size() != 12) {
                    more = cursor.next();
                    continue;
                }
                const Sid sid = be32At(cursor.key(), 0);
                const std::int64_t at = timeAt(cursor.key());
                if (looks >= looksAtOnce || old.size() >= deletionsAtOnce) {
                    from = keyOf(sid, at);
                    break;
                }
                if (at < beforeMs) {
                    old.push_back(keyOf(sid, at));
                    more = cursor.next();
                } else {
                    more = sid != ~Sid{0} && cursor.seek(Key().be32(sid + 1));
                }
            }
            if (auto read = cursor.result(environment); !read) {
                return read;
            }
        }
        if (old.empty()) {
            continue;
        }
        auto done = transact([&old](WriteTxn& txn) {
            for (const Key& key : old) {
                txn.remove(Table::exem, key);
            }
        });
        if (!done) {
            return done;
        }
    }
    return {};
}

} // namespace watchfire::tsdb
