// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/reader.h"

#include "core/text/duration.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <format>

namespace watchfire::config {

using encoding::YamlEntry;
using encoding::YamlNode;
using encoding::YamlPlace;

namespace {

/// How Go's decoder names what it found.
std::string described(const YamlNode& node)
{
    switch (node.kind) {
    case encoding::YamlKind::sequence:
        return "!!seq";
    case encoding::YamlKind::mapping:
        return "!!map";
    case encoding::YamlKind::scalar:
        break;
    }
    const std::string_view type = node.asBool() ? "!!bool"
        : node.asInteger()                      ? "!!int"
        : node.asNumber()                       ? "!!float"
                                                : "!!str";
    std::string shown = node.text.substr(0, 30);
    return std::format("{} `{}`", type, shown);
}

bool isBinary(const YamlNode& node)
{
    return node.tag == "!!binary" || node.tag.ends_with(":binary");
}

std::optional<std::string> decodeBase64(std::string_view text)
{
    std::string out;
    std::uint32_t bits = 0;
    int have = 0;
    std::size_t padding = 0;
    std::size_t digits = 0;
    for (const char c : text) {
        if (c == '\n' || c == '\r' || c == ' ' || c == '\t') {
            continue;
        }
        if (c == '=') {
            ++padding;
            continue;
        }
        constexpr std::string_view alphabet
            = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        const std::size_t value = alphabet.find(c);
        if (value == std::string_view::npos || padding > 0) {
            return std::nullopt;
        }
        bits = bits << 6 | static_cast<std::uint32_t>(value);
        have += 6;
        ++digits;
        if (have >= 8) {
            have -= 8;
            out += static_cast<char>(bits >> have & 0xFF);
        }
    }
    return (digits + padding) % 4 == 0 && padding <= 2 ? std::optional(out) : std::nullopt;
}

} // namespace

void Reading::fault(const encoding::YamlMark& at, std::string message)
{
    m_findings.faults.push_back({m_file, at.line, at.column, std::move(message)});
}

void Reading::fault(const YamlNode& at, std::string message)
{
    fault(at.begin, std::move(message));
}

void Reading::fault(std::string message)
{
    m_findings.faults.push_back({m_file, 0, 0, std::move(message)});
}

void Reading::warn(const YamlNode& at, std::string message)
{
    m_findings.warnings.push_back({m_file, at.begin.line, at.begin.column, std::move(message)});
}

void Reading::ignore(const YamlNode& at, std::string message)
{
    m_findings.ignored.push_back({m_file, at.begin.line, at.begin.column, std::move(message)});
}

Fields::Fields(Reading& reading, const YamlNode& node, std::string what)
    : m_reading(reading)
    , m_node(node)
    , m_what(std::move(what))
{
    if (!node.isMapping()) {
        if (!node.isNull()) {
            m_reading.fault(node,
                            std::format("cannot unmarshal {} into {}", described(node), m_what));
        }
        return;
    }
    std::vector<const YamlNode*> merged;
    for (const YamlEntry& entry : node.entries) {
        if (entry.key->isScalar() && entry.key->text == "<<"
            && entry.key->style == encoding::YamlStyle::plain) {
            if (entry.value.node->isSequence()) {
                for (const YamlPlace& item : entry.value.node->items) {
                    merged.push_back(item.node);
                }
            } else {
                merged.push_back(entry.value.node);
            }
            continue;
        }
        m_entries.emplace_back(entry.key, entry.value.node);
    }
    for (const YamlNode* const source : merged) {
        if (!source->isMapping()) {
            m_reading.fault(*source, "map merge requires map or sequence of maps as the value");
            continue;
        }
        for (const YamlEntry& entry : source->entries) {
            if (!has(entry.key->text)) {
                m_entries.emplace_back(entry.key, entry.value.node);
            }
        }
    }
}

bool Fields::has(std::string_view key) const
{
    return std::ranges::any_of(m_entries, [&](const auto& entry) {
        return entry.first->isScalar() && entry.first->text == key;
    });
}

const YamlNode* Fields::take(std::string_view key)
{
    m_asked.insert(key);
    for (const auto& [name, value] : m_entries) {
        if (name->isScalar() && name->text == key) {
            return value->isNull() ? nullptr : value;
        }
    }
    return nullptr;
}

void Fields::mismatch(const YamlNode& node, std::string_view type)
{
    m_reading.fault(node, std::format("cannot unmarshal {} into {}", described(node), type));
}

const YamlNode* Fields::scalar(std::string_view key, std::string_view type)
{
    const YamlNode* const node = take(key);
    if (node != nullptr && !node->isScalar()) {
        mismatch(*node, type);
        return nullptr;
    }
    return node;
}

const YamlNode* Fields::text(std::string_view key, std::string& out)
{
    const YamlNode* const node = take(key);
    return node != nullptr && readText(m_reading, *node, out) ? node : nullptr;
}

const YamlNode* Fields::secret(std::string_view key, Secret& out)
{
    std::string text;
    const YamlNode* const node = take(key);
    if (node == nullptr || !readText(m_reading, *node, text)) {
        return nullptr;
    }
    out = Secret(std::move(text));
    return node;
}

const YamlNode* Fields::boolean(std::string_view key, bool& out)
{
    const YamlNode* const node = scalar(key, "bool");
    if (node == nullptr) {
        return nullptr;
    }
    const auto value = node->asBool();
    if (!value) {
        mismatch(*node, "bool");
        return nullptr;
    }
    out = *value;
    return node;
}

const YamlNode* Fields::count(std::string_view key, std::uint64_t& out)
{
    const YamlNode* const node = scalar(key, "uint");
    if (node == nullptr) {
        return nullptr;
    }
    if (const auto value = node->asInteger(); value && *value >= 0) {
        out = static_cast<std::uint64_t>(*value);
        return node;
    }
    // The decoder of the field takes 1.5 for 1.
    if (const auto value = node->asNumber(); value && *value >= 0 && *value < 1e19) {
        out = static_cast<std::uint64_t>(*value);
        return node;
    }
    mismatch(*node, "uint");
    return nullptr;
}

const YamlNode* Fields::integer(std::string_view key, std::int64_t& out)
{
    const YamlNode* const node = scalar(key, "int");
    if (node == nullptr) {
        return nullptr;
    }
    if (const auto value = node->asInteger()) {
        out = *value;
        return node;
    }
    if (const auto value = node->asNumber(); value && std::abs(*value) < 9e18) {
        out = static_cast<std::int64_t>(*value);
        return node;
    }
    mismatch(*node, "int");
    return nullptr;
}

const YamlNode* Fields::number(std::string_view key, double& out)
{
    const YamlNode* const node = scalar(key, "float64");
    if (node == nullptr) {
        return nullptr;
    }
    const auto value = node->asNumber();
    if (!value) {
        mismatch(*node, "float64");
        return nullptr;
    }
    out = *value;
    return node;
}

const YamlNode* Fields::duration(std::string_view key, Duration& out)
{
    const YamlNode* const node = take(key);
    if (node == nullptr) {
        return nullptr;
    }
    const auto value = readDuration(m_reading, *node);
    out = value.value_or(out);
    return value ? node : nullptr;
}

const YamlNode* Fields::duration(std::string_view key, std::optional<Duration>& out)
{
    Duration value{};
    const YamlNode* const node = duration(key, value);
    if (node != nullptr) {
        out = value;
    }
    return node;
}

const YamlNode* Fields::texts(std::string_view key, std::vector<std::string>& out)
{
    const YamlNode* const node = take(key);
    if (node == nullptr) {
        return nullptr;
    }
    if (!node->isSequence()) {
        mismatch(*node, "[]string");
        return nullptr;
    }
    out.clear();
    for (const YamlPlace& item : node->items) {
        std::string& text = out.emplace_back();
        if (!item.node->isNull()) {
            readText(m_reading, *item.node, text);
        }
    }
    return node;
}

const YamlNode* Fields::pairs(std::string_view key,
                              std::vector<std::pair<std::string, std::string>>& out)
{
    const YamlNode* const node = take(key);
    entries(key, [&](const YamlNode& name, const YamlNode& value) {
        std::string text;
        if (!value.isNull() && !readText(m_reading, value, text)) {
            return;
        }
        std::string plain;
        readText(m_reading, name, plain);
        out.emplace_back(std::move(plain), std::move(text));
    });
    return node;
}

const YamlNode* Fields::bytes(std::string_view key, std::uint64_t& out)
{
    const YamlNode* const node = scalar(key, "units.Base2Bytes");
    if (node == nullptr) {
        return nullptr;
    }
    const auto value = parseBytes(node->text);
    if (!value) {
        m_reading.fault(*node, std::format("units: unknown unit in {}", node->text));
        return nullptr;
    }
    out = *value;
    return node;
}

void Fields::list(std::string_view key, std::string_view nullMessage,
                  const std::function<void(const YamlNode&)>& each)
{
    const YamlNode* const node = take(key);
    if (node == nullptr) {
        return;
    }
    if (!node->isSequence()) {
        mismatch(*node, "a list");
        return;
    }
    for (const YamlPlace& item : node->items) {
        if (item.node->isNull()) {
            m_reading.fault(item.begin, std::string(nullMessage));
        } else {
            each(*item.node);
        }
    }
}

void Fields::entries(std::string_view key,
                     const std::function<void(const YamlNode&, const YamlNode&)>& each)
{
    const YamlNode* const node = take(key);
    if (node == nullptr) {
        return;
    }
    if (!node->isMapping()) {
        mismatch(*node, "a map");
        return;
    }
    for (const YamlEntry& entry : node->entries) {
        if (entry.key->isScalar()) {
            each(*entry.key, *entry.value.node);
        } else {
            mismatch(*entry.key, "string");
        }
    }
}

std::vector<std::string_view> Fields::skip(std::initializer_list<std::string_view> keys)
{
    std::vector<std::string_view> there;
    for (const std::string_view key : keys) {
        m_asked.insert(key);
        if (has(key)) {
            there.push_back(key);
        }
    }
    return there;
}

void Fields::finish()
{
    for (const auto& [key, value] : m_entries) {
        if (!key->isScalar()) {
            mismatch(*key, "string");
        } else if (!m_asked.contains(key->text)) {
            std::string unknown = std::format("field {} not found in type {}", key->text, m_what);
            if (m_reading.ignoresUnknownFields()) {
                m_reading.ignore(*key, std::move(unknown));
            } else {
                m_reading.fault(*key, std::move(unknown));
            }
        }
    }
}

bool readText(Reading& reading, const YamlNode& node, std::string& out)
{
    if (!node.isScalar()) {
        reading.fault(node, std::format("cannot unmarshal {} into string", described(node)));
        return false;
    }
    if (isBinary(node)) {
        auto decoded = decodeBase64(node.text);
        if (!decoded) {
            reading.fault(node, "!!binary value contains invalid base64 data");
            return false;
        }
        out = std::move(*decoded);
        return true;
    }
    out = node.text;
    return true;
}

std::optional<Duration> readDuration(Reading& reading, const YamlNode& node)
{
    std::string text;
    if (!readText(reading, node, text)) {
        return std::nullopt;
    }
    const auto parsed = text::parseDuration(text);
    if (!parsed) {
        reading.fault(node, parsed.error().message);
        return std::nullopt;
    }
    return *parsed;
}

std::optional<encoding::YamlDocument> readDocument(Reading& reading, std::string text)
{
    if (text.starts_with("\xEF\xBB\xBF")) {
        text.erase(0, 3);
    }
    auto document = encoding::YamlDocument::parse(std::move(text));
    if (!document) {
        // The message begins with the place.
        std::string message = document.error().message;
        encoding::YamlMark mark;
        const std::size_t first = message.find(':');
        const std::size_t second = message.find(": ", first + 1);
        if (first != std::string::npos && second != std::string::npos) {
            std::from_chars(message.data(), message.data() + first, mark.line);
            std::from_chars(message.data() + first + 1, message.data() + second, mark.column);
            message.erase(0, second + 2);
        }
        reading.fault(mark, "yaml: " + message);
        return std::nullopt;
    }
    for (const YamlNode* const key : document->duplicates()) {
        reading.fault(*key, std::format("field {} already set", key->text));
    }
    return std::move(*document);
}

void readRetention(Fields& fields, RetentionConfig& out)
{
    const YamlNode* const node = fields.take("retention");
    if (node == nullptr) {
        return;
    }
    Fields own(fields.reading(), *node, "config.TSDBRetentionConfig");
    own.duration("time", out.time);
    std::uint64_t size = 0;
    if (own.bytes("size", size) != nullptr) {
        out.size = size;
    }
    double percentage = 0;
    if (const YamlNode* const at = own.number("percentage", percentage)) {
        out.percentage = percentage;
        if (!(percentage >= 0 && percentage <= 100)) {
            own.reading().fault(*at,
                                std::format("the percentage of retention must lie between 0 and "
                                            "100, and is {}",
                                            percentage));
        }
    }
    own.finish();
}

std::optional<std::uint64_t> parseBytes(std::string_view text)
{
    if (text == "0") {
        return 0;
    }
    double value = 0;
    const auto [end, error]
        = std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
    if (error != std::errc() || value < 0) {
        return std::nullopt;
    }
    const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
    static constexpr std::array<std::pair<std::string_view, int>, 13> units{{{"B", 0},
                                                                             {"KB", 1},
                                                                             {"KiB", 1},
                                                                             {"MB", 2},
                                                                             {"MiB", 2},
                                                                             {"GB", 3},
                                                                             {"GiB", 3},
                                                                             {"TB", 4},
                                                                             {"TiB", 4},
                                                                             {"PB", 5},
                                                                             {"PiB", 5},
                                                                             {"EB", 6},
                                                                             {"EiB", 6}}};
    for (const auto& [name, power] : units) {
        if (name == unit) {
            const double bytes = value * std::pow(1024.0, power);
            return bytes < 9.2e18 ? std::optional(static_cast<std::uint64_t>(bytes)) : std::nullopt;
        }
    }
    return std::nullopt;
}

} // namespace watchfire::config
