// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/encoding/yaml.h"

#include <algorithm>
#include <format>

namespace watchfire::encoding {

namespace {

bool isControl(char c)
{
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7F;
}

/// The escape of a character at the front of a text that YAML 1.1 takes for a line break, a mark
/// or unprintable though its bytes are no controls; its length in bytes with it.
std::pair<std::string, std::size_t> escapeOf(std::string_view text)
{
    if (text.starts_with("\u2028")) {
        return {"\\L", 3};
    }
    if (text.starts_with("\u2029")) {
        return {"\\P", 3};
    }
    if (text.starts_with("\uFEFF")) {
        return {"\\uFEFF", 3};
    }
    if (text.size() > 1 && text[0] == '\xC2' && static_cast<unsigned char>(text[1]) < 0xA0) {
        return {std::format("\\x{:02x}", static_cast<unsigned char>(text[1])), 2};
    }
    return {};
}

bool isPrintable(std::string_view text)
{
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (isControl(text[i]) || escapeOf(text.substr(i)).second > 0) {
            return false;
        }
    }
    return true;
}

/// Whether a plain scalar of that text reads back as the very same string.
bool isSafePlain(std::string_view text)
{
    if (text.empty() || !isPrintable(text) || text.front() == ' ' || text.back() == ' '
        || text.back() == ':') {
        return false;
    }
    constexpr std::string_view indicators = "-?:,[]{}#&*!|>'\"%@`";
    const char first = text.front();
    // A dash opens a plain scalar unless a space follows it; two could end a document.
    const bool dashed = first == '-' && text.size() > 1 && text[1] != ' ' && text[1] != '-';
    if (indicators.contains(first) && !dashed) {
        return false;
    }
    if (text.contains(": ") || text.contains(" #") || text.contains('\t')
        || text.find_first_of(",[]{}") != std::string_view::npos) {
        return false;
    }
    if (text == "=" || text == "<<") { // a default value, a merge key
        return false;
    }
    YamlNode probe;
    probe.text = std::string(text);
    if (probe.isNull() || probe.asBool() || probe.asNumber()) {
        return false;
    }
    // Dates and sexagesimals are types of YAML 1.1.
    return !(first >= '0' && first <= '9'
             && text.find_first_not_of("0123456789-:.TtZz+ ") == std::string_view::npos
             && text.find_first_of("-:") != std::string_view::npos);
}

std::string inQuotes(std::string_view text)
{
    if (isPrintable(text)) {
        std::string out = "'";
        for (const char c : text) {
            out += c;
            if (c == '\'') {
                out += '\'';
            }
        }
        return out + "'";
    }
    std::string out = "\"";
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (const auto [escape, bytes] = escapeOf(text.substr(i)); bytes > 0) {
            out += escape;
            i += bytes - 1;
            continue;
        }
        const char c = text[i];
        switch (c) {
        case '"':
            out += "\\\"";
            break;
        case '\\':
            out += "\\\\";
            break;
        case '\n':
            out += "\\n";
            break;
        case '\t':
            out += "\\t";
            break;
        case '\r':
            out += "\\r";
            break;
        default:
            if (isControl(c)) {
                out += std::format("\\x{:02x}", static_cast<unsigned char>(c));
            } else {
                out += c;
            }
        }
    }
    return out + "\"";
}

std::string inlineScalar(const YamlValue& value)
{
    return value.isString && !isSafePlain(value.text) ? inQuotes(value.text) : value.text;
}

std::string keyText(std::string_view key)
{
    return isSafePlain(key) ? std::string(key) : inQuotes(key);
}

/// Several lines that a literal block holds unchanged.
bool isLiteral(const YamlValue& value)
{
    const std::string& text = value.text;
    if (!value.isString || text.size() < 2 || !text.contains('\n') || text.front() == ' '
        || text.front() == '\n' || text.ends_with("\n\n")) {
        return false;
    }
    std::string oneLine = text;
    std::ranges::replace(oneLine, '\n', ' ');
    return isPrintable(oneLine) && !text.contains(" \n");
}

void emitBlock(std::string& out, const YamlValue& value, std::size_t indent);

void emitLiteral(std::string& out, std::string_view text, std::size_t indent)
{
    const bool ends = text.ends_with('\n');
    out += ends ? "|\n" : "|-\n";
    if (ends) {
        text.remove_suffix(1);
    }
    while (true) {
        const std::size_t end = text.find('\n');
        const std::string_view line = text.substr(0, end);
        if (!line.empty()) {
            out.append(indent, ' ');
            out += line;
        }
        out += '\n';
        if (end == std::string_view::npos) {
            return;
        }
        text.remove_prefix(end + 1);
    }
}

/// What follows "key:" or "-", with the newline that ends it.
void emitAfterKey(std::string& out, const YamlValue& value, std::size_t indent)
{
    switch (value.kind) {
    case YamlKind::scalar:
        out += ' ';
        if (isLiteral(value)) {
            emitLiteral(out, value.text, indent + 2);
        } else {
            out += inlineScalar(value) + '\n';
        }
        return;
    case YamlKind::sequence:
        if (value.items.empty()) {
            out += " []\n";
            return;
        }
        out += '\n';
        emitBlock(out, value, indent);
        return;
    case YamlKind::mapping:
        if (value.entries.empty()) {
            out += " {}\n";
            return;
        }
        out += '\n';
        emitBlock(out, value, indent + 2);
        return;
    }
}

void emitEntries(std::string& out, const YamlValue& value, std::size_t indent, bool firstIndented)
{
    for (const auto& [key, entry] : value.entries) {
        if (firstIndented) {
            out.append(indent, ' ');
        }
        firstIndented = true;
        out += keyText(key);
        out += ':';
        emitAfterKey(out, entry, indent);
    }
}

void emitBlock(std::string& out, const YamlValue& value, std::size_t indent)
{
    switch (value.kind) {
    case YamlKind::scalar:
        out.append(indent, ' ');
        if (isLiteral(value)) {
            emitLiteral(out, value.text, indent + 2);
        } else {
            out += inlineScalar(value) + '\n';
        }
        return;
    case YamlKind::sequence:
        if (value.items.empty()) {
            out.append(indent, ' ');
            out += "[]\n";
        }
        for (const YamlValue& item : value.items) {
            out.append(indent, ' ');
            out += '-';
            if (item.kind == YamlKind::mapping && !item.entries.empty()) {
                out += ' ';
                emitEntries(out, item, indent + 2, false);
            } else if (item.kind == YamlKind::sequence && !item.items.empty()) {
                out += ' ' + emitYamlFlow(item) + '\n';
            } else {
                emitAfterKey(out, item, indent);
            }
        }
        return;
    case YamlKind::mapping:
        if (value.entries.empty()) {
            out.append(indent, ' ');
            out += "{}\n";
        }
        emitEntries(out, value, indent, true);
        return;
    }
}

} // namespace

YamlValue YamlValue::string(std::string text)
{
    YamlValue value;
    value.text = std::move(text);
    return value;
}

YamlValue YamlValue::plain(std::string text)
{
    YamlValue value;
    value.text = std::move(text);
    value.isString = false;
    return value;
}

YamlValue YamlValue::boolean(bool value)
{
    return plain(value ? "true" : "false");
}

YamlValue YamlValue::sequence()
{
    return sequence(std::vector<YamlValue>());
}

YamlValue YamlValue::sequence(std::vector<YamlValue> items)
{
    YamlValue value;
    value.kind = YamlKind::sequence;
    value.items = std::move(items);
    return value;
}

YamlValue YamlValue::mapping()
{
    return mapping(std::vector<YamlMember>());
}

YamlValue YamlValue::mapping(std::vector<YamlMember> entries)
{
    YamlValue value;
    value.kind = YamlKind::mapping;
    value.entries = std::move(entries);
    return value;
}

YamlValue& YamlValue::set(std::string key, YamlValue value)
{
    entries.emplace_back(std::move(key), std::move(value));
    return *this;
}

bool operator==(const YamlValue& one, const YamlValue& other)
{
    return one.kind == other.kind && one.text == other.text && one.isString == other.isString
        && one.items == other.items && one.entries == other.entries;
}

std::string emitYaml(const YamlValue& value)
{
    std::string out;
    emitBlock(out, value, 0);
    return out;
}

std::string emitYamlFlow(const YamlValue& value)
{
    std::string out;
    switch (value.kind) {
    case YamlKind::scalar:
        return inlineScalar(value);
    case YamlKind::sequence:
        out = "[";
        for (const YamlValue& item : value.items) {
            out += (out.size() > 1 ? ", " : "") + emitYamlFlow(item);
        }
        return out + "]";
    case YamlKind::mapping:
        out = "{";
        for (const auto& [key, entry] : value.entries) {
            out += (out.size() > 1 ? ", " : "") + keyText(key) + ": " + emitYamlFlow(entry);
        }
        return out + "}";
    }
    return out;
}

YamlValue toValue(const YamlNode& node)
{
    switch (node.kind) {
    case YamlKind::scalar:
        if (node.style == YamlStyle::plain && node.text.empty()) {
            return YamlValue::plain("null"); // nothing at all cannot be written everywhere
        }
        return node.style == YamlStyle::plain && (node.isNull() || node.asBool() || node.asNumber())
            ? YamlValue::plain(node.text)
            : YamlValue::string(node.text);
    case YamlKind::sequence: {
        YamlValue value = YamlValue::sequence();
        for (const YamlPlace& item : node.items) {
            value.items.push_back(toValue(*item.node));
        }
        return value;
    }
    case YamlKind::mapping:
        break;
    }
    YamlValue value = YamlValue::mapping();
    for (const YamlEntry& entry : node.entries) {
        value.set(entry.key->text, toValue(*entry.value.node));
    }
    return value;
}

} // namespace watchfire::encoding
