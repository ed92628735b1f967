// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/alerting/receivers/payload_tree.h"

#include "core/encoding/yaml.h"

#include <variant>

namespace watchfire::alerting {

namespace {

using encoding::JsonValue;
using encoding::JsonWriter;
using encoding::YamlNode;

void writeYaml(JsonWriter& json, const YamlNode& node)
{
    if (node.isMapping()) {
        json.beginObject();
        for (const encoding::YamlEntry& entry : node.entries) {
            if (entry.key->isScalar()) {
                json.key(entry.key->text);
                writeYaml(json, *entry.value.node);
            }
        }
        json.endObject();
    } else if (node.isSequence()) {
        json.beginArray();
        for (const encoding::YamlPlace& item : node.items) {
            writeYaml(json, *item.node);
        }
        json.endArray();
    } else if (node.style != encoding::YamlStyle::plain) {
        json.string(node.text);
    } else if (node.isNull()) {
        json.null();
    } else if (const auto truth = node.asBool()) {
        json.boolean(*truth);
    } else if (const auto integer = node.asInteger()) {
        json.integer(*integer);
    } else if (const auto number = node.asNumber()) {
        json.number(*number);
    } else {
        json.string(node.text);
    }
}

/// Whether YAML reads a plain scalar as a text.
bool isText(const YamlNode& node)
{
    return node.isScalar()
        && (node.style != encoding::YamlStyle::plain
            || (!node.isNull() && !node.asBool() && !node.asInteger() && !node.asNumber()));
}

void writeRendered(JsonWriter& json, const std::string& text)
{
    const auto document = encoding::YamlDocument::parse(text);
    if (!document || (document->root() != nullptr && isText(*document->root()))) {
        json.string(text);
    } else if (document->root() == nullptr) {
        json.null();
    } else {
        writeYaml(json, *document->root());
    }
}

void write(JsonWriter& json, const JsonValue& tree, Texts& texts)
{
    if (tree.isObject()) {
        json.beginObject();
        for (const auto& [name, value] : tree.members()) {
            json.key(texts(name));
            write(json, value, texts);
        }
        json.endObject();
    } else if (tree.isArray()) {
        json.beginArray();
        for (const JsonValue& value : tree.items()) {
            write(json, value, texts);
        }
        json.endArray();
    } else if (tree.isString()) {
        writeRendered(json, texts(tree.asString()));
    } else {
        json.raw(tree.toJson());
    }
}

} // namespace

std::string renderedTree(const JsonValue& tree, Texts& texts)
{
    std::string out;
    JsonWriter json(out);
    write(json, tree, texts);
    return out;
}

} // namespace watchfire::alerting
