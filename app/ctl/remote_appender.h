// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/write_request.h"
#include "core/net/http_fetcher.h"
#include "core/storage/appender.h"

#include <map>
#include <string>
#include <unordered_map>
#include <vector>

namespace watchfire::ctl {

/// Hands samples of any age to a running engine: POST /api/v1/admin/tsdb/import with remote write
/// bodies (version 1, which says metadata by family and knows native histograms). Large commits go
/// in several requests, in order; what an earlier one brought stays where a later one fails.
class RemoteAppender final : public storage::Appender {
public:
    /// `url` of the engine, without a slash at its end.
    explicit RemoteAppender(std::string url)
        : m_url(std::move(url) + "/api/v1/admin/tsdb/import")
    {
    }

    Result<storage::SeriesRef> append(storage::SeriesRef hint, const Labels& labels,
                                      const SampleView& sample) override;
    /// Of the series it has sent or is to send, not of all that the engine has.
    Result<storage::SeriesRef> find(const Labels& labels) override;
    Result<void> appendExemplars(storage::SeriesRef series,
                                 std::span<const Exemplar> exemplars) override;
    void setMetadata(std::string_view family, const Metadata& metadata) override;
    /// Fails with ErrorKind::unavailable when nobody answers, invalid when the engine refuses.
    Result<storage::CommitReport> commit() override;

private:
    Result<void> send(storage::CommitReport& report);

    std::string m_url;
    net::CurlFetcher m_fetcher;
    std::unordered_map<Labels, storage::SeriesRef> m_refs;
    std::vector<Labels> m_labels; ///< by number, from 1
    std::map<storage::SeriesRef, WriteSeries> m_staged;
    std::vector<FamilyMetadata> m_metadata;
    std::size_t m_weight = 0; ///< of what is staged, in bytes or so
    storage::CommitReport m_sent; ///< since the last commit
};

} // namespace watchfire::ctl
