// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/head/stored_samples.h"

#include "core/model/sample.h"
#include "core/tsdb/codec/strip.h"

#include <algorithm>

namespace watchfire::tsdb {

namespace {

struct Decoded {
    std::vector<double> values;
    ColumnExtras extras;
};

/// One series of a strip; nothing: it is not in it.
Result<bool> decode(const StripView& strip, Sid sid, Decoded& out)
{
    const auto index = strip.find(sid);
    if (!index) {
        return false;
    }
    out.values.resize(strip.rows());
    out.extras = {};
    const auto facts = strip.read(*index, out.values, out.extras);
    if (!facts) {
        return std::unexpected(facts.error());
    }
    return true;
}

} // namespace

Result<std::unordered_map<Sid, StoredSample>> storedAt(Environment& environment, Gid gid,
                                                       std::int64_t atMs, std::span<const Sid> sids)
{
    std::unordered_map<Sid, StoredSample> found;
    auto txn = environment.read();
    if (!txn) {
        return std::unexpected(txn.error());
    }
    std::vector<std::int64_t> times;
    Decoded column;
    Cursor cursor(*txn, Table::strips);
    const Key prefix = Key().be32(windowOf(atMs)).be32(gid);
    for (bool more = cursor.seek(prefix); more && startsWith(cursor.key(), prefix);
         more = cursor.next()) {
        const auto strip = StripView::open(cursor.value(), Verify::no);
        if (!strip) {
            continue; // a broken strip is reported where it is read for a query
        }
        times.resize(strip->rows());
        if (!strip->timestamps(times)) {
            continue;
        }
        const auto row = std::ranges::lower_bound(times, atMs);
        if (row == times.end() || *row != atMs) {
            continue;
        }
        const auto index = static_cast<std::size_t>(row - times.begin());
        for (const Sid sid : sids) {
            const auto has = decode(*strip, sid, column);
            if (!has || !*has || isAbsent(column.values[index])) {
                continue;
            }
            StoredSample sample{column.values[index], nullptr};
            for (const auto& [at, histogram] : column.extras.histograms) {
                if (at == index) {
                    sample.histogram = histogram;
                }
            }
            found.emplace(sid, std::move(sample));
        }
    }
    if (auto read = cursor.result(environment); !read) {
        return std::unexpected(read.error());
    }
    return found;
}

Result<std::unordered_map<Sid, std::int64_t>> newestStored(Environment& environment, Gid gid,
                                                           std::span<const Sid> sids)
{
    std::unordered_map<Sid, std::int64_t> newest;
    auto txn = environment.read();
    if (!txn) {
        return std::unexpected(txn.error());
    }
    std::vector<Sid> open(sids.begin(), sids.end());
    std::vector<std::int64_t> times;
    Decoded column;
    Cursor windows(*txn, Table::strips);
    Cursor cursor(*txn, Table::strips);
    // Window by window backwards; within one, strips may be late, so all of them are looked at.
    for (bool more = windows.last(); more && !open.empty();) {
        if (windows.key().size() != 12) {
            return fail(ErrorKind::corrupt, "broken key of a strip");
        }
        const Window window = be32At(windows.key(), 0);
        const Key prefix = Key().be32(window).be32(gid);
        for (bool here = cursor.seek(prefix); here && startsWith(cursor.key(), prefix);
             here = cursor.next()) {
            const auto strip = StripView::open(cursor.value(), Verify::no);
            if (!strip) {
                continue;
            }
            times.resize(strip->rows());
            if (!strip->timestamps(times)) {
                continue;
            }
            for (const Sid sid : open) {
                const auto has = decode(*strip, sid, column);
                if (!has || !*has) {
                    continue;
                }
                for (std::size_t row = times.size(); row-- > 0;) {
                    if (!isAbsent(column.values[row])) {
                        const auto [at, isNew] = newest.try_emplace(sid, times[row]);
                        at->second = std::max(at->second, times[row]);
                        break;
                    }
                }
            }
        }
        std::erase_if(open, [&](Sid sid) { return newest.contains(sid); });
        more = windows.seekBefore(Key().be32(window));
    }
    if (auto read = cursor.result(environment); !read) {
        return std::unexpected(read.error());
    }
    return newest;
}

} // namespace watchfire::tsdb
