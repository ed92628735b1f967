// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace watchfire::promql::dates {

/// Parts of the date of a time in seconds since the epoch, in UTC; fractions of a second are
/// cut. NaN and times beyond the calendar yield some number.
double dayOfMonth(double seconds);
double dayOfWeek(double seconds); ///< Sunday is 0
double dayOfYear(double seconds);
double daysInMonth(double seconds);
double hour(double seconds);
double minute(double seconds);
double month(double seconds);
double year(double seconds);

} // namespace watchfire::promql::dates
