// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/promql/syntax/ast.h"
#include "core/promql/syntax/functions.h"

#include <string>
#include <string_view>
#include <vector>

namespace watchfire::promql {

/// Parts of the language that are off by default, named as Prometheus names its flags.
struct Features {
    bool experimentalFunctions = false; ///< promql-experimental-functions
    bool durationExpressions = true; ///< promql-duration-expr
    bool extendedRangeSelectors = false; ///< promql-extended-range-selectors: anchored, smoothed
    bool fillModifiers = false; ///< promql-binop-fill-modifiers
    static Features all() { return {true, true, true, true}; }
};

/// Reads a query, checks its types and folds nothing. The first fault, with its span in
/// `text`: ErrorKind::invalid.
Result<Ast> parse(std::string_view text, const Features& features = {});

/// Reads as much as it can and tells every fault it meets, in order of place: for the editor.
std::vector<Error> diagnose(std::string_view text, const Features& features = {});

/// name{matchers}, as match[] parameters hold it. At least one matcher must not match "".
Result<Matchers> parseSelector(std::string_view text);
/// A metric with labels, as test scripts and rules write it: name{a="b"}.
Result<Labels> parseMetric(std::string_view text);

/// 1-based line and column of a byte of the text; the column counts bytes as Prometheus does.
std::pair<std::uint32_t, std::uint32_t> lineAndColumn(std::string_view text, std::uint32_t offset);

/// "line:column: parse error: message", the form Prometheus answers with.
std::string describe(const Error& error, std::string_view text);

} // namespace watchfire::promql
