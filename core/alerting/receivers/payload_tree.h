// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/alerting/receivers/payload.h"
#include "core/encoding/json.h"

#include <string>

namespace watchfire::alerting {

/// A tree whose texts are templates, names of members too, as JSON with them carried out. A text
/// that comes out as a number, a list or another value of YAML is that value; its own texts are
/// not looked at again. Faults go to `texts`.
/// Source: Alertmanager 0.34, template.DeepCopyWithTemplate.
std::string renderedTree(const encoding::JsonValue& tree, Texts& texts);

} // namespace watchfire::alerting
