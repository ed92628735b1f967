// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/promql/syntax/ast.h"

#include <span>
#include <string_view>
#include <vector>

namespace watchfire::promql {

/// One function of the language, as the parser and the editor see it. What it computes is in
/// core/promql/functions, found by name.
struct Function {
    std::string_view name;
    std::vector<ValueType> arguments;
    /// 0: exactly those; n > 0: the last n of them may be left out; −1: the last may repeat or
    /// be left out.
    int variadic = 0;
    ValueType returns = ValueType::vector;
    bool experimental = false;
    std::string_view summary; ///< one sentence for completion and help
};

/// Sorted by name.
std::span<const Function> allFunctions();
const Function* findFunction(std::string_view name);

} // namespace watchfire::promql
