// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/promql/operators/operator.h"
#include "core/promql/syntax/ast.h"

#include <cstdint>
#include <string>
#include <vector>

namespace watchfire::promql {

/// The groups of an aggregation, numbered by first appearance, from the labels alone.
struct Grouping {
    std::vector<std::uint32_t> ofRow; ///< by row of the input: its group
    std::vector<const Labels*> labels; ///< by group
    std::vector<bool> dropName; ///< by group: one of its series wants the name dropped

    std::size_t size() const { return labels.size(); }
};

/// The series of `from`, opened. `names` need not be sorted; `without` takes __name__ out too.
Grouping groupSeries(const Operator& from, EvalContext& context,
                     const std::vector<std::string>& names, bool without);

} // namespace watchfire::promql
