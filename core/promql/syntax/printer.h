// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/promql/syntax/ast.h"

#include <string>

namespace watchfire::promql {

/// The canonical text on one line; parsing it yields the same tree.
std::string print(const Node& node);
/// The canonical text broken over lines as Prometheus' format_query does.
std::string format(const Node& node);
/// The tree as JSON, as GET /api/v1/parse_query answers (the "data" value).
std::string toJson(const Node& node);

} // namespace watchfire::promql
