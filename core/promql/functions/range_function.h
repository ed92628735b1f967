// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/promql/batch.h"
#include "core/promql/findings.h"
#include "core/promql/kernels/range_kernels.h"
#include "core/promql/syntax/ast.h"

#include <cstdint>
#include <span>
#include <stop_token>
#include <string_view>
#include <vector>

namespace watchfire::promql {

/// The samples of one series in one step's window, oldest first: numbers and histograms apart.
/// Markers and absences are out.
struct Window {
    std::span<const std::int64_t> times;
    std::span<const double> values;
    std::span<const std::int64_t> starts; ///< when known: parallel to values, 0 unknown
    std::span<const std::int64_t> histogramTimes;
    std::span<const HistogramPtr> histograms;
    std::span<const std::int64_t> histogramStarts;
    std::int64_t end = 0; ///< the window is (end − range, end]
    std::int64_t evaluatedAt = 0; ///< the step itself; differs from `end` by offset and @
    std::size_t step = 0;
};

struct RangeFunction;

/// One use of a range function in a query: what it was given.
struct RangeCall {
    const RangeFunction& function;
    std::int64_t lookbackMs = 0;
    std::int64_t rangeMs = 0;
    RangeEdges edges = RangeEdges::plain;
    std::vector<std::int64_t> ends = {}; ///< by step: where the window ends
    std::vector<std::int64_t> evaluatedAt = {}; ///< by step
    std::vector<std::vector<double>> parameters = {}; ///< scalar arguments, a value a step each
    Span argument = {}; ///< of the range vector in the query
    Span parameterSpan = {}; ///< of its first scalar argument
    std::stop_token stop = {};
    bool countsSamples = false; ///< the query wants to know what is in the windows
};

/// The same for one series, and where remarks on it go.
struct SeriesCall {
    const RangeCall& use;
    Findings& findings;
    std::string_view metric = {};

    double seconds() const { return static_cast<double>(use.rangeMs) / 1000; }
    void warn(std::string_view text) const { findings.annotations.warn(text, use.argument); }
    void inform(std::string_view text) const { findings.annotations.inform(text, use.argument); }
};

/// A function of a range vector. `window` computes one step from its samples, whatever they
/// are: it is the meaning. `kernel`, where there is one, computes all steps of a series of
/// plain numbers at once and must agree with it.
struct RangeFunction {
    std::string_view name;
    Cell (*window)(const Window&, const SeriesCall&);
    kernels::RangeKernel kernel = nullptr;
    unsigned needs = 1; ///< samples a window must hold for the kernel to have a result
    enum class Rate { none, increase, perSecond } rate = Rate::none; ///< extrapolates
    bool keepsName = false;
    bool anchorable = false; ///< understands `anchored`
    bool smoothable = false; ///< understands `smoothed`
    bool wantsCounter = false; ///< remarks on a name that is no counter's
};

/// Nothing: not a function of a range vector.
const RangeFunction* findRangeFunction(std::string_view name);

/// Fails when the function does not understand the edges asked for.
Result<void> checkEdges(const RangeFunction& function, RangeEdges edges);

} // namespace watchfire::promql
