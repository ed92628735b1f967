// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/discovery/group_text.h"

#include "core/discovery/json_places.h"
#include "core/encoding/json.h"
#include "core/encoding/yaml.h"
#include "core/text/quote.h"

#include <format>
#include <utility>

namespace watchfire::discovery {

using encoding::JsonValue;
using encoding::YamlMark;
using encoding::YamlNode;

namespace {

constexpr std::string_view missingGroup = "there is no target group here (null)";
constexpr std::string_view wantsList = "a list of target groups is expected";
constexpr std::string_view wantsTargets = "\"targets\" must be a list of texts";
constexpr std::string_view wantsLabels = "\"labels\" must be names with texts";

std::unexpected<Error> refuse(const YamlMark& mark, std::string_view message)
{
    return fail(ErrorKind::invalid, std::format("{}:{}: {}", mark.line, mark.column, message),
                Span{mark.offset, mark.offset + 1});
}

std::string unknownKey(std::string_view key)
{
    return std::format(R"(field {} is unknown; a target group has "targets" and "labels")",
                       text::quote(key));
}

std::string badName(std::string_view name)
{
    return std::format("{} is not a valid label name", text::quote(name));
}

/// Fails with a message alone; the caller knows the place.
Result<config::TargetGroup> groupOf(const JsonValue& value)
{
    const auto wrong
        = [](std::string_view message) { return fail(ErrorKind::invalid, std::string(message)); };
    if (value.isNull()) {
        return wrong(missingGroup);
    }
    if (!value.isObject()) {
        return wrong("a target group must be an object");
    }
    config::TargetGroup group;
    LabelsBuilder labels;
    for (const auto& [key, member] : value.members()) {
        if (key == "targets") {
            if (!member.isArray() && !member.isNull()) {
                return wrong(wantsTargets);
            }
            for (const JsonValue& target : member.items()) {
                if (!target.isString()) {
                    return wrong(wantsTargets);
                }
                group.targets.emplace_back(target.asString());
            }
        } else if (key == "labels") {
            if (!member.isObject() && !member.isNull()) {
                return wrong(wantsLabels);
            }
            for (const auto& [name, text] : member.members()) {
                if (!text.isString() && !text.isNull()) {
                    return wrong(wantsLabels);
                }
                if (!isValidName(name)) {
                    return wrong(badName(name));
                }
                labels.set(name, text.asString());
            }
        } else {
            return wrong(unknownKey(key));
        }
    }
    group.labels = labels.build();
    return group;
}

Result<void> readTargets(const YamlNode& node, config::TargetGroup& group)
{
    if (node.isNull()) {
        return {};
    }
    if (!node.isSequence()) {
        return refuse(node.begin, wantsTargets);
    }
    for (const encoding::YamlPlace& item : node.items) {
        if (!item.node->isScalar() || item.node->isNull()) {
            return refuse(item.begin, wantsTargets);
        }
        group.targets.push_back(item.node->text);
    }
    return {};
}

Result<void> readLabels(const YamlNode& node, config::TargetGroup& group)
{
    if (node.isNull()) {
        return {};
    }
    if (!node.isMapping()) {
        return refuse(node.begin, wantsLabels);
    }
    LabelsBuilder labels;
    for (const encoding::YamlEntry& entry : node.entries) {
        const YamlNode& value = *entry.value.node;
        if (!entry.key->isScalar() || !value.isScalar()) {
            return refuse(entry.value.begin, wantsLabels);
        }
        if (!isValidName(entry.key->text)) {
            return refuse(entry.key->begin, badName(entry.key->text));
        }
        labels.set(entry.key->text, value.isNull() ? "" : value.text);
    }
    group.labels = labels.build();
    return {};
}

Result<config::TargetGroup> groupOf(const encoding::YamlPlace& place)
{
    const YamlNode& node = *place.node;
    if (node.isNull()) {
        return refuse(place.begin, missingGroup);
    }
    if (!node.isMapping()) {
        return refuse(place.begin, "a target group must be a mapping");
    }
    config::TargetGroup group;
    for (const encoding::YamlEntry& entry : node.entries) {
        Result<void> read;
        if (entry.key->text == "targets") {
            read = readTargets(*entry.value.node, group);
        } else if (entry.key->text == "labels") {
            read = readLabels(*entry.value.node, group);
        } else {
            read = refuse(entry.key->begin, unknownKey(entry.key->text));
        }
        if (!read) {
            return std::unexpected(std::move(read.error()));
        }
    }
    return group;
}

} // namespace

Result<Groups> groupsFromJson(std::string_view text)
{
    const auto refuseAt = [text](std::uint32_t offset, std::string_view message) {
        return refuse(encoding::markAt(text, offset), message);
    };
    const auto root = encoding::parseJson(text);
    if (!root) {
        const JsonPlaces places = placesOf(text);
        return places.fault ? refuseAt(places.fault->at, places.fault->message)
                            : refuseAt(0, root.error().message);
    }
    if (!root->isArray() && !root->isNull()) {
        return refuseAt(0, wantsList);
    }
    Groups groups;
    groups.reserve(root->items().size());
    for (const JsonValue& item : root->items()) {
        auto group = groupOf(item);
        if (!group) {
            const JsonPlaces places = placesOf(text);
            const std::size_t at = groups.size();
            return refuseAt(at < places.elements.size() ? places.elements[at] : 0,
                            group.error().message);
        }
        groups.push_back(*std::move(group));
    }
    return groups;
}

Result<Groups> groupsFromYaml(std::string text)
{
    const auto document = encoding::YamlDocument::parse(std::move(text));
    if (!document) {
        return std::unexpected(document.error());
    }
    if (!document->duplicates().empty()) {
        const YamlNode& key = *document->duplicates().front();
        return refuse(key.begin, std::format("field {} already set", text::quote(key.text)));
    }
    const YamlNode* const root = document->root();
    Groups groups;
    if (root == nullptr || root->isNull()) {
        return groups;
    }
    if (!root->isSequence()) {
        return refuse(root->begin, wantsList);
    }
    for (const encoding::YamlPlace& item : root->items) {
        auto group = groupOf(item);
        if (!group) {
            return std::unexpected(std::move(group.error()));
        }
        groups.push_back(*std::move(group));
    }
    return groups;
}

void markOrigin(Groups& groups, std::string_view place, std::string_view label)
{
    for (std::size_t i = 0; i < groups.size(); ++i) {
        groups[i].source = std::format("{}:{}", place, i);
        groups[i].labels = groups[i].labels.with(label, place);
    }
}

} // namespace watchfire::discovery
