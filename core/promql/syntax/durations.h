// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/promql/syntax/ast.h"

#include <chrono>
#include <string>

namespace watchfire::promql {

/// A number without parentheses around it: a length that is known without the query's times.
bool isPlain(const DurationExpr& expr);

/// Seconds as a duration: rounded to nanoseconds, then cut to milliseconds, as Prometheus does.
std::chrono::milliseconds toMilliseconds(double seconds);

/// What duration arithmetic may ask of a query.
struct DurationTimes {
    double stepSeconds = 0; ///< step(); of an instant query: 0
    double rangeSeconds = 0; ///< range(); of an instant query: 0
    double startSeconds = 0; ///< start()
    double endSeconds = 0; ///< end()
};

/// The length that the arithmetic comes to.
///
/// Fails with ErrorKind::invalid and the place in the query's text on division by zero, when
/// the result is no finite number or beyond 292 years, and, unless `mayBeNegative` (offsets),
/// when it is not above zero. The message begins with that place, "12:19: ", in bytes from 0.
/// Source: Prometheus, promql/durations.go.
Result<std::chrono::milliseconds> resolve(const DurationExpr& expr, const DurationTimes& times,
                                          bool mayBeNegative);

/// Whether every length of the query can be resolved; fails with the first that cannot.
Result<void> checkDurations(const Ast& query, const DurationTimes& times);

/// Seconds in plain digits with six decimals, for messages.
std::string formatSeconds(double seconds);

} // namespace watchfire::promql
