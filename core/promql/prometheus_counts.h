// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/promql/grid.h"
#include "core/promql/profile.h"
#include "core/promql/syntax/ast.h"

namespace watchfire::promql {

/// The samples of a query as Prometheus counts them, worked out from what its parts were seen to
/// yield here: which it evaluates anew at every step and which once, and what it holds while it
/// evaluates one after the other. Of a query that failed: as far as it came.
///
/// Counts may differ where Prometheus' do not depend on the query alone: native histograms that
/// its storage or its arithmetic keeps with other spans have another size, and when series of
/// unlike density are looked at through windows, what it holds at most depends on their order.
///
/// Source: Prometheus 3.14, promql/engine.go, evaluator.eval, rangeEval and PreprocessExpr.
SampleCounts countAsPrometheus(const Node& root, const StepGrid& grid, const Profile& profile);

} // namespace watchfire::promql
