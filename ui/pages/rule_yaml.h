// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/config.h"
#include "ui/pages/job_yaml.h"

#include <optional>
#include <string>
#include <vector>

/// A rule as the text that a rule file has of it, and back.
namespace watchfire::ui {

struct RuleYamlReading {
    std::optional<config::RuleConfig> rule; ///< none: there are faults
    std::vector<YamlFault> faults;
};

/// The rule in the fewest words.
std::string ruleYaml(const config::RuleConfig& rule);

/// Carries the difference of two rules into a text that says `from`: comments and the order of
/// the rest survive where they can.
std::string changedRuleYaml(const std::string& text, const config::RuleConfig& from,
                            const config::RuleConfig& to);

/// Reads one rule: its keys alone, as the item of a list, or a rule file that has no other. It
/// must be an alerting rule, or a recording one, as `alerting` says.
RuleYamlReading readRuleYaml(const std::string& text, bool alerting);

} // namespace watchfire::ui
