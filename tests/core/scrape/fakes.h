// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/sample.h"
#include "core/storage/store.h"
#include "core/text/number.h"
#include "tests/support/fake_fetcher.h"

#include <string>
#include <vector>

namespace watchfire::test {

/// The samples of one series as "value@seconds-since-start …", staleness markers as "stale".
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
                out += out.empty() ? "" : " ";
                out += isStaleMarker(value) ? "stale" : text::formatValue(value);
                out += "@" + text::formatValue(double(timeline[entry] - unixMs(start)) / 1000);
            }
        }
    }
    return out;
}

} // namespace watchfire::test
