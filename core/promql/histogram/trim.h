// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/histogram.h"

namespace watchfire::promql {

/// Takes observations above (below) the bound out of the histogram. A bucket the bound cuts is
/// divided as histogram_quantile would interpolate in it; buckets without an end cannot be
/// divided and go, or stay, whole. When anything went, count and sum are estimated afresh from
/// what is left.
/// Source: Prometheus documentation, "Operators", trim operators.
void trimAbove(Histogram& histogram, double bound);
void trimBelow(Histogram& histogram, double bound);

} // namespace watchfire::promql
