// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/promql/syntax/ast.h"

#include <string>

namespace watchfire::promql {

/// The canonical text on one line; parsing it yields the same tree, but for the order of
/// matchers, which is that of their texts.
std::string print(const Node& node);
/// The canonical text as Prometheus' format_query gives it: what is longer than 100 bytes is
/// broken at its outermost operators, calls and parentheses.
std::string format(const Node& node);
/// The tree as JSON, as GET /api/v1/parse_query answers (the "data" value). Strings that are
/// not UTF-8 have U+FFFD in place of the faulty bytes.
std::string toJson(const Node& node);

} // namespace watchfire::promql
