// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/base/executor.h"
#include "core/base/result.h"
#include "core/model/cardinality.h"
#include "core/model/exemplar.h"
#include "core/storage/appender.h"
#include "core/storage/state_store.h"
#include "core/storage/store.h"
#include "core/tsdb/verify.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace watchfire::tsdb {

class StoreCore;

/// What is kept; 0: without that limit.
struct RetentionLimits {
    /// Windows of eight hours go as a whole, once all of one is so much older than the newest
    /// sample.
    std::chrono::milliseconds time{0};
    /// Of the file, kept to within a tenth or so. The window that is being written stays.
    std::uint64_t bytes = 0;
    /// Likewise, of the size that the file system has at the time: 0.1 is a tenth. With both, the
    /// smaller counts.
    double share = 0;
    friend bool operator==(const RetentionLimits&, const RetentionLimits&) = default;
};

/// How a store is opened. What tests alone need stands at the end.
struct OpenOptions {
    /// The data directory; made when missing, unless read-only.
    std::filesystem::path directory;
    /// For tools, beside a running engine too: sees what is committed and in the hand-off ring
    /// when it is opened, takes no samples and leaves every file as it is.
    bool readOnly = false;
    /// From accepting a row to surviving a power loss; kept within 200 ms and 60 s. The death
    /// of the process loses nothing at any setting.
    std::chrono::milliseconds commitInterval{5'000};
    /// How far behind its series' newest sample a sample is still taken.
    std::chrono::milliseconds pushLateWindow{std::chrono::minutes(30)};
    std::chrono::milliseconds scrapeLateWindow{0};
    /// How far ahead of the clock a sample is taken; 0: any.
    std::chrono::milliseconds aheadLimit{std::chrono::minutes(10)};
    RetentionLimits retention;
    /// Series the store holds at most; 0: any number.
    std::uint64_t seriesLimit = 0;
    /// Exemplars it keeps, about: the newest. 0: none.
    std::uint64_t exemplarLimit = 100'000;
    static constexpr std::uint64_t anyExemplars = ~std::uint64_t{0};
    /// Rows kept while the disk refuses them; beyond, commits are refused.
    std::uint64_t heldBytesLimit = std::uint64_t{256} << 20;
    /// Encodes strips; must outlive the store. None: the storage writer's thread does.
    Executor* workers = nullptr;
    /// Judges ages and what is in the future; must outlive the store. None: the machine's.
    const Clock* clock = nullptr;

    /// 0: large enough. The map grows by itself.
    std::uint64_t mapSize = 0;
    std::uint64_t ringBytes = std::uint64_t{16} << 20;
    /// Tells one start of the machine from another; empty: what the machine says.
    std::string bootId;
    /// Asked before each commit: an errno makes it fail as if the disk had said so.
    std::function<int()> commitFault;
    /// How large the file system is and how much of it is free; none: what it says itself.
    std::function<std::filesystem::space_info()> space{};
    /// false: commits happen in `commitNow`, `put` and `remove` only.
    bool commitsByTime = true;
    /// Of stored values, looked at in one piece by the monthly check.
    std::size_t scrubBytes = std::size_t{4} << 20;
    /// No transaction of a query lives longer, whatever its owner does meanwhile: pages that it
    /// sees are not used again, in another process neither.
    std::chrono::milliseconds readerAge{10'000};
};

/// The look at everything that is stored, once a month.
struct ScrubStats {
    bool isUnderWay = false;
    Timestamp finishedAt{}; ///< the last time; before there was one, when the store was made
    std::uint64_t values = 0; ///< looked at, this time or the last
    std::uint64_t bytes = 0;
    std::uint64_t damaged = 0;
};

/// The figures of `watchfirectl tsdb analyze`.
struct StoreStats {
    std::uint64_t series = 0;
    std::uint64_t groups = 0;
    std::uint64_t samples = 0; ///< in strips and in the head
    std::uint64_t headSamples = 0; ///< of these, not yet in a strip
    std::uint64_t chunkBytes = 0; ///< encoded strips and blocks
    std::uint64_t windows = 0; ///< of eight hours, that have strips or blocks
    std::uint64_t sealedWindows = 0;
    std::uint64_t journalBytes = 0;
    std::uint64_t usedBytes = 0; ///< LMDB pages that hold data
    std::uint64_t fileBytes = 0;
    std::uint64_t fileBytesLimit = 0; ///< what retention lets that grow to now; 0: any size
    double bytesPerSample = 0; ///< chunkBytes per sample in strips and blocks; 0: none yet
    std::optional<Timestamp> oldest;
    std::optional<Timestamp> newest;
    // Since the store was opened:
    std::uint64_t appendedSamples = 0;
    storage::CommitReport outcomes; ///< of all that was brought here, scraped or pushed
    std::uint64_t commits = 0;
    std::uint64_t failedCommits = 0;
    std::chrono::microseconds lastCommit{}; ///< how long it took
    std::chrono::microseconds longestCommit{};
    ScrubStats scrub;
};

/// One of the stretches of eight hours that samples are kept by.
struct WindowStats {
    TimeRange range{}; ///< of its samples, both ends inclusive
    bool isSealed = false;
    std::uint64_t samples = 0;
    std::uint64_t bytes = 0; ///< encoded
};

/// The store: one directory, one LMDB environment, one thread that writes to it. From any
/// thread. Writers, appenders and queriers must be gone before it.
class Store final : public storage::Store, public storage::StateStore {
public:
    /// Errors name the path and the reason: conflict (another process writes there), unsupported
    /// (written by a newer version; left untouched), corrupt, notFound (read-only and nothing
    /// there), io.
    static Result<std::unique_ptr<Store>> open(const OpenOptions& options);
    /// Commits what is accepted.
    ~Store() override;
    Store(const Store&) = delete;
    Store& operator=(const Store&) = delete;

    Result<std::unique_ptr<storage::GroupWriter>> openGroup(const Labels& identity) override;
    std::unique_ptr<storage::Appender> appender() override;
    /// An appender for history: it takes samples of any age, and of any time to come. Large
    /// batches in order of time come out densest.
    std::unique_ptr<storage::Appender> importer();
    Result<std::unique_ptr<storage::Querier>> querier() override;
    /// Nothing when it is read-only: others write.
    std::optional<storage::History> history() const override;
    Result<std::vector<FamilyMetadata>> metadata() override;
    /// Of the series that one of the selections matches, sorted by labels; those that have none in
    /// the range (of the exemplars' times, both ends inclusive) are left out. They are kept for
    /// seven days, as long as there are not too many.
    Result<std::vector<SeriesExemplars>> exemplars(const std::vector<Matchers>& selections,
                                                   TimeRange range);

    Result<void> put(std::string_view domain, std::string_view key, ByteView value) override;
    Result<void> putAll(std::string_view domain,
                        const std::vector<std::pair<std::string, Bytes>>& values) override;
    Result<void> remove(std::string_view domain, std::string_view key) override;
    Result<std::optional<Bytes>> get(std::string_view domain, std::string_view key) override;
    Result<std::vector<std::pair<std::string, Bytes>>> list(std::string_view domain) override;

    /// Everything accepted so far survives power loss once this returns.
    Result<void> commitNow();
    /// Seals every closed window now, instead of when it has settled, and frees the space of
    /// what was deleted.
    Result<void> sealNow();
    /// Makes the file as small as what is in it; nothing is committed meanwhile. Fails with
    /// ErrorKind::conflict while a snapshot is taken.
    Result<void> compactNow();
    /// Copies the store, as it is now, into that new folder, from where it can be opened. Free
    /// of a lock while it runs, and commits go on; the file grows by what they write meanwhile. A
    /// read-only store is copied with what its hand-off file holds.
    Result<void> snapshot(const std::filesystem::path& folder);
    /// Deletes the samples accepted so far, in the range, of every series that one of the
    /// selections matches; returns how many series that are. Queries begun later do not see
    /// them; the space is freed soon after. Samples written later, in that range too, stay.
    Result<std::uint64_t> deleteSamples(std::vector<Matchers> selections, TimeRange range);
    Result<StoreStats> stats();
    /// Oldest first. What no strip holds yet is in none of them.
    Result<std::vector<WindowStats>> windows();
    /// What is written is committed first, so that it counts; `limit` for each of the lists.
    Result<CardinalityReport> cardinality(std::size_t limit);
    /// Reads and decodes everything there is; see verify.h.
    Result<VerifyReport> verify();
    /// What keeps the store from its work now ("disk full: …"); nothing: all is well.
    std::optional<Error> problem() const;

    /// Settings that change while it runs.
    void setCommitInterval(std::chrono::milliseconds interval);
    void setLateWindows(std::chrono::milliseconds push, std::chrono::milliseconds scrape);
    void setSeriesLimit(std::uint64_t limit);
    /// What is beyond goes soon.
    void setExemplarLimit(std::uint64_t limit);
    /// Series with each value of the label job at most: new ones beyond are refused, those there
    /// are stay. Jobs not named have no limit.
    void setSeriesBudgets(std::map<std::string, std::uint64_t, std::less<>> byJob);
    /// What exceeds new limits goes within a minute.
    void setRetention(RetentionLimits limits);

private:
    explicit Store(std::unique_ptr<StoreCore> core);

    std::unique_ptr<StoreCore> m_core;
};

} // namespace watchfire::tsdb
