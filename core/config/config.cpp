// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/config.h"

#include <format>

namespace watchfire::config {

AlertmanagerConfig defaultAlertmanager()
{
    AlertmanagerConfig made;
    made.route.receiver = "desktop";
    made.route.groupBy = {"alertname", "job"};
    made.route.groupByGiven = true;
    made.route.groupWait = std::chrono::seconds(5);
    made.route.groupInterval = std::chrono::seconds(10);
    made.route.repeatInterval = std::chrono::hours(4);
    made.receivers.emplace_back().name = "desktop";
    made.receivers.front().desktop = true;
    return made;
}

std::string Fault::toString() const
{
    if (line == 0) {
        return file.empty() ? message : std::format("{}: {}", file, message);
    }
    return std::format("{}:{}:{}: {}", file, line, column, message);
}

} // namespace watchfire::config
