// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/config.h"

#include <optional>
#include <string>

#include <QString>

/// What the rule dialog's fields mean, apart from the dialog.
namespace watchfire::ui {

/// Where a rule stands: group and file together are the group's identity.
struct RuleGroupKey {
    std::string name;
    std::string file;
    friend bool operator==(const RuleGroupKey&, const RuleGroupKey&) = default;
};

/// The fields as they stand, not checked.
struct RuleForm {
    bool alerting = true;
    QString name;
    QString expr;
    QString hold; ///< `for`; empty: at once
    QString keep; ///< `keep_firing_for`
    QString severity; ///< empty: no such label
    QString summary;
    QString description;
    QString group;

    static RuleForm of(const config::RuleConfig& rule, const std::string& group);
};

struct RuleFaults {
    QString name;
    QString expr;
    QString hold;
    QString keep;
    QString group;

    bool none() const
    {
        return name.isEmpty() && expr.isEmpty() && hold.isEmpty() && keep.isEmpty()
            && group.isEmpty();
    }
};

RuleFaults check(const RuleForm& form);

/// The rule the fields describe; labels and annotations they do not speak of are as in `base`.
/// The form must be free of faults.
config::RuleConfig toRule(const RuleForm& form, const config::RuleConfig& base);

/// The group a name means: one there is, or a new one in the file new groups go to.
RuleGroupKey groupFor(const std::string& name, const config::Config& config);

} // namespace watchfire::ui
