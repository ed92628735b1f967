// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/config.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <QString>

/// What the rule dialog's fields mean, apart from the dialog.
namespace watchfire::ui {

/// Where a rule stands: group and file together are the group's identity.
struct RuleGroupKey {
    std::string name;
    std::string file;
    friend bool operator==(const RuleGroupKey&, const RuleGroupKey&) = default;
};

/// Name and value as they stand in a table.
using NamedTexts = std::vector<std::pair<QString, QString>>;

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
    NamedTexts labels; ///< but for severity
    NamedTexts annotations; ///< but for summary and description
    QString group;

    static RuleForm of(const config::RuleConfig& rule, const std::string& group);
    friend bool operator==(const RuleForm&, const RuleForm&) = default;
};

struct RuleFaults {
    QString name;
    QString expr;
    QString hold;
    QString keep;
    QString labels;
    QString annotations;
    QString group;

    bool none() const
    {
        return name.isEmpty() && expr.isEmpty() && hold.isEmpty() && keep.isEmpty()
            && labels.isEmpty() && annotations.isEmpty() && group.isEmpty();
    }
};

RuleFaults check(const RuleForm& form);

/// The rule the fields describe; labels and annotations stand in the order that they have in
/// `base`, new ones behind them. The form must be free of faults.
config::RuleConfig toRule(const RuleForm& form, const config::RuleConfig& base);

/// The group a name means: one there is, or a new one in the file new groups go to.
RuleGroupKey groupFor(const std::string& name, const config::Config& config);

} // namespace watchfire::ui
