// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/seal/window_merge.h"

#include "core/base/log.h"
#include "core/tsdb/codec/checked_value.h"
#include "core/tsdb/codec/strip.h"
#include "core/tsdb/deleted_rows.h"
#include "core/tsdb/head/group_record.h"
#include "core/tsdb/index/label_reader.h"
#include "core/tsdb/seal/sealed_window.h"

#include <algorithm>
#include <functional>
#include <unordered_set>

namespace watchfire::tsdb {

namespace {

/// One series over the whole window.
struct MergedColumn {
    std::vector<double> values;
    std::vector<HistogramAt> histograms;
    std::vector<std::int64_t> startedAtMs; ///< empty: none is known

    void reset(std::size_t rows)
    {
        values.assign(rows, absentValue());
        histograms.clear();
        startedAtMs.clear();
    }
};

class Merge {
public:
    Merge(Txn& txn, const NameTablePtr& names, Window window, Gid gid)
        : m_txn(txn)
        , m_window(window)
        , m_gid(gid)
        , m_labels(txn, names)
        , m_leNid(names->find("le"))
    {
        m_out.window = window;
        m_out.gid = gid;
    }

    Result<std::optional<SealedGroup>> run()
    {
        if (auto found = findStrips(); !found) {
            return std::unexpected(found.error());
        }
        auto deletions = Deletions::load(m_txn, m_window, m_gid);
        if (!deletions) {
            return std::unexpected(deletions.error());
        }
        m_deletions = std::move(*deletions);
        m_out.deletions = m_deletions.numbers();
        if (m_strips.empty() && m_deletions.empty()) {
            return std::nullopt;
        }
        if (auto found = findBlocks(); !found) {
            return std::unexpected(found.error());
        }
        layOut();
        if (!m_times.empty()) {
            m_out.line = encodeTimeline(m_gid, m_times);
        }
        for (const Sid sid : allSids()) {
            if (auto done = addSeries(sid); !done) {
                return std::unexpected(done.error());
            }
        }
        finishBlock();
        if (m_out.blocks.empty()) {
            m_out.line.clear();
        }
        if (auto read = m_txn.result(m_txn.environment()); !read) {
            return std::unexpected(read.error());
        }
        return std::move(m_out);
    }

private:
    struct Source {
        std::uint32_t seq = 0;
        StripView view;
        std::vector<std::int64_t> times;
        std::size_t at = 0; ///< row of its first, where rows are consecutive
        std::vector<std::uint32_t> rows; ///< else the row of each
        std::size_t guess = 0; ///< where in the directory the next series may be
    };
    struct OldBlock {
        BlockView view;
        std::size_t guess = 0;
    };

    Result<void> findStrips()
    {
        Cursor cursor(m_txn, Table::strips);
        const Key prefix = Key().be32(m_window).be32(m_gid);
        std::vector<Source> late;
        for (bool more = cursor.seek(prefix); more && startsWith(cursor.key(), prefix);
             more = cursor.next()) {
            if (cursor.key().size() != 12) {
                return fail(ErrorKind::corrupt, "broken key of a strip");
            }
            const std::uint32_t seq = be32At(cursor.key(), 8);
            auto view = StripView::open(cursor.value(), Verify::yes);
            std::vector<std::int64_t> times(view ? view->rows() : 0);
            Result<void> read;
            if (view) {
                read = view->timestamps(times);
            }
            if (!view || !read) {
                log(LogLevel::error, "tsdb", "strip {} of group {} is left unsealed: {}", seq,
                    m_gid, view ? read.error().message : view.error().message);
                continue;
            }
            m_out.strips.push_back(seq);
            m_out.oldBytes += cursor.value().size();
            auto& list = view->isLate() ? late : m_strips;
            list.push_back({seq, std::move(*view), std::move(times), 0, {}, 0});
        }
        // Of two samples at one moment the first part's stays: late ones come after.
        std::ranges::move(late, std::back_inserter(m_strips));
        return cursor.result(m_txn.environment());
    }

    /// What an earlier seal made of the group, to be merged; or, without a timeline, left over.
    Result<void> findBlocks()
    {
        const auto line = sealedLine(m_txn, m_window, m_gid);
        m_out.isFirst = !line;
        if (line) {
            const auto view = TimelineView::open(*line, Verify::yes);
            if (!view) {
                return std::unexpected(view.error());
            }
            m_oldTimes.resize(view->rows());
            if (auto read = view->read(m_oldTimes); !read) {
                return read;
            }
            m_out.oldBytes += line->size();
        }
        const auto value = m_txn.get(Table::groups, Key().native32(m_gid));
        if (!value) {
            return fail(ErrorKind::corrupt, "a group with strips has no record");
        }
        const auto record = GroupRecord::parse(*value);
        if (!record) {
            return std::unexpected(record.error());
        }
        const std::unordered_set<std::uint32_t> extents(record->extents.begin(),
                                                        record->extents.end());
        if (extents.empty()) {
            return {};
        }
        const auto [least, greatest] = std::ranges::minmax(record->extents);
        Cursor cursor(m_txn, Table::blocks);
        for (bool more = cursor.seek(Key().be32(m_window).be32(least << extentBits)); more;
             more = cursor.next()) {
            if (cursor.key().size() != 8 || be32At(cursor.key(), 0) != m_window) {
                break;
            }
            const Sid first = be32At(cursor.key(), 4);
            if (first >> extentBits > greatest) {
                break;
            }
            if (!extents.contains(first >> extentBits)) {
                continue;
            }
            m_out.oldBlocks.push_back(first);
            m_out.oldBytes += cursor.value().size();
            if (line) {
                auto block = BlockView::open(cursor.value(), Verify::yes);
                if (!block) {
                    return std::unexpected(block.error());
                }
                if (block->lineCrc() != crcOfChecked(*line)) {
                    return fail(ErrorKind::corrupt, "a block does not belong to its timeline");
                }
                m_blocks.push_back({std::move(*block), 0});
            }
        }
        return cursor.result(m_txn.environment());
    }

    /// One timeline of all parts, and where each part's rows are in it.
    void layOut()
    {
        const auto add = [&](const std::vector<std::int64_t>& times) {
            m_times.insert(m_times.end(), times.begin(), times.end());
        };
        add(m_oldTimes);
        for (Source& strip : m_strips) {
            strip.at = m_times.size();
            add(strip.times);
        }
        if (std::ranges::adjacent_find(m_times, std::ranges::greater_equal()) == m_times.end()) {
            return;
        }
        m_isMerged = true;
        std::ranges::sort(m_times);
        const auto repeated = std::ranges::unique(m_times);
        m_times.erase(repeated.begin(), repeated.end());
        m_oldRows = rowsOf(m_oldTimes);
        for (Source& strip : m_strips) {
            strip.rows = rowsOf(strip.times);
        }
    }

    std::vector<std::uint32_t> rowsOf(const std::vector<std::int64_t>& times) const
    {
        std::vector<std::uint32_t> rows;
        rows.reserve(times.size());
        auto from = m_times.begin();
        for (const std::int64_t at : times) {
            from = std::lower_bound(from, m_times.end(), at);
            rows.push_back(static_cast<std::uint32_t>(from - m_times.begin()));
        }
        return rows;
    }

    std::vector<Sid> allSids() const
    {
        std::vector<Sid> sids;
        const auto addAll = [&](const auto& view) {
            for (std::size_t i = 0; i < view.series(); ++i) {
                sids.push_back(view.sid(i));
            }
        };
        for (const OldBlock& block : m_blocks) {
            addAll(block.view);
        }
        for (const Source& strip : m_strips) {
            addAll(strip.view);
            // Most strips hold the same series: do not let them pile up.
            if (sids.size() > std::size_t{1} << 20) {
                tidy(sids);
            }
        }
        tidy(sids);
        return sids;
    }

    static void tidy(std::vector<Sid>& sids)
    {
        std::ranges::sort(sids);
        const auto repeated = std::ranges::unique(sids);
        sids.erase(repeated.begin(), repeated.end());
    }

    static std::optional<std::size_t> indexOf(const auto& view, std::size_t& guess, Sid sid)
    {
        if (guess >= view.series() || view.sid(guess) != sid) {
            const auto found = view.find(sid);
            if (!found) {
                return std::nullopt;
            }
            guess = *found;
        }
        return guess++;
    }

    /// Carries what was decoded from `from` (rows of a part, the first of them `firstRow`) into
    /// the column.
    void place(std::span<const double> from, std::size_t firstRow,
               const std::function<std::size_t(std::size_t)>& rowOf)
    {
        for (std::size_t i = 0; i < from.size(); ++i) {
            const std::size_t row = rowOf(firstRow + i);
            if (isAbsent(from[i]) || !isAbsent(m_column.values[row])) {
                continue;
            }
            m_column.values[row] = from[i];
            const auto part = static_cast<std::uint32_t>(firstRow + i);
            if (isHistogramMarker(from[i])) {
                const auto at
                    = std::ranges::lower_bound(m_extras.histograms, part, {}, &HistogramAt::first);
                m_column.histograms.emplace_back(static_cast<std::uint32_t>(row), at->second);
            }
            if (part < m_extras.startedAtMs.size() && m_extras.startedAtMs[part] != 0) {
                m_column.startedAtMs.resize(m_times.size());
                m_column.startedAtMs[row] = m_extras.startedAtMs[part];
            }
        }
    }

    Result<void> readBlocks(Sid sid)
    {
        for (OldBlock& block : m_blocks) {
            const auto index = indexOf(block.view, block.guess, sid);
            if (!index) {
                continue;
            }
            for (std::size_t segment = 0; segment < block.view.segments(); ++segment) {
                const std::size_t first = segment * maxSegmentValues;
                if (first >= m_oldTimes.size()) {
                    return fail(ErrorKind::corrupt, "a block is longer than its timeline");
                }
                m_scratch.resize(std::min(maxSegmentValues, m_oldTimes.size() - first));
                m_extras = {};
                m_extras.firstRow = static_cast<std::uint32_t>(first);
                if (auto read = block.view.read(*index, segment, m_scratch, m_extras); !read) {
                    return std::unexpected(read.error());
                }
                m_out.deletedSamples += m_deletions.mask(
                    Deletions::anySeq, sid, std::span(m_oldTimes).subspan(first, m_scratch.size()),
                    m_scratch);
                place(m_scratch, first,
                      [&](std::size_t row) { return m_isMerged ? m_oldRows[row] : row; });
            }
        }
        return {};
    }

    Result<void> readStrips(Sid sid)
    {
        for (Source& strip : m_strips) {
            const auto index = indexOf(strip.view, strip.guess, sid);
            if (!index) {
                continue;
            }
            m_extras.histograms.clear();
            m_extras.startedAtMs.clear();
            m_extras.firstRow = 0;
            const std::size_t rows = strip.view.rows();
            std::span<double> target;
            if (m_isMerged) {
                m_scratch.resize(rows);
                target = m_scratch;
            } else {
                target = std::span(m_column.values).subspan(strip.at, rows);
            }
            if (auto read = strip.view.read(*index, target, m_extras); !read) {
                return std::unexpected(read.error());
            }
            m_out.deletedSamples += m_deletions.mask(strip.seq, sid, strip.times, target);
            if (m_isMerged) {
                place(target, 0, [&](std::size_t row) { return strip.rows[row]; });
                continue;
            }
            for (const auto& [row, histogram] : m_extras.histograms) {
                m_column.histograms.emplace_back(static_cast<std::uint32_t>(strip.at + row),
                                                 histogram);
            }
            if (!m_extras.startedAtMs.empty()) {
                m_column.startedAtMs.resize(m_times.size());
                std::ranges::copy(m_extras.startedAtMs,
                                  m_column.startedAtMs.begin()
                                      + static_cast<std::ptrdiff_t>(strip.at));
            }
        }
        return {};
    }

    Result<void> addSeries(Sid sid)
    {
        m_column.reset(m_times.size());
        if (auto read = readBlocks(sid); !read) {
            return read;
        }
        if (auto read = readStrips(sid); !read) {
            return read;
        }
        if (!m_deletions.empty()) {
            std::erase_if(m_column.histograms, [&](const HistogramAt& at) {
                return isAbsent(m_column.values[at.first]);
            });
        }
        std::ranges::sort(m_column.histograms, {}, &HistogramAt::first);
        std::uint64_t samples = 0;
        for (const double value : m_column.values) {
            samples += isAbsent(value) ? 0 : 1;
        }
        if (samples == 0) {
            m_out.gone.add(sid);
            return {};
        }
        m_out.samples += samples;
        m_out.live.add(sid);
        return encode(sid);
    }

    Result<void> encode(Sid sid)
    {
        const std::size_t segments = (m_times.size() + maxSegmentValues - 1) / maxSegmentValues;
        if (!m_builder) {
            m_builder.emplace(m_window, m_gid, crcOfChecked(m_out.line), segments);
        }
        // Other groups may have the extents between.
        if (!m_builder->isEmpty() && (sid >> extentBits) - (m_lastSid >> extentBits) > 1) {
            finishBlock();
        }
        const auto isBucket = continuesHistogram(sid);
        if (!isBucket) {
            return std::unexpected(isBucket.error());
        }
        encodeBody(*isBucket && m_chain > 0 && m_chain < maxChainLength && !m_builder->isEmpty());
        if (!m_builder->fits(sid, m_body.size())) {
            finishBlock();
            encodeBody(false);
        }
        m_builder->add(sid, m_body, m_ends);
        m_lastSid = sid;
        m_chain = m_isChained ? m_chain + 1 : 1;
        std::swap(m_previous, m_column.values);
        return {};
    }

    /// Whether the series differs from the one before in its bucket alone.
    Result<bool> continuesHistogram(Sid sid)
    {
        const auto pairs = m_labels.pairs(sid);
        if (!pairs) {
            return std::unexpected(pairs.error());
        }
        std::vector<LabelPair> others;
        for (const LabelPair& pair : *pairs) {
            if (pair.nid != m_leNid) {
                others.push_back(pair);
            }
        }
        std::ranges::sort(others);
        const bool isBucket = m_leNid != 0 && others.size() < pairs->size();
        const bool continues = isBucket && m_lastWasBucket && others == m_lastPairs;
        m_lastWasBucket = isBucket;
        m_lastPairs = std::move(others);
        return continues;
    }

    void encodeBody(bool mayChain)
    {
        m_body.clear();
        m_ends.clear();
        m_isChained = false;
        EncodeHint hint;
        auto histogram = m_column.histograms.begin();
        std::vector<HistogramAt> histograms;
        for (std::size_t from = 0; from < m_times.size(); from += maxSegmentValues) {
            const std::size_t rows = std::min(maxSegmentValues, m_times.size() - from);
            const auto values = std::span(m_column.values).subspan(from, rows);
            histograms.clear();
            for (; histogram != m_column.histograms.end() && histogram->first < from + rows;
                 ++histogram) {
                histograms.emplace_back(static_cast<std::uint32_t>(histogram->first - from),
                                        histogram->second);
            }
            ColumnInput column{values, histograms, {}};
            if (!m_column.startedAtMs.empty()) {
                column.startedAtMs = std::span(m_column.startedAtMs).subspan(from, rows);
            }
            const std::size_t before = m_body.size();
            encodeColumn(column, m_body, hint);
            if (mayChain && histograms.empty()) {
                m_chained.clear();
                const auto previous = std::span(m_previous).subspan(from, rows);
                if (encodeChainedColumn(column, previous, m_chained)
                    && m_chained.size() < m_body.size() - before) {
                    m_body.resize(before);
                    m_body.insert(m_body.end(), m_chained.begin(), m_chained.end());
                    m_isChained = true;
                }
            }
            m_ends.push_back(static_cast<std::uint32_t>(m_body.size()));
        }
    }

    void finishBlock()
    {
        if (m_builder && !m_builder->isEmpty()) {
            const Sid first = m_builder->firstSid();
            m_out.blocks.emplace_back(first, m_builder->finish());
        }
        m_chain = 0;
    }

    Txn& m_txn;
    const Window m_window;
    const Gid m_gid;
    LabelReader m_labels;
    const Nid m_leNid;
    Deletions m_deletions;
    SealedGroup m_out;

    std::vector<Source> m_strips;
    std::vector<OldBlock> m_blocks;
    std::vector<std::int64_t> m_oldTimes;
    std::vector<std::uint32_t> m_oldRows;
    std::vector<std::int64_t> m_times;
    bool m_isMerged = false; ///< parts interleave

    MergedColumn m_column;
    std::vector<double> m_scratch;
    ColumnExtras m_extras;

    std::optional<BlockBuilder> m_builder;
    Sid m_lastSid = 0;
    std::vector<double> m_previous; ///< values of the series before
    std::vector<LabelPair> m_lastPairs; ///< its labels but `le`
    bool m_lastWasBucket = false;
    std::size_t m_chain = 0; ///< series in the chain so far
    Bytes m_body;
    Bytes m_chained;
    std::vector<std::uint32_t> m_ends;
    bool m_isChained = false;
};

} // namespace

Result<std::optional<SealedGroup>> mergeWindow(Environment& environment, const NameTablePtr& names,
                                               Window window, Gid gid)
{
    auto txn = environment.read();
    if (!txn) {
        return std::unexpected(txn.error());
    }
    return Merge(*txn, names, window, gid).run();
}

Result<std::vector<Gid>> groupsWithStrips(Environment& environment, Window window)
{
    auto txn = environment.read();
    if (!txn) {
        return std::unexpected(txn.error());
    }
    std::vector<Gid> groups;
    Cursor cursor(*txn, Table::strips);
    bool more = cursor.seek(Key().be32(window));
    while (more && cursor.key().size() == 12 && be32At(cursor.key(), 0) == window) {
        const Gid gid = be32At(cursor.key(), 4);
        groups.push_back(gid);
        more = gid != ~Gid{0} && cursor.seek(Key().be32(window).be32(gid + 1));
    }
    if (auto read = cursor.result(environment); !read) {
        return std::unexpected(read.error());
    }
    return groups;
}

} // namespace watchfire::tsdb
