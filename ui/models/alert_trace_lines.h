// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/alert_trace.h"
#include "core/engine/snapshots.h"
#include "ui/models/roles.h"

#include <chrono>
#include <vector>

#include <QList>
#include <QString>

/// Why an alert was told, or was not, in the words of a person.
namespace watchfire::ui {

/// Where the cause of a stage can be looked at.
struct TraceLink {
    enum class To { rule, route, silence, alert };
    To to = To::rule;
    QString text; ///< what the link reads
    QString target; ///< name of the rule, id of the silence, id of the alert as a number; of a
                    ///< route the labels to try
    friend bool operator==(const TraceLink&, const TraceLink&) = default;
};

/// One stage.
struct TraceLine {
    QString stage; ///< "Silences"
    QString outcome; ///< "Passed", "Waits", "Stopped", "Failed", "Not reached"
    ItemState state = ItemState::none; ///< the shape of the outcome
    bool isReached = true;
    QString text; ///< the cause, a sentence
    QList<TraceLink> links;
    friend bool operator==(const TraceLine&, const TraceLine&) = default;
};

/// The rule, or one route with all stages after it.
struct TraceSection {
    QString title; ///< empty for the rule
    QList<TraceLine> lines;
    friend bool operator==(const TraceSection&, const TraceSection&) = default;
};

/// What the configuration says of a route, with what it has from those above it.
struct TraceRouteTimes {
    std::chrono::milliseconds groupWait{};
    std::chrono::milliseconds groupInterval{};
    std::chrono::milliseconds repeatInterval{};
};

/// `times`: of the routes that take the alert, in the tree's order; where they are not those of
/// the trace, figures of the configuration are left out. `alerts` and `now` as of the trace.
QList<TraceSection> traceSections(const engine::AlertTrace& trace,
                                  const std::vector<TraceRouteTimes>& times,
                                  const engine::AlertsSnapshot& alerts, Timestamp now);

/// What stands in an alert's way, or how it was told: the text of the first line of a trace that
/// did not pass, else of the last one. For a route that is not muted where there is one.
QString traceVerdict(const QList<TraceSection>& sections);

} // namespace watchfire::ui
