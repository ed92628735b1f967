// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/config.h"
#include "ui/pages/edits.h"
#include "ui/pages/rule_form.h"

/// The undoable changes of rules. `done` as in Edits::changeConfig.
namespace watchfire::ui {

/// A rule as the configuration has it: its group, what it says, and where it stands there.
struct PlacedRule {
    RuleGroupKey group;
    config::RuleConfig rule;
    std::size_t position = 0;
};

/// Makes the group where there is none.
void addRule(Edits& edits, const RuleGroupKey& group, const config::RuleConfig& rule,
             QObject* context, Edits::Done done);
/// In its place, or at the end of another group.
void changeRule(Edits& edits, const PlacedRule& from, const RuleGroupKey& group,
                const config::RuleConfig& rule, QObject* context, Edits::Done done);
/// A group that becomes empty goes with its last rule.
void removeRule(Edits& edits, const PlacedRule& rule, QObject* context, Edits::Done done);

} // namespace watchfire::ui
