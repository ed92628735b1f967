// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/sample_appender.h"

#include <algorithm>
#include <bit>
#include <format>
#include <limits>
#include <tuple>

namespace watchfire::tsdb {

namespace {

/// Metadata of pushed families hangs on the group they all share.
const Labels& pushedIdentity()
{
    static const Labels identity{{pushedGroupLabel, "1"}};
    return identity;
}

} // namespace

/// 0: there is no such series.
Result<Gid> SampleAppender::groupOf(Sid sid)
{
    // Mostly it is what the last call returned.
    if (!m_staged.empty() && m_staged.back().sid == sid) {
        return m_staged.back().gid;
    }
    if (const auto known = m_known.find(sid); known != m_known.end()) {
        return known->second;
    }
    const auto gid = m_core.index().groupOf(sid);
    if (gid && *gid != 0) {
        m_known.emplace(sid, *gid);
    }
    return gid;
}

Result<std::pair<Sid, Gid>> SampleAppender::locate(storage::SeriesRef hint, const Labels& labels)
{
    if (hint != 0) {
        const auto gid = groupOf(hint);
        if (!gid) {
            return std::unexpected(gid.error());
        }
        if (*gid != 0) {
            return std::pair(hint, *gid);
        }
    }
    if (labels.empty()) {
        return fail(ErrorKind::invalid, "a series needs a label");
    }
    SeriesCache& cache = m_core.index().cache();
    const SeriesCache::Hash hash = labels.hash128();
    if (const auto known = cache.find(hash)) {
        return std::pair(known->sid, known->gid);
    }
    const auto found = findOrCreate(labels);
    if (found) {
        cache.add(hash, {found->first, found->second});
    }
    return found;
}

Result<std::pair<Sid, Gid>> SampleAppender::findOrCreate(const Labels& labels)
{
    const Index::Age age = m_core.index().age();
    const auto found = m_core.index().find(labels);
    if (!found) {
        return std::unexpected(found.error());
    }
    if (*found) {
        return std::pair((*found)->sid, (*found)->gid);
    }
    for (const Label& label : labels) {
        if (!isValidName(label.name)) {
            return fail(ErrorKind::invalid,
                        std::format("{}: a label's name is not valid", labels.toString()));
        }
    }
    LabelsBuilder identity(pushedIdentity());
    identity.set("job", labels.get("job"));
    identity.set("instance", labels.get("instance"));
    const auto group = m_core.head().groupFor(identity.build());
    if (!group) {
        return std::unexpected(group.error());
    }
    const std::lock_guard lock((*group)->mutex);
    const auto placed = (*group)->addSeries(labels, age);
    if (!placed) {
        return std::unexpected(placed.error());
    }
    m_newSeries += placed->found.isNew ? 1U : 0U;
    return std::pair(placed->found.sid, placed->found.gid);
}

void SampleAppender::enter()
{
    m_inside.enter(m_core.context().seriesGate);
    if (const std::uint64_t removals = m_core.context().removals; removals != m_removals) {
        m_removals = removals;
        m_known.clear();
    }
}

Result<storage::SeriesRef> SampleAppender::find(const Labels& labels)
{
    enter();
    if (const auto known = m_core.index().cache().find(labels.hash128())) {
        return known->sid;
    }
    const auto found = m_core.index().find(labels);
    if (!found) {
        return std::unexpected(found.error());
    }
    const std::optional<Index::Found>& series = *found;
    return series ? series->sid : 0;
}

Result<storage::SeriesRef> SampleAppender::append(storage::SeriesRef hint, const Labels& labels,
                                                  const SampleView& sample)
{
    if (auto may = m_core.mayAppend(); !may) {
        return std::unexpected(may.error());
    }
    enter();
    const auto place = locate(hint, labels);
    if (!place) {
        if (place.error().kind == ErrorKind::limit) {
            ++m_refused;
        }
        return std::unexpected(place.error());
    }
    const auto [sid, gid] = *place;
    Staged staged{gid, unixMs(sample.at), sid, sample.value, nullptr, unixMs(sample.startedAt)};
    if (sample.histogram != nullptr) {
        staged.value = histogramMarker();
        staged.histogram = std::make_shared<const Histogram>(*sample.histogram);
    }
    m_staged.push_back(std::move(staged));
    return sid;
}

Result<void> SampleAppender::appendExemplars(storage::SeriesRef series,
                                             std::span<const Exemplar> exemplars)
{
    if (exemplars.empty()) {
        return {};
    }
    const auto gid = groupOf(series);
    if (!gid) {
        return std::unexpected(gid.error());
    }
    if (*gid == 0) {
        return fail(ErrorKind::notFound, "no series has that number");
    }
    // Its samples are the last that were appended.
    const bool isKnown = !m_staged.empty() && m_staged.back().sid == series;
    for (const Exemplar& exemplar : exemplars) {
        if (!exemplar.at && !isKnown) {
            return fail(ErrorKind::invalid, "an exemplar without a time needs a sample before it");
        }
        m_exemplars.push_back({*gid, series, isKnown ? m_staged.back().atMs : 0, exemplar});
    }
    return {};
}

void SampleAppender::commitExemplars(std::int64_t latestMs)
{
    std::vector<ExemplarTable::Arrival> arrivals;
    for (const StagedExemplar& one : m_exemplars) {
        if ((one.exemplar.at ? unixMs(*one.exemplar.at) : one.sampleMs) <= latestMs) {
            arrivals.push_back({one.gid, one.sid, one.sampleMs, &one.exemplar});
        }
    }
    m_core.addExemplars(arrivals);
    m_exemplars.clear();
}

void SampleAppender::setMetadata(std::string_view family, const Metadata& metadata)
{
    m_metadata.push_back({std::string(family), metadata});
}

std::chrono::milliseconds SampleAppender::lateWindow() const
{
    return m_reach == Reach::anyAge ? std::chrono::milliseconds::max() : m_core.pushLateWindow();
}

/// Samples of one group at one moment.
Result<void> SampleAppender::commitRow(std::span<const Staged> row, storage::CommitReport& report)
{
    const auto group = m_core.head().group(row.front().gid);
    if (!group) {
        return std::unexpected(group.error());
    }
    if (*group == nullptr) {
        return fail(ErrorKind::corrupt, "a series belongs to a group that is not there");
    }
    std::vector<Group::SeriesCell> cells;
    cells.reserve(row.size());
    for (const Staged& sample : row) {
        if (!cells.empty() && cells.back().sid == sample.sid) {
            const bool same = cells.back().histogram == nullptr && sample.histogram == nullptr
                ? std::bit_cast<std::uint64_t>(cells.back().value)
                    == std::bit_cast<std::uint64_t>(sample.value)
                : cells.back().histogram != nullptr && sample.histogram != nullptr
                    && *cells.back().histogram == *sample.histogram;
            ++(same ? report.duplicates : report.conflicts);
            continue;
        }
        cells.push_back({sample.sid, sample.value, sample.histogram, sample.startedAtMs});
    }
    const auto done = (*group)->appendBySeries(row.front().atMs, cells, lateWindow());
    if (!done) {
        return std::unexpected(done.error());
    }
    report += *done;
    m_core.letCommitsPass(**group);
    return {};
}

Result<storage::CommitReport> SampleAppender::commit()
{
    std::int64_t oldest = std::numeric_limits<std::int64_t>::max();
    for (const Staged& sample : m_staged) {
        oldest = std::min(oldest, sample.atMs);
    }
    auto report = commitStaged();
    m_core.noteStored(oldest);
    m_inside.leave();
    if (report) {
        m_core.count(*report);
    }
    return report;
}

Result<storage::CommitReport> SampleAppender::commitStaged()
{
    if (auto may = m_core.mayAppend(); !may) {
        return std::unexpected(may.error());
    }
    storage::CommitReport report;
    const std::int64_t latest
        = m_reach == Reach::anyAge ? std::numeric_limits<std::int64_t>::max() : m_core.latestMs();
    report.tooNew
        = std::erase_if(m_staged, [&](const Staged& sample) { return sample.atMs > latest; });
    // Stable: of two samples of a series at one moment the first wins.
    std::ranges::stable_sort(m_staged, {}, [](const Staged& sample) {
        return std::tuple(sample.gid, sample.atMs, sample.sid);
    });
    for (std::size_t from = 0; from < m_staged.size();) {
        std::size_t to = from + 1;
        while (to < m_staged.size() && m_staged[to].gid == m_staged[from].gid
               && m_staged[to].atMs == m_staged[from].atMs) {
            ++to;
        }
        if (auto done = commitRow(std::span(m_staged).subspan(from, to - from), report); !done) {
            return std::unexpected(done.error());
        }
        from = to;
    }
    m_staged.clear();
    if (!m_exemplars.empty()) {
        commitExemplars(latest);
    }
    if (!m_metadata.empty()) {
        const auto group = m_core.head().groupFor(pushedIdentity());
        if (!group) {
            return std::unexpected(group.error());
        }
        const std::lock_guard lock((*group)->mutex);
        for (const FamilyMetadata& family : m_metadata) {
            m_core.metadata().add((*group)->gid(), family);
            encodeMetadata((*group)->gid(), family, (*group)->pendingFrames());
        }
        (*group)->pushPending();
        m_metadata.clear();
    }
    report.newSeries = std::exchange(m_newSeries, 0);
    report.refused += std::exchange(m_refused, 0);
    return report;
}

} // namespace watchfire::tsdb
