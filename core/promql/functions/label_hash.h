// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/labels.h"

namespace watchfire::promql {

/// A number in [0, 1) that depends on the labels alone, the same one Prometheus computes, so
/// that limit_ratio picks the same series.
double labelRatio(const Labels& labels);

} // namespace watchfire::promql
