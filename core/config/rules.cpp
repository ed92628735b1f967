// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/import.h"
#include "core/config/reader.h"
#include "core/text/utf8.h"

#include <algorithm>
#include <format>
#include <set>

namespace watchfire::config {

using encoding::YamlNode;

namespace {

class RuleReader {
public:
    RuleReader(Reading& reading, const Checkers& check)
        : m_reading(reading)
        , m_check(check)
    {
    }

    void group(const YamlNode& node, std::vector<RuleGroupConfig>& out)
    {
        Fields fields(m_reading, node, "rulefmt.RuleGroup");
        RuleGroupConfig group;
        group.file = m_reading.file();
        fields.text("name", group.name);
        if (group.name.empty()) {
            m_reading.fault(node, "Groupname must not be empty");
        } else if (!m_names.insert(group.name).second) {
            m_reading.fault(
                node, std::format("groupname: \"{}\" is repeated in the same file", group.name));
        }
        fields.duration("interval", group.interval);
        fields.duration("query_offset", group.queryOffset);
        readLimit(fields, group.limit);
        fields.pairs("labels", group.labels);
        for (const auto& [name, value] : group.labels) {
            if (!isLabel(name, value)) {
                m_reading.fault(node, std::format("invalid label name: {}", name));
            }
        }
        m_group = group.name;
        m_index = 0;
        fields.list("rules", "empty rule", [&](const YamlNode& entry) { rule(entry, group); });
        fields.finish();
        out.push_back(std::move(group));
    }

private:
    static bool isLabel(const std::string& name, const std::string& value)
    {
        return isValidName(name) && name != metricNameLabel && text::isUtf8(value);
    }

    /// The limit is an integer; below zero it means none.
    void readLimit(Fields& fields, std::uint64_t& out)
    {
        const YamlNode* const node = fields.take("limit");
        if (node == nullptr) {
            return;
        }
        const auto value = node->asInteger();
        if (!value) {
            m_reading.fault(*node, "cannot unmarshal a value into int");
            return;
        }
        out = *value > 0 ? static_cast<std::uint64_t>(*value) : 0;
    }

    void fault(const YamlNode& at, const std::string& name, std::string_view message)
    {
        m_reading.fault(
            at, std::format("group \"{}\", rule {}, \"{}\": {}", m_group, m_index, name, message));
    }

    void rule(const YamlNode& node, RuleGroupConfig& group)
    {
        ++m_index;
        Fields fields(m_reading, node, "rulefmt.Rule");
        RuleConfig rule;
        fields.text("record", rule.record);
        fields.text("alert", rule.alert);
        const YamlNode* const expr = fields.text("expr", rule.expr);
        const YamlNode* const waits = fields.duration("for", rule.forDuration);
        const YamlNode* const keeps = fields.duration("keep_firing_for", rule.keepFiringFor);
        fields.pairs("labels", rule.labels);
        const YamlNode* const annotations = fields.pairs("annotations", rule.annotations);
        fields.finish();
        if (!rule.record.empty() && !rule.alert.empty()) {
            fault(node, rule.alert, "only one of 'record' and 'alert' must be set");
        } else if (rule.record.empty() && rule.alert.empty()) {
            fault(node, "", "one of 'record' or 'alert' must be set");
        }
        checkExpression(node, expr, rule);
        if (!rule.record.empty()) {
            checkRecording(node, rule, waits, keeps, annotations);
        }
        for (const auto& [name, value] : rule.labels) {
            if (!isLabel(name, value)) {
                fault(node, rule.name(), std::format("invalid label name: {}", name));
            }
        }
        for (const auto& [name, value] : rule.annotations) {
            if (!isValidName(name)) {
                fault(node, rule.name(), std::format("invalid annotation name: {}", name));
            }
        }
        if (!rule.alert.empty()) {
            checkTemplates(node, rule);
        }
        group.rules.push_back(std::move(rule));
    }

    void checkRecording(const YamlNode& node, const RuleConfig& rule, const YamlNode* waits,
                        const YamlNode* keeps, const YamlNode* annotations)
    {
        const auto refuse = [&](const YamlNode* field, std::string_view name, bool set) {
            if (field != nullptr && set) {
                fault(*field, rule.record,
                      std::format("invalid field '{}' in recording rule", name));
            }
        };
        refuse(annotations, "annotations", !rule.annotations.empty());
        refuse(waits, "for", rule.forDuration != Duration(0));
        refuse(keeps, "keep_firing_for", rule.keepFiringFor != Duration(0));
        if (!isValidName(rule.record)) {
            fault(node, rule.record, "invalid recording rule name");
        } else if (rule.record.find_first_of("{}") != std::string::npos) {
            fault(
                node, rule.record,
                std::format("braces present in the recording rule name; should it be in expr?: {}",
                            rule.record));
        }
    }

    void checkExpression(const YamlNode& node, const YamlNode* expr, const RuleConfig& rule)
    {
        if (rule.expr.empty()) {
            fault(node, rule.name(), "field 'expr' must be set in rule");
            return;
        }
        if (!m_check.expression) {
            return;
        }
        const auto checked = m_check.expression(rule.expr);
        if (checked) {
            return;
        }
        // In a plain scalar on one line the place within the expression is a place in the file.
        YamlNode at = *expr;
        if (expr->style == encoding::YamlStyle::plain && !rule.expr.contains('\n')
            && checked.error().where) {
            at.begin.column += checked.error().where->begin;
        }
        fault(at, rule.name(),
              std::format("could not parse expression: {}", checked.error().message));
    }

    void checkTemplates(const YamlNode& node, const RuleConfig& rule)
    {
        if (!m_check.templateText) {
            return;
        }
        const auto check = [&](const auto& pairs, std::string_view what) {
            for (const auto& [name, value] : pairs) {
                if (const auto checked = m_check.templateText(value); !checked) {
                    fault(node, rule.name(),
                          std::format("{} \"{}\": {}", what, name, checked.error().message));
                }
            }
        };
        check(rule.labels, "label");
        check(rule.annotations, "annotation");
    }

    Reading& m_reading;
    const Checkers& m_check;
    std::set<std::string> m_names;
    std::string m_group;
    int m_index = 0;
};

} // namespace

std::vector<RuleGroupConfig> readRules(std::string text, const std::string& file,
                                       const Checkers& check, Findings& findings)
{
    std::vector<RuleGroupConfig> groups;
    Reading reading(file, findings);
    const auto document = readDocument(reading, std::move(text));
    if (!document || document->root() == nullptr || document->root()->isNull()) {
        return groups;
    }
    Fields fields(reading, *document->root(), "rulefmt.RuleGroups");
    RuleReader reader(reading, check);
    fields.list("groups", "empty rule group",
                [&](const YamlNode& node) { reader.group(node, groups); });
    fields.finish();
    return groups;
}

} // namespace watchfire::config
