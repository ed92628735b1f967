// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/histogram.h"
#include "core/model/sample.h"
#include "core/storage/store.h"
#include "core/text/number.h"
#include "tests/support/fake_fetcher.h"

#include <algorithm>
#include <string>
#include <vector>

namespace watchfire::test {

/// The samples of one series as "value@seconds-since-start …", staleness markers as "stale",
/// histograms as "hCOUNT", a known start as "value~seconds-since-start@…".
inline std::string samplesOf(storage::Store& store, const std::string& name, Timestamp start)
{
    std::string out;
    const auto querier = store.querier();
    const auto groups = (*querier)->select(
        std::vector<Matcher>{Matcher::equal(std::string(metricNameLabel), name)},
        {Timestamp::min(), Timestamp::max()});
    for (const auto& group : *groups) {
        const auto timeline = *group->timeline();
        storage::Column column;
        for (std::size_t i = 0; i < group->size(); ++i) {
            if (!group->read(i, column)) {
                continue;
            }
            for (std::size_t entry = 0; entry < timeline.size(); ++entry) {
                if (!column.isPresent(entry)) {
                    continue;
                }
                const double value = column.values[entry];
                const auto histogram = std::ranges::find(column.histograms, entry,
                                                         [](const auto& one) { return one.first; });
                out += out.empty() ? "" : " ";
                out += histogram != column.histograms.end()
                    ? "h" + text::formatValue(histogram->second->count)
                    : isStaleMarker(value) ? "stale"
                                           : text::formatValue(value);
                if (!column.startedAtMs.empty() && column.startedAtMs[entry] != 0) {
                    const double since = double(column.startedAtMs[entry] - unixMs(start)) / 1000;
                    out += "~" + text::formatValue(since);
                }
                out += "@" + text::formatValue(double(timeline[entry] - unixMs(start)) / 1000);
            }
        }
    }
    return out;
}

} // namespace watchfire::test
