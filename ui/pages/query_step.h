// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/engine/engine.h"

#include <chrono>
#include <string>

namespace watchfire::ui {

/// The smallest round step (1, 2, 5, 10, 15, 30 s, …) that gives a range no more points than
/// there are columns to draw them in. At least a second.
std::chrono::milliseconds stepFor(TimeRange range, int columns);

/// A range query for a chart that many columns wide. Both ends lie on multiples of the step, so
/// that a refresh moves the points it has and does not shake them.
engine::QueryRequest rangeQuery(std::string expr, TimeRange range, int columns);

/// The rate per second of a counter at points that far apart. Close points show what the last
/// scrape counted, which is right from the second sample on; points farther apart than a few
/// scrapes show the mean of all that lies between them, so that no peak falls through.
std::string counterRate(const std::string& selector, std::chrono::milliseconds step);

} // namespace watchfire::ui
