// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/promql/syntax/ast.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace watchfire::promql {

/// One function of the language, as the parser and the editor see it. What it computes is in
/// core/promql/functions, found by name.
struct Function {
    std::string_view name;
    std::vector<ValueType> arguments;
    /// 0: exactly those; n > 0: the last may be left out, or stand up to n times; −1: the last
    /// may be left out or repeat without end. As parse_query shows it.
    int variadic = 0;
    ValueType returns = ValueType::vector;
    bool experimental = false;
    std::string_view summary; ///< one sentence for completion and help
};

/// The fewest arguments a call may have.
std::size_t leastArguments(const Function& function);
/// The most; nothing: any number.
std::optional<std::size_t> mostArguments(const Function& function);
/// The type wanted of argument `index`: repeated ones have the type of the last.
ValueType argumentType(const Function& function, std::size_t index);

/// Sorted by name.
std::span<const Function> allFunctions();
/// Names are case-sensitive. Null: there is none.
const Function* findFunction(std::string_view name);

/// One aggregation operator, for the parser and the editor.
struct Aggregation {
    AggregateOp op = AggregateOp::sum;
    std::string_view name;
    ValueType parameter = ValueType::none; ///< of its first argument, where it takes one
    bool experimental = false;
    std::string_view summary;
};

/// In order of AggregateOp.
std::span<const Aggregation> allAggregations();
const Aggregation& aggregation(AggregateOp op);

} // namespace watchfire::promql
