// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace watchfire::text {

/// A regular expression of the RE2 dialect, matched over the whole text: ^(?s:…)$, so the dot
/// matches newlines and alternations are grouped first. Immutable; copies share the program,
/// and matching is safe from several threads.
///
/// Source: Prometheus documentation, "Configuration", relabel_config; RE2 syntax.
class Regex {
public:
    /// Fails with ErrorKind::invalid when the pattern does not parse, or its program exceeds
    /// 8 MiB.
    static Result<Regex> compile(std::string_view pattern);

    const std::string& pattern() const;
    bool matches(std::string_view text) const;
    /// The text matches: `replacement` with $1, ${1}, $name, ${name} and $$ resolved as Go's
    /// Expand does (an unknown group is empty). It does not: nothing.
    std::optional<std::string> expand(std::string_view text, std::string_view replacement) const;
    /// When the pattern is a plain alternation of literals ("a|b|c", "abc"): those, else empty.
    const std::vector<std::string>& literals() const;
    /// The literal text every match begins with; may be empty.
    const std::string& prefix() const;

private:
    struct Program;
    std::shared_ptr<const Program> m_program;
};

/// Finds the pattern anywhere in the text (unanchored).
Result<bool> contains(std::string_view text, std::string_view pattern);

/// Every match of the pattern in the text replaced, with $1 and its like resolved.
Result<std::string> replaceAll(std::string_view text, std::string_view pattern,
                               std::string_view replacement);

} // namespace watchfire::text
