// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/exemplar.h"
#include "core/model/histogram.h"
#include "core/model/labels.h"
#include "core/model/metadata.h"
#include "core/model/sample.h"

#include <cstdint>
#include <utility>
#include <vector>

namespace watchfire {

/// One series of a decoded remote write request.
struct WriteSeries {
    Labels labels;
    std::vector<Sample> samples;
    std::vector<std::pair<std::int64_t, Histogram>> histograms;
    std::vector<Exemplar> exemplars;
    /// When the counters started, of each of `samples` and of `histograms`, in ms since the epoch;
    /// 0: unknown. Empty: unknown of all.
    std::vector<std::int64_t> sampleStartsMs{};
    std::vector<std::int64_t> histogramStartsMs{};
};

struct WriteRequest {
    std::vector<WriteSeries> series;
    std::vector<FamilyMetadata> metadata;
    /// History: taken whatever its age. No sender says so, only who receives it.
    bool isHistory = false;
};

} // namespace watchfire
