// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/external_edit.h"
#include "core/encoding/yaml.h"

#include <optional>
#include <string>

/// What two edits made of one place, in words for people: no secret is in them.
namespace watchfire::config {

encoding::YamlValue shownJob(const ScrapeConfig& job, const GlobalConfig& global);
encoding::YamlValue shownGroup(const RuleGroupConfig& group);
encoding::YamlValue shownGlobal(const GlobalConfig& global);
encoding::YamlValue shownAlertmanager(const AlertmanagerConfig& alertmanager);

/// Of two mappings only what differs is told; nothing: it is not there.
EditConflict conflictOf(std::string place, const std::optional<encoding::YamlValue>& theirs,
                        const std::optional<encoding::YamlValue>& ours);

} // namespace watchfire::config
