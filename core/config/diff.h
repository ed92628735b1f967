// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/config.h"

#include <string>
#include <utility>
#include <vector>

namespace watchfire::config {

/// A rule group's identity: file, name.
using GroupKey = std::pair<std::string, std::string>;

/// What differs between two configurations, so that only that is restarted.
struct ConfigDiff {
    bool global = false; ///< anything of GlobalConfig, external labels among it
    std::vector<std::string> addedJobs;
    std::vector<std::string> removedJobs;
    std::vector<std::string> changedJobs;
    std::vector<GroupKey> addedGroups;
    std::vector<GroupKey> removedGroups;
    std::vector<GroupKey> changedGroups;
    bool alertmanager = false;
    bool own = false;
    bool storage = false;
    bool foreign = false; ///< sections that are not acted on

    bool empty() const;
};

ConfigDiff diff(const Config& before, const Config& after);

} // namespace watchfire::config
