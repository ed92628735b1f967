// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/client.h"
#include "core/text/utf8.h"

#include <format>

namespace watchfire::config {

using encoding::YamlNode;

namespace {

void readRule(Reading& reading, const YamlNode& node, std::vector<RelabelRule>& out)
{
    Fields fields(reading, node, "relabel.plain");
    RelabelRule rule;
    fields.texts("source_labels", rule.sourceLabels);
    rule.givenSeparator = fields.text("separator", rule.separator) != nullptr;
    const YamlNode* const regex = fields.text("regex", rule.regexText);
    rule.givenRegex = regex != nullptr;
    fields.count("modulus", rule.modulus);
    fields.text("target_label", rule.targetLabel);
    rule.givenReplacement = fields.text("replacement", rule.replacement) != nullptr;
    std::string action = "replace";
    const YamlNode* const actionNode = fields.text("action", action);
    fields.finish();
    if (const auto known = relabelActionFrom(action)) {
        rule.action = *known;
    } else {
        reading.fault(*actionNode, std::format("unknown relabel action \"{}\"", action));
        return;
    }
    if (!text::isUtf8(rule.replacement)) {
        reading.fault(node, "the replacement is not UTF-8");
        return;
    }
    if (const auto prepared = rule.prepare(); !prepared) {
        reading.fault(node, prepared.error().message);
        return;
    }
    out.push_back(std::move(rule));
}

} // namespace

void readRelabel(Fields& fields, std::string_view key, std::string_view nullMessage,
                 std::vector<RelabelRule>& out)
{
    fields.list(key, nullMessage,
                [&](const YamlNode& node) { readRule(fields.reading(), node, out); });
}

} // namespace watchfire::config
