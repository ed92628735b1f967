// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/config.h"

#include <string>

namespace watchfire::api {

/// The alertmanager.yml in force, with `<secret>` in place of each. It can be loaded again, so that
/// amtool can show and test its routes.
std::string shownAlertmanagerYaml(const config::AlertmanagerConfig& config);

} // namespace watchfire::api
