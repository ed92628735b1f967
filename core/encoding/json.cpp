// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/encoding/json.h"

#include "core/text/utf8.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <simdjson.h>

namespace watchfire::encoding {

namespace {

/// 0: as it is; 1: a control character; 2: part of a longer sequence; else the letter after \.
constexpr std::array<char, 256> escapes = [] {
    std::array<char, 256> table{};
    for (std::size_t i = 0; i < 0x20; ++i) {
        table[i] = 1;
    }
    for (std::size_t i = 0x80; i < 256; ++i) {
        table[i] = 2;
    }
    table['\n'] = 'n';
    table['\r'] = 'r';
    table['\t'] = 't';
    table['"'] = '"';
    table['\\'] = '\\';
    return table;
}();

std::size_t sequenceLength(unsigned char lead)
{
    return lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
}

JsonValue fromDom(const simdjson::dom::element& element)
{
    JsonValue value;
    switch (element.type()) {
    case simdjson::dom::element_type::ARRAY: {
        JsonValue::Array array;
        const simdjson::dom::array items = element.get_array().value_unsafe();
        for (const simdjson::dom::element item : items) {
            array.push_back(fromDom(item));
        }
        value.data = std::move(array);
        break;
    }
    case simdjson::dom::element_type::OBJECT: {
        JsonValue::Object object;
        const simdjson::dom::object members = element.get_object().value_unsafe();
        for (const auto& [key, member] : members) {
            object.emplace_back(std::string(key), fromDom(member));
        }
        value.data = std::move(object);
        break;
    }
    case simdjson::dom::element_type::INT64:
        value.data = element.get_int64().value_unsafe();
        break;
    case simdjson::dom::element_type::UINT64:
        value.data = element.get_uint64().value_unsafe();
        break;
    case simdjson::dom::element_type::DOUBLE:
        value.data = element.get_double().value_unsafe();
        break;
    case simdjson::dom::element_type::STRING:
        value.data = std::string(element.get_string().value_unsafe());
        break;
    case simdjson::dom::element_type::BOOL:
        value.data = element.get_bool().value_unsafe();
        break;
    case simdjson::dom::element_type::NULL_VALUE:
        break;
    }
    return value;
}

void append(std::string& out, const JsonValue& value);

struct Appender {
    std::string& out;
    void operator()(std::nullptr_t) const { out += "null"; }
    void operator()(bool value) const { out += value ? "true" : "false"; }
    void operator()(std::int64_t value) const { JsonWriter(out).integer(value); }
    void operator()(std::uint64_t value) const { JsonWriter(out).unsignedInteger(value); }
    void operator()(double value) const { JsonWriter(out).number(value); }
    void operator()(const std::string& value) const { appendJsonString(out, value); }
    void operator()(const JsonValue::Array& array) const
    {
        out += '[';
        for (std::size_t i = 0; i < array.size(); ++i) {
            if (i > 0) {
                out += ',';
            }
            append(out, array[i]);
        }
        out += ']';
    }
    void operator()(const JsonValue::Object& object) const
    {
        out += '{';
        for (std::size_t i = 0; i < object.size(); ++i) {
            if (i > 0) {
                out += ',';
            }
            appendJsonString(out, object[i].first);
            out += ':';
            append(out, object[i].second);
        }
        out += '}';
    }
};

void append(std::string& out, const JsonValue& value)
{
    std::visit(Appender{out}, value.data);
}

} // namespace

void appendJsonString(std::string& out, std::string_view text)
{
    constexpr std::string_view digits = "0123456789abcdef";
    out += '"';
    std::size_t done = 0;
    for (std::size_t i = 0; i < text.size();) {
        const auto byte = static_cast<unsigned char>(text[i]);
        const char escape = escapes[byte];
        if (escape == 0) {
            ++i;
            continue;
        }
        if (escape == 2) {
            const std::size_t length = sequenceLength(byte);
            if (i + length <= text.size() && text::isUtf8(text.substr(i, length))) {
                i += length;
                continue;
            }
        }
        out += text.substr(done, i - done);
        if (escape == 2) {
            out += "\\ufffd";
        } else if (escape == 1) {
            out += "\\u00";
            out += digits[byte >> 4];
            out += digits[byte & 15];
        } else {
            out += '\\';
            out += escape;
        }
        done = ++i;
    }
    out += text.substr(done);
    out += '"';
}

JsonWriter& JsonWriter::integer(std::int64_t value)
{
    comma();
    std::array<char, 24> buffer;
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
    m_out.append(buffer.data(), end);
    return *this;
}

JsonWriter& JsonWriter::unsignedInteger(std::uint64_t value)
{
    comma();
    std::array<char, 24> buffer;
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
    m_out.append(buffer.data(), end);
    return *this;
}

JsonWriter& JsonWriter::number(double value)
{
    if (!std::isfinite(value)) {
        return null();
    }
    comma();
    std::array<char, 32> buffer;
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
    m_out.append(buffer.data(), end);
    return *this;
}

bool JsonValue::isNumber() const
{
    return std::holds_alternative<double>(data) || std::holds_alternative<std::int64_t>(data)
        || std::holds_alternative<std::uint64_t>(data);
}

std::string_view JsonValue::asString(std::string_view otherwise) const
{
    const auto* const text = std::get_if<std::string>(&data);
    return text == nullptr ? otherwise : std::string_view(*text);
}

bool JsonValue::asBool(bool otherwise) const
{
    const auto* const value = std::get_if<bool>(&data);
    return value == nullptr ? otherwise : *value;
}

double JsonValue::asNumber(double otherwise) const
{
    if (const auto* const value = std::get_if<double>(&data)) {
        return *value;
    }
    if (const auto* const value = std::get_if<std::int64_t>(&data)) {
        return static_cast<double>(*value);
    }
    if (const auto* const value = std::get_if<std::uint64_t>(&data)) {
        return static_cast<double>(*value);
    }
    return otherwise;
}

std::int64_t JsonValue::asInteger(std::int64_t otherwise) const
{
    if (const auto* const value = std::get_if<std::int64_t>(&data)) {
        return *value;
    }
    if (const auto* const value = std::get_if<double>(&data);
        value != nullptr && *value >= -9e15 && *value <= 9e15) {
        return static_cast<std::int64_t>(*value);
    }
    return otherwise;
}

const JsonValue::Array& JsonValue::items() const
{
    static const Array none;
    const auto* const array = std::get_if<Array>(&data);
    return array == nullptr ? none : *array;
}

const JsonValue::Object& JsonValue::members() const
{
    static const Object none;
    const auto* const object = std::get_if<Object>(&data);
    return object == nullptr ? none : *object;
}

const JsonValue& JsonValue::operator[](std::string_view name) const
{
    static const JsonValue missing;
    for (const auto& [key, value] : members()) {
        if (key == name) {
            return value;
        }
    }
    return missing;
}

bool JsonValue::has(std::string_view name) const
{
    return std::ranges::any_of(members(), [&](const auto& member) { return member.first == name; });
}

std::string JsonValue::toJson() const
{
    std::string out;
    append(out, *this);
    return out;
}

bool operator==(const JsonValue& a, const JsonValue& b)
{
    if (a.isNumber() && b.isNumber()) {
        if (const auto* const x = std::get_if<std::int64_t>(&a.data)) {
            if (const auto* const y = std::get_if<std::int64_t>(&b.data)) {
                return *x == *y;
            }
        }
        return a.asNumber() == b.asNumber();
    }
    if (a.isObject() && b.isObject()) {
        const auto& members = a.members();
        return members.size() == b.members().size()
            && std::ranges::all_of(members, [&](const auto& member) {
                   return b.has(member.first) && b[member.first] == member.second;
               });
    }
    return a.data == b.data;
}

Result<JsonValue> parseJson(std::string_view text)
{
    simdjson::dom::parser parser;
    simdjson::dom::element root;
    if (const auto error = parser.parse(simdjson::padded_string(text)).get(root)) {
        return fail(ErrorKind::invalid, simdjson::error_message(error));
    }
    return fromDom(root);
}

} // namespace watchfire::encoding
