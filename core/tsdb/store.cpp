// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/store.h"

#include "core/base/log.h"
#include "core/tsdb/cardinality.h"
#include "core/tsdb/exemplar_query.h"
#include "core/tsdb/row_writer.h"
#include "core/tsdb/sample_appender.h"
#include "core/tsdb/store_core.h"
#include "core/tsdb/store_querier.h"
#include "core/tsdb/window_record.h"

#include <algorithm>
#include <format>
#include <limits>

namespace watchfire::tsdb {

namespace {

constexpr std::chrono::milliseconds leastInterval{200};
constexpr std::chrono::milliseconds greatestInterval{60'000};

Result<Key> stateKey(std::string_view domain, std::string_view key)
{
    if (domain.empty() || domain.contains('\0')) {
        return fail(ErrorKind::invalid, "a state's domain is a name without a NUL");
    }
    if (domain.size() + 1 + key.size() > Key::capacity) {
        return fail(ErrorKind::invalid,
                    std::format("the state key {}/{} is too long", domain, key));
    }
    Key made;
    made.text(domain).text(std::string_view("\0", 1)).text(key);
    return made;
}

} // namespace

Store::Store(std::unique_ptr<StoreCore> core)
    : m_core(std::move(core))
{
}

Store::~Store() = default;

Result<std::unique_ptr<Store>> Store::open(const OpenOptions& options)
{
    auto core = StoreCore::open(options);
    if (!core) {
        return std::unexpected(core.error());
    }
    return std::unique_ptr<Store>(new Store(std::move(*core)));
}

Result<std::unique_ptr<storage::GroupWriter>> Store::openGroup(const Labels& identity)
{
    const GateEntry inside(m_core->context().seriesGate);
    if (m_core->writer() == nullptr) {
        return fail(ErrorKind::unsupported, "the store was opened for reading");
    }
    const auto group = m_core->head().groupFor(identity);
    if (!group) {
        return std::unexpected(group.error());
    }
    {
        const std::lock_guard lock((*group)->mutex);
        if ((*group)->hasWriter()) {
            return fail(ErrorKind::conflict,
                        std::format("{} is being written already", identity.toString()));
        }
        (*group)->setHasWriter(true);
    }
    return std::make_unique<RowWriter>(*m_core, *group);
}

std::unique_ptr<storage::Appender> Store::appender()
{
    return std::make_unique<SampleAppender>(*m_core);
}

std::unique_ptr<storage::Appender> Store::importer()
{
    return std::make_unique<SampleAppender>(*m_core, SampleAppender::Reach::anyAge);
}

Result<std::unique_ptr<storage::Querier>> Store::querier()
{
    return StoreQuerier::make(*m_core);
}

Result<std::vector<FamilyMetadata>> Store::metadata()
{
    return m_core->metadata().list(m_core->environment());
}

Result<std::vector<SeriesExemplars>> Store::exemplars(const std::vector<Matchers>& selections,
                                                      TimeRange range)
{
    return findExemplars(*m_core, selections, range);
}

Result<void> Store::put(std::string_view domain, std::string_view key, ByteView value)
{
    const auto made = stateKey(domain, key);
    if (!made) {
        return std::unexpected(made.error());
    }
    if (m_core->writer() == nullptr) {
        return fail(ErrorKind::unsupported, "the store was opened for reading");
    }
    return m_core->writer()->putState(*made, Bytes(value.begin(), value.end()));
}

Result<void> Store::putAll(std::string_view domain,
                           const std::vector<std::pair<std::string, Bytes>>& values)
{
    if (m_core->writer() == nullptr) {
        return fail(ErrorKind::unsupported, "the store was opened for reading");
    }
    std::vector<std::pair<Key, Bytes>> changes;
    changes.reserve(values.size());
    Result<void> outcome;
    for (const auto& [key, value] : values) {
        if (auto made = stateKey(domain, key)) {
            changes.emplace_back(*made, value);
        } else if (outcome) {
            outcome = std::unexpected(std::move(made.error()));
        }
    }
    auto kept = m_core->writer()->putStates(std::move(changes));
    return kept ? outcome : kept;
}

Result<void> Store::remove(std::string_view domain, std::string_view key)
{
    const auto made = stateKey(domain, key);
    if (!made) {
        return std::unexpected(made.error());
    }
    if (m_core->writer() == nullptr) {
        return fail(ErrorKind::unsupported, "the store was opened for reading");
    }
    return m_core->writer()->putState(*made, std::nullopt);
}

Result<std::optional<Bytes>> Store::get(std::string_view domain, std::string_view key)
{
    const auto made = stateKey(domain, key);
    if (!made) {
        return std::unexpected(made.error());
    }
    auto txn = m_core->environment().read();
    if (!txn) {
        return std::unexpected(txn.error());
    }
    const auto value = txn->get(Table::state, *made);
    if (auto read = txn->result(m_core->environment()); !read) {
        return std::unexpected(read.error());
    }
    return value ? std::optional(Bytes(value->begin(), value->end())) : std::nullopt;
}

Result<std::vector<std::pair<std::string, Bytes>>> Store::list(std::string_view domain)
{
    const auto prefix = stateKey(domain, "");
    if (!prefix) {
        return std::unexpected(prefix.error());
    }
    auto txn = m_core->environment().read();
    if (!txn) {
        return std::unexpected(txn.error());
    }
    std::vector<std::pair<std::string, Bytes>> list;
    Cursor cursor(*txn, Table::state);
    for (bool more = cursor.seek(*prefix); more && startsWith(cursor.key(), *prefix);
         more = cursor.next()) {
        list.emplace_back(asText(cursor.key().subspan(prefix->view().size())),
                          Bytes(cursor.value().begin(), cursor.value().end()));
    }
    if (auto read = cursor.result(m_core->environment()); !read) {
        return std::unexpected(read.error());
    }
    return list;
}

Result<void> Store::commitNow()
{
    if (m_core->writer() == nullptr) {
        return fail(ErrorKind::unsupported, "the store was opened for reading");
    }
    return m_core->writer()->commitNow();
}

Result<VerifyReport> Store::verify()
{
    return verifyStore(*m_core);
}

Result<void> Store::sealNow()
{
    if (m_core->writer() == nullptr) {
        return fail(ErrorKind::unsupported, "the store was opened for reading");
    }
    return m_core->writer()->sealNow();
}

Result<CardinalityReport> Store::cardinality(std::size_t limit)
{
    if (m_core->writer() != nullptr) {
        if (auto committed = commitNow(); !committed) {
            log(LogLevel::warning, "tsdb", "the newest series are not counted: {}",
                committed.error().message);
        }
    }
    return countCardinality(*m_core, limit);
}

Result<void> Store::compactNow()
{
    if (m_core->writer() == nullptr) {
        return fail(ErrorKind::unsupported, "the store was opened for reading");
    }
    return m_core->writer()->compactNow();
}

Result<void> Store::snapshot(const std::filesystem::path& folder)
{
    std::error_code failed;
    if (!std::filesystem::create_directories(folder, failed)) {
        return failed
            ? fail(ErrorKind::io,
                   std::format("cannot make {}: {}", folder.string(), failed.message()))
            : fail(ErrorKind::conflict, std::format("{} is there already", folder.string()));
    }
    Result<void> done;
    if (m_core->writer() != nullptr) {
        done = commitNow();
    } else {
        // Before the tables: frames that are in both are taken once, those in none were never
        // committed.
        const std::filesystem::path handoff = m_core->environment().directory() / "handoff";
        if (std::filesystem::exists(handoff, failed)
            && !std::filesystem::copy_file(handoff, folder / "handoff", failed)) {
            done = fail(ErrorKind::io,
                        std::format("cannot copy {}: {}", handoff.string(), failed.message()));
        }
        // The copy is ours, whosever the store is.
        std::filesystem::permissions(folder / "handoff",
                                     std::filesystem::perms::owner_read
                                         | std::filesystem::perms::owner_write,
                                     std::filesystem::perm_options::add, failed);
    }
    if (done) {
        done = m_core->environment().copyTo(folder / "store.mdb");
    }
    if (!done) {
        std::filesystem::remove_all(folder, failed);
    }
    return done;
}

Result<std::uint64_t> Store::deleteSamples(std::vector<Matchers> selections, TimeRange range)
{
    if (m_core->writer() == nullptr) {
        return fail(ErrorKind::unsupported, "the store was opened for reading");
    }
    const auto report = m_core->writer()->deleteSamples(
        {std::move(selections), unixMs(range.from), unixMs(range.to)});
    ++m_core->context().historyEpoch;
    if (!report) {
        return std::unexpected(report.error());
    }
    return report->series;
}

std::optional<storage::History> Store::history() const
{
    return m_core->writer() == nullptr ? std::nullopt : std::optional(m_core->history());
}

Result<StoreStats> Store::stats()
{
    StoreStats stats;
    std::int64_t oldest = std::numeric_limits<std::int64_t>::max();
    std::int64_t newest = std::numeric_limits<std::int64_t>::min();
    for (const auto& group : m_core->head().all()) {
        const std::lock_guard lock(group->mutex);
        stats.headSamples += group->headSamples();
        if (const auto range = group->headRange()) {
            oldest = std::min(oldest, range->first);
            newest = std::max(newest, range->second);
        }
    }
    stats.series = m_core->index().seriesCount();
    const EnvironmentSize size = m_core->environment().size();
    stats.fileBytes = size.fileBytes;
    stats.usedBytes = size.usedBytes;
    {
        auto txn = m_core->environment().read();
        if (!txn) {
            return std::unexpected(txn.error());
        }
        stats.groups = txn->entries(Table::groups);
        Cursor windows(*txn, Table::wins);
        for (bool more = windows.first(); more; more = windows.next()) {
            if (const auto window = WindowRecord::parse(windows.value())) {
                ++stats.windows;
                stats.sealedWindows += window->isSealed ? 1 : 0;
                stats.samples += window->samples;
                stats.chunkBytes += window->bytes;
                oldest = std::min(oldest, window->minMs);
                newest = std::max(newest, window->maxMs);
            }
        }
        Cursor journal(*txn, Table::journal);
        for (bool more = journal.first(); more; more = journal.next()) {
            stats.journalBytes += journal.value().size();
        }
        if (auto read = txn->result(m_core->environment()); !read) {
            return std::unexpected(read.error());
        }
    }
    if (stats.samples > 0) {
        stats.bytesPerSample
            = static_cast<double>(stats.chunkBytes) / static_cast<double>(stats.samples);
    }
    stats.samples += stats.headSamples;
    if (oldest <= newest) {
        stats.oldest = fromUnixMs(oldest);
        stats.newest = fromUnixMs(newest);
    }
    stats.appendedSamples = m_core->context().appendedSamples.load(std::memory_order_relaxed);
    stats.outcomes = m_core->outcomes();
    if (m_core->writer() != nullptr) {
        const StorageWriter::Counts counts = m_core->writer()->counts();
        stats.commits = counts.commits;
        stats.failedCommits = counts.failedCommits;
        stats.lastCommit = counts.lastCommit;
        stats.longestCommit = counts.longestCommit;
        const ScrubRecord scrub = m_core->writer()->scrubbed();
        stats.scrub = {scrub.begunAt.has_value(), scrub.finishedAt, scrub.values, scrub.bytes,
                       scrub.found.count > 0 ? scrub.found.count : scrub.known.count};
        stats.fileBytesLimit = fileBytesLimit(m_core->writer()->retention(), m_core->environment());
    }
    return stats;
}

Result<std::vector<WindowStats>> Store::windows()
{
    auto txn = m_core->environment().read();
    if (!txn) {
        return std::unexpected(txn.error());
    }
    std::vector<WindowStats> all;
    Cursor windows(*txn, Table::wins);
    for (bool more = windows.first(); more; more = windows.next()) {
        if (const auto window = WindowRecord::parse(windows.value())) {
            all.push_back({{fromUnixMs(window->minMs), fromUnixMs(window->maxMs)},
                           window->isSealed,
                           window->samples,
                           window->bytes});
        }
    }
    if (auto read = txn->result(m_core->environment()); !read) {
        return std::unexpected(read.error());
    }
    return all;
}

std::optional<Error> Store::problem() const
{
    return m_core->writer() == nullptr ? std::nullopt : m_core->writer()->problem();
}

void Store::setCommitInterval(std::chrono::milliseconds interval)
{
    if (m_core->writer() != nullptr) {
        m_core->writer()->setInterval(std::clamp(interval, leastInterval, greatestInterval));
    }
}

void Store::setLateWindows(std::chrono::milliseconds push, std::chrono::milliseconds scrape)
{
    m_core->setLateWindows(push, scrape);
}

void Store::setRetention(RetentionLimits limits)
{
    if (m_core->writer() != nullptr) {
        m_core->writer()->setRetention(limits);
    }
}

void Store::setSeriesBudgets(std::map<std::string, std::uint64_t, std::less<>> byJob)
{
    m_core->index().setBudgets(std::move(byJob));
}

void Store::setSeriesLimit(std::uint64_t limit)
{
    m_core->index().setSeriesLimit(limit);
}

void Store::setExemplarLimit(std::uint64_t limit)
{
    m_core->exemplars().setLimit(limit);
}

} // namespace watchfire::tsdb
