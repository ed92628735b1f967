// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/promql/syntax/ast.h"

#include <optional>
#include <string>
#include <string_view>

namespace watchfire::promql {

/// The comparison with a number that decides what an expression lets through, as alerting rules
/// have it: `rate(errors[5m]) > 0.1`.
struct Threshold {
    Span curve; ///< bytes of what is compared, an instant vector
    BinaryOp op = BinaryOp::greater; ///< as if the curve stood on the left
    double value = 0;
    Span number; ///< bytes of the number, with its sign
    Span operation; ///< bytes of the operator as written
};

/// Looks through parentheses and along the left sides of `and` and `unless`. None where the
/// comparison is one of two vectors, keeps all (`bool`), or is not the outermost.
std::optional<Threshold> thresholdOf(const Ast& query);

/// The text with another number in that place.
std::string withThreshold(std::string_view text, const Threshold& threshold, double value);
/// The text with another comparison, as if the curve stood on the left.
std::string withOperator(std::string_view text, const Threshold& threshold, BinaryOp op);

} // namespace watchfire::promql
