// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/promql/batch.h"
#include "core/promql/context.h"
#include "core/promql/syntax/ast.h"

namespace watchfire::promql {

/// One use of a binary operator: what it does with cells of either kind.
struct BinaryCall {
    BinaryOp op = BinaryOp::add;
    bool returnBool = false;
    Span span; ///< of the whole expression, for remarks
    EvalContext& context;

    /// left op right; absent when the operator filters it out or the kinds do not go
    /// together (with a remark). A comparison that holds yields the left cell, or 1 (else 0)
    /// with `bool`.
    Cell apply(const Cell& left, const Cell& right) const { return result(compute(left, right)); }

    struct Outcome {
        Cell value;
        bool holds = true; ///< of a comparison
        bool known = true; ///< false: the kinds do not go together
    };
    Outcome compute(const Cell& left, const Cell& right) const;
    Cell result(Outcome outcome) const;

private:
    Outcome ofHistograms(const Histogram& left, const Histogram& right, const Cell& value) const;
    Outcome incompatible(std::string_view left, std::string_view right) const;
};

} // namespace watchfire::promql
