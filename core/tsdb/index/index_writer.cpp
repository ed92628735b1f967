// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/index/index_writer.h"

#include "core/tsdb/index/container.h"
#include "core/tsdb/index/label_reader.h"

#include <algorithm>
#include <xxhash.h>

namespace watchfire::tsdb {

Result<void> IndexWriter::begin(WriteTxn& txn)
{
    const auto counters = IndexCounters::load(txn);
    if (!counters) {
        return std::unexpected(counters.error());
    }
    m_counters = *counters;
    for (const auto& [name, nid] : m_newNames) {
        m_counters.nextNid = std::max(m_counters.nextNid, nid + 1);
    }
    return {};
}

Nid IndexWriter::nidOf(std::string_view name)
{
    if (const auto fresh = m_newNames.find(name); fresh != m_newNames.end()) {
        return fresh->second;
    }
    if (const Nid known = m_index.names()->find(name); known != 0) {
        return known;
    }
    const Nid nid = m_counters.nextNid++;
    m_newNames.emplace(name, nid);
    m_namesChanged = true;
    return nid;
}

Vid IndexWriter::vidOf(WriteTxn& txn, Nid nid, std::string_view value)
{
    const std::uint64_t hash = XXH3_64bits_withSeed(value.data(), value.size(), nid);
    CachedValue& cached = m_values[hash % cacheSize];
    if (cached.holds(nid, value)) {
        return cached.vid;
    }
    const Key key = valueKey(nid, value);
    Vid vid = 0;
    if (const auto there = txn.get(Table::lval, key); there && there->size() >= 4) {
        vid = native32At(*there, 0);
    } else {
        vid = m_counters.nextVid++;
        Bytes number;
        ByteWriter(number).le(vid);
        txn.put(Table::lval, key, number);
        Bytes text;
        ByteWriter writer(text);
        writer.le(nid);
        writer.bytes(asBytes(value));
        txn.append(Table::vstr, Key().native32(vid), text);
    }
    if (value.size() <= CachedValue::greatest) {
        cached.nid = nid;
        cached.vid = vid;
        cached.length = static_cast<std::uint8_t>(value.size());
        std::ranges::copy(value, cached.text.begin());
    }
    return vid;
}

Result<void> IndexWriter::addPage(WriteTxn& txn, std::span<const PendingSeries* const> series,
                                  std::vector<Posting>& postings)
{
    const std::uint32_t extent = series.front()->sid >> extentBits;
    const Key key = Key().native32(extent);
    SeriesPage page(series.front()->gid);
    if (const auto there = txn.get(Table::series, key)) {
        auto parsed = SeriesPage::parse(*there);
        if (!parsed) {
            return std::unexpected(parsed.error());
        }
        page = std::move(*parsed);
    }
    std::vector<LabelPair> pairs;
    for (const PendingSeries* const one : series) {
        if (page.has(one->sid % extentSize)) {
            continue; // committed by an attempt whose outcome was not known
        }
        pairs.clear();
        for (const Label& label : one->labels) {
            const Nid nid = nidOf(label.name);
            pairs.push_back({nid, vidOf(txn, nid, label.value)});
            postings.push_back({pairs.back(), one->sid});
        }
        postings.push_back({{allSeriesNid, allSeriesVid}, one->sid});
        page.set(one->sid % extentSize, pairs);
        ++m_counters.series;
    }
    txn.append(Table::series, key, page.serialize());
    return {};
}

Result<void> IndexWriter::addPostings(WriteTxn& txn, std::vector<Posting>& postings)
{
    std::ranges::sort(postings);
    std::vector<std::uint16_t> ids;
    for (std::size_t from = 0; from < postings.size();) {
        const LabelPair pair = postings[from].pair;
        const auto high = static_cast<std::uint16_t>(postings[from].sid >> 16);
        ids.clear();
        std::size_t to = from;
        for (; to < postings.size() && postings[to].pair == pair && postings[to].sid >> 16 == high;
             ++to) {
            ids.push_back(static_cast<std::uint16_t>(postings[to].sid));
        }
        const Key key = Key().be32(pair.nid).be32(pair.vid).be16(high);
        Container container = Container::fromSorted(ids);
        if (const auto there = txn.get(Table::post, key)) {
            const ContainerView view(*there);
            if (view.isBroken()) {
                return fail(ErrorKind::corrupt, "broken posting container");
            }
            container.unite(Container(view));
        }
        txn.put(Table::post, key, container.serialize());
        from = to;
    }
    return {};
}

void IndexWriter::addHashes(WriteTxn& txn, std::span<const PendingSeries* const> series)
{
    for (const PendingSeries* const one : series) {
        txn.put(Table::hash, Key().native64(one->hash), Key().native32(one->sid));
    }
}

Result<void> IndexWriter::add(WriteTxn& txn, std::span<const PendingSeries* const> series)
{
    std::vector<const PendingSeries*> sorted(series.begin(), series.end());
    std::ranges::sort(sorted, {}, &PendingSeries::sid);
    std::vector<Posting> postings;
    postings.reserve(series.size() * 8);
    for (std::size_t from = 0; from < sorted.size();) {
        std::size_t to = from + 1;
        while (to < sorted.size()
               && sorted[to]->sid >> extentBits == sorted[from]->sid >> extentBits) {
            ++to;
        }
        if (auto done = addPage(txn, std::span(sorted).subspan(from, to - from), postings); !done) {
            return done;
        }
        from = to;
    }
    return addPostings(txn, postings);
}

Result<void> IndexWriter::remove(WriteTxn& txn, std::span<const Sid> sids)
{
    std::vector<Posting> postings;
    std::vector<LabelPair> pairs;
    for (std::size_t from = 0; from < sids.size();) {
        const std::uint32_t extent = sids[from] >> extentBits;
        const Key key = Key().native32(extent);
        std::size_t to = from;
        while (to < sids.size() && sids[to] >> extentBits == extent) {
            ++to;
        }
        const std::span<const Sid> here = sids.subspan(from, to - from);
        from = to;
        // The entry is changed below: what views of it hold is copied before.
        std::vector<std::uint64_t> hashes;
        {
            LabelReader reader(txn, m_index.names());
            for (const Sid sid : here) {
                const auto labels = reader.labels(sid);
                if (!labels) {
                    return std::unexpected(labels.error());
                }
                hashes.push_back(*labels ? (*labels)->hash128().first : 0);
            }
        }
        const auto value = txn.get(Table::series, key);
        if (!value) {
            continue;
        }
        auto page = SeriesPage::parse(*value);
        if (!page) {
            return std::unexpected(page.error());
        }
        for (std::size_t i = 0; i < here.size(); ++i) {
            const std::uint32_t slot = here[i] % extentSize;
            if (!page->has(slot)) {
                continue;
            }
            pairs.clear();
            page->pairs(slot, pairs);
            for (const LabelPair& pair : pairs) {
                postings.push_back({pair, here[i]});
            }
            postings.push_back({{allSeriesNid, allSeriesVid}, here[i]});
            page->clear(slot);
            Bytes sid;
            ByteWriter(sid).le(here[i]);
            txn.remove(Table::hash, Key().native64(hashes[i]), sid);
            --m_counters.series;
        }
        if (page->empty()) {
            txn.remove(Table::series, key);
        } else {
            txn.put(Table::series, key, page->serialize());
        }
    }
    return removePostings(txn, postings);
}

Result<void> IndexWriter::removePostings(WriteTxn& txn, std::vector<Posting>& postings)
{
    std::ranges::sort(postings);
    for (std::size_t from = 0; from < postings.size();) {
        const LabelPair pair = postings[from].pair;
        const auto high = static_cast<std::uint16_t>(postings[from].sid >> 16);
        std::vector<std::uint16_t> ids;
        std::size_t to = from;
        for (; to < postings.size() && postings[to].pair == pair && postings[to].sid >> 16 == high;
             ++to) {
            ids.push_back(static_cast<std::uint16_t>(postings[to].sid));
        }
        from = to;
        const Key key = Key().be32(pair.nid).be32(pair.vid).be16(high);
        const auto there = txn.get(Table::post, key);
        if (!there) {
            continue;
        }
        const ContainerView view(*there);
        if (view.isBroken()) {
            return fail(ErrorKind::corrupt, "broken posting container");
        }
        Container left(view);
        left.subtract(Container::fromSorted(ids));
        if (!left.empty()) {
            txn.put(Table::post, key, left.serialize());
            continue;
        }
        txn.remove(Table::post, key);
        if (auto removed = removeValue(txn, pair); !removed) {
            return removed;
        }
    }
    return {};
}

/// Removes a value that no series has any more.
Result<void> IndexWriter::removeValue(WriteTxn& txn, const LabelPair& pair)
{
    if (pair.nid == allSeriesNid) {
        return {};
    }
    {
        Cursor cursor(txn, Table::post);
        const Key prefix = Key().be32(pair.nid).be32(pair.vid);
        if (cursor.seek(prefix) && startsWith(cursor.key(), prefix)) {
            return {};
        }
        if (auto read = cursor.result(txn.environment()); !read) {
            return read;
        }
    }
    const Key vid = Key().native32(pair.vid);
    const auto text = txn.get(Table::vstr, vid);
    if (text && text->size() >= 4) {
        txn.remove(Table::lval, valueKey(pair.nid, asText(text->subspan(4))));
        txn.remove(Table::vstr, vid);
    }
    std::ranges::fill(m_values, CachedValue{});
    return {};
}

void IndexWriter::finish(WriteTxn& txn)
{
    for (const auto& [name, nid] : m_newNames) {
        Key key;
        appendCut(key, name);
        Bytes value;
        ByteWriter writer(value);
        writer.le(nid);
        if (isCut(name)) {
            writer.bytes(asBytes(name));
        }
        txn.put(Table::names, key, value);
    }
    if (m_namesChanged) {
        m_index.publish(m_index.names()->with(m_newNames));
        m_namesChanged = false;
    }
    m_counters.nextExtent = std::max(m_counters.nextExtent, m_index.nextExtent());
    m_counters.nextGid = std::max(m_counters.nextGid, m_index.nextGid());
    m_counters.store(txn);
}

void IndexWriter::aborted()
{
    std::ranges::fill(m_values, CachedValue{});
}

} // namespace watchfire::tsdb
