// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/query_step.h"

#include "core/text/duration.h"

#include <algorithm>
#include <array>

namespace watchfire::ui {

using namespace std::chrono_literals;

namespace {

/// From here on points lie several scrapes of the program's own collectors apart.
constexpr std::chrono::milliseconds meanFrom = 15s;
constexpr std::chrono::milliseconds shortestMean = 1min;

} // namespace

std::chrono::milliseconds stepFor(TimeRange range, int columns)
{
    static constexpr std::array<std::chrono::milliseconds, 17> steps{
        1s, 2s, 5s, 10s, 15s, 30s, 1min, 2min, 5min, 10min, 15min, 30min, 1h, 2h, 6h, 12h, 24h};
    const auto least = (range.to - range.from) / std::max(1, columns);
    const auto fits = std::ranges::lower_bound(steps, least);
    if (fits != steps.end()) {
        return *fits;
    }
    const std::chrono::milliseconds day = 24h;
    return (least + day - 1ms) / day * day;
}

engine::QueryRequest rangeQuery(std::string expr, TimeRange range, int columns)
{
    engine::QueryRequest request;
    request.expr = std::move(expr);
    request.step = stepFor(range, columns);
    const auto aligned = [&](Timestamp at) {
        return Timestamp(at.time_since_epoch() / request.step * request.step);
    };
    request.start = aligned(range.from);
    request.end = aligned(range.to);
    return request;
}

std::string counterRate(const std::string& selector, std::chrono::milliseconds step)
{
    if (step < meanFrom) {
        return "irate(" + selector + "[1m])";
    }
    return "rate(" + selector + "[" + text::formatDuration(std::max(step, shortestMean)) + "])";
}

} // namespace watchfire::ui
