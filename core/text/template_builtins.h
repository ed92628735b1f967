// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/text/template.h"

/// The functions that every template knows; not a header for others.
namespace watchfire::text {

/// Null: no such function. `and` and `or` are not here: they choose what to evaluate.
const TemplateFunction* findTemplateBuiltin(std::string_view name);

} // namespace watchfire::text
