// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/text/template.h"

#include <optional>
#include <string>
#include <string_view>

/// Moments and durations as templates have them: Go's time.Time and time.Duration.
namespace watchfire::alerting {

/// A moment in a zone of the system's database; the epoch stands for Go's zero time, the first
/// moment of the year 1. An empty zone is UTC; "+02:00" is a zone of that offset without a name.
struct TemplateTime {
    Timestamp at{};
    std::string zone;
};

/// With Format, Sub, Add, Before, After, Equal, IsZero, Unix, UTC, Year, Month, Day, Hour,
/// Minute, Second, Weekday and YearDay.
text::TemplateValue timeValue(TemplateTime time);
/// With Hours, Minutes, Seconds, Milliseconds.
text::TemplateValue durationValue(std::chrono::milliseconds duration);
/// What such a value holds; nothing: it is another.
std::optional<TemplateTime> asTime(const text::TemplateValue& value);
std::optional<std::chrono::milliseconds> asDuration(const text::TemplateValue& value);

/// The moment in Go's layout, whose reference is "Mon Jan 2 15:04:05 MST 2006". Fails with
/// ErrorKind::invalid where the zone is not known.
///
/// Source: Go, package time, layouts.
Result<std::string> formatTime(const TemplateTime& time, std::string_view layout);
/// The moment that a text says in Go's layout; without a zone in UTC. Fails with
/// ErrorKind::invalid where the text does not follow the layout or names no moment.
///
/// Source: Go, package time, Parse.
Result<TemplateTime> parseTime(std::string_view layout, std::string_view text);
/// 1h0m0s, 1.5s, 12ms, 0s
std::string formatDuration(std::chrono::milliseconds duration);
/// 2026-01-02T03:04:05.5Z, as Go writes times to JSON.
std::string toRfc3339(Timestamp at);

} // namespace watchfire::alerting
