// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/model/matcher.h"

#include <string_view>

namespace watchfire::config {

/// Alertmanager has two grammars for matchers; its default takes what either accepts, and the
/// classic meaning where both do.
enum class MatcherGrammar {
    either,
    utf8, ///< any name; what is not plain must be quoted
    classic ///< classic names only; the value may be nearly anything
};

/// One matcher: a=b, a!="b", "a b"=~"c|d". Fails with ErrorKind::invalid.
///
/// Source: Alertmanager documentation, "Matchers"; recorded verdicts of 0.33.
Result<Matcher> parseMatcher(std::string_view text,
                             MatcherGrammar grammar = MatcherGrammar::either);

/// Several, separated by commas, with or without braces around them.
Result<Matchers> parseMatchers(std::string_view text,
                               MatcherGrammar grammar = MatcherGrammar::either);

} // namespace watchfire::config
