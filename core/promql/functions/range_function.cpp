// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/functions/range_function.h"

#include "core/promql/functions/windows_of_rates.h"
#include "core/promql/functions/windows_over_time.h"

#include <algorithm>
#include <array>
#include <format>

namespace watchfire::promql {

namespace {

using Rate = RangeFunction::Rate;

constexpr std::array functions{
    RangeFunction{.name = "rate",
                  .window = windows::rate,
                  .kernel = kernels::counterRate,
                  .needs = 2,
                  .rate = Rate::perSecond,
                  .anchorable = true,
                  .smoothable = true,
                  .wantsCounter = true},
    RangeFunction{.name = "increase",
                  .window = windows::increase,
                  .kernel = kernels::counterRate,
                  .needs = 2,
                  .rate = Rate::increase,
                  .anchorable = true,
                  .smoothable = true,
                  .wantsCounter = true},
    RangeFunction{.name = "delta",
                  .window = windows::delta,
                  .kernel = kernels::gaugeDelta,
                  .needs = 2,
                  .rate = Rate::increase,
                  .anchorable = true,
                  .smoothable = true},
    RangeFunction{
        .name = "irate", .window = windows::irate, .kernel = kernels::instantRate, .needs = 2},
    RangeFunction{
        .name = "idelta", .window = windows::idelta, .kernel = kernels::instantDelta, .needs = 2},
    RangeFunction{.name = "changes",
                  .window = windows::changes,
                  .kernel = kernels::changes,
                  .anchorable = true},
    RangeFunction{
        .name = "resets", .window = windows::resets, .kernel = kernels::resets, .anchorable = true},
    RangeFunction{.name = "sum_over_time", .window = windows::sum, .kernel = kernels::sumOverTime},
    RangeFunction{.name = "avg_over_time", .window = windows::avg, .kernel = kernels::avgOverTime},
    RangeFunction{
        .name = "count_over_time", .window = windows::count, .kernel = kernels::countOverTime},
    RangeFunction{.name = "min_over_time", .window = windows::min, .kernel = kernels::minOverTime},
    RangeFunction{.name = "max_over_time", .window = windows::max, .kernel = kernels::maxOverTime},
    RangeFunction{.name = "first_over_time",
                  .window = windows::first,
                  .kernel = kernels::firstOverTime,
                  .keepsName = true},
    RangeFunction{.name = "last_over_time",
                  .window = windows::last,
                  .kernel = kernels::lastOverTime,
                  .keepsName = true},
    RangeFunction{.name = "present_over_time",
                  .window = windows::present,
                  .kernel = kernels::presentOverTime},
    // Which series are there; that none is, is for another operator to say.
    RangeFunction{
        .name = "absent_over_time", .window = windows::present, .kernel = kernels::presentOverTime},
    RangeFunction{
        .name = "stddev_over_time", .window = windows::stddev, .kernel = kernels::stddevOverTime},
    RangeFunction{
        .name = "stdvar_over_time", .window = windows::stdvar, .kernel = kernels::stdvarOverTime},
    RangeFunction{.name = "quantile_over_time",
                  .window = windows::quantile,
                  .kernel = kernels::quantileOverTime},
    RangeFunction{.name = "mad_over_time", .window = windows::mad},
    RangeFunction{.name = "ts_of_min_over_time",
                  .window = windows::tsOfMin,
                  .kernel = kernels::tsOfMinOverTime},
    RangeFunction{.name = "ts_of_max_over_time",
                  .window = windows::tsOfMax,
                  .kernel = kernels::tsOfMaxOverTime},
    RangeFunction{.name = "ts_of_first_over_time",
                  .window = windows::tsOfFirst,
                  .kernel = kernels::tsOfFirstOverTime},
    RangeFunction{.name = "ts_of_last_over_time",
                  .window = windows::tsOfLast,
                  .kernel = kernels::tsOfLastOverTime},
    RangeFunction{.name = "deriv", .window = windows::deriv},
    RangeFunction{.name = "predict_linear", .window = windows::predictLinear},
    RangeFunction{.name = "double_exponential_smoothing",
                  .window = windows::doubleExponentialSmoothing},
};

} // namespace

const RangeFunction* findRangeFunction(std::string_view name)
{
    const auto found = std::ranges::find(functions, name, &RangeFunction::name);
    return found == functions.end() ? nullptr : &*found;
}

Result<void> checkEdges(const RangeFunction& function, RangeEdges edges)
{
    switch (edges) {
    case RangeEdges::plain:
        return {};
    case RangeEdges::anchored:
        if (function.anchorable) {
            return {};
        }
        return fail(ErrorKind::invalid,
                    std::format("anchored modifier can only be used with: changes, delta, "
                                "increase, rate, resets - not with {}",
                                function.name));
    case RangeEdges::smoothed:
        if (function.smoothable) {
            return {};
        }
        return fail(ErrorKind::invalid,
                    std::format("smoothed modifier can only be used with: delta, increase, rate "
                                "- not with {}",
                                function.name));
    }
    return {};
}

} // namespace watchfire::promql
