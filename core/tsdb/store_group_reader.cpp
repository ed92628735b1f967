// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/store_group_reader.h"

#include "core/base/log.h"

#include <algorithm>
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
            log(LogLevel::error, "tsdb", "{}", resolved.error().message);
            return noLabels;
        }
    }
    return *m_labels[index];
}

void StoreGroupReader::findStrips(Snapshot& snapshot, std::vector<std::vector<std::int64_t>>& times)
{
    const auto visited = visitStrips(
        snapshot.txn, m_gid, m_fromMs, m_toMs,
        [&](Window window, std::uint32_t seq, ByteView value) {
            if (m_head.hides(seq)) {
                return true;
            }
            auto strip = m_querier.core().openStrip(window, m_gid, seq, value);
            if (!strip) {
                log(LogLevel::error, "tsdb", "a strip of group {} is damaged and left out: {}",
                    m_gid, strip.error().message);
                return true;
            }
            std::vector<std::int64_t> stamps(strip->rows());
            if (!strip->timestamps(stamps) || stamps.empty() || stamps.back() < m_fromMs
                || stamps.front() > m_toMs) {
                return true;
            }
            StripPart part;
            part.window = window;
            part.seq = seq;
            const auto first = std::ranges::lower_bound(stamps, m_fromMs);
            const auto last = std::ranges::upper_bound(stamps, m_toMs);
            part.place.firstRow = static_cast<std::uint32_t>(first - stamps.begin());
            part.place.rows = static_cast<std::uint32_t>(last - first);
            if (part.place.rows == 0) {
                return true;
            }
            times.emplace_back(first, last);
            part.view = std::move(*strip);
            m_strips.push_back(std::move(part));
            return true;
        });
    if (!visited) {
        log(LogLevel::error, "tsdb", "{}", visited.error().message);
    }
}

/// Finds every part's place in one timeline.
void StoreGroupReader::layOut(std::vector<std::vector<std::int64_t>>& stripTimes)
{
    std::vector<std::pair<Place*, std::vector<std::int64_t>>> places;
    for (std::size_t i = 0; i < m_strips.size(); ++i) {
        places.emplace_back(&m_strips[i].place, std::move(stripTimes[i]));
        m_isMerged = m_isMerged || m_strips[i].view->isLate();
    }
    for (const HeadCapture::Strip& strip : m_head.strips) {
        HeadPart part;
        part.strip = &strip;
        std::vector<std::int64_t> times;
        for (std::uint32_t r = 0; r < strip.rows.size(); ++r) {
            const std::int64_t atMs = strip.rows[r]->atMs;
            if (atMs < m_fromMs) {
                part.place.firstRow = r + 1;
            } else if (atMs <= m_toMs) {
                times.push_back(atMs);
            }
        }
        part.place.rows = static_cast<std::uint32_t>(times.size());
        if (!times.empty()) {
            m_headParts.push_back(std::move(part));
            places.emplace_back(nullptr, std::move(times));
        }
    }
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
            places.emplace_back(nullptr, std::move(times));
            m_isMerged = true;
        }
    }
    std::size_t next = m_strips.size();
    for (HeadPart& part : m_headParts) {
        places[next++].first = &part.place;
    }
    for (LatePart& part : m_lateParts) {
        places[next++].first = &part.place;
    }
    for (const auto& [place, times] : places) {
        place->at = static_cast<std::uint32_t>(m_times.size());
        m_times.insert(m_times.end(), times.begin(), times.end());
    }
    m_isMerged = m_isMerged
        || std::ranges::adjacent_find(m_times, std::ranges::greater_equal()) != m_times.end();
    if (!m_isMerged) {
        return;
    }
    std::ranges::sort(m_times);
    const auto repeated = std::ranges::unique(m_times);
    m_times.erase(repeated.begin(), repeated.end());
    std::erase_if(m_times, [&](std::int64_t atMs) { return atMs < m_fromMs || atMs > m_toMs; });
    for (const auto& [place, times] : places) {
        place->entries.reserve(times.size());
        for (const std::int64_t atMs : times) {
            // Late rows out of the range get an entry beyond the end.
            const auto at = std::ranges::lower_bound(m_times, atMs);
            const bool isThere = at != m_times.end() && *at == atMs;
            place->entries.push_back(isThere ? static_cast<std::uint32_t>(at - m_times.begin())
                                             : ~std::uint32_t{0});
        }
    }
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
    std::vector<std::vector<std::int64_t>> stripTimes;
    {
        const std::lock_guard lock((*snapshot)->mutex);
        findStrips(**snapshot, stripTimes);
        m_hasDeletions = (*snapshot)->txn.entries(Table::tomb) > 0;
    }
    m_bound = *snapshot;
    layOut(stripTimes);
    m_isPrepared = true;
    return {};
}

/// Points the views into that snapshot: the one before has ended.
Result<void> StoreGroupReader::bind(Snapshot& snapshot)
{
    const std::lock_guard lock(snapshot.mutex);
    for (StripPart& part : m_strips) {
        part.view.reset();
        const auto value
            = snapshot.txn.get(Table::strips, Key().be32(part.window).be32(m_gid).be32(part.seq));
        if (value) {
            if (auto strip = StripView::open(*value, Verify::no)) {
                part.view = std::move(*strip);
            }
        }
    }
    return snapshot.txn.result(m_querier.core().environment());
}

Result<std::span<const std::int64_t>> StoreGroupReader::timeline()
{
    if (auto prepared = prepare(); !prepared) {
        return std::unexpected(prepared.error());
    }
    return m_times;
}

void StoreGroupReader::put(storage::Column& out, std::uint32_t entry, double value,
                           std::shared_ptr<const Histogram> histogram)
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
}

void StoreGroupReader::markAbsent(storage::Column& out, const Place& place)
{
    m_sawAbsent = true;
    if (!m_isMerged) {
        std::fill_n(out.values.begin() + place.at, place.rows, absentValue());
    }
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
        log(LogLevel::error, "tsdb", "series {} has a damaged segment, left out: {}", sid,
            facts.error().message);
        markAbsent(out, place);
        return {};
    }
    m_sawAbsent = m_sawAbsent || facts->mayHoldAbsent;
    m_sawStale = m_sawStale || facts->mayHoldStale;
    const auto histogramAt = [&](std::uint32_t row) -> std::shared_ptr<const Histogram> {
        const auto at = std::ranges::find(m_extras.histograms, row, &HistogramAt::first);
        return at == m_extras.histograms.end() ? nullptr : at->second;
    };
    if (m_isMerged) {
        for (std::uint32_t r = 0; r < place.rows; ++r) {
            const double value = m_values[place.firstRow + r];
            put(out, place.entries[r], value,
                isHistogramMarker(value) ? histogramAt(place.firstRow + r) : nullptr);
        }
        return {};
    }
    if (!isWhole) {
        std::copy_n(m_values.begin() + place.firstRow, place.rows, out.values.begin() + place.at);
    }
    for (auto& [row, histogram] : m_extras.histograms) {
        if (row >= place.firstRow && row < place.firstRow + place.rows) {
            out.histograms.emplace_back(place.at + row - place.firstRow, std::move(histogram));
        }
    }
    if (!m_extras.startedAtMs.empty()) {
        out.startedAtMs.resize(m_times.size());
        for (std::uint32_t r = 0; r < place.rows; ++r) {
            out.startedAtMs[place.at + r] = m_extras.startedAtMs[place.firstRow + r];
        }
    }
    return {};
}

void StoreGroupReader::readHead(const HeadPart& part, Sid sid, storage::Column& out)
{
    const Place& place = part.place;
    const auto position = part.strip->layout->find(sid);
    if (!position) {
        markAbsent(out, place);
        return;
    }
    for (std::uint32_t r = 0; r < place.rows; ++r) {
        const HeadRow& row = *part.strip->rows[place.firstRow + r];
        const double value = row.value(*position);
        auto histogram = isHistogramMarker(value) ? row.histogram(*position) : nullptr;
        if (m_isMerged) {
            put(out, place.entries[r], value, std::move(histogram));
            continue;
        }
        out.values[place.at + r] = value;
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
            put(out, part.place.entries[r], at->value, at->histogram);
        }
    }
}

Result<void> StoreGroupReader::maskDeleted(Snapshot& snapshot, Sid sid, storage::Column& out)
{
    const std::lock_guard lock(snapshot.mutex);
    Cursor cursor(snapshot.txn, Table::tomb);
    for (bool more = cursor.find(Key().be32(sid)); more; more = cursor.nextDuplicate()) {
        ByteReader reader(cursor.value());
        const auto from = static_cast<std::int64_t>(reader.le<std::uint64_t>());
        const auto to = static_cast<std::int64_t>(reader.le<std::uint64_t>());
        const auto first = std::ranges::lower_bound(m_times, from) - m_times.begin();
        const auto last = std::ranges::upper_bound(m_times, to) - m_times.begin();
        for (auto entry = first; entry < last; ++entry) {
            out.values[static_cast<std::size_t>(entry)] = absentValue();
            m_sawAbsent = true;
        }
    }
    std::erase_if(out.histograms,
                  [&](const auto& cell) { return isAbsent(out.values[cell.first]); });
    return cursor.result(m_querier.core().environment());
}

/// Turns marks of absence into the bitmap.
void StoreGroupReader::finish(storage::Column& out)
{
    out.mayHoldStale = m_sawStale;
    if (m_isMerged) {
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
    if (!m_strips.empty() || m_hasDeletions) {
        // Held while the strips are read: it keeps what they point at.
        const auto snapshot = m_querier.snapshot();
        if (!snapshot) {
            return std::unexpected(snapshot.error());
        }
        if (m_bound.lock() != *snapshot) {
            if (auto bound = bind(**snapshot); !bound) {
                return bound;
            }
            m_bound = *snapshot;
        }
        for (StripPart& part : m_strips) {
            if (auto done = readStrip(part, sid, out); !done) {
                return done;
            }
        }
    }
    for (const HeadPart& part : m_headParts) {
        readHead(part, sid, out);
    }
    for (const LatePart& part : m_lateParts) {
        readLate(part, sid, out);
    }
    if (m_hasDeletions) {
        const auto snapshot = m_querier.snapshot();
        if (!snapshot) {
            return std::unexpected(snapshot.error());
        }
        if (auto masked = maskDeleted(**snapshot, sid, out); !masked) {
            return masked;
        }
    }
    finish(out);
    return {};
}

} // namespace watchfire::tsdb
