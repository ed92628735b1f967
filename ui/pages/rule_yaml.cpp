// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/rule_yaml.h"

#include "core/config/export.h"
#include "core/config/import.h"
#include "core/encoding/yaml.h"
#include "core/encoding/yaml_edit.h"
#include "core/promql/syntax/parser.h"
#include "ui/models/format.h"

#include <algorithm>
#include <span>
#include <string_view>

#include <QCoreApplication>
#include <QRegularExpression>

namespace watchfire::ui {

namespace {

using encoding::YamlDocument;
using encoding::YamlNode;
using encoding::YamlValue;

struct Words {
    Q_DECLARE_TR_FUNCTIONS(watchfire::ui::RuleYaml)
};

const YamlValue& member(const YamlValue& value, std::string_view key)
{
    return std::ranges::find(value.entries, key, &encoding::YamlMember::key)->value;
}

YamlValue valueOf(const config::RuleConfig& rule)
{
    config::RuleGroupConfig group;
    group.rules = {rule};
    const YamlValue file = config::rulesValue(std::span(&group, 1));
    return member(member(file, "groups").items.front(), "rules").items.front();
}

/// A rule file that holds the text, and where the text stands in it.
struct Wrapped {
    std::string text;
    int linesAbove = 0;
};

std::string indented(const std::string& text, std::string_view by)
{
    std::string out;
    std::size_t at = 0;
    while (at < text.size()) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        if (end > at) {
            out += by;
        }
        out += std::string_view(text).substr(at, end - at);
        out += '\n';
        at = end + 1;
    }
    return out;
}

Wrapped wrap(const std::string& text, const YamlNode& root)
{
    if (root.find("groups") != nullptr) {
        return {text, 0};
    }
    const std::string head = "groups:\n- name: rules\n  rules:\n";
    if (root.isSequence()) {
        return {head + indented(text, "  "), 3};
    }
    return {head + "  -\n" + indented(text, "    "), 4};
}

/// The reader says which rule of which group it is; here there is only one.
QString withoutPlace(std::string_view message)
{
    static const QRegularExpression place(
        QStringLiteral("^(\\d+:\\d+: )?(group \"[^\"]*\", rule \\d+, \"[^\"]*\": )?"));
    return fromUtf8(message).remove(place);
}

RuleYamlReading failed(int line, const QString& message)
{
    return {std::nullopt, {{line, message}}};
}

config::Checkers checkers()
{
    config::Checkers out;
    out.expression = [](std::string_view expr) {
        return promql::parse(expr).transform([](const promql::Ast&) { });
    };
    return out;
}

} // namespace

std::string ruleYaml(const config::RuleConfig& rule)
{
    return encoding::emitYaml(valueOf(rule));
}

std::string changedRuleYaml(const std::string& text, const config::RuleConfig& from,
                            const config::RuleConfig& to)
{
    const YamlValue wanted = valueOf(to);
    const auto document = YamlDocument::parse(text);
    if (document && document->root() != nullptr && document->root()->find("expr") != nullptr) {
        const auto merged = encoding::mergeYaml(*document, valueOf(from), wanted, {"alert"});
        if (merged && readRuleYaml(*merged, to.isAlerting()).rule == to) {
            return *merged;
        }
    }
    return encoding::emitYaml(wanted);
}

RuleYamlReading readRuleYaml(const std::string& text, bool alerting)
{
    const auto document = YamlDocument::parse(text);
    if (!document) {
        const Error& error = document.error();
        return failed(error.where ? int(encoding::markAt(text, error.where->begin).line) : 0,
                      withoutPlace(error.message));
    }
    const YamlNode* const root = document->root();
    if (root == nullptr || root->isScalar()) {
        return failed(1,
                      alerting ? Words::tr("A rule is made of keys and values, such as "
                                           "alert: HostDown.")
                               : Words::tr("A rule is made of keys and values, such as "
                                           "record: job:up:sum."));
    }
    const Wrapped wrapped = wrap(text, *root);
    config::Findings findings;
    const auto groups = config::readRules(wrapped.text, {}, checkers(), findings);
    RuleYamlReading reading;
    for (const config::Fault& fault : findings.faults) {
        reading.faults.push_back(
            {std::max(0, int(fault.line) - wrapped.linesAbove), withoutPlace(fault.message)});
    }
    std::ranges::stable_sort(reading.faults, {}, &YamlFault::line);
    if (!reading.faults.empty()) {
        return reading;
    }
    if (groups.size() != 1 || groups.front().rules.size() != 1) {
        return failed(int(root->begin.line), Words::tr("This is the place for one rule."));
    }
    const config::RuleConfig& rule = groups.front().rules.front();
    if (rule.isAlerting() != alerting) {
        return failed(int(root->begin.line),
                      alerting ? Words::tr("This rule alerts: it needs “alert”, not “record”.")
                               : Words::tr("This rule records: it needs “record”, not “alert”."));
    }
    reading.rule = rule;
    return reading;
}

} // namespace watchfire::ui
