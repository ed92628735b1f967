// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/rule_form.h"

#include "core/model/labels.h"
#include "core/promql/syntax/parser.h"
#include "core/text/duration.h"
#include "ui/editor/diagnosis.h"
#include "ui/models/format.h"

#include <algorithm>

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(watchfire::ui::RuleForm)
};

using Pairs = std::vector<std::pair<std::string, std::string>>;

/// Seen from the folder of the configuration; found there by rules/*.yml.
constexpr const char* newGroupsFile = "rules/watchfire.yml";

std::string valueOf(const Pairs& pairs, const std::string& name)
{
    const auto found = std::ranges::find(pairs, name, &Pairs::value_type::first);
    return found == pairs.end() ? std::string() : found->second;
}

/// Sets, adds or (empty) removes.
void setValue(Pairs& pairs, const std::string& name, const QString& text)
{
    const std::string value = text.trimmed().toStdString();
    const auto found = std::ranges::find(pairs, name, &Pairs::value_type::first);
    if (value.empty()) {
        if (found != pairs.end()) {
            pairs.erase(found);
        }
    } else if (found != pairs.end()) {
        found->second = value;
    } else {
        pairs.emplace_back(name, value);
    }
}

QString durationText(config::Duration duration)
{
    return duration.count() == 0 ? QString() : fromUtf8(text::formatDuration(duration));
}

QString durationFault(const QString& text)
{
    return text.trimmed().isEmpty() || text::parseDuration(text.trimmed().toStdString())
        ? QString()
        : Words::tr("Write a duration such as 30s, 5m or 1h.");
}

config::Duration duration(const QString& text)
{
    return text::parseDuration(text.trimmed().toStdString()).value_or(config::Duration{});
}

} // namespace

RuleForm RuleForm::of(const config::RuleConfig& rule, const std::string& group)
{
    RuleForm form;
    form.alerting = rule.isAlerting();
    form.name = fromUtf8(rule.name());
    form.expr = fromUtf8(rule.expr);
    form.hold = durationText(rule.forDuration);
    form.keep = durationText(rule.keepFiringFor);
    form.severity = fromUtf8(valueOf(rule.labels, "severity"));
    form.summary = fromUtf8(valueOf(rule.annotations, "summary"));
    form.description = fromUtf8(valueOf(rule.annotations, "description"));
    form.group = fromUtf8(group);
    return form;
}

RuleFaults check(const RuleForm& form)
{
    RuleFaults faults;
    const std::string name = form.name.trimmed().toStdString();
    if (name.empty()) {
        faults.name = form.alerting ? Words::tr("An alert needs a name, such as DiskAlmostFull.")
                                    : Words::tr("Name the series to record, such as job:up:sum.");
    } else if (!form.alerting && !isClassicMetricName(name)) {
        faults.name = Words::tr("A recorded series' name has letters, digits, “_” and “:”.");
    }
    const std::string expr = form.expr.trimmed().toStdString();
    if (expr.empty()) {
        faults.expr = form.alerting
            ? Words::tr("Write the expression that must hold for the alert, such as up == 0.")
            : Words::tr("Write the expression to record.");
    } else if (const auto parsed = promql::parse(expr); !parsed) {
        faults.expr = editor::faultText(parsed.error(), expr);
    } else if (parsed->root->type == promql::ValueType::matrix
               || parsed->root->type == promql::ValueType::string) {
        faults.expr = Words::tr("A rule needs an instant vector or a scalar; this is a %1.")
                          .arg(fromUtf8(promql::toText(parsed->root->type)));
    }
    faults.hold = durationFault(form.hold);
    faults.keep = durationFault(form.keep);
    if (form.group.trimmed().isEmpty()) {
        faults.group = Words::tr("Rules stand in groups: choose one, or name a new one.");
    }
    return faults;
}

config::RuleConfig toRule(const RuleForm& form, const config::RuleConfig& base)
{
    config::RuleConfig rule = base;
    rule.alert.clear();
    rule.record.clear();
    (form.alerting ? rule.alert : rule.record) = form.name.trimmed().toStdString();
    rule.expr = form.expr.trimmed().toStdString();
    rule.forDuration = {};
    rule.keepFiringFor = {};
    if (!form.alerting) {
        rule.annotations.clear();
        return rule;
    }
    rule.forDuration = duration(form.hold);
    rule.keepFiringFor = duration(form.keep);
    setValue(rule.labels, "severity", form.severity);
    setValue(rule.annotations, "summary", form.summary);
    setValue(rule.annotations, "description", form.description);
    return rule;
}

RuleGroupKey groupFor(const std::string& name, const config::Config& config)
{
    for (const config::RuleGroupConfig& group : config.ruleGroups) {
        if (group.name == name) {
            return {group.name, group.file};
        }
    }
    return {name, newGroupsFile};
}

} // namespace watchfire::ui
