// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/promql/syntax/ast.h"
#include "ui/chart/format.h"

namespace watchfire::ui {

/// The unit an expression's values most likely have, from the metric's name and what is done
/// with it; plain numbers where nothing tells.
chart::Unit unitOf(const promql::Node& node);

} // namespace watchfire::ui
