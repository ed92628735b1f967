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

} // namespace watchfire
