// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ports/desktop.h"

#include <format>
#include <string>
#include <utility>
#include <vector>

namespace watchfire::tests {

inline Alert diskAlert(const std::string& instance, const std::string& severity = "critical",
                       const std::string& name = "DiskFull")
{
    Alert out;
    LabelsBuilder labels(Labels{{"alertname", name}, {"instance", instance}});
    if (!severity.empty()) {
        labels.set("severity", severity);
    }
    out.labels = labels.build();
    out.annotations = Labels{{"summary", "disk of " + instance + " <full> & \"hot\""}};
    out.startsAt = fromUnixMs(1'767'323'000'000);
    return out;
}

/// What a group says: the first `resolved` of its alerts are over.
inline Notification wordOf(const std::string& key, std::vector<Alert> alerts,
                           std::size_t resolved = 0)
{
    Notification out;
    out.groupKey = key;
    out.commonLabels = alerts.size() == 1
        ? alerts[0].labels
        : Labels{{"alertname", alerts[0].labels.get("alertname")}};
    out.groupLabels = Labels{{"alertname", alerts[0].labels.get("alertname")}};
    out.firing = alerts.size() - resolved;
    out.resolved = resolved;
    for (std::size_t i = 0; i < resolved; ++i) {
        alerts[i].endsAt = alerts[i].startsAt + std::chrono::minutes(1);
    }
    out.alerts = std::move(alerts);
    return out;
}

/// Group `i` of many, each with one alert of its own name.
inline Notification groupWord(int i, const std::string& severity = "warning", bool resolved = false)
{
    const std::string name = std::format("G{:03}", i);
    return wordOf(name, {diskAlert("db1", severity, name)}, resolved ? 1 : 0);
}

} // namespace watchfire::tests
