// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/promql/syntax/ast.h"

#include <limits>
#include <optional>

namespace watchfire::promql {

/// Which numbers an expression can yield: from `low` to `high`, each included or not. NaN aside.
struct ValueRange {
    double low = -std::numeric_limits<double>::infinity();
    double high = std::numeric_limits<double>::infinity();
    bool withLow = true;
    bool withHigh = true;

    bool isEmpty() const { return low > high || (low == high && !(withLow && withHigh)); }
    ValueRange intersected(const ValueRange& other) const;
};

/// The number a literal stands for, with its sign and in parentheses.
std::optional<double> literalValue(const Node& node);
/// The numbers for which `value op literal` holds; nothing: no range can say it.
std::optional<ValueRange> rangeWhere(BinaryOp op, double literal);
/// What can be said of the expression's values without looking at any data.
ValueRange possibleValues(const Node& node);

} // namespace watchfire::promql
