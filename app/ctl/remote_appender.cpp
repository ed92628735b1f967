// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/remote_appender.h"

#include "core/encoding/compress.h"
#include "core/encoding/json.h"
#include "core/remote/write.h"

#include <format>
#include <future>
#include <utility>

namespace watchfire::ctl {

namespace {

/// An engine takes 64 MiB at once; a float sample is at most 20 bytes.
constexpr std::size_t greatestWeight = std::size_t{16} << 20;
constexpr std::size_t sampleWeight = 20;

} // namespace

Result<storage::SeriesRef> RemoteAppender::append(storage::SeriesRef hint, const Labels& labels,
                                                  const SampleView& sample)
{
    storage::SeriesRef ref = hint;
    if (ref == 0) {
        const auto [at, isNew]
            = m_refs.try_emplace(labels, static_cast<storage::SeriesRef>(m_labels.size() + 1));
        if (isNew) {
            m_labels.push_back(labels);
        }
        ref = at->second;
    }
    const auto [at, isNew] = m_staged.try_emplace(ref);
    WriteSeries& series = at->second;
    if (isNew) {
        series.labels = m_labels[ref - 1];
        m_weight += series.labels.bytes() + sampleWeight;
    }
    if (sample.histogram != nullptr) {
        series.histograms.emplace_back(unixMs(sample.at), *sample.histogram);
        m_weight += sampleWeight * 4
            + 9
                * (sample.histogram->positiveBuckets.size()
                   + sample.histogram->negativeBuckets.size()
                   + sample.histogram->customValues.size())
            + 8 * (sample.histogram->positiveSpans.size() + sample.histogram->negativeSpans.size());
    } else {
        series.samples.push_back({unixMs(sample.at), sample.value});
        m_weight += sampleWeight;
    }
    if (m_weight >= greatestWeight) {
        if (auto sent = send(m_sent); !sent) {
            return std::unexpected(sent.error());
        }
    }
    return ref;
}

Result<storage::SeriesRef> RemoteAppender::find(const Labels& labels)
{
    const auto known = m_refs.find(labels);
    return known == m_refs.end() ? 0 : known->second;
}

Result<void> RemoteAppender::appendExemplars(storage::SeriesRef ref,
                                             std::span<const Exemplar> exemplars)
{
    const auto [at, isNew] = m_staged.try_emplace(ref);
    if (isNew) {
        at->second.labels = m_labels[ref - 1];
    }
    at->second.exemplars.insert(at->second.exemplars.end(), exemplars.begin(), exemplars.end());
    for (const Exemplar& exemplar : exemplars) {
        m_weight += sampleWeight + exemplar.labels.bytes();
    }
    return {};
}

void RemoteAppender::setMetadata(std::string_view family, const Metadata& metadata)
{
    m_metadata.push_back({std::string(family), metadata});
}

Result<storage::CommitReport> RemoteAppender::commit()
{
    if (auto sent = send(m_sent); !sent) {
        return std::unexpected(sent.error());
    }
    return std::exchange(m_sent, {});
}

Result<void> RemoteAppender::send(storage::CommitReport& report)
{
    if (m_staged.empty() && m_metadata.empty()) {
        return {};
    }
    WriteRequest samples;
    samples.series.reserve(m_staged.size());
    for (auto& [ref, series] : m_staged) {
        samples.series.push_back(std::move(series));
    }
    m_staged.clear();
    m_weight = 0;
    samples.metadata = std::exchange(m_metadata, {});
    HttpRequest request;
    request.method = "POST";
    request.url = m_url;
    request.headers = {{"Content-Type", "application/x-protobuf"},
                       {"Content-Encoding", "snappy"},
                       {"X-Prometheus-Remote-Write-Version", "0.1.0"}};
    request.body = encoding::snappyCompress(remote::encodeWrite(samples));
    request.timeout = std::chrono::minutes(5);
    std::promise<Result<HttpResponse>> promise;
    auto future = promise.get_future();
    const Ticket ticket
        = m_fetcher.fetch(std::move(request), [&promise](Result<HttpResponse> response) {
              promise.set_value(std::move(response));
          });
    const auto response = future.get();
    if (!response) {
        return fail(ErrorKind::unavailable, response.error().message);
    }
    const auto json = encoding::parseJson(response->body);
    if (!json || (*json)["status"].asString() != "success") {
        return fail(ErrorKind::invalid,
                    std::format("{} answered {}: {}", m_url, response->status,
                                json ? (*json)["error"].asString() : response->body));
    }
    const encoding::JsonValue& data = (*json)["data"];
    const auto count
        = [&](const char* name) { return static_cast<std::uint64_t>(data[name].asInteger()); };
    report += {.stored = count("stored"),
               .duplicates = count("duplicates"),
               .conflicts = count("conflicts"),
               .tooOld = count("tooOld"),
               .tooNew = count("tooNew"),
               .refused = count("refused"),
               .newSeries = count("newSeries")};
    return {};
}

} // namespace watchfire::ctl
