// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/discovery/groups.h"

#include <string>
#include <string_view>

namespace watchfire::discovery {

/// Target groups as files and HTTP answers list them: [{"targets": […], "labels": {…}}, …].
/// Other keys are refused. Sources stay empty. Fail with ErrorKind::invalid, where in the text,
/// and "line:column: what is wrong" as the message.
///
/// Source: Prometheus documentation, "Configuration", file_sd_config; "Writing HTTP service
/// discovery".
Result<Groups> groupsFromJson(std::string_view text);
Result<Groups> groupsFromYaml(std::string text);

/// Gives each group its source ("PLACE:0", …) and the label that tells where it came from.
void markOrigin(Groups& groups, std::string_view place, std::string_view label);

} // namespace watchfire::discovery
