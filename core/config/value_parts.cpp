// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/value_parts.h"

#include "core/config/export.h"

#include <algorithm>
#include <cmath>
#include <format>

namespace watchfire::config {

using encoding::YamlValue;

YamlValue pairsValue(const std::vector<std::pair<std::string, std::string>>& values)
{
    YamlValue map = YamlValue::mapping();
    for (const auto& [name, value] : values) {
        map.set(name, textValue(value));
    }
    return map;
}

YamlValue labelsValue(const Labels& values)
{
    YamlValue map = YamlValue::mapping();
    for (const Label& label : values) {
        map.set(std::string(label.name), textValue(label.value));
    }
    return map;
}

YamlValue retentionValue(const RetentionConfig& config)
{
    YamlValue out = YamlValue::mapping();
    if (config.time) {
        out.set("time", durationValue(*config.time));
    }
    if (config.size) {
        out.set("size", YamlValue::plain(formatBytes(*config.size)));
    }
    if (config.percentage) {
        out.set("percentage", realValue(*config.percentage));
    }
    return out;
}

YamlValue realValue(double value)
{
    if (std::isnan(value)) {
        return YamlValue::plain(".nan");
    }
    if (std::isinf(value)) {
        return YamlValue::plain(value > 0 ? ".inf" : "-.inf");
    }
    return YamlValue::plain(std::format("{}", value));
}

void Keys::text(std::string_view key, std::string_view value, std::string_view otherwise)
{
    if (!value.empty() && (effective() || value != otherwise)) {
        set(key, textValue(value));
    }
}

void Keys::secret(std::string_view key, const Secret& value)
{
    text(key, effective() ? value.toString() : value.reveal());
}

void Keys::boolean(std::string_view key, bool value, bool otherwise)
{
    if (effective() || value != otherwise) {
        set(key, YamlValue::boolean(value));
    }
}

void Keys::duration(std::string_view key, Duration value, Duration otherwise)
{
    if (effective() || value != otherwise) {
        set(key, durationValue(value));
    }
}

void Keys::duration(std::string_view key, const std::optional<Duration>& value)
{
    if (value) {
        set(key, durationValue(*value));
    }
}

void Keys::count(std::string_view key, std::uint64_t value, std::uint64_t otherwise)
{
    if (effective() ? value != 0 : value != otherwise) {
        set(key, numberValue(value));
    }
}

void Keys::texts(std::string_view key, const std::vector<std::string>& values)
{
    if (!values.empty()) {
        set(key, textsValue(values));
    }
}

void Keys::pairs(std::string_view key,
                 const std::vector<std::pair<std::string, std::string>>& values)
{
    if (!values.empty()) {
        set(key, pairsValue(values));
    }
}

const YamlValue* findKey(const YamlValue& mapping, std::string_view key)
{
    const auto found = std::ranges::find(mapping.entries, key, &encoding::YamlMember::key);
    return found == mapping.entries.end() ? nullptr : &found->value;
}

std::string_view textAt(const YamlValue& mapping, std::string_view key)
{
    const YamlValue* const value = findKey(mapping, key);
    return value == nullptr ? std::string_view() : value->text;
}

} // namespace watchfire::config
