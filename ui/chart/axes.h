// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/chart/format.h"

#include <cstdint>
#include <vector>

#include <QString>
#include <QTimeZone>

namespace watchfire::ui::chart {

/// One mark of an axis. `at` is milliseconds since the epoch on time axes; on value axes it is
/// in axis space: the value itself, or its decimal logarithm on a logarithmic axis.
struct Tick {
    double at = 0;
    QString label;
    friend bool operator==(const Tick&, const Tick&) = default;
};
using Ticks = std::vector<Tick>;

/// At most `most` marks inside [fromMs, toMs], on whole calendar units of that zone: clock times
/// on round minutes and hours of the local clock (through daylight-saving changes), days at
/// midnight, weeks on Mondays, months and years on their first day. A mark at midnight names
/// its day, one at new year its year, the others their clock time.
Ticks timeTicks(double fromMs, double toMs, int most, const QTimeZone& zone);

/// The range of a value axis and its marks.
struct ValueScale {
    double low = 0; ///< axis space
    double high = 1;
    bool logarithmic = false;
    Ticks ticks;

    double toAxis(double value) const;
    double fromAxis(double at) const;
};

/// Fits an axis around data from `low` to `high` (values, not axis space) with about `most`
/// marks on round numbers of that unit: 1, 2, 5 by tens; powers of two for binary units;
/// 1, 2, 5, 10, 15, 30 by sixties for durations. The ends lie on marks. `withZero` pulls zero in.
/// Low > high means no data.
ValueScale fitValues(double low, double high, int most, const Unit& unit, bool withZero);

/// The same for a logarithmic axis; both ends must be positive (else it shows 1 to 10).
ValueScale fitLogarithmic(double low, double high, int most, const Unit& unit);

/// Marks inside a range somebody chose, whose ends stay as they are. Axis space.
ValueScale markValues(double low, double high, bool logarithmic, int most, const Unit& unit);

/// The moment in full, for tooltips: "Tue 3 Nov 2026 14:05:30", milliseconds where there are any.
QString formatMoment(double ms, const QTimeZone& zone);

} // namespace watchfire::ui::chart
