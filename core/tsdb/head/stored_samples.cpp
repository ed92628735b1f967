// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/head/stored_samples.h"

#include "core/model/sample.h"
#include "core/tsdb/codec/strip.h"
#include "core/tsdb/deleted_rows.h"
#include "core/tsdb/seal/sealed_window.h"

#include <algorithm>

namespace watchfire::tsdb {

namespace {

struct Decoded {
    std::vector<double> values;
    ColumnExtras extras;
};

std::optional<std::size_t> lastPresent(std::span<const double> values)
{
    for (std::size_t row = values.size(); row-- > 0;) {
        if (!isAbsent(values[row])) {
            return row;
        }
    }
    return std::nullopt;
}

/// A sealed window of one group.
class Sealed {
public:
    Sealed(Txn& txn, Window window, Gid gid)
        : m_blocks(txn, Table::blocks)
        , m_window(window)
    {
        const auto value = sealedLine(txn, window, gid);
        const auto line = value ? TimelineView::open(*value, Verify::no)
                                : Result<TimelineView>(fail(ErrorKind::notFound, "not sealed"));
        if (line) {
            m_times.resize(line->rows());
            if (!line->read(m_times)) {
                m_times.clear();
            }
        }
    }
    /// Empty: the group is not sealed there, or its timeline is broken, which is told where it is
    /// read for a query.
    const std::vector<std::int64_t>& times() const { return m_times; }

    /// The rows of that segment of a series; false: it is not there.
    bool read(Sid sid, std::size_t segment, Decoded& out)
    {
        const auto found = blockOf(m_blocks, m_window, sid);
        const auto block = found ? BlockView::open(found->value, Verify::no)
                                 : Result<BlockView>(fail(ErrorKind::notFound, "no block"));
        const auto index = block ? block->find(sid) : std::nullopt;
        if (!index || segment >= block->segments()) {
            return false;
        }
        out.values.resize(std::min(maxSegmentValues, m_times.size() - segment * maxSegmentValues));
        out.extras = {};
        return block->read(*index, segment, out.values, out.extras).has_value();
    }

private:
    Cursor m_blocks;
    Window m_window;
    std::vector<std::int64_t> m_times;
};

void addSample(std::unordered_map<Sid, StoredSample>& found, Sid sid, const Decoded& column,
               std::size_t row)
{
    if (isAbsent(column.values[row])) {
        return;
    }
    StoredSample sample{column.values[row], nullptr};
    for (const auto& [at, histogram] : column.extras.histograms) {
        if (at == row) {
            sample.histogram = histogram;
        }
    }
    found.emplace(sid, std::move(sample));
}

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
    const auto deletions = Deletions::load(*txn, windowOf(atMs), gid);
    if (!deletions) {
        return std::unexpected(deletions.error());
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
            if (has && *has && !deletions->isDeleted(be32At(cursor.key(), 8), sid, atMs)) {
                addSample(found, sid, column, index);
            }
        }
    }
    Sealed sealed(*txn, windowOf(atMs), gid);
    const auto row = std::ranges::lower_bound(sealed.times(), atMs);
    if (row != sealed.times().end() && *row == atMs) {
        const auto index = static_cast<std::size_t>(row - sealed.times().begin());
        for (const Sid sid : sids) {
            if (!deletions->isDeleted(Deletions::anySeq, sid, atMs)
                && sealed.read(sid, index / maxSegmentValues, column)) {
                addSample(found, sid, column, index % maxSegmentValues);
            }
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
    const auto note = [&](Sid sid, std::int64_t atMs) {
        const auto [at, isNew] = newest.try_emplace(sid, atMs);
        at->second = std::max(at->second, atMs);
    };
    std::vector<Sid> open(sids.begin(), sids.end());
    std::vector<std::int64_t> times;
    Decoded column;
    Cursor strips(*txn, Table::strips);
    Cursor lines(*txn, Table::lines);
    Cursor cursor(*txn, Table::strips);
    // Window by window backwards; within one, strips may be late, so all of them are looked at.
    bool inStrips = strips.last();
    bool inLines = lines.last();
    while ((inStrips || inLines) && !open.empty()) {
        if ((inStrips && strips.key().size() != 12) || (inLines && lines.key().size() != 8)) {
            return fail(ErrorKind::corrupt, "broken key of a strip or a timeline");
        }
        const Window window = std::max(inStrips ? be32At(strips.key(), 0) : 0,
                                       inLines ? be32At(lines.key(), 0) : 0);
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
                if (const auto row = lastPresent(column.values)) {
                    note(sid, times[*row]);
                }
            }
        }
        Sealed sealed(*txn, window, gid);
        for (const Sid sid : open) {
            const std::size_t rows = sealed.times().size();
            for (std::size_t segment = (rows + maxSegmentValues - 1) / maxSegmentValues;
                 segment-- > 0;) {
                if (!sealed.read(sid, segment, column)) {
                    break;
                }
                if (const auto row = lastPresent(column.values)) {
                    note(sid, sealed.times()[segment * maxSegmentValues + *row]);
                    break;
                }
            }
        }
        std::erase_if(open, [&](Sid sid) { return newest.contains(sid); });
        inStrips = strips.seekBefore(Key().be32(window));
        inLines = lines.seekBefore(Key().be32(window));
    }
    if (auto read = cursor.result(environment); !read) {
        return std::unexpected(read.error());
    }
    return newest;
}

} // namespace watchfire::tsdb
