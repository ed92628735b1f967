// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/promql/annotations.h"
#include "core/promql/sample_counts.h"

#include <cstdint>
#include <optional>

namespace watchfire::promql {

/// What is found out beside the values while rows are computed, by whichever thread computes
/// them; the evaluation is told in the order of the rows (EvalContext::note).
struct Findings {
    Annotations annotations;
    std::uint64_t samplesRead = 0;
    std::uint64_t mostAtOnce = 0; ///< samples looked at for one value
    WindowCounts windows; ///< where the query wants its samples counted
    std::optional<Error> failure; ///< why there can be no result
};

} // namespace watchfire::promql
