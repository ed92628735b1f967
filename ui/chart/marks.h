// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include <QColor>
#include <QString>

namespace watchfire::ui::chart {

/// A level worth seeing: a dashed line across the plot, with its words at the right end.
struct Threshold {
    double value = 0;
    QString label;
    QColor color; ///< invalid: the critical state's colour
    bool draggable = false; ///< with the pointer, see TimeChart::thresholdMoved
    friend bool operator==(const Threshold&, const Threshold&) = default;
};

enum class BandKind {
    pending, ///< hatched
    firing, ///< solid
    event ///< a mark at `fromMs`
};

/// A stretch in the strip at the foot of the plot.
struct Band {
    std::int64_t fromMs = 0;
    std::int64_t toMs = 0;
    BandKind kind = BandKind::firing;
    QString text; ///< shown when the pointer is on it
    friend bool operator==(const Band&, const Band&) = default;
};

} // namespace watchfire::ui::chart
