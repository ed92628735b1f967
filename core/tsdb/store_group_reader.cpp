// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/store_group_reader.h"

#include "core/base/log.h"
#include "core/tsdb/codec/checked_value.h"
#include "core/tsdb/deleted_rows.h"
#include "core/tsdb/seal/sealed_window.h"

#include <algorithm>
#include <format>
#include <functional>

namespace watchfire::tsdb {

namespace {

const Labels noLabels;
// So many series are looked up at once, so that what they share is found once.
constexpr std::size_t labelsAtOnce = 1024;

} // namespace

StoreGroupReader::StoreGroupReader(StoreQuerier& querier, Gid gid, std::vector<Sid> sids,
                                   std::unordered_map<Sid, Labels> pending, const HeadCapture& head,
                                   TimeRange range)
    : m_querier(querier)
    , m_gid(gid)
    , m_sids(std::move(sids))
    , m_pending(std::move(pending))
    , m_head(head)
    , m_fromMs(unixMs(range.from))
    , m_toMs(unixMs(range.to))
{
}

Result<void> StoreGroupReader::resolveLabels(std::size_t index)
{
    const auto snapshot = m_querier.snapshot();
    if (!snapshot) {
        return std::unexpected(snapshot.error());
    }
    m_labels.resize(m_sids.size());
    const std::size_t end = std::min(index + labelsAtOnce, m_sids.size());
    const std::lock_guard lock((*snapshot)->mutex);
    LabelReader reader((*snapshot)->txn, m_querier.core().index().names());
    for (std::size_t i = index; i < end; ++i) {
        if (m_labels[i]) {
            continue;
        }
        if (const auto at = m_pending.find(m_sids[i]); at != m_pending.end()) {
            m_labels[i] = at->second;
            continue;
        }
        auto labels = reader.labels(m_sids[i]);
        if (!labels) {
            return std::unexpected(labels.error());
        }
        m_labels[i] = *labels ? std::move(**labels) : Labels();
    }
    return {};
}

const Labels& StoreGroupReader::labels(std::size_t index)
{
    if (m_labels.empty() || !m_labels[index]) {
        if (const auto resolved = resolveLabels(index); !resolved) {
            m_labelFailure = resolved.error();
            return noLabels;
        }
    }
    return *m_labels[index];
}

Result<std::optional<std::vector<const Labels*>>>
StoreGroupReader::project(const std::vector<std::string>& names)
{
    const NameTablePtr table = m_querier.core().index().names();
    if (table->find("__type__") != 0 || table->find("__unit__") != 0 || !m_pending.empty()) {
        return std::nullopt;
    }
    std::vector<Nid> wanted;
    for (const std::string& name : names) {
        if (const Nid nid = table->find(name); nid != 0) {
            wanted.push_back(nid);
        }
    }
    const auto snapshot = m_querier.snapshot();
    if (!snapshot) {
        return std::unexpected(snapshot.error());
    }
    std::vector<const Labels*> out(m_sids.size());
    std::vector<LabelPair> key;
    const std::lock_guard lock((*snapshot)->mutex);
    LabelReader reader((*snapshot)->txn, table);
    for (std::size_t i = 0; i < m_sids.size(); ++i) {
        const auto pairs = reader.pairs(m_sids[i]);
        if (!pairs) {
            return std::unexpected(pairs.error());
        }
        key.clear();
        for (const LabelPair& pair : *pairs) {
            if (std::ranges::find(wanted, pair.nid) != wanted.end()) {
                key.push_back(pair);
            }
        }
        const auto [at, isNew] = m_projected.try_emplace(key);
        if (isNew) {
            auto labels = reader.toLabels(key);
            if (!labels) {
                return std::unexpected(labels.error());
            }
            at->second = std::move(*labels);
        }
        out[i] = &at->second;
    }
    return out;
}

void StoreGroupReader::leaveOut(std::string what)
{
    log(LogLevel::error, "tsdb", "{}; it is left out", what);
    if (!m_leftOut) {
        m_leftOut = std::move(what);
    }
}

/// Cuts the stamps of a part to the range; false: none is left.
bool StoreGroupReader::isInRange(Place& place, std::vector<std::int64_t>& stamps) const
{
    const auto first = std::ranges::lower_bound(stamps, m_fromMs);
    const auto last = std::ranges::upper_bound(stamps, m_toMs);
    if (first >= last) {
        return false;
    }
    place.firstRow = static_cast<std::uint32_t>(first - stamps.begin());
    place.rows = static_cast<std::uint32_t>(last - first);
    stamps.erase(last, stamps.end());
    stamps.erase(stamps.begin(), first);
    return true;
}

Result<void> StoreGroupReader::findSealed(Snapshot& snapshot, StampLists& times)
{
    const auto visited = visitLines(
        snapshot.txn, m_gid, m_fromMs, m_toMs, [&](Window window, ByteView value) {
            const auto line = m_querier.core().openLine(window, m_gid, value);
            std::vector<std::int64_t> stamps(line ? line->rows() : 0);
            Result<void> read;
            if (line) {
                read = line->read(stamps);
            }
            if (!line || !read) {
                leaveOut(std::format("the timeline of group {} in window {} is damaged: {}", m_gid,
                                     window, line ? read.error().message : line.error().message));
                return true;
            }
            SealedPart part;
            part.window = window;
            part.rows = static_cast<std::uint32_t>(line->rows());
            part.lineCrc = crcOfChecked(value);
            if (isInRange(part.place, stamps)) {
                times.push_back(std::move(stamps));
                m_sealed.push_back(std::move(part));
            }
            return true;
        });
    return visited;
}

Result<void> StoreGroupReader::findStrips(Snapshot& snapshot, StampLists& times)
{
    const auto visited = visitStrips(
        snapshot.txn, m_gid, m_fromMs, m_toMs,
        [&](Window window, std::uint32_t seq, ByteView value) {
            if (m_head.hides(seq)) {
                return true;
            }
            auto strip = m_querier.core().openStrip(window, m_gid, seq, value);
            if (!strip) {
                leaveOut(std::format("strip {} of group {} in window {} is damaged: {}", seq, m_gid,
                                     window, strip.error().message));
                return true;
            }
            std::vector<std::int64_t> stamps(strip->rows());
            StripPart part;
            part.window = window;
            part.seq = seq;
            if (strip->timestamps(stamps) && isInRange(part.place, stamps)) {
                times.push_back(std::move(stamps));
                part.view = std::move(*strip);
                m_strips.push_back(std::move(part));
            }
            return true;
        });
    return visited;
}

Result<void> StoreGroupReader::findStored(Snapshot& snapshot, StampLists& sealedTimes,
                                          StampLists& stripTimes)
{
    const std::lock_guard lock(snapshot.mutex);
    m_sealed.clear();
    m_strips.clear();
    if (auto found = findSealed(snapshot, sealedTimes); !found) {
        return found;
    }
    if (auto found = findStrips(snapshot, stripTimes); !found) {
        return found;
    }
    for (SealedPart& part : m_sealed) {
        auto deletions = Deletions::load(snapshot.txn, part.window, m_gid);
        if (!deletions) {
            return std::unexpected(deletions.error());
        }
        part.deletions = std::move(*deletions);
    }
    for (StripPart& part : m_strips) {
        auto deletions = Deletions::load(snapshot.txn, part.window, m_gid);
        if (!deletions) {
            return std::unexpected(deletions.error());
        }
        part.deletions = std::move(*deletions);
    }
    return snapshot.txn.result(m_querier.core().environment());
}

/// Finds every part's place in one timeline; when there is one already, in that.
void StoreGroupReader::layOut(StampLists& sealedTimes, StampLists& stripTimes)
{
    struct Part {
        Place* place;
        std::vector<std::int64_t> times;
    };
    std::vector<Part> parts;
    for (std::size_t i = 0; i < m_sealed.size(); ++i) {
        parts.push_back({&m_sealed[i].place, std::move(sealedTimes[i])});
        m_isMerged = m_isMerged || !m_sealed[i].deletions.empty();
    }
    for (std::size_t i = 0; i < m_strips.size(); ++i) {
        parts.push_back({&m_strips[i].place, std::move(stripTimes[i])});
        m_isMerged = m_isMerged || m_strips[i].view->isLate() || !m_strips[i].deletions.empty();
    }
    m_headParts.clear();
    m_headParts.reserve(m_head.strips.size());
    for (const HeadCapture::Strip& strip : m_head.strips) {
        HeadPart part;
        part.strip = &strip;
        std::vector<std::int64_t> times;
        for (const HeadRow* const row : strip.rows) {
            times.push_back(row->atMs);
        }
        if (isInRange(part.place, times)) {
            m_headParts.push_back(std::move(part));
            parts.push_back({&m_headParts.back().place, std::move(times)});
        }
    }
    m_lateParts.clear();
    m_lateParts.reserve(m_head.late.size());
    for (const HeadCapture::Late& late : m_head.late) {
        LatePart part;
        part.late = late;
        std::vector<std::int64_t> times;
        for (std::uint32_t r = 0; r < late.count; ++r) {
            times.push_back(late.rows->rows[r]->atMs);
        }
        const auto isIn = [&](std::int64_t atMs) { return atMs >= m_fromMs && atMs <= m_toMs; };
        if (std::ranges::any_of(times, isIn)) {
            part.place.rows = late.count;
            m_lateParts.push_back(std::move(part));
            parts.push_back({&m_lateParts.back().place, std::move(times)});
            m_isMerged = true;
        }
    }
    if (!m_isPrepared) {
        m_isMerged = m_isMerged || !joinInOrder(parts);
        if (!m_isMerged) {
            return;
        }
        m_times.clear();
        for (const Part& part : parts) {
            m_times.insert(m_times.end(), part.times.begin(), part.times.end());
        }
        std::ranges::sort(m_times);
        const auto repeated = std::ranges::unique(m_times);
        m_times.erase(repeated.begin(), repeated.end());
        std::erase_if(m_times, [&](std::int64_t atMs) { return atMs < m_fromMs || atMs > m_toMs; });
    }
    m_isMerged = true;
    for (const Part& part : parts) {
        part.place->entries.clear();
        part.place->entries.reserve(part.times.size());
        for (const std::int64_t atMs : part.times) {
            // Rows out of the timeline get an entry beyond the end.
            const auto at = std::ranges::lower_bound(m_times, atMs);
            const bool isThere = at != m_times.end() && *at == atMs;
            part.place->entries.push_back(isThere ? static_cast<std::uint32_t>(at - m_times.begin())
                                                  : ~std::uint32_t{0});
        }
    }
}

/// The timeline of parts that follow one another; false: they do not.
template <class Parts> bool StoreGroupReader::joinInOrder(Parts& parts)
{
    std::ranges::sort(parts, {}, [](const auto& part) { return part.times.front(); });
    for (const auto& part : parts) {
        if (!m_times.empty() && part.times.front() <= m_times.back()) {
            return false;
        }
        part.place->at = static_cast<std::uint32_t>(m_times.size());
        m_times.insert(m_times.end(), part.times.begin(), part.times.end());
    }
    return true;
}

Result<void> StoreGroupReader::prepare()
{
    if (m_isPrepared) {
        return {};
    }
    const auto snapshot = m_querier.snapshot();
    if (!snapshot) {
        return std::unexpected(snapshot.error());
    }
    StampLists sealedTimes;
    StampLists stripTimes;
    if (auto found = findStored(**snapshot, sealedTimes, stripTimes); !found) {
        return found;
    }
    m_bound = *snapshot;
    layOut(sealedTimes, stripTimes);
    m_isPrepared = true;
    return {};
}

/// Points the views into that snapshot: the one before has ended. What was sealed or dropped
/// meanwhile is looked for again; the timeline stays.
Result<void> StoreGroupReader::bind(Snapshot& snapshot)
{
    if (!isUnchanged(snapshot)) {
        StampLists sealedTimes;
        StampLists stripTimes;
        if (auto found = findStored(snapshot, sealedTimes, stripTimes); !found) {
            return found;
        }
        layOut(sealedTimes, stripTimes);
    }
    return snapshot.txn.result(m_querier.core().environment());
}

/// The snapshot that the views point into. Which one is the newest is asked of all readers' querier
/// only now and then: it takes longer than to decode a few samples.
Result<SnapshotPtr> StoreGroupReader::bound()
{
    constexpr std::uint32_t readsBetweenLooks = 16;
    if (m_reads++ % readsBetweenLooks != 0) {
        if (SnapshotPtr still = m_bound.lock(); still != nullptr) {
            return still;
        }
    }
    auto snapshot = m_querier.snapshot();
    if (snapshot && m_bound.lock() != *snapshot) {
        if (auto bound = bind(**snapshot); !bound) {
            return std::unexpected(bound.error());
        }
        m_bound = *snapshot;
    }
    return snapshot;
}

bool StoreGroupReader::isUnchanged(Snapshot& snapshot)
{
    const std::lock_guard lock(snapshot.mutex);
    for (SealedPart& part : m_sealed) {
        part.block.reset();
        part.chain.clear();
        const auto line = sealedLine(snapshot.txn, part.window, m_gid);
        if (!line || crcOfChecked(*line) != part.lineCrc) {
            return false;
        }
    }
    for (StripPart& part : m_strips) {
        part.view.reset();
        const auto value
            = snapshot.txn.get(Table::strips, Key().be32(part.window).be32(m_gid).be32(part.seq));
        if (!value) {
            return false;
        }
        if (auto strip = StripView::open(*value, Verify::no)) {
            part.view = std::move(*strip);
        }
    }
    return true;
}

Result<std::span<const std::int64_t>> StoreGroupReader::timeline()
{
    if (auto prepared = prepare(); !prepared) {
        return std::unexpected(prepared.error());
    }
    return m_times;
}

bool StoreGroupReader::isDeleted(const Deletions& deletions, std::uint32_t seq, Sid sid,
                                 std::uint32_t entry) const
{
    return !deletions.empty() && entry < m_times.size()
        && deletions.isDeleted(seq, sid, m_times[entry]);
}

void StoreGroupReader::put(storage::Column& out, std::uint32_t entry, double value,
                           std::shared_ptr<const Histogram> histogram, std::int64_t startedAtMs)
{
    if (isAbsent(value)) {
        m_sawAbsent = true;
        return;
    }
    // Of two samples at one moment the first part's stays: late ones come after.
    if (entry >= out.values.size() || !isAbsent(out.values[entry])) {
        return;
    }
    out.values[entry] = value;
    m_sawStale = m_sawStale || isStaleMarker(value);
    if (histogram != nullptr) {
        out.histograms.emplace_back(entry, std::move(histogram));
    }
    putStart(out, entry, startedAtMs);
}

void StoreGroupReader::putStart(storage::Column& out, std::size_t entry, std::int64_t startedAtMs)
{
    if (startedAtMs != 0) {
        out.startedAtMs.resize(m_times.size());
        out.startedAtMs[entry] = startedAtMs;
    }
}

void StoreGroupReader::markAbsent(storage::Column& out, const Place& place)
{
    m_sawAbsent = true;
    if (!m_isMerged) {
        std::fill_n(out.values.begin() + place.at, place.rows, absentValue());
    }
}

std::shared_ptr<const Histogram> StoreGroupReader::histogramAt(std::uint32_t row) const
{
    const auto at = std::ranges::lower_bound(m_extras.histograms, row, {}, &HistogramAt::first);
    return at == m_extras.histograms.end() || at->first != row ? nullptr : at->second;
}

/// Of that row of the part read last; 0: unknown.
std::int64_t StoreGroupReader::startAt(std::uint32_t row) const
{
    return row < m_extras.startedAtMs.size() ? m_extras.startedAtMs[row] : 0;
}

/// Histograms and start times of a part whose rows are consecutive entries; counted from the
/// part's first row.
void StoreGroupReader::putExtras(const Place& place, storage::Column& out)
{
    for (auto& [row, histogram] : m_extras.histograms) {
        if (row >= place.firstRow && row < place.firstRow + place.rows) {
            out.histograms.emplace_back(place.at + row - place.firstRow, std::move(histogram));
        }
    }
    for (std::uint32_t row = place.firstRow;
         row < std::min<std::size_t>(place.firstRow + place.rows, m_extras.startedAtMs.size());
         ++row) {
        putStart(out, place.at + row - place.firstRow, startAt(row));
    }
}

/// Makes the block of that series the part's; false: the series has nothing there.
Result<bool> StoreGroupReader::findBlock(SealedPart& part, Sid sid)
{
    if (part.block && sid >= part.block->sid(0)
        && sid <= part.block->sid(part.block->series() - 1)) {
        return true;
    }
    part.block.reset();
    part.guess = 0;
    part.chain.clear();
    const auto snapshot = m_bound.lock();
    if (snapshot == nullptr) {
        return fail(ErrorKind::internal, "a block is looked for without a snapshot");
    }
    const std::lock_guard lock(snapshot->mutex);
    Cursor cursor(snapshot->txn, Table::blocks);
    const auto found = blockOf(cursor, part.window, sid);
    if (auto read = cursor.result(m_querier.core().environment()); !read) {
        return std::unexpected(read.error());
    }
    if (!found) {
        return false;
    }
    auto block = m_querier.core().openBlock(part.window, found->firstSid, found->value);
    if (!block) {
        return std::unexpected(block.error());
    }
    if (block->gid() == m_gid && block->lineCrc() != part.lineCrc) {
        return fail(ErrorKind::corrupt, "it does not belong to the timeline there");
    }
    part.block = std::move(*block);
    return true;
}

Result<SegmentFacts> StoreGroupReader::readSegment(SealedPart& part, std::size_t index,
                                                   std::size_t segment, std::size_t rows,
                                                   std::span<double> out)
{
    if (!part.block) {
        return fail(ErrorKind::internal, "a segment is read without its block");
    }
    const BlockView& block = *part.block;
    std::vector<double>& before = part.chain[segment];
    auto facts = block.read(index, segment, out, m_extras, before, rows);
    before.clear();
    // Keeps what the next series builds on.
    if (facts && index + 1 < block.series() && block.isChained(index + 1, segment)) {
        before.assign(out.begin(), out.end());
    }
    return facts;
}

Result<void> StoreGroupReader::readSealed(SealedPart& part, Sid sid, storage::Column& out)
{
    const Place& place = part.place;
    const auto found = findBlock(part, sid);
    std::optional<std::size_t> index;
    if (!found) {
        leaveOut(std::format("a block of group {} in window {} is damaged: {}", m_gid, part.window,
                             found.error().message));
    } else if (*found) {
        index = part.block->find(sid);
    }
    if (!index) {
        markAbsent(out, place);
        return {};
    }
    if (*index != part.guess) {
        part.chain.clear();
    }
    part.chain.resize(part.block->segments());
    part.guess = *index + 1;

    m_extras.histograms.clear();
    m_extras.startedAtMs.clear();
    const std::uint32_t endRow = place.firstRow + place.rows;
    for (std::size_t segment = place.firstRow / maxSegmentValues;
         segment * maxSegmentValues < endRow; ++segment) {
        const auto first = static_cast<std::uint32_t>(segment * maxSegmentValues);
        const auto rows = static_cast<std::uint32_t>(
            std::min<std::size_t>(maxSegmentValues, part.rows - first));
        const std::uint32_t from = std::max(first, place.firstRow);
        const std::uint32_t to = std::min(first + rows, endRow);
        const bool isWhole = !m_isMerged && from == first && to == first + rows;
        std::span<double> target;
        if (isWhole) {
            target = std::span(out.values).subspan(place.at + first - place.firstRow, rows);
        } else {
            // What comes after the range is not decoded.
            const std::size_t frames = (to - first + frameValues - 1) / frameValues;
            m_values.resize(std::min<std::size_t>(rows, frames * frameValues));
            target = m_values;
        }
        m_extras.firstRow = first;
        const auto facts = segment < part.block->segments()
            ? readSegment(part, *index, segment, rows, target)
            : Result<SegmentFacts>(fail(ErrorKind::corrupt, "it has too few segments"));
        if (!facts) {
            leaveOut(
                std::format("series {} has a damaged segment: {}", sid, facts.error().message));
            if (!m_isMerged) {
                std::fill_n(out.values.begin() + place.at + from - place.firstRow, to - from,
                            absentValue());
            }
            m_sawAbsent = true;
            continue;
        }
        m_sawAbsent = m_sawAbsent || facts->mayHoldAbsent;
        m_sawStale = m_sawStale || facts->mayHoldStale;
        if (m_isMerged) {
            for (std::uint32_t row = from; row < to; ++row) {
                const double value = target[row - first];
                if (isDeleted(part.deletions, Deletions::anySeq, sid,
                              place.entries[row - place.firstRow])) {
                    continue;
                }
                put(out, place.entries[row - place.firstRow], value,
                    isHistogramMarker(value) ? histogramAt(row) : nullptr, startAt(row));
            }
        } else if (!isWhole) {
            std::copy_n(target.begin() + (from - first), to - from,
                        out.values.begin() + place.at + from - place.firstRow);
        }
    }
    if (!m_isMerged) {
        putExtras(place, out);
    }
    return {};
}

Result<void> StoreGroupReader::readStrip(StripPart& part, Sid sid, storage::Column& out)
{
    const Place& place = part.place;
    if (!part.view) {
        markAbsent(out, place);
        return {};
    }
    const StripView& view = *part.view;
    // Series are mostly read in the order of the directory.
    std::size_t index = part.guess;
    if (index >= view.series() || view.sid(index) != sid) {
        const auto found = view.find(sid);
        if (!found) {
            markAbsent(out, place);
            return {};
        }
        index = *found;
    }
    part.guess = index + 1;

    const bool isWhole = !m_isMerged && place.rows == view.rows();
    m_extras.histograms.clear();
    m_extras.startedAtMs.clear();
    m_extras.firstRow = 0;
    std::span<double> target;
    if (isWhole) {
        target = std::span(out.values).subspan(place.at, place.rows);
    } else {
        m_values.resize(view.rows());
        target = m_values;
    }
    const auto facts = view.read(index, target, m_extras);
    if (!facts) {
        leaveOut(std::format("series {} has a damaged segment: {}", sid, facts.error().message));
        markAbsent(out, place);
        return {};
    }
    m_sawAbsent = m_sawAbsent || facts->mayHoldAbsent;
    m_sawStale = m_sawStale || facts->mayHoldStale;
    if (m_isMerged) {
        for (std::uint32_t r = 0; r < place.rows; ++r) {
            const double value = m_values[place.firstRow + r];
            if (isDeleted(part.deletions, part.seq, sid, place.entries[r])) {
                continue;
            }
            const std::uint32_t row = place.firstRow + r;
            put(out, place.entries[r], value, isHistogramMarker(value) ? histogramAt(row) : nullptr,
                startAt(row));
        }
        return {};
    }
    if (!isWhole) {
        std::copy_n(m_values.begin() + place.firstRow, place.rows, out.values.begin() + place.at);
    }
    putExtras(place, out);
    return {};
}

/// Rows are packed as a whole, so all series are read at once.
void StoreGroupReader::unpack(HeadPart& part) const
{
    const Place& place = part.place;
    part.values.assign(m_sids.size() * place.rows, absentValue());
    struct Found {
        std::size_t first; ///< of its values
        std::uint32_t position;
    };
    std::vector<Found> found;
    found.reserve(m_sids.size());
    for (std::size_t i = 0; i < m_sids.size(); ++i) {
        if (const auto position = part.strip->layout->find(m_sids[i])) {
            found.push_back({i * place.rows, *position});
        }
    }
    RowReader reader;
    for (std::uint32_t r = 0; r < place.rows; ++r) {
        const HeadRow& row = *part.strip->rows[place.firstRow + r];
        part.hasStarts = part.hasStarts || row.starts != nullptr;
        for (const Found& series : found) {
            part.values[series.first + r] = reader.value(row, series.position);
        }
    }
}

void StoreGroupReader::readHead(HeadPart& part, std::size_t index, storage::Column& out)
{
    if (part.values.empty()) {
        unpack(part);
    }
    const Place& place = part.place;
    std::optional<std::uint32_t> position;
    if (part.hasStarts) {
        position = part.strip->layout->find(m_sids[index]);
    }
    for (std::uint32_t r = 0; r < place.rows; ++r) {
        const double value = part.values[index * place.rows + r];
        const HeadRow& row = *part.strip->rows[place.firstRow + r];
        std::shared_ptr<const Histogram> histogram;
        if (isHistogramMarker(value)) {
            position = part.strip->layout->find(m_sids[index]);
            histogram = row.histogram(position.value_or(0));
        }
        const bool mayHaveStart = part.hasStarts && position && !isAbsent(value);
        const std::int64_t started = mayHaveStart ? tsdb::startAt(row.starts, *position) : 0;
        if (m_isMerged) {
            put(out, place.entries[r], value, std::move(histogram), started);
            continue;
        }
        out.values[place.at + r] = value;
        putStart(out, place.at + r, started);
        m_sawAbsent = m_sawAbsent || isAbsent(value);
        m_sawStale = m_sawStale || isStaleMarker(value);
        if (histogram != nullptr) {
            out.histograms.emplace_back(place.at + r, std::move(histogram));
        }
    }
}

void StoreGroupReader::readLate(const LatePart& part, Sid sid, storage::Column& out)
{
    for (std::uint32_t r = 0; r < part.late.count; ++r) {
        if (part.place.entries[r] == ~std::uint32_t{0}) {
            continue;
        }
        const LateRow& row = *part.late.rows->rows[r];
        const auto at = std::ranges::lower_bound(row.values, sid, {}, &LateRow::Value::sid);
        if (at != row.values.end() && at->sid == sid) {
            put(out, part.place.entries[r], at->value, at->histogram, at->startedAtMs);
        }
    }
}

/// Turns marks of absence into the bitmap.
void StoreGroupReader::finish(storage::Column& out)
{
    out.mayHoldStale = m_sawStale;
    if (!std::ranges::is_sorted(out.histograms, {}, &HistogramAt::first)) {
        std::ranges::sort(out.histograms, {}, &HistogramAt::first);
    }
    if (!m_sawAbsent) {
        return;
    }
    const std::size_t entries = out.values.size();
    out.present.assign((entries + 63) / 64, 0);
    std::size_t count = 0;
    for (std::size_t entry = 0; entry < entries; ++entry) {
        const auto bit = static_cast<std::uint64_t>(!isAbsent(out.values[entry]));
        out.present[entry / 64] |= bit << (entry % 64);
        count += bit;
    }
    if (count == entries) {
        out.present.clear();
    }
}

Result<void> StoreGroupReader::read(std::size_t index, storage::Column& out)
{
    if (auto prepared = prepare(); !prepared) {
        return prepared;
    }
    out.clear();
    m_sawAbsent = m_isMerged;
    m_sawStale = false;
    if (m_isMerged) {
        out.values.assign(m_times.size(), absentValue());
    } else {
        out.values.resize(m_times.size());
    }
    const Sid sid = m_sids[index];
    if (!m_sealed.empty() || !m_strips.empty()) {
        // Held while the parts are read: it keeps what they point at.
        const auto snapshot = bound();
        if (!snapshot) {
            return std::unexpected(snapshot.error());
        }
        if (m_isMerged && !m_sawAbsent) { // what was sealed meanwhile no longer stands in order
            m_sawAbsent = true;
            out.values.assign(m_times.size(), absentValue());
        }
        for (SealedPart& part : m_sealed) {
            if (auto done = readSealed(part, sid, out); !done) {
                return done;
            }
        }
        for (StripPart& part : m_strips) {
            if (auto done = readStrip(part, sid, out); !done) {
                return done;
            }
        }
    }
    for (HeadPart& part : m_headParts) {
        readHead(part, index, out);
    }
    for (const LatePart& part : m_lateParts) {
        readLate(part, sid, out);
    }
    finish(out);
    return {};
}

} // namespace watchfire::tsdb
