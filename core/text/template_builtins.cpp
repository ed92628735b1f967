// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/template_builtins.h"

#include <cctype>
#include <format>
#include <initializer_list>

namespace watchfire::text {

namespace {

using Arguments = std::span<const TemplateValue>;

Result<void> needs(Arguments arguments, std::size_t least)
{
    if (arguments.size() < least) {
        return fail(
            ErrorKind::invalid,
            std::format("wrong number of args: want at least {} got {}", least, arguments.size()));
    }
    return {};
}

/// −1, 0, 1; nothing where the two cannot be compared.
std::optional<int> compare(const TemplateValue& a, const TemplateValue& b)
{
    if (const auto x = a.asNumber(), y = b.asNumber(); x && y) {
        return *x < *y ? -1 : *x > *y ? 1 : 0;
    }
    if (a.asText() != nullptr && b.asText() != nullptr) {
        const int order = a.asText()->compare(*b.asText());
        return order < 0 ? -1 : order > 0 ? 1 : 0;
    }
    if (a.asBool() != nullptr && b.asBool() != nullptr) {
        return *a.asBool() == *b.asBool() ? 0 : 1;
    }
    if (a.isNothing() || b.isNothing()) {
        return a.isNothing() && b.isNothing() ? 0 : 1;
    }
    return std::nullopt;
}

/// The comparison of the first argument with the second, as `accepts` reads it.
TemplateFunction comparison(bool (*accepts)(int))
{
    return [accepts](Arguments arguments) -> Result<TemplateValue> {
        if (auto enough = needs(arguments, 2); !enough) {
            return std::unexpected(std::move(enough.error()));
        }
        const auto order = compare(arguments[0], arguments[1]);
        if (!order) {
            return fail(ErrorKind::invalid, "incompatible types for comparison");
        }
        return TemplateValue(accepts(*order));
    };
}

Result<TemplateValue> equalToAny(Arguments arguments)
{
    if (auto enough = needs(arguments, 2); !enough) {
        return std::unexpected(std::move(enough.error()));
    }
    for (const TemplateValue& other : arguments.subspan(1)) {
        const auto order = compare(arguments[0], other);
        if (!order) {
            return fail(ErrorKind::invalid, "incompatible types for comparison");
        }
        if (*order == 0) {
            return TemplateValue(true);
        }
    }
    return TemplateValue(false);
}

Result<TemplateValue> length(Arguments arguments)
{
    if (auto enough = needs(arguments, 1); !enough) {
        return std::unexpected(std::move(enough.error()));
    }
    const TemplateValue& value = arguments[0];
    std::size_t size = 0;
    if (value.asText() != nullptr) {
        size = value.asText()->size();
    } else if (value.asList() != nullptr) {
        size = value.asList()->size();
    } else if (value.asMap() != nullptr) {
        size = value.asMap()->entries.size();
    } else {
        return fail(ErrorKind::invalid, "len of type " + value.toString());
    }
    return TemplateValue(static_cast<std::int64_t>(size));
}

Result<TemplateValue> index(Arguments arguments)
{
    if (auto enough = needs(arguments, 1); !enough) {
        return std::unexpected(std::move(enough.error()));
    }
    TemplateValue value = arguments[0];
    for (const TemplateValue& key : arguments.subspan(1)) {
        if (const auto* const list = value.asList();
            list != nullptr && key.asInteger() != nullptr) {
            const std::int64_t at = *key.asInteger();
            if (at < 0 || at >= static_cast<std::int64_t>(list->size())) {
                return fail(ErrorKind::invalid, std::format("index out of range: {}", at));
            }
            const TemplateValue element = (*list)[static_cast<std::size_t>(at)];
            value = element;
        } else if (const auto* const map = value.asMap();
                   map != nullptr && key.asText() != nullptr) {
            const auto found = map->entries.find(*key.asText());
            const TemplateValue element = found != map->entries.end() ? found->second
                : map->ofTexts                                        ? TemplateValue("")
                                                                      : TemplateValue();
            value = element;
        } else {
            return fail(ErrorKind::invalid,
                        std::format("can't index {} with {}", value.toString(), key.toString()));
        }
    }
    return value;
}

Result<TemplateValue> slice(Arguments arguments)
{
    if (auto enough = needs(arguments, 1); !enough) {
        return std::unexpected(std::move(enough.error()));
    }
    const auto* const text = arguments[0].asText();
    const auto* const list = arguments[0].asList();
    if (text == nullptr && list == nullptr) {
        return fail(ErrorKind::invalid, "can't slice " + arguments[0].toString());
    }
    const std::size_t size = text != nullptr ? text->size() : list->size();
    std::size_t from = 0;
    std::size_t to = size;
    for (std::size_t i = 1; i < arguments.size() && i < 3; ++i) {
        const auto* const at = arguments[i].asInteger();
        if (at == nullptr || *at < 0 || *at > static_cast<std::int64_t>(size)) {
            return fail(ErrorKind::invalid, "index out of range: " + arguments[i].toString());
        }
        (i == 1 ? from : to) = static_cast<std::size_t>(*at);
    }
    if (from > to) {
        return fail(ErrorKind::invalid, std::format("invalid slice index: {} > {}", from, to));
    }
    if (text != nullptr) {
        return TemplateValue(text->substr(from, to - from));
    }
    return TemplateValue(TemplateValue::List(list->begin() + static_cast<std::ptrdiff_t>(from),
                                             list->begin() + static_cast<std::ptrdiff_t>(to)));
}

/// Go's fmt.Sprint: a space between operands when neither is a text.
std::string sprint(Arguments arguments, bool line)
{
    std::string out;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const bool texts
            = i > 0 && (arguments[i].asText() != nullptr || arguments[i - 1].asText() != nullptr);
        if (i > 0 && (line || !texts)) {
            out += ' ';
        }
        out += arguments[i].toString();
    }
    return line ? out + '\n' : out;
}

std::string replaced(std::string_view text,
                     std::initializer_list<std::pair<char, std::string_view>> table)
{
    std::string out;
    for (const char c : text) {
        std::string_view with(&c, 1);
        for (const auto& [from, to] : table) {
            with = c == from ? to : with;
        }
        out += with;
    }
    return out;
}

Result<TemplateValue> printed(Arguments arguments)
{
    if (arguments.empty() || arguments[0].asText() == nullptr) {
        return fail(ErrorKind::invalid, "printf needs a format");
    }
    return TemplateValue(formatGoVerbs(*arguments[0].asText(), arguments.subspan(1)));
}

std::string urlQuery(std::string_view text)
{
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (std::isalnum(byte) != 0 || c == '-' || c == '_' || c == '.' || c == '~') {
            out += c;
        } else if (c == ' ') {
            out += '+';
        } else {
            out += std::format("%{:02X}", byte);
        }
    }
    return out;
}

const TemplateFunctions& builtins()
{
    static const TemplateFunctions table{
        {"eq", &equalToAny},
        {"ne", comparison([](int order) { return order != 0; })},
        {"lt", comparison([](int order) { return order < 0; })},
        {"le", comparison([](int order) { return order <= 0; })},
        {"gt", comparison([](int order) { return order > 0; })},
        {"ge", comparison([](int order) { return order >= 0; })},
        {"not",
         [](Arguments arguments) -> Result<TemplateValue> {
             return TemplateValue(!arguments.empty() && !arguments[0].isTrue());
         }},
        {"len", &length},
        {"index", &index},
        {"slice", &slice},
        {"print",
         [](Arguments a) -> Result<TemplateValue> { return TemplateValue(sprint(a, false)); }},
        {"println",
         [](Arguments a) -> Result<TemplateValue> { return TemplateValue(sprint(a, true)); }},
        {"printf", &printed},
        {"html",
         [](Arguments a) -> Result<TemplateValue> {
             return TemplateValue(replaced(
                 sprint(a, false),
                 {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&#34;"}, {'\'', "&#39;"}}));
         }},
        {"js",
         [](Arguments a) -> Result<TemplateValue> {
             return TemplateValue(replaced(sprint(a, false),
                                           {{'\\', "\\\\"},
                                            {'\'', "\\'"},
                                            {'"', "\\\""},
                                            {'<', "\\u003C"},
                                            {'>', "\\u003E"},
                                            {'&', "\\u0026"},
                                            {'=', "\\u003D"},
                                            {'\n', "\\u000A"}}));
         }},
        {"urlquery",
         [](Arguments a) -> Result<TemplateValue> {
             return TemplateValue(urlQuery(sprint(a, false)));
         }},
    };
    return table;
}

} // namespace

const TemplateFunction* findTemplateBuiltin(std::string_view name)
{
    const auto found = builtins().find(name);
    return found == builtins().end() ? nullptr : &found->second;
}

} // namespace watchfire::text
