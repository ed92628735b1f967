// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/row_writer.h"

#include <algorithm>
#include <format>
#include <map>
#include <xxhash.h>

namespace watchfire::tsdb {

namespace {

constexpr storage::Position nowhere = ~storage::Position{0};
/// Identifies a group of lines with timestamps of their own: those that first shared one.
constexpr std::string_view timedGroupLabel = "__timed__";
// Numbers are given out anew once so many series are gone, and they are most of all.
constexpr std::size_t manyGone = 1024;

std::uint64_t hashOf(std::string_view text, std::uint64_t seed = 0)
{
    return XXH3_64bits_withSeed(text.data(), text.size(), seed);
}

} // namespace

RowWriter::~RowWriter()
{
    const std::lock_guard lock(m_group->mutex);
    m_group->setHasWriter(false);
}

storage::Position RowWriter::addSlot(std::uint32_t slot)
{
    const auto position = static_cast<storage::Position>(m_slots.size());
    m_slots.push_back(slot);
    if (slot != position) {
        ++m_outOfPlace;
    }
    return position;
}

std::uint32_t RowWriter::makeOdd(Odd odd)
{
    if (m_freeOdd.empty()) {
        m_odd.push_back(std::move(odd));
        return static_cast<std::uint32_t>(m_odd.size() - 1) | oddBit;
    }
    const std::uint32_t at = m_freeOdd.back();
    m_freeOdd.pop_back();
    m_odd[at] = std::move(odd);
    return at | oddBit;
}

void RowWriter::setOwn(storage::Position position, std::uint32_t place)
{
    m_outOfPlace += static_cast<std::size_t>(place != position)
        - static_cast<std::size_t>(m_slots[position] != position);
    m_slots[position] = place;
    if (m_byPlace.size() <= place) {
        m_byPlace.resize(std::size_t{place} + 1, nowhere);
    }
    m_byPlace[place] = position;
}

Result<storage::Position> RowWriter::position(const Labels& labels)
{
    if (labels.empty()) {
        return fail(ErrorKind::invalid, "a series needs a label");
    }
    if (const auto fresh = m_fresh.find(labels); fresh != m_fresh.end()) {
        return fresh->second;
    }
    m_inside.enter(m_core.context().seriesGate);
    const Index::Age age = m_core.index().age();
    const auto found = m_core.index().find(labels);
    if (!found) {
        return std::unexpected(found.error());
    }
    if (!*found) {
        if (m_core.index().isFull(m_fresh.size() + 1)) {
            return fail(ErrorKind::limit,
                        std::format("the store holds {} series, which is its limit",
                                    m_core.index().seriesCount()));
        }
        const storage::Position position = addSlot(makeOdd({Odd::Kind::fresh, 0, 0, labels}));
        if (m_fresh.empty()) {
            m_freshSince = age;
        }
        m_fresh.emplace(labels, position);
        return position;
    }
    const Sid sid = (*found)->sid;
    if ((*found)->gid == m_group->gid()) {
        const std::lock_guard lock(m_group->mutex);
        renumber();
        if (const auto place = m_group->layout().find(sid)) {
            if (*place < m_byPlace.size() && m_byPlace[*place] != nowhere) {
                return m_byPlace[*place];
            }
            const storage::Position position = addSlot(*place);
            setOwn(position, *place);
            return position;
        }
    }
    if (const auto known = m_bySid.find(sid); known != m_bySid.end()) {
        return known->second;
    }
    const Odd::Kind kind = (*found)->gid == m_group->gid() ? Odd::Kind::silent : Odd::Kind::foreign;
    const storage::Position position = addSlot(makeOdd({kind, sid, (*found)->gid, {}}));
    m_bySid.emplace(sid, position);
    return position;
}

/// Follows the layout; with the group's mutex held.
void RowWriter::renumber()
{
    for (const Group::Renumbering& change : m_group->takeRenumberings()) {
        m_byPlace.clear();
        for (storage::Position position = 0; position < m_slots.size(); ++position) {
            const std::uint32_t place = m_slots[position];
            if (isOdd(place)) {
                continue;
            }
            if (change.to[place] != Layout::dropped) {
                setOwn(position, change.to[place]);
                continue;
            }
            const Sid sid = change.before->sid(place);
            m_outOfPlace += place == position ? 1U : 0U;
            m_slots[position] = makeOdd({Odd::Kind::silent, sid, m_group->gid(), {}});
            m_bySid.emplace(sid, position);
        }
    }
}

/// Series come and go, and their numbers stay; at some point the scrape is asked to start over.
void RowWriter::forgetWhenMostlyGone()
{
    if (m_odd.size() - m_freeOdd.size() < std::max(manyGone, m_slots.size() / 2)) {
        return;
    }
    std::size_t gone = 0;
    for (const std::uint32_t slot : m_slots) {
        gone += isOdd(slot) && odd(slot).kind == Odd::Kind::silent ? 1U : 0U;
    }
    if (gone < manyGone || gone < m_slots.size() / 2) {
        return;
    }
    forget();
}

/// After the first rows, when all series have their places.
void RowWriter::giveBackRoom()
{
    if (!m_odd.empty() && m_odd.size() == m_freeOdd.size()) {
        // Assigning {} would keep their room.
        m_odd = std::vector<Odd>();
        m_freeOdd = std::vector<std::uint32_t>();
        m_fresh = std::unordered_map<Labels, storage::Position>();
    }
}

/// Some series were removed as dead: a number without a place in the layout may be void. With
/// the gate shut behind us no more are.
void RowWriter::noteRemovals()
{
    const std::uint64_t removals = m_core.context().removals;
    if (removals == m_removals) {
        return;
    }
    m_removals = removals;
    for (Odd& odd : m_odd) {
        if (odd.kind != Odd::Kind::silent && odd.kind != Odd::Kind::foreign) {
            continue;
        }
        if (const auto gid = m_core.index().groupOf(odd.sid); gid && *gid == 0) {
            m_bySid.erase(odd.sid);
            odd.kind = Odd::Kind::removed;
            m_hasRemoved = true;
        }
    }
}

void RowWriter::forget()
{
    ++m_version;
    m_hasRemoved = false;
    m_slots.clear();
    m_byPlace.clear();
    m_odd.clear();
    m_freeOdd.clear();
    m_fresh.clear();
    m_bySid.clear();
    m_outOfPlace = 0;
}

/// Gives an odd position its place in the layout, where it belongs there. With the mutex held.
Result<bool> RowWriter::settle(storage::Position position)
{
    Odd& odd = this->odd(m_slots[position]);
    switch (odd.kind) {
    case Odd::Kind::foreign:
        return true;
    case Odd::Kind::removed:
        return false;
    case Odd::Kind::silent: {
        const Sid sid = odd.sid;
        m_bySid.erase(sid);
        freeOdd(m_slots[position]);
        setOwn(position, m_group->place(sid));
        return true;
    }
    case Odd::Kind::fresh:
        break;
    }
    const auto placed = m_group->addSeries(odd.labels, m_freshSince);
    if (!placed) {
        return placed.error().kind == ErrorKind::limit ? Result<bool>(false)
                                                       : std::unexpected(placed.error());
    }
    m_fresh.erase(odd.labels);
    std::exchange(odd.labels, {});
    m_newSeries += placed->found.isNew ? 1U : 0U;
    if (placed->found.gid == m_group->gid()) {
        freeOdd(m_slots[position]);
        setOwn(position, placed->position);
    } else {
        odd.kind = Odd::Kind::foreign;
        odd.sid = placed->found.sid;
        odd.gid = placed->found.gid;
        m_bySid.emplace(odd.sid, position);
    }
    return true;
}

void RowWriter::addMetadata(std::span<const FamilyMetadata> metadata)
{
    for (const FamilyMetadata& family : metadata) {
        const auto type = static_cast<std::uint64_t>(family.metadata.type);
        const std::uint64_t content
            = hashOf(family.metadata.help, hashOf(family.metadata.unit, type + 1));
        std::uint64_t& known = m_metadata[hashOf(family.family)];
        if (known != content) {
            known = content;
            m_core.metadata().add(m_group->gid(), family);
            encodeMetadata(m_group->gid(), family, m_group->pendingFrames());
        }
    }
}

void RowWriter::addExemplars(const storage::Row& row, std::int64_t latestMs)
{
    std::vector<ExemplarTable::Arrival> arrivals;
    arrivals.reserve(row.exemplars.size());
    const std::int64_t atMs = unixMs(row.at);
    {
        const std::lock_guard lock(m_group->mutex);
        renumber();
        for (const auto& [position, exemplar] : row.exemplars) {
            if (position >= m_slots.size()
                || (exemplar.at ? unixMs(*exemplar.at) : atMs) > latestMs) {
                continue;
            }
            const std::uint32_t slot = m_slots[position];
            const auto [gid, sid] = isOdd(slot)
                ? std::pair(odd(slot).gid, odd(slot).sid)
                : std::pair(m_group->gid(), m_group->layout().sid(slot));
            if (sid != 0) { // else a limit refused its series
                arrivals.push_back({gid, sid, atMs, &exemplar});
            }
        }
    }
    m_core.addExemplars(arrivals);
}

/// Of the samples of the row's own time.
void RowWriter::noteStarts(const storage::Row& row)
{
    m_starts.clear();
    const auto add = [this](storage::Position position, Timestamp startedAt) {
        if (position < m_slots.size() && unixMs(startedAt) != 0) {
            m_starts.push_back({position, unixMs(startedAt)});
        }
    };
    for (const auto& [position, startedAt] : row.startedAt) {
        add(position, startedAt);
    }
    for (const storage::PositionedHistogram& sample : row.histograms) {
        if (sample.at == row.at) {
            add(sample.position, sample.startedAt);
        }
    }
    if (!std::ranges::is_sorted(m_starts, {}, &PositionedStart::position)) {
        std::ranges::stable_sort(m_starts, {}, &PositionedStart::position);
    }
    const auto repeated = std::ranges::unique(m_starts, {}, &PositionedStart::position);
    m_starts.erase(repeated.begin(), repeated.end());
}

std::int64_t RowWriter::startOf(storage::Position position) const
{
    const auto at = std::ranges::lower_bound(m_starts, position, {}, &PositionedStart::position);
    return at != m_starts.end() && at->position == position ? at->startedAtMs : 0;
}

Result<storage::CommitReport> RowWriter::commitOwn(const storage::Row& row,
                                                   std::vector<OtherSample>& others)
{
    const std::int64_t atMs = unixMs(row.at);
    const std::size_t count = std::min(row.values.size(), m_slots.size());
    std::uint64_t refused = 0;

    const std::lock_guard lock(m_group->mutex);
    m_group->beginRow(atMs);
    renumber();
    addMetadata(row.metadata);

    noteStarts(row);
    std::vector<PositionedHistogramPtr> histograms;
    std::span<const double> cells = row.values.first(count);
    const bool withHistograms = std::ranges::any_of(
        row.histograms, [&](const storage::PositionedHistogram& h) { return h.at == row.at; });
    if (m_outOfPlace != 0 || withHistograms) {
        for (storage::Position position = 0; position < count; ++position) {
            if (isOdd(m_slots[position]) && !isAbsent(row.values[position])) {
                const auto settled = settle(position);
                if (!settled) {
                    return std::unexpected(settled.error());
                }
                refused += *settled ? 0U : 1U;
            }
        }
        for (const storage::PositionedHistogram& sample : row.histograms) {
            if (sample.at == row.at && sample.position < m_slots.size()
                && isOdd(m_slots[sample.position])) {
                const auto settled = settle(sample.position);
                if (!settled) {
                    return std::unexpected(settled.error());
                }
                refused += *settled ? 0U : 1U;
            }
        }
        m_cells.assign(m_group->layout().size(), absentValue());
        for (storage::Position position = 0; position < count; ++position) {
            const std::uint32_t slot = m_slots[position];
            const double value = row.values[position];
            if (!isOdd(slot)) {
                m_cells[slot] = value;
            } else if (!isAbsent(value) && odd(slot).kind == Odd::Kind::foreign) {
                others.push_back({position, atMs, value, nullptr, startOf(position)});
            }
        }
        for (const storage::PositionedHistogram& sample : row.histograms) {
            if (sample.at != row.at || sample.position >= m_slots.size()) {
                continue;
            }
            auto histogram = std::make_shared<const Histogram>(*sample.histogram);
            const std::uint32_t slot = m_slots[sample.position];
            if (!isOdd(slot)) {
                m_cells[slot] = histogramMarker();
                histograms.emplace_back(slot, std::move(histogram));
            } else if (odd(slot).kind == Odd::Kind::foreign) {
                others.push_back({sample.position, atMs, histogramMarker(), std::move(histogram),
                                  startOf(sample.position)});
            }
        }
        std::ranges::sort(histograms, {}, &PositionedHistogramPtr::first);
        cells = m_cells;
    }
    StartList starts; // by place in the layout
    for (const auto& [position, startedAtMs] : m_starts) {
        if (!isOdd(m_slots[position])) {
            starts.push_back({m_slots[position], startedAtMs});
        }
    }
    if (m_outOfPlace != 0) {
        std::ranges::sort(starts, {}, &PositionedStart::position);
    }
    auto report = m_group->append({atMs, cells, {}, histograms, starts}, m_core.scrapeLateWindow());
    if (report) {
        report->refused += refused;
    }
    return report;
}

/// The group of a sample with a time of its own, or of another group's series.
Result<std::shared_ptr<Group>> RowWriter::groupOf(const OtherSample& sample,
                                                  std::span<const OtherSample> sameTime)
{
    const std::uint32_t slot = m_slots[sample.position];
    if (!isOdd(slot) || odd(slot).kind == Odd::Kind::silent) {
        return m_group;
    }
    if (odd(slot).kind == Odd::Kind::foreign) {
        return m_core.head().group(odd(slot).gid);
    }
    // A new one joins those it shares the moment with, or begins a group with them.
    for (const OtherSample& other : sameTime) {
        const std::uint32_t its = m_slots[other.position];
        if (isOdd(its) && odd(its).kind == Odd::Kind::foreign) {
            auto group = m_core.head().group(odd(its).gid);
            if (group && *group != nullptr && (*group)->identity().has(timedGroupLabel)) {
                return group;
            }
        }
    }
    return m_core.head().groupFor(
        m_group->identity().with(timedGroupLabel, std::to_string(sample.atMs)));
}

Result<storage::CommitReport> RowWriter::commitOthers(std::vector<OtherSample>& others)
{
    storage::CommitReport report;
    std::ranges::stable_sort(others, {}, &OtherSample::atMs);
    for (std::size_t from = 0; from < others.size();) {
        std::size_t to = from + 1;
        while (to < others.size() && others[to].atMs == others[from].atMs) {
            ++to;
        }
        const std::span<const OtherSample> sameTime = std::span(others).subspan(from, to - from);
        std::map<Gid, std::pair<std::shared_ptr<Group>, std::map<Sid, Group::SeriesCell>>> rows;
        for (const OtherSample& sample : sameTime) {
            const auto group = groupOf(sample, sameTime);
            if (!group) {
                return std::unexpected(group.error());
            }
            if (*group == nullptr) {
                return fail(ErrorKind::corrupt, "a series belongs to a group that is not there");
            }
            const std::uint32_t slot = m_slots[sample.position];
            Sid sid = 0;
            if (!isOdd(slot)) {
                const std::lock_guard lock(m_group->mutex);
                renumber(); // somebody else may have begun a strip of this group
                const std::uint32_t now = m_slots[sample.position];
                sid = isOdd(now) ? odd(now).sid : m_group->layout().sid(now);
            } else if (odd(slot).kind == Odd::Kind::removed) {
                ++report.refused;
                continue;
            } else if (odd(slot).kind != Odd::Kind::fresh) {
                sid = odd(slot).sid;
            } else {
                const std::lock_guard lock((*group)->mutex);
                const auto placed = (*group)->addSeries(odd(slot).labels);
                if (!placed && placed.error().kind != ErrorKind::limit) {
                    return std::unexpected(placed.error());
                }
                if (!placed) {
                    ++report.refused;
                    continue;
                }
                m_newSeries += placed->found.isNew ? 1U : 0U;
                Odd& its = odd(slot);
                m_fresh.erase(its.labels);
                its = {placed->found.gid == m_group->gid() ? Odd::Kind::silent : Odd::Kind::foreign,
                       placed->found.sid,
                       placed->found.gid,
                       {}};
                sid = its.sid;
                m_bySid.emplace(sid, sample.position);
            }
            auto& [target, cells] = rows[(*group)->gid()];
            target = *group;
            if (!cells
                     .try_emplace(
                         sid,
                         Group::SeriesCell{sid, sample.value, sample.histogram, sample.startedAtMs})
                     .second) {
                ++report.duplicates;
            }
        }
        for (auto& [gid, row] : rows) {
            std::vector<Group::SeriesCell> cells;
            for (auto& [sid, cell] : row.second) {
                cells.push_back(std::move(cell));
            }
            const auto done
                = row.first->appendBySeries(others[from].atMs, cells, m_core.scrapeLateWindow());
            if (!done) {
                return std::unexpected(done.error());
            }
            report += *done;
        }
        from = to;
    }
    return report;
}

Result<storage::CommitReport> RowWriter::commit(const storage::Row& row)
{
    m_inside.enter(m_core.context().seriesGate);
    noteRemovals();
    auto report = commitInside(row);
    std::int64_t oldest = unixMs(row.at);
    for (const storage::PositionedSample& sample : row.timed) {
        oldest = std::min(oldest, unixMs(sample.at));
    }
    m_core.noteStored(oldest);
    m_inside.leave();
    if (report) {
        m_core.count(*report);
    }
    return report;
}

Result<storage::CommitReport> RowWriter::commitInside(const storage::Row& row)
{
    if (auto may = m_core.mayAppend(); !may) {
        return std::unexpected(may.error());
    }
    const std::int64_t latest = m_core.latestMs();
    storage::CommitReport report;
    std::vector<OtherSample> others;
    m_newSeries = 0;
    if (unixMs(row.at) > latest) {
        report.tooNew += static_cast<std::uint64_t>(
            std::ranges::count_if(row.values, [](double value) { return !isAbsent(value); }));
    } else {
        auto own = commitOwn(row, others);
        if (!own) {
            return own;
        }
        report += *own;
    }
    const auto addTimed = [&](storage::Position position, Timestamp at, double value,
                              std::shared_ptr<const Histogram> histogram, Timestamp startedAt) {
        if (position >= m_slots.size()) {
            return;
        }
        if (unixMs(at) > latest) {
            ++report.tooNew;
        } else {
            others.push_back(
                {position, unixMs(at), value, std::move(histogram), unixMs(startedAt)});
        }
    };
    for (const storage::PositionedSample& sample : row.timed) {
        addTimed(sample.position, sample.at, sample.value, nullptr, sample.startedAt);
    }
    for (const storage::PositionedHistogram& sample : row.histograms) {
        if (sample.at != row.at) {
            addTimed(sample.position, sample.at, histogramMarker(),
                     std::make_shared<const Histogram>(*sample.histogram), sample.startedAt);
        }
    }
    if (!others.empty()) {
        const auto done = commitOthers(others);
        if (!done) {
            return done;
        }
        report += *done;
    }
    if (!row.exemplars.empty()) {
        addExemplars(row, latest);
    }
    report.newSeries = m_newSeries;
    if (m_hasRemoved) {
        forget(); // all are looked up anew, those that were removed become new series
    } else {
        forgetWhenMostlyGone();
    }
    giveBackRoom();
    m_core.letCommitsPass(*m_group);
    return report;
}

} // namespace watchfire::tsdb
