// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/model/labels.h"
#include "core/text/regex.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace watchfire {

enum class RelabelAction {
    replace,
    keep,
    drop,
    keepEqual,
    dropEqual,
    hashMod,
    labelMap,
    labelDrop,
    labelKeep,
    lowercase,
    uppercase
};

std::string_view toText(RelabelAction action);
/// Case does not count. Nothing: no such action.
std::optional<RelabelAction> relabelActionFrom(std::string_view text);

/// One rule of relabel_configs.
/// Source: Prometheus documentation, "Configuration", relabel_config.
struct RelabelRule {
    std::vector<std::string> sourceLabels;
    std::string separator = ";";
    std::string targetLabel;
    std::string regexText = "(.*)";
    std::uint64_t modulus = 0;
    std::string replacement = "$1";
    RelabelAction action = RelabelAction::replace;
    /// Names beyond the classic alphabet are refused and, where a replacement yields one, not set
    /// (metric_name_validation_scheme legacy).
    bool classicNames = false;
    std::optional<text::Regex> regex; ///< filled by `prepare`

    /// Compiles the regex and checks which fields the action needs and refuses (`given…` say
    /// which keys were written out). Fails with ErrorKind::invalid and the field's name.
    Result<void> prepare();
    bool givenSeparator = false;
    bool givenRegex = false;
    bool givenReplacement = false;

    friend bool operator==(const RelabelRule& a, const RelabelRule& b)
    {
        return a.sourceLabels == b.sourceLabels && a.separator == b.separator
            && a.targetLabel == b.targetLabel && a.regexText == b.regexText
            && a.modulus == b.modulus && a.replacement == b.replacement && a.action == b.action;
    }
};

/// Applies the prepared rules in order. Returns false when a rule drops the set.
bool relabel(LabelsBuilder& labels, std::span<const RelabelRule> rules);

/// What one rule did to a label set.
struct RelabelStep {
    Labels before;
    Labels after; ///< of a set that the rule drops: `before`
    /// What the regex (of keepequal and dropequal: the target label) is held against: the values
    /// of the source labels, joined. Empty for the actions that look at names.
    std::string source;
    bool matched = false; ///< by the source, or by the name of any label
    bool dropped = false; ///< the set ends here; there are no further steps

    bool changed() const { return before != after; }
    friend bool operator==(const RelabelStep&, const RelabelStep&) = default;
};

/// The same as `relabel`, rule by rule, for people to see. A step for each rule up to the one
/// that drops the set.
std::vector<RelabelStep> relabelSteps(const Labels& labels, std::span<const RelabelRule> rules);

} // namespace watchfire
