// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/model/matcher.h"
#include "core/model/metadata.h"
#include "core/storage/querier.h"

#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

namespace watchfire::transfer {

/// Takes the text, a piece at a time; false ends the dump (the reader has gone).
using TextSink = std::function<bool(std::string_view piece)>;

struct DumpOptions {
    /// Both ends inclusive.
    TimeRange range{};
    /// Series that one of them matches, each once; none: every series.
    std::vector<Matchers> selections;
};

/// What a dump wrote, and what it could not say.
struct DumpReport {
    std::uint64_t series = 0;
    std::uint64_t samples = 0;
    std::uint64_t histogramsLeftOut = 0; ///< native ones have no form in OpenMetrics
    std::uint64_t staleLeftOut = 0; ///< staleness markers have none either
    std::uint64_t namelessSeries = 0; ///< left out: OpenMetrics needs a metric name
};

/// OpenMetrics text: families in order of their names with TYPE, UNIT and HELP as `metadata`
/// (sorted by family) has them, series by series, times in seconds, "# EOF". A family whose series
/// do not bear the suffixes that OpenMetrics asks of its type is called unknown, so that the text
/// can be read back. Fails with ErrorKind::cancelled when the sink says so, else as the store does.
///
/// Source: OpenMetrics 1.0 specification, "Text format".
Result<void> dumpOpenMetrics(storage::Querier& querier, std::span<const FamilyMetadata> metadata,
                             const DumpOptions& options, const TextSink& sink, DumpReport& report);

/// A line for each sample: {labels} value milliseconds; histograms as PromQL prints them. In order
/// of labels, then time. Source: Prometheus, "promtool tsdb dump".
Result<void> dumpSamples(storage::Querier& querier, const DumpOptions& options,
                         const TextSink& sink, DumpReport& report);

} // namespace watchfire::transfer
