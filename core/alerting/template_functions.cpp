// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/alerting/template_data.h"
#include "core/alerting/template_time.h"
#include "core/alerting/templates.h"
#include "core/ports/http.h"
#include "core/text/template_regex.h"

#include <algorithm>
#include <cmath>
#include <format>
#include <utility>

namespace watchfire::alerting {

namespace {

using text::TemplateValue;
using Arguments = std::span<const TemplateValue>;

std::optional<std::string> textAt(Arguments arguments, std::size_t i)
{
    return i < arguments.size() && arguments[i].asText() != nullptr
        ? std::optional(*arguments[i].asText())
        : std::nullopt;
}

text::TemplateFunction ofText(std::string (*change)(std::string))
{
    return [change](Arguments arguments) -> Result<TemplateValue> {
        auto text = textAt(arguments, 0);
        if (!text) {
            return fail(ErrorKind::invalid, "a text is wanted");
        }
        return TemplateValue(change(std::move(*text)));
    };
}

/// Letters of ASCII and Latin-1, Greek and Cyrillic, whose cases lie at fixed distances; others
/// stay.
std::string withCase(std::string text, bool upper)
{
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        if (c < 0x80) {
            const bool other = upper ? c >= 'a' && c <= 'z' : c >= 'A' && c <= 'Z';
            text[i] = static_cast<char>(other ? c ^ 0x20U : c);
        } else if (c == 0xC3 && i + 1 < text.size()) {
            // U+00C0 to U+00DE and U+00E0 to U+00FE; × and ÷ have no case.
            const auto low = static_cast<unsigned char>(text[++i]);
            const bool other = upper ? low >= 0xA0 && low <= 0xBE && low != 0xB7
                                     : low >= 0x80 && low <= 0x9E && low != 0x97;
            text[i] = static_cast<char>(other ? low ^ 0x20U : low);
        }
    }
    return text;
}

std::string title(std::string text)
{
    std::string out;
    bool begins = true;
    for (std::size_t i = 0; i < text.size();) {
        std::size_t length = 1;
        while (i + length < text.size()
               && (static_cast<unsigned char>(text[i + length]) & 0xC0U) == 0x80U) {
            ++length;
        }
        const std::string letter = text.substr(i, length);
        const auto c = static_cast<unsigned char>(letter.front());
        const bool inWord = c >= 0x80 || std::isalnum(c) != 0 || c == '\'' || c == '_';
        out += inWord ? withCase(letter, begins) : letter;
        begins = !inWord;
        i += length;
    }
    return out;
}

std::string trimmed(std::string text)
{
    constexpr std::string_view blanks = " \t\r\n\v\f";
    const std::size_t from = text.find_first_not_of(blanks);
    return from == std::string::npos ? std::string()
                                     : text.substr(from, text.find_last_not_of(blanks) - from + 1);
}

/// Go's %.4g.
std::string fourDigits(double value)
{
    return std::isnan(value) ? "NaN"
        : std::isinf(value)  ? (value > 0 ? "+Inf" : "-Inf")
                             : std::format("{:.4g}", value);
}

/// Source: Prometheus documentation, "Template reference", humanizeDuration.
std::string humanizeDuration(double seconds)
{
    if (seconds == 0 || !std::isfinite(seconds)) {
        return fourDigits(seconds) + (std::isfinite(seconds) ? "s" : "");
    }
    if (std::abs(seconds) < 1) {
        std::string_view prefix;
        for (const std::string_view next : {"m", "u", "n", "p", "f", "a", "z", "y"}) {
            if (std::abs(seconds) >= 1) {
                break;
            }
            prefix = next;
            seconds *= 1000;
        }
        return fourDigits(seconds) + std::string(prefix) + "s";
    }
    const char* const sign = seconds < 0 ? "-" : "";
    const double size = std::abs(seconds);
    const auto whole = static_cast<std::int64_t>(size);
    const std::int64_t rest = whole % 60;
    const std::int64_t minutes = whole / 60 % 60;
    const std::int64_t hours = whole / 3600 % 24;
    if (whole >= 86'400) {
        return std::format("{}{}d {}h {}m {}s", sign, whole / 86'400, hours, minutes, rest);
    }
    if (hours != 0) {
        return std::format("{}{}h {}m {}s", sign, hours, minutes, rest);
    }
    return minutes != 0 ? std::format("{}{}m {}s", sign, minutes, rest) : fourDigits(seconds) + "s";
}

Result<TemplateValue> join(Arguments arguments)
{
    const auto separator = textAt(arguments, 0);
    const auto* const list = arguments.size() > 1 ? arguments[1].asList() : nullptr;
    if (!separator || list == nullptr) {
        return fail(ErrorKind::invalid, "join needs a separator and a list of texts");
    }
    std::string out;
    for (std::size_t i = 0; i < list->size(); ++i) {
        out += (i == 0 ? "" : *separator) + (*list)[i].toString();
    }
    return TemplateValue(std::move(out));
}

Result<TemplateValue> dict(Arguments arguments)
{
    if (arguments.size() % 2 != 0) {
        return fail(ErrorKind::invalid, "dict needs an even number of arguments");
    }
    TemplateValue::Map map;
    for (std::size_t i = 0; i < arguments.size(); i += 2) {
        const auto key = textAt(arguments, i);
        if (!key) {
            return fail(ErrorKind::invalid, "the keys of dict must be texts");
        }
        map.entries.insert_or_assign(*key, arguments[i + 1]);
    }
    return TemplateValue(std::move(map));
}

Result<TemplateValue> append(Arguments arguments)
{
    if (arguments.empty() || arguments[0].asList() == nullptr) {
        return fail(ErrorKind::invalid, "append needs a list");
    }
    TemplateValue::List list = *arguments[0].asList();
    list.insert(list.end(), arguments.begin() + 1, arguments.end());
    return TemplateValue(std::move(list));
}

text::TemplateFunction safe(const char* type)
{
    return [type](Arguments arguments) -> Result<TemplateValue> {
        auto text = textAt(arguments, 0);
        if (!text) {
            return fail(ErrorKind::invalid, "a text is wanted");
        }
        TemplateValue::Typed out;
        out.base = TemplateValue(std::move(*text));
        out.type = type;
        return TemplateValue(std::move(out));
    };
}

Result<TemplateValue> listOf(Arguments arguments)
{
    return TemplateValue(TemplateValue::List(arguments.begin(), arguments.end()));
}

constexpr std::string_view base64Letters
    = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// With the alphabet that is safe in URLs, padded.
/// Source: RFC 4648, section 5.
std::string base64Encode(std::string text)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); i += 3) {
        std::uint32_t bits = 0;
        const std::size_t bytes = std::min<std::size_t>(3, text.size() - i);
        for (std::size_t k = 0; k < 3; ++k) {
            bits = (bits << 8U) | (k < bytes ? static_cast<unsigned char>(text[i + k]) : 0U);
        }
        for (std::size_t k = 0; k < 4; ++k) {
            out += k <= bytes ? base64Letters[(bits >> (18U - 6U * k)) & 63U] : '=';
        }
    }
    return out;
}

Result<TemplateValue> base64Decode(Arguments arguments)
{
    auto text = textAt(arguments, 0);
    if (!text) {
        return fail(ErrorKind::invalid, "a text is wanted");
    }
    std::erase_if(*text, [](char c) { return c == '\r' || c == '\n'; });
    const std::size_t padding = text->ends_with("==") ? 2 : text->ends_with('=') ? 1 : 0;
    const std::size_t digits = text->size() - padding;
    std::string out;
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < digits; ++i) {
        const std::size_t value = base64Letters.find((*text)[i]);
        if (value == std::string_view::npos) {
            return fail(ErrorKind::invalid, std::format("illegal base64 data at input byte {}", i));
        }
        bits = (bits << 6U) | static_cast<std::uint32_t>(value);
        if (i % 4 != 0) {
            out += static_cast<char>(bits >> (6U - 2U * (i % 4)));
        }
    }
    if (text->size() % 4 != 0) {
        return fail(ErrorKind::invalid,
                    std::format("illegal base64 data at input byte {}", text->size()));
    }
    return TemplateValue(std::move(out));
}

/// What the text says in that layout; a fault of the call itself is one outside.
Result<Result<TemplateTime>> dateOf(std::string_view function, Arguments arguments)
{
    const auto layout = textAt(arguments, 0);
    const auto text = textAt(arguments, 1);
    if (!layout || !text) {
        return fail(ErrorKind::invalid, std::format("{} needs a layout and a text", function));
    }
    return parseTime(*layout, *text);
}

void addTimes(text::TemplateFunctions& table, Timestamp now)
{
    table["date"] = [](Arguments arguments) -> Result<TemplateValue> {
        const auto layout = textAt(arguments, 0);
        const auto time = arguments.size() > 1 ? asTime(arguments[1]) : std::nullopt;
        if (!layout || !time) {
            return fail(ErrorKind::invalid, "date needs a layout and a time");
        }
        return formatTime(*time, *layout).transform([](std::string&& out) {
            return TemplateValue(std::move(out));
        });
    };
    table["tz"] = [](Arguments arguments) -> Result<TemplateValue> {
        const auto zone = textAt(arguments, 0);
        const auto time = arguments.size() > 1 ? asTime(arguments[1]) : std::nullopt;
        if (!zone || !time) {
            return fail(ErrorKind::invalid, "tz needs a zone and a time");
        }
        TemplateTime moved{time->at, *zone};
        return formatTime(moved, "MST").transform([&moved](const std::string&) {
            return timeValue(moved);
        });
    };
    table["toDate"] = [](Arguments arguments) -> Result<TemplateValue> {
        return dateOf("toDate", arguments).transform([](const Result<TemplateTime>& time) {
            return timeValue(time.value_or(TemplateTime{}));
        });
    };
    table["mustToDate"] = [](Arguments arguments) -> Result<TemplateValue> {
        return dateOf("mustToDate", arguments).and_then([](const Result<TemplateTime>& time) {
            return time.transform([](const TemplateTime& found) { return timeValue(found); });
        });
    };
    table["now"] = [now](Arguments) -> Result<TemplateValue> { return timeValue({now, "Local"}); };
    table["since"] = [now](Arguments arguments) -> Result<TemplateValue> {
        const auto time = arguments.empty() ? std::nullopt : asTime(arguments[0]);
        if (!time) {
            return fail(ErrorKind::invalid, "since needs a time");
        }
        return durationValue(now - time->at);
    };
    table["humanizeDuration"] = [](Arguments arguments) -> Result<TemplateValue> {
        const auto seconds = arguments.empty() ? std::nullopt : arguments[0].asNumber();
        if (!seconds) {
            return fail(ErrorKind::invalid, "humanizeDuration needs a number of seconds");
        }
        return TemplateValue(humanizeDuration(*seconds));
    };
}

} // namespace

text::TemplateFunctions notificationFunctions(Timestamp now)
{
    text::TemplateFunctions table;
    table["toUpper"] = ofText([](std::string text) { return withCase(std::move(text), true); });
    table["toLower"] = ofText([](std::string text) { return withCase(std::move(text), false); });
    table["title"] = ofText(&title);
    table["trimSpace"] = ofText(&trimmed);
    table["urlUnescape"] = ofText([](std::string text) { return percentDecode(text, true); });
    table["base64encode"] = ofText(&base64Encode);
    table["base64decode"] = &base64Decode;
    // Where a notification has labels of its route, whoever runs the template puts theirs here.
    table["routeLabels"] = ofText([](std::string) { return std::string(); });
    table["safeHtml"] = safe("html");
    table["safeUrl"] = safe("url");
    table["join"] = &join;
    table["dict"] = &dict;
    table["append"] = &append;
    table["list"] = &listOf;
    table["stringSlice"] = &listOf;
    text::addRegexFunctions(table);
    table["toJson"] = [](Arguments arguments) -> Result<TemplateValue> {
        if (arguments.empty()) {
            return fail(ErrorKind::invalid, "toJson needs a value");
        }
        return TemplateValue(templateJson(arguments[0]));
    };
    addTimes(table, now);
    return table;
}

} // namespace watchfire::alerting
