// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/number.h"
#include "core/text/quote.h"
#include "core/text/template.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <format>

namespace watchfire::text {

TemplateValue::TemplateValue(Typed value)
    : m_data(std::make_shared<const Typed>(std::move(value)))
{
}

const TemplateValue::Typed* TemplateValue::asTyped() const
{
    const auto* const typed = std::get_if<std::shared_ptr<const Typed>>(&m_data);
    return typed != nullptr ? typed->get() : nullptr;
}

const TemplateValue& TemplateValue::plain() const
{
    const Typed* const typed = asTyped();
    return typed != nullptr ? typed->base.plain() : *this;
}

const TemplateValue::List* TemplateValue::asList() const
{
    const auto* const list = std::get_if<std::shared_ptr<const List>>(&plain().m_data);
    return list != nullptr ? list->get() : nullptr;
}

const TemplateValue::Map* TemplateValue::asMap() const
{
    const auto* const map = std::get_if<std::shared_ptr<const Map>>(&plain().m_data);
    return map != nullptr ? map->get() : nullptr;
}

std::optional<double> TemplateValue::asNumber() const
{
    if (const auto* const integer = asInteger()) {
        return static_cast<double>(*integer);
    }
    const auto* const number = asFloat();
    return number != nullptr ? std::optional(*number) : std::nullopt;
}

bool TemplateValue::isTrue() const
{
    if (const auto* const value = asBool()) {
        return *value;
    }
    if (const auto number = asNumber()) {
        return *number != 0;
    }
    if (const auto* const text = asText()) {
        return !text->empty();
    }
    if (const auto* const list = asList()) {
        return !list->empty();
    }
    if (const auto* const map = asMap()) {
        return !map->entries.empty() || !map->methods.empty();
    }
    // A type without a base is a struct, which is always true.
    return asTyped() != nullptr;
}

std::string TemplateValue::toString() const
{
    if (const Typed* const typed = asTyped()) {
        return typed->text ? *typed->text : typed->base.toString();
    }
    if (const auto* const value = asBool()) {
        return *value ? "true" : "false";
    }
    if (const auto* const integer = asInteger()) {
        return std::to_string(*integer);
    }
    if (const auto* const number = asFloat()) {
        return formatG(*number);
    }
    if (const auto* const text = asText()) {
        return *text;
    }
    std::string out;
    if (const auto* const list = asList()) {
        for (const TemplateValue& value : *list) {
            out += (out.empty() ? "" : " ") + value.toString();
        }
        return "[" + out + "]";
    }
    if (const auto* const map = asMap()) {
        if (std::ranges::contains(map->methods, "String")) {
            const auto printed = map->method("String", {});
            return printed ? printed->toString() : printed.error().message;
        }
        for (const auto& [name, value] : map->entries) {
            out += (out.empty() ? "" : " ") + name + ":" + value.toString();
        }
        return "map[" + out + "]";
    }
    return "<no value>";
}

namespace {

struct Verb {
    bool minus = false;
    bool plus = false;
    bool zero = false;
    bool sharp = false;
    bool space = false;
    int width = 0;
    std::optional<int> precision;
    char letter = 0;
};

std::string number(const Verb& verb, double value)
{
    if (std::isnan(value) || std::isinf(value)) {
        return std::isnan(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
    }
    switch (verb.letter) {
    case 'e':
        return std::format("{:.{}e}", value, verb.precision.value_or(6));
    case 'f':
    case 'F':
        return std::format("{:.{}f}", value, verb.precision.value_or(6));
    default:
        return verb.precision ? std::format("{:.{}g}", value, std::max(1, *verb.precision))
                              : formatG(value);
    }
}

std::string bad(const Verb& verb, const TemplateValue& value)
{
    const char* kind = value.asText() != nullptr ? "string"
        : value.asInteger() != nullptr           ? "int"
        : value.asFloat() != nullptr             ? "float64"
        : value.asBool() != nullptr              ? "bool"
                                                 : "<nil>";
    return std::format("%!{}({}={})", verb.letter, kind, value.toString());
}

std::string one(const Verb& verb, const TemplateValue& value)
{
    switch (verb.letter) {
    case 'v':
        return value.asFloat() != nullptr ? number(verb, *value.asFloat()) : value.toString();
    case 's': {
        if (value.asNumber()) {
            return bad(verb, value);
        }
        const std::string text = value.toString();
        return verb.precision ? text.substr(0, static_cast<std::size_t>(*verb.precision)) : text;
    }
    case 'q':
        return value.asText() != nullptr ? quote(*value.asText()) : bad(verb, value);
    case 't':
        return value.asBool() != nullptr ? value.toString() : bad(verb, value);
    case 'd':
        return value.asInteger() != nullptr ? value.toString() : bad(verb, value);
    case 'c': {
        if (value.asInteger() == nullptr) {
            return bad(verb, value);
        }
        std::string out;
        appendUtf8(out, static_cast<char32_t>(*value.asInteger()));
        return out;
    }
    case 'x':
    case 'X': {
        if (value.asInteger() != nullptr) {
            return verb.letter == 'x' ? std::format("{:x}", *value.asInteger())
                                      : std::format("{:X}", *value.asInteger());
        }
        if (value.asText() == nullptr) {
            return bad(verb, value);
        }
        std::string out;
        for (const char c : *value.asText()) {
            const auto byte = static_cast<unsigned char>(c);
            out += verb.letter == 'x' ? std::format("{:02x}", byte) : std::format("{:02X}", byte);
        }
        return out;
    }
    case 'e':
    case 'f':
    case 'F':
    case 'g':
        return value.asFloat() != nullptr ? number(verb, *value.asFloat()) : bad(verb, value);
    default:
        return bad(verb, value);
    }
}

std::string pad(const Verb& verb, std::string text, bool numeric)
{
    if (numeric && !text.starts_with('-') && !text.starts_with('+')) {
        text.insert(0, verb.plus ? "+" : verb.space ? " " : "");
    }
    std::size_t length = 0; // in characters
    for (const char c : text) {
        length += (static_cast<unsigned char>(c) & 0xC0) != 0x80 ? 1 : 0;
    }
    if (length >= static_cast<std::size_t>(verb.width)) {
        return text;
    }
    const std::size_t missing = static_cast<std::size_t>(verb.width) - length;
    if (verb.minus) {
        return text + std::string(missing, ' ');
    }
    if (verb.zero && numeric) {
        const std::size_t sign = !text.empty() && (text[0] == '-' || text[0] == '+') ? 1 : 0;
        return text.insert(sign, missing, '0');
    }
    return std::string(missing, verb.zero ? '0' : ' ') + text;
}

constexpr int widest = 1'000;

Verb takeVerb(std::string_view format, std::size_t& at)
{
    Verb verb;
    for (; at < format.size(); ++at) {
        switch (format[at]) {
        case '-':
            verb.minus = true;
            continue;
        case '+':
            verb.plus = true;
            continue;
        case '0':
            verb.zero = true;
            continue;
        case '#':
            verb.sharp = true;
            continue;
        case ' ':
            verb.space = true;
            continue;
        default:
            break;
        }
        break;
    }
    const auto digits = [&] {
        int value = 0;
        while (at < format.size() && std::isdigit(static_cast<unsigned char>(format[at])) != 0) {
            value = std::min(value * 10 + (format[at++] - '0'), widest);
        }
        return value;
    };
    verb.width = digits();
    if (at < format.size() && format[at] == '.') {
        ++at;
        verb.precision = digits();
    }
    verb.letter = at < format.size() ? format[at++] : '\0';
    return verb;
}

} // namespace

std::string formatGoVerbs(std::string_view format, std::span<const TemplateValue> arguments)
{
    std::string out;
    std::size_t next = 0;
    for (std::size_t at = 0; at < format.size();) {
        if (format[at] != '%') {
            out += format[at++];
            continue;
        }
        ++at;
        const Verb verb = takeVerb(format, at);
        if (verb.letter == '\0') {
            out += "%!(NOVERB)";
        } else if (verb.letter == '%') {
            out += '%';
        } else if (next >= arguments.size()) {
            out += std::format("%!{}(MISSING)", verb.letter);
        } else {
            const TemplateValue& value = arguments[next++];
            out += pad(verb, one(verb, value), value.asNumber().has_value());
        }
    }
    if (next < arguments.size()) {
        out += "%!(EXTRA ";
        for (std::size_t i = next; i < arguments.size(); ++i) {
            out += (i > next ? ", " : "") + arguments[i].toString();
        }
        out += ")";
    }
    return out;
}

} // namespace watchfire::text
