// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/promql/syntax/ast.h"
#include "tests/interop/answer_difference.h"

#include <functional>
#include <string>
#include <string_view>

namespace watchfire::tests {

/// Whether a part of the query is not computed to the last digit by everybody: powers, which Go
/// multiplies up, and spreads, whose digits depend on the order of what is summed.
bool hasInexactParts(const promql::Node& query);

/// The query with each of these parts off by a little, at every step by another amount: in the
/// last digits of a power, and of the numbers whose spread is taken. `draw` tells which amounts.
std::string withOtherRounding(const promql::Node& query, std::string_view text, int draw);

/// Whether their samples are among those that we have when inexact parts are off by a little, so
/// that the rest of the query makes a difference of next to none. `ask` answers a query, with the
/// times of the one in question.
bool isRounding(const promql::Node& query, std::string_view text, const Samples& theirs,
                const Samples& ours, const std::function<QJsonObject(const std::string&)>& ask);

} // namespace watchfire::tests
