// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/labels.h"
#include "core/model/result.h"

#include <cstddef>
#include <cstdint>
#include <string>

namespace watchfire::api {

/// Seconds with at most three decimals: 1700001800, 1700001800.5.
void appendSeconds(std::string& out, std::int64_t atMs);
/// {"name":"value",…}
void appendLabels(std::string& out, const Labels& labels);
/// {"count":"…","sum":"…","buckets":[[0,"0.5","1","31"],…]}; buckets ascending, empty ones left
/// out.
void appendHistogram(std::string& out, const Histogram& histogram);
/// "resultType":"…","result":…: straight into the text, since answers are large.
void appendResult(std::string& out, const QueryValue& value);
/// {"kind":"…","text":"…",…,"children":[…]}: what became of each part of the query.
void appendExplanation(std::string& out, const NodeReport& report);
/// Leaves at most `limit` series (0: all). Whether any had to go.
bool truncate(QueryValue& value, std::size_t limit);

} // namespace watchfire::api
