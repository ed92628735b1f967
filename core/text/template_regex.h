// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/text/template.h"

namespace watchfire::text {

/// Adds `match` (pattern, text: whether it is found in it) and `reReplaceAll` (pattern,
/// replacement, text), which templates of rules and of notifications have alike.
///
/// Source: Prometheus documentation, "Template reference"; Alertmanager documentation,
/// "Notification template reference".
void addRegexFunctions(TemplateFunctions& table);

} // namespace watchfire::text
