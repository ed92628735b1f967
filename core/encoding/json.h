// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace watchfire::encoding {

/// Appends a JSON string with its quotes. Control characters, quotes and backslashes are
/// escaped; bytes that are not UTF-8 become U+FFFD; < > & stay as they are.
void appendJsonString(std::string& out, std::string_view text);

/// Writes JSON to the end of a string, setting commas itself. It trusts its caller to open and
/// close in order and to give every value of an object a key.
class JsonWriter {
public:
    explicit JsonWriter(std::string& out)
        : m_out(out)
    {
    }

    JsonWriter& beginObject() { return open('{'); }
    JsonWriter& endObject() { return close('}'); }
    JsonWriter& beginArray() { return open('['); }
    JsonWriter& endArray() { return close(']'); }

    JsonWriter& key(std::string_view name)
    {
        comma();
        appendJsonString(m_out, name);
        m_out += ':';
        m_comma = false;
        return *this;
    }
    JsonWriter& string(std::string_view text)
    {
        comma();
        appendJsonString(m_out, text);
        return *this;
    }
    JsonWriter& integer(std::int64_t value);
    JsonWriter& unsignedInteger(std::uint64_t value);
    /// The shortest text that reads back; NaN and infinities, which JSON lacks, become null.
    JsonWriter& number(double value);
    JsonWriter& boolean(bool value) { return raw(value ? "true" : "false"); }
    JsonWriter& null() { return raw("null"); }
    /// A value that is JSON already.
    JsonWriter& raw(std::string_view json)
    {
        comma();
        m_out += json;
        return *this;
    }
    /// Starts a value that the caller appends to `out` itself.
    std::string& value()
    {
        comma();
        return m_out;
    }

    JsonWriter& field(std::string_view name, std::string_view text)
    {
        return key(name).string(text);
    }
    JsonWriter& field(std::string_view name, const char* text) { return key(name).string(text); }

private:
    void comma()
    {
        if (m_comma) {
            m_out += ',';
        }
        m_comma = true;
    }
    JsonWriter& open(char bracket)
    {
        comma();
        m_out += bracket;
        m_comma = false;
        return *this;
    }
    JsonWriter& close(char bracket)
    {
        m_out += bracket;
        m_comma = true;
        return *this;
    }

    std::string& m_out;
    bool m_comma = false;
};

/// A JSON value that was read. Numbers keep whether they were written as integers.
class JsonValue {
public:
    using Array = std::vector<JsonValue>;
    using Object = std::vector<std::pair<std::string, JsonValue>>; ///< in order of the text
    std::variant<std::nullptr_t, bool, std::int64_t, std::uint64_t, double, std::string, Array,
                 Object>
        data = nullptr;

    bool isNull() const { return std::holds_alternative<std::nullptr_t>(data); }
    bool isString() const { return std::holds_alternative<std::string>(data); }
    bool isArray() const { return std::holds_alternative<Array>(data); }
    bool isObject() const { return std::holds_alternative<Object>(data); }
    bool isBool() const { return std::holds_alternative<bool>(data); }
    bool isNumber() const;

    /// What it holds, or the stand-in where it holds something else.
    std::string_view asString(std::string_view otherwise = {}) const;
    bool asBool(bool otherwise = false) const;
    double asNumber(double otherwise = 0) const;
    std::int64_t asInteger(std::int64_t otherwise = 0) const;
    /// Its elements; none where it is no array.
    const Array& items() const;
    const Object& members() const;
    /// The member of that name; null where there is none.
    const JsonValue& operator[](std::string_view name) const;
    bool has(std::string_view name) const;

    std::string toJson() const;
    /// Numbers are equal by value, objects whatever the order of their members.
    friend bool operator==(const JsonValue& a, const JsonValue& b);
};

/// Fails with ErrorKind::invalid. Depth is bounded at 1024.
Result<JsonValue> parseJson(std::string_view text);

} // namespace watchfire::encoding
