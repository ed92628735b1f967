// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/config/config.h"
#include "core/model/matcher.h"

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace watchfire::rules {

struct LintOptions {
    bool duplicateRules = true; ///< one name with the same labels twice in a file
    bool forBelowInterval = false; ///< a `for` that is over before the next evaluation
    std::vector<std::string> requiredLabels; ///< that every alerting rule must set
    config::Duration defaultInterval = std::chrono::minutes(1); ///< of groups without one
    /// Whether a store holds any series that matches; where set, selectors that find none are
    /// told. Series that the rules themselves make count as there.
    std::function<Result<bool>(const Matchers& matchers)> hasSeries;
};

/// Something that is allowed and most likely not meant.
struct LintFinding {
    enum class Kind { duplicateRule, forBelowInterval, missingLabel, deadSelector };
    Kind kind = Kind::duplicateRule;
    std::string file;
    std::string group;
    std::string rule;
    std::string message;
};

/// "duplicate-rules", as the command line names the check.
std::string_view toText(LintFinding::Kind kind);

/// Looks through rules that are valid, in order of group and rule. Fails only as `hasSeries` does.
Result<std::vector<LintFinding>> lint(std::span<const config::RuleGroupConfig> groups,
                                      const LintOptions& options);

} // namespace watchfire::rules
