// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/chart/picture.h"

#include <cstddef>
#include <optional>
#include <vector>

namespace watchfire::ui::chart {

/// A line under the crosshair.
struct HoverRow {
    std::size_t row = 0; ///< of the picture's table
    double value = 0; ///< of the sample itself
    double at = 0; ///< where the curve is painted, axis space
    bool nearest = false;
};

/// The lines present at that moment: the `most` nearest to height `near` (axis space), or the
/// highest where there is no pointer; ordered from high to low, the nearest marked. It looks at
/// one column of the table and then reads the samples of those few lines, none further than
/// `reachMs` away.
std::vector<HoverRow> hoverRows(const Picture& picture, double ms, std::optional<double> near,
                                double reachMs, std::size_t most);

/// Lines present at that moment, for "and 490 more".
std::size_t presentRows(const Picture& picture, double ms);

} // namespace watchfire::ui::chart
