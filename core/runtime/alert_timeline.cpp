// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/alert_timeline.h"

#include "core/model/sample.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <tuple>
#include <utility>

namespace watchfire::runtime {

namespace {

constexpr std::int64_t longestGapMs = 300'000; // as PromQL looks back

engine::AlertSpan spanOf(const Labels& series)
{
    engine::AlertSpan span;
    LabelsBuilder labels(series);
    labels.remove(metricNameLabel);
    labels.remove("alertstate");
    span.labels = labels.build();
    const std::string_view state = series.get("alertstate");
    span.state = state == "pending" ? AlertState::pending : AlertState::firing;
    span.unknown = state == "unknown";
    return span;
}

/// Cuts the samples of one series into stretches.
void addSpans(const Labels& series, std::span<const std::int64_t> timeline,
              const storage::Column& column, std::int64_t endMs,
              std::vector<engine::AlertSpan>& spans)
{
    const engine::AlertSpan blank = spanOf(series);
    std::int64_t from = 0;
    std::int64_t last = 0;
    bool open = false;
    const auto close = [&](std::int64_t at, bool goesOn) {
        engine::AlertSpan span = blank;
        span.from = fromUnixMs(from);
        span.to = fromUnixMs(at);
        span.isOpen = goesOn;
        spans.push_back(std::move(span));
        open = false;
    };
    for (std::size_t i = 0; i < timeline.size(); ++i) {
        if (!column.isPresent(i)) {
            continue;
        }
        const std::int64_t at = timeline[i];
        if (open && at - last > longestGapMs) {
            close(last, false);
        }
        if (isStaleMarker(column.values[i])) {
            if (open) {
                close(at, false);
            }
            continue;
        }
        from = open ? from : at;
        last = at;
        open = true;
    }
    if (open) {
        close(last, endMs - last <= longestGapMs);
    }
}

} // namespace

Result<std::vector<engine::AlertSpan>> alertTimeline(storage::Querier& querier,
                                                     const engine::AlertTimelineRequest& request,
                                                     const std::stop_token& stop)
{
    Matchers matchers = request.filter;
    matchers.push_back(Matcher::equal(std::string(metricNameLabel), "ALERTS"));
    auto groups = querier.select(matchers, request.range);
    if (!groups) {
        return std::unexpected(std::move(groups.error()));
    }
    std::vector<engine::AlertSpan> spans;
    storage::Column column;
    for (const auto& reader : *groups) {
        if (stop.stop_requested()) {
            return fail(ErrorKind::cancelled, "nobody waits for the timeline any more");
        }
        const auto timeline = reader->timeline();
        if (!timeline) {
            return std::unexpected(timeline.error());
        }
        for (std::size_t i = 0; i < reader->size(); ++i) {
            if (auto done = reader->read(i, column); !done) {
                return std::unexpected(std::move(done.error()));
            }
            addSpans(reader->labels(i), *timeline, column, unixMs(request.range.to), spans);
        }
    }
    if (request.limit > 0 && spans.size() > request.limit) {
        std::ranges::nth_element(spans, spans.begin() + std::ptrdiff_t(request.limit), {},
                                 [](const engine::AlertSpan& span) { return -unixMs(span.to); });
        spans.resize(request.limit);
    }
    std::ranges::sort(spans, [](const engine::AlertSpan& a, const engine::AlertSpan& b) {
        return std::tie(a.labels, a.from, a.to) < std::tie(b.labels, b.from, b.to);
    });
    return spans;
}

} // namespace watchfire::runtime
