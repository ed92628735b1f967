// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/model/alert.h"
#include "core/model/labels.h"
#include "core/model/matcher.h"

#include <cstddef>
#include <string>
#include <vector>

namespace watchfire::engine {

/// Where an alert stands on its way from the rule to a person, in this order.
enum class TraceStage { rule, route, group, inhibition, silence, timeInterval, notification };

enum class TraceOutcome {
    passed,
    waiting, ///< goes on by itself, at the time of the step where that is known
    stopped,
    failed ///< could not be told, and is tried again with the group
};

/// What one stage made of the alert, and why.
struct TraceStep {
    TraceStage stage = TraceStage::rule;
    TraceOutcome outcome = TraceOutcome::passed;
    /// What it was: the rule, the route's matchers, the group's labels, the sources that inhibit,
    /// ids of silences, names of time intervals, the integration.
    std::vector<std::string> subjects;
    std::string cause; ///< a sentence in English; empty where the outcome says it all
    Timestamp at{}; ///< when it happened, or will; the epoch: not known
    friend bool operator==(const TraceStep&, const TraceStep&) = default;
};

/// The stages of one route that takes the alert, from `route` to `notification`, of which there is
/// one for each integration. After the first that stopped it there are no more; those that come
/// after one that waits say how it stands now.
struct RouteTrace {
    std::string receiver;
    std::vector<TraceStep> steps;
    friend bool operator==(const RouteTrace&, const RouteTrace&) = default;
};

/// Why an alert was told, or was not.
struct AlertTrace {
    Labels labels;
    TraceStep rule; ///< `stopped`: no rule has it now, nor did another program post it
    std::vector<RouteTrace> routes; ///< none while the rule does not let it pass
    friend bool operator==(const AlertTrace&, const AlertTrace&) = default;
};

/// A stretch of time in which an alert was in one state, from what is stored of ALERTS.
struct AlertSpan {
    Labels labels; ///< of the alert, alertname among them
    AlertState state = AlertState::pending;
    bool unknown = false; ///< firing when its target was last seen
    Timestamp from{}; ///< the first evaluation that said so
    Timestamp to{}; ///< the one that said otherwise, or the last one where it is open
    bool isOpen = false; ///< goes on at the end of the range
    friend bool operator==(const AlertSpan&, const AlertSpan&) = default;
};

struct AlertTimelineRequest {
    TimeRange range{}; ///< both ends inclusive
    Matchers filter{}; ///< of the alerts' labels
    std::size_t limit = 10'000; ///< of spans; the newest stay
};

} // namespace watchfire::engine
