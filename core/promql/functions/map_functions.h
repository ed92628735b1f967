// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/promql/grid.h"
#include "core/promql/operators/map.h"

#include <optional>
#include <string_view>
#include <vector>

namespace watchfire::promql {

/// The functions that look at one sample at a time (abs, clamp, hour, histogram_count, …) as
/// what they do to a row. `scalars`: the scalar arguments, a value a step each. Nothing: no
/// such function.
std::optional<RowFunction>
mapFunction(std::string_view name, std::vector<std::vector<double>> scalars, const StepGrid& grid);

/// A part of a date (hour, day_of_week, …) of a time in seconds, UTC. Null: no such function.
using DatePart = double (*)(double seconds);
DatePart findDatePart(std::string_view name);

/// The unary minus.
RowFunction negation();

} // namespace watchfire::promql
