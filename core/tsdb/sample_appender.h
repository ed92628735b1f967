// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/storage/appender.h"
#include "core/tsdb/store_core.h"

#include <unordered_map>
#include <vector>

namespace watchfire::tsdb {

/// Takes samples one by one and turns them into rows of the groups that own their series. New
/// series form groups by their job and instance.
class SampleAppender final : public storage::Appender {
public:
    /// Which times it takes.
    enum class Reach {
        ordinary, ///< behind the newest and ahead of the clock as the store's settings say
        anyAge ///< all: history
    };
    explicit SampleAppender(StoreCore& core, Reach reach = Reach::ordinary)
        : m_core(core)
        , m_reach(reach)
    {
    }

    Result<storage::SeriesRef> append(storage::SeriesRef hint, const Labels& labels,
                                      const SampleView& sample) override;
    Result<storage::SeriesRef> find(const Labels& labels) override;
    Result<void> appendExemplars(storage::SeriesRef series,
                                 std::span<const Exemplar> exemplars) override;
    void setMetadata(std::string_view family, const Metadata& metadata) override;
    Result<storage::CommitReport> commit() override;

private:
    struct Staged {
        Gid gid = 0;
        std::int64_t atMs = 0;
        Sid sid = 0;
        double value = 0;
        std::shared_ptr<const Histogram> histogram;
        std::int64_t startedAtMs = 0; ///< 0: unknown
    };
    struct StagedExemplar {
        Gid gid = 0;
        Sid sid = 0;
        std::int64_t sampleMs = 0;
        Exemplar exemplar;
    };
    /// From here on no number of a series is given to another until the commit.
    void enter();
    Result<std::pair<Sid, Gid>> locate(storage::SeriesRef hint, const Labels& labels);
    Result<std::pair<Sid, Gid>> findOrCreate(const Labels& labels);
    Result<storage::CommitReport> commitStaged();
    Result<void> commitRow(std::span<const Staged> row, storage::CommitReport& report);
    void commitExemplars(std::int64_t latestMs);
    Result<Gid> groupOf(Sid sid);

    std::chrono::milliseconds lateWindow() const;

    StoreCore& m_core;
    const Reach m_reach;
    std::vector<Staged> m_staged;
    std::vector<StagedExemplar> m_exemplars;
    std::vector<FamilyMetadata> m_metadata;
    GateEntry m_inside; ///< from the first call to the commit
    std::uint64_t m_removals = 0; ///< when m_known was right
    std::unordered_map<Sid, Gid> m_known;
    std::uint64_t m_newSeries = 0;
    std::uint64_t m_refused = 0;
};

} // namespace watchfire::tsdb
