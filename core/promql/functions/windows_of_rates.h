// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/promql/functions/range_function.h"

namespace watchfire::promql::windows {

Cell rate(const Window& window, const SeriesCall& call);
Cell increase(const Window& window, const SeriesCall& call);
Cell delta(const Window& window, const SeriesCall& call);
Cell irate(const Window& window, const SeriesCall& call);
Cell idelta(const Window& window, const SeriesCall& call);
Cell changes(const Window& window, const SeriesCall& call);
Cell resets(const Window& window, const SeriesCall& call);

/// rate, increase and delta with edges: no extrapolation, but a sample before the window (and,
/// smoothed, one after it) to start from. The window given holds all samples as far as the
/// lookback reaches; of both kinds anywhere in there, nothing comes.
Cell extendedRate(const Window& window, const SeriesCall& call, bool isCounter, bool perSecond);

} // namespace watchfire::promql::windows
