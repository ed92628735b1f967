// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/promql/functions/range_function.h"

namespace watchfire::promql::windows {

Cell sum(const Window& window, const SeriesCall& call);
Cell avg(const Window& window, const SeriesCall& call);
Cell count(const Window& window, const SeriesCall& call);
Cell min(const Window& window, const SeriesCall& call);
Cell max(const Window& window, const SeriesCall& call);
Cell first(const Window& window, const SeriesCall& call);
Cell last(const Window& window, const SeriesCall& call);
Cell present(const Window& window, const SeriesCall& call);
Cell stddev(const Window& window, const SeriesCall& call);
Cell stdvar(const Window& window, const SeriesCall& call);
Cell quantile(const Window& window, const SeriesCall& call);
Cell mad(const Window& window, const SeriesCall& call);
Cell tsOfMin(const Window& window, const SeriesCall& call);
Cell tsOfMax(const Window& window, const SeriesCall& call);
Cell tsOfFirst(const Window& window, const SeriesCall& call);
Cell tsOfLast(const Window& window, const SeriesCall& call);
Cell deriv(const Window& window, const SeriesCall& call);
Cell predictLinear(const Window& window, const SeriesCall& call);
Cell doubleExponentialSmoothing(const Window& window, const SeriesCall& call);

} // namespace watchfire::promql::windows
