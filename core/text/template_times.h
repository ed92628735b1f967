// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/text/template.h"

#include <chrono>
#include <string>
#include <string_view>

namespace watchfire::text {

/// A moment as Go prints it after a layout: the reference time Mon Jan 2 15:04:05 MST 2006 in
/// whatever form, in UTC.
///
/// Source: Go, package time, Layout.
std::string formatGoTime(std::chrono::sys_time<std::chrono::milliseconds> at,
                         std::string_view layout);
/// As Go prints a time.Duration: "1h30m0s", "1.5s", "20ms".
std::string formatGoDuration(std::chrono::nanoseconds duration);

/// Values that templates call methods on: Format, Unix, Year, Month, Day, Hour, Minute, Second,
/// Weekday, YearDay, UTC and String of a moment; Hours, Minutes, Seconds, Milliseconds and String
/// of a duration. Printed they are their String.
TemplateValue timeValue(std::chrono::sys_time<std::chrono::milliseconds> at);
TemplateValue durationValue(std::chrono::nanoseconds duration);

} // namespace watchfire::text
