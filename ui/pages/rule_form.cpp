// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/rule_form.h"

#include "core/model/labels.h"
#include "core/promql/syntax/parser.h"
#include "core/text/duration.h"
#include "ui/editor/diagnosis.h"
#include "ui/models/format.h"

#include <algorithm>
#include <initializer_list>
#include <string_view>

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

/// Those without the named ones.
NamedTexts others(const Pairs& pairs, std::initializer_list<std::string_view> without)
{
    NamedTexts out;
    for (const auto& [name, value] : pairs) {
        if (!std::ranges::contains(without, name)) {
            out.emplace_back(fromUtf8(name), fromUtf8(value));
        }
    }
    return out;
}

/// The text without what stands around it, or `base` where nothing but that differs: files have
/// line ends there that no field shows.
std::string changed(const QString& text, const std::string& base)
{
    const QString bare = text.trimmed();
    return bare == fromUtf8(base).trimmed() ? base : bare.toStdString();
}

/// Adds what is not empty.
void add(Pairs& pairs, const char* name, const QString& text, const Pairs& base)
{
    if (std::string value = changed(text, valueOf(base, name)); !value.empty()) {
        pairs.emplace_back(name, std::move(value));
    }
}

void add(Pairs& pairs, const NamedTexts& more)
{
    for (const auto& [name, value] : more) {
        if (!name.trimmed().isEmpty()) {
            pairs.emplace_back(name.trimmed().toStdString(), value.toStdString());
        }
    }
}

/// In the order of `base`, so that a file's lines stay where they are.
Pairs inOrderOf(const Pairs& base, Pairs pairs)
{
    const auto rank = [&base](const Pairs::value_type& pair) {
        return std::ranges::find(base, pair.first, &Pairs::value_type::first) - base.begin();
    };
    std::ranges::stable_sort(pairs, {}, rank);
    return pairs;
}

QString pairsFault(const NamedTexts& pairs, std::initializer_list<std::string_view> taken)
{
    std::vector<QString> seen;
    for (const auto& [rawName, value] : pairs) {
        const QString name = rawName.trimmed();
        if (name.isEmpty() && value.trimmed().isEmpty()) {
            continue;
        }
        if (name.isEmpty()) {
            return Words::tr("“%1” needs a name.").arg(value.trimmed());
        }
        if (name.toStdString() == metricNameLabel) {
            return Words::tr("%1 cannot be set: it is the name of a series.").arg(name);
        }
        if (std::ranges::contains(taken, name.toStdString())) {
            return Words::tr("%1 has a field of its own above.").arg(name);
        }
        if (std::ranges::contains(seen, name)) {
            return Words::tr("%1 is there twice.").arg(name);
        }
        seen.push_back(name);
    }
    return {};
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
    if (form.alerting) {
        form.labels = others(rule.labels, {"severity"});
        form.annotations = others(rule.annotations, {"summary", "description"});
    } else {
        form.labels = others(rule.labels, {});
    }
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
    if (form.alerting) {
        faults.labels = pairsFault(form.labels, {"severity", "alertname"});
        faults.annotations = pairsFault(form.annotations, {"summary", "description"});
    } else {
        faults.labels = pairsFault(form.labels, {});
    }
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
    rule.expr = changed(form.expr, base.expr);
    rule.forDuration = {};
    rule.keepFiringFor = {};
    Pairs labels;
    Pairs annotations;
    if (form.alerting) {
        rule.forDuration = duration(form.hold);
        rule.keepFiringFor = duration(form.keep);
        add(labels, "severity", form.severity, base.labels);
        add(annotations, "summary", form.summary, base.annotations);
        add(annotations, "description", form.description, base.annotations);
        add(annotations, form.annotations);
    }
    add(labels, form.labels);
    rule.labels = inOrderOf(base.labels, std::move(labels));
    rule.annotations = inOrderOf(base.annotations, std::move(annotations));
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
