// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/promql/syntax/ast.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace watchfire::promql {

// Pieces of the canonical text that the one-line and the multi-line form share.

void appendDurationExpr(std::string& out, const DurationExpr& expr);
/// "+", "step" … as texts and parse_query name the operation.
std::string_view durationSign(DurationExpr::Op op);
/// [5m:1m] @ 10.000 offset 5m
void appendSubqueryTimes(std::string& out, const Subquery& subquery);
/// + bool on (a) group_left (b) fill (0)
void appendOperator(std::string& out, const BinaryExpr& binary);
/// sum, or with its labels and a space behind: sum by (a)
void appendAggregateHead(std::string& out, const Aggregate& aggregate);

/// Appends the one-line form if it has at most `limit` bytes. If not: false, and `out` ends in
/// some part of it.
bool printWithin(std::string& out, const Node& node, std::size_t limit);

} // namespace watchfire::promql
