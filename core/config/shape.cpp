// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/shape.h"

#include "core/config/client.h"
#include "core/config/client_parts.h"

#include <algorithm>
#include <array>

namespace watchfire::config {

using encoding::YamlNode;
using encoding::YamlValue;

namespace {

/// A default of a table, which is good YAML.
YamlValue valueOf(std::string_view yaml)
{
    const auto document = encoding::YamlDocument::parse(std::string(yaml));
    return document && document->root() != nullptr ? encoding::toValue(*document->root())
                                                   : textValue("");
}

std::optional<YamlValue> readFilters(Fields& fields, std::string_view key)
{
    if (fields.take(key) == nullptr) {
        return std::nullopt;
    }
    YamlValue list = YamlValue::sequence();
    fields.list(key, "empty filter", [&](const YamlNode& node) {
        static constexpr std::array keys{ShapeKey{"name", ShapeType::text, ""},
                                         ShapeKey{"values", ShapeType::texts, "[]"}};
        Fields filter(fields.reading(), node, "Filter");
        readShape(filter, keys, list.items.emplace_back(YamlValue::mapping()));
        filter.finish();
    });
    return list;
}

/// The value as it takes effect; nothing where there is none or it is wrong.
std::optional<YamlValue> readKey(Fields& fields, const ShapeKey& key)
{
    std::string text;
    switch (key.type) {
    case ShapeType::text:
        return fields.text(key.name, text) == nullptr ? std::nullopt
                                                      : std::optional(textValue(text));
    case ShapeType::secret:
        return fields.text(key.name, text) == nullptr || text.empty()
            ? std::nullopt
            : std::optional(textValue(Secret(text).toString()));
    case ShapeType::url: {
        const YamlNode* const node = fields.text(key.name, text);
        checkUrl(fields.reading(), node, text);
        return node == nullptr ? std::nullopt : std::optional(textValue(redactedUrl(text)));
    }
    case ShapeType::path: {
        const YamlNode* const node = fields.text(key.name, text);
        return node == nullptr
            ? std::nullopt
            : std::optional(textValue(resolved(fields.reading(), node, std::move(text))));
    }
    case ShapeType::integer: {
        std::int64_t value = 0;
        return fields.integer(key.name, value) == nullptr
            ? std::nullopt
            : std::optional(YamlValue::plain(std::to_string(value)));
    }
    case ShapeType::number: {
        double value = 0;
        return fields.number(key.name, value) == nullptr ? std::nullopt
                                                         : std::optional(realValue(value));
    }
    case ShapeType::boolean: {
        bool value = false;
        return fields.boolean(key.name, value) == nullptr
            ? std::nullopt
            : std::optional(YamlValue::boolean(value));
    }
    case ShapeType::duration: {
        Duration value{};
        return fields.duration(key.name, value) == nullptr ? std::nullopt
                                                           : std::optional(durationValue(value));
    }
    case ShapeType::texts: {
        std::vector<std::string> values;
        return fields.texts(key.name, values) == nullptr ? std::nullopt
                                                         : std::optional(textsValue(values));
    }
    case ShapeType::pairs: {
        std::vector<std::pair<std::string, std::string>> values;
        return fields.pairs(key.name, values) == nullptr ? std::nullopt
                                                         : std::optional(pairsValue(values));
    }
    case ShapeType::filters:
        return readFilters(fields, key.name);
    case ShapeType::tls: {
        const YamlNode* const node = fields.take(key.name);
        if (node == nullptr) {
            return std::nullopt;
        }
        const TlsOptions tls = readTls(fields.reading(), *node);
        return tls == TlsOptions() ? std::nullopt : std::optional(tlsValue(tls, Style::effective));
    }
    case ShapeType::anything:
        fields.take(key.name);
        return std::nullopt;
    }
    return std::nullopt;
}

} // namespace

void readShape(Fields& fields, std::span<const ShapeKey> keys, YamlValue& out)
{
    for (const ShapeKey& key : keys) {
        if (auto value = readKey(fields, key)) {
            out.set(std::string(key.name), std::move(*value));
        } else if (key.otherwise) {
            out.set(std::string(key.name), valueOf(*key.otherwise));
        }
    }
}

} // namespace watchfire::config
