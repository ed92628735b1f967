// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/rule_yaml_tab.h"

#include "ui/pages/rule_yaml.h"

namespace watchfire::ui {

RuleYamlTab::RuleYamlTab(bool alerting, QWidget* parent)
    : YamlPane("rule.dialog.yaml", tr("The rule as YAML"), tr("Back to the form’s rule"), parent)
    , m_alerting(alerting)
{
    setHelp(tr("Comments are for you: they go when the dialog closes; those of the file stay."));
}

void RuleYamlTab::setRule(const config::RuleConfig& rule)
{
    const std::string shown = text();
    if (!shown.empty() && rule == m_rule) {
        return;
    }
    const std::string wanted
        = shown.empty() ? ruleYaml(rule) : changedRuleYaml(shown, m_rule, rule);
    m_rule = rule;
    put(wanted);
}

YamlPane::Verdict RuleYamlTab::judge(const std::string& text)
{
    const RuleYamlReading reading = readRuleYaml(text, m_alerting);
    if (reading.rule) {
        m_typed = *reading.rule;
    }
    return {reading.faults, {}, reading.rule.has_value()};
}

void RuleYamlTab::adopt()
{
    if (m_typed != m_rule) {
        m_rule = m_typed;
        emit ruleTyped(m_rule);
    }
}

std::string RuleYamlTab::goodText() const
{
    return ruleYaml(m_rule);
}

} // namespace watchfire::ui
