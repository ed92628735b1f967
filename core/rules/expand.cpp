// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rules/expand.h"

#include "core/promql/histogram/arithmetic.h"
#include "core/text/duration.h"
#include "core/text/number.h"
#include "core/text/template_regex.h"
#include "core/text/template_times.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cctype>
#include <cmath>
#include <format>
#include <optional>
#include <utility>

namespace watchfire::rules {

namespace {

using text::TemplateValue;
using Arguments = std::span<const TemplateValue>;

/// Puts the data under the names that people write; a text of its own so that a template
/// without actions needs no parsing.
constexpr std::string_view preamble = "{{$labels := .Labels}}{{$externalLabels := .ExternalLabels}}"
                                      "{{$externalURL := .ExternalURL}}{{$value := .Value}}";

TemplateValue labelMap(const Labels& labels)
{
    TemplateValue::Map map;
    map.ofTexts = true;
    for (const Label& label : labels) {
        map.entries.emplace(label.name, std::string(label.value));
    }
    return map;
}

Result<std::string> textAt(Arguments arguments, std::size_t index)
{
    if (index >= arguments.size() || arguments[index].asText() == nullptr) {
        return fail(ErrorKind::invalid, std::format("argument {} must be a text", index + 1));
    }
    return *arguments[index].asText();
}

/// Numbers may come as texts too: label values are.
Result<double> numberAt(Arguments arguments, std::size_t index)
{
    if (index < arguments.size()) {
        if (const auto number = arguments[index].asNumber()) {
            return *number;
        }
        if (const auto* const text = arguments[index].asText()) {
            if (const auto number = text::parseFloat(*text)) {
                return *number;
            }
            if (const auto duration = text::parseDuration(*text)) {
                return std::chrono::duration<double>(*duration).count();
            }
        }
    }
    return fail(ErrorKind::invalid, std::format("argument {} must be a number", index + 1));
}

std::string fourDigits(double value)
{
    if (std::isnan(value) || std::isinf(value)) {
        return std::isnan(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
    }
    return std::format("{:.4g}", value);
}

std::string scaled(double value, double step, std::initializer_list<const char*> prefixes)
{
    const char* prefix = "";
    for (const char* const next : prefixes) {
        if (std::abs(value) < step) {
            break;
        }
        prefix = next;
        value /= step;
    }
    return fourDigits(value) + prefix;
}

std::string scaledDown(double value)
{
    const char* prefix = "";
    for (const char* const next : {"m", "u", "n", "p", "f", "a", "z", "y"}) {
        if (std::abs(value) >= 1) {
            break;
        }
        prefix = next;
        value *= 1'000;
    }
    return fourDigits(value) + prefix;
}

std::string humanize(double value)
{
    if (value == 0 || !std::isfinite(value)) {
        return fourDigits(value);
    }
    return std::abs(value) >= 1 ? scaled(value, 1'000, {"k", "M", "G", "T", "P", "E", "Z", "Y"})
                                : scaledDown(value);
}

std::string humanize1024(double value)
{
    if (std::abs(value) <= 1 || !std::isfinite(value)) {
        return fourDigits(value);
    }
    return scaled(value, 1'024, {"ki", "Mi", "Gi", "Ti", "Pi", "Ei", "Zi", "Yi"});
}

std::string humanizeDuration(double value)
{
    if (!std::isfinite(value)) {
        return fourDigits(value);
    }
    if (value == 0 || std::abs(value) < 1) {
        return (value == 0 ? fourDigits(value) : scaledDown(value)) + "s";
    }
    const char* const sign = value < 0 ? "-" : "";
    const auto whole = static_cast<std::int64_t>(std::abs(value));
    const std::int64_t seconds = whole % 60;
    const std::int64_t minutes = whole / 60 % 60;
    const std::int64_t hours = whole / 3'600 % 24;
    const std::int64_t days = whole / 86'400;
    if (days != 0) {
        return std::format("{}{}d {}h {}m {}s", sign, days, hours, minutes, seconds);
    }
    if (hours != 0) {
        return std::format("{}{}h {}m {}s", sign, hours, minutes, seconds);
    }
    if (minutes != 0) {
        return std::format("{}{}m {}s", sign, minutes, seconds);
    }
    return fourDigits(value) + "s";
}

std::string humanizeTimestamp(double value)
{
    if (!std::isfinite(value) || std::abs(value) > 1e11) {
        return fourDigits(value);
    }
    const auto at = fromUnixMs(static_cast<std::int64_t>(std::floor(value * 1'000 + 0.5)));
    const auto ms = unixMs(at) % 1'000;
    std::string out = std::format("{:%F %T}", std::chrono::floor<std::chrono::seconds>(at));
    if (ms != 0) {
        out += std::format(".{:03}", ms);
        while (out.ends_with('0')) {
            out.pop_back();
        }
    }
    return out + " +0000 UTC";
}

std::string mapped(std::string text, int (*change)(int))
{
    std::ranges::transform(text, text.begin(), [change](unsigned char c) {
        return static_cast<char>(c < 0x80 ? change(c) : c);
    });
    return text;
}

/// The first letter of each word large, the rest as it is. Within a word a single dot, colon or
/// apostrophe joins, as do digits and underscores; two of them in a row part.
/// Source: Unicode, UAX 29, word boundaries.
std::string titled(std::string text)
{
    bool isInside = false;
    bool joined = false;
    for (char& c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool joins = c == '.' || c == ':' || c == '\'';
        if (byte >= 0x80 || std::isalpha(byte) != 0) {
            if (!isInside && byte < 0x80) {
                c = static_cast<char>(std::toupper(byte));
            }
            isInside = true;
        } else if (joins ? joined : std::isdigit(byte) == 0 && c != '_') {
            isInside = false;
        }
        joined = joins;
    }
    return text;
}

struct HostPort {
    std::string host;
    std::string port;
};

/// Nothing: the text is no host with a port behind it.
/// Source: Go, net.SplitHostPort.
std::optional<HostPort> splitHostPort(const std::string& text)
{
    const std::size_t colon = text.rfind(':');
    if (colon == std::string::npos) {
        return std::nullopt;
    }
    HostPort out{text.substr(0, colon), text.substr(colon + 1)};
    if (out.host.starts_with('[')) {
        if (out.host.find(']') != out.host.size() - 1) {
            return std::nullopt;
        }
        out.host = out.host.substr(1, out.host.size() - 2);
    } else if (out.host.contains(':')) {
        return std::nullopt;
    }
    return out.host.find_first_of("[]") == std::string::npos
            && out.port.find_first_of("[]") == std::string::npos
        ? std::optional(out)
        : std::nullopt;
}

std::string stripPort(const std::string& address)
{
    const auto split = splitHostPort(address);
    return split ? split->host : address;
}

bool isAddress(const std::string& host)
{
    std::array<unsigned char, sizeof(in6_addr)> address{};
    return inet_pton(AF_INET, host.c_str(), address.data()) == 1
        || inet_pton(AF_INET6, host.c_str(), address.data()) == 1;
}

std::string stripDomain(const std::string& address)
{
    const auto split = splitHostPort(address);
    const std::string whole = split ? split->host : address;
    if (isAddress(whole)) {
        return address;
    }
    const std::string host = whole.substr(0, whole.find('.'));
    if (!split || split->port.empty()) {
        return host;
    }
    return (host.contains(':') ? "[" + host + "]" : host) + ":" + split->port;
}

std::string escapedForQuery(std::string_view text)
{
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (std::isalnum(byte) != 0 || c == '-' || c == '_' || c == '.' || c == '~') {
            out += c;
        } else {
            out += c == ' ' ? "+" : std::format("%{:02X}", byte);
        }
    }
    return out;
}

/// A number, or a histogram as Prometheus prints it.
TemplateValue valueOf(const VectorSample& sample)
{
    return sample.histogram ? TemplateValue(promql::toText(*sample.histogram))
                            : TemplateValue(sample.value);
}

TemplateValue elementOf(const VectorSample& sample)
{
    TemplateValue::Map element;
    element.entries.emplace("Labels", labelMap(sample.labels));
    element.entries.emplace("Value", valueOf(sample));
    return element;
}

Result<const TemplateValue::Map*> elementAt(Arguments arguments, std::size_t index)
{
    if (index < arguments.size()) {
        if (const auto* const map = arguments[index].asMap()) {
            return map;
        }
    }
    return fail(ErrorKind::invalid, "the argument must be an element of a query's result");
}

std::string labelOf(const TemplateValue& element, const std::string& name)
{
    const auto* const map = element.asMap();
    const auto labels
        = map != nullptr ? map->entries.find("Labels") : decltype(map->entries.end()){};
    if (map == nullptr || labels == map->entries.end() || labels->second.asMap() == nullptr) {
        return {};
    }
    const auto& entries = labels->second.asMap()->entries;
    const auto found = entries.find(name);
    return found == entries.end() ? std::string() : found->second.toString();
}

/// A function of one number that yields a text.
text::TemplateFunction ofNumber(std::string (*print)(double))
{
    return [print](Arguments arguments) -> Result<TemplateValue> {
        return numberAt(arguments, 0).transform([print](double v) {
            return TemplateValue(print(v));
        });
    };
}

/// A function of one text that yields a text.
text::TemplateFunction ofText(std::string (*change)(const std::string&))
{
    return [change](Arguments arguments) -> Result<TemplateValue> {
        return textAt(arguments, 0).transform([change](const std::string& t) {
            return TemplateValue(change(t));
        });
    };
}

void addResultFunctions(text::TemplateFunctions& table)
{
    table["first"] = [](Arguments arguments) -> Result<TemplateValue> {
        const auto* const list = arguments.empty() ? nullptr : arguments[0].asList();
        if (list == nullptr || list->empty()) {
            return fail(ErrorKind::invalid, "first() called on vector with no elements");
        }
        return list->front();
    };
    table["label"] = [](Arguments arguments) -> Result<TemplateValue> {
        const auto name = textAt(arguments, 0);
        if (!name || arguments.size() < 2) {
            return fail(ErrorKind::invalid, "label needs a name and an element");
        }
        return TemplateValue(labelOf(arguments[1], *name));
    };
    table["value"] = [](Arguments arguments) -> Result<TemplateValue> {
        return elementAt(arguments, 0).transform([](const TemplateValue::Map* element) {
            const auto found = element->entries.find("Value");
            return found == element->entries.end() ? TemplateValue() : found->second;
        });
    };
    table["strvalue"] = [](Arguments arguments) -> Result<TemplateValue> {
        return TemplateValue(arguments.empty() ? "" : labelOf(arguments[0], "__value__"));
    };
    table["sortByLabel"] = [](Arguments arguments) -> Result<TemplateValue> {
        const auto name = textAt(arguments, 0);
        const auto* const list = arguments.size() < 2 ? nullptr : arguments[1].asList();
        if (!name || list == nullptr) {
            return fail(ErrorKind::invalid, "sortByLabel needs a label and a query's result");
        }
        TemplateValue::List sorted = *list;
        std::ranges::stable_sort(
            sorted, {}, [&name](const TemplateValue& element) { return labelOf(element, *name); });
        return TemplateValue(std::move(sorted));
    };
}

void addTextFunctions(text::TemplateFunctions& table)
{
    table["title"] = ofText([](const std::string& t) { return titled(t); });
    table["toUpper"] = ofText([](const std::string& t) { return mapped(t, &::toupper); });
    table["toLower"] = ofText([](const std::string& t) { return mapped(t, &::tolower); });
    table["stripPort"] = ofText(&stripPort);
    table["stripDomain"] = ofText(&stripDomain);
    table["safeHtml"] = ofText([](const std::string& t) { return t; });
    table["urlQueryEscape"] = ofText([](const std::string& t) { return escapedForQuery(t); });
    table["graphLink"] = ofText(
        [](const std::string& t) { return "/graph?g0.expr=" + escapedForQuery(t) + "&g0.tab=0"; });
    table["tableLink"] = ofText([](const std::string& t) { return tableLink(t); });
    text::addRegexFunctions(table);
    table["args"] = [](Arguments arguments) -> Result<TemplateValue> {
        TemplateValue::Map map;
        for (std::size_t i = 0; i < arguments.size(); ++i) {
            map.entries.emplace(std::format("arg{}", i), arguments[i]);
        }
        return TemplateValue(std::move(map));
    };
}

void addNumberFunctions(text::TemplateFunctions& table, Timestamp at)
{
    table["humanize"] = ofNumber(&humanize);
    table["humanize1024"] = ofNumber(&humanize1024);
    table["humanizeDuration"] = ofNumber(&humanizeDuration);
    table["humanizePercentage"] = ofNumber([](double v) { return fourDigits(v * 100) + "%"; });
    table["humanizeTimestamp"] = ofNumber(&humanizeTimestamp);
    table["toTime"] = [](Arguments arguments) -> Result<TemplateValue> {
        return numberAt(arguments, 0).and_then([](double v) -> Result<TemplateValue> {
            constexpr double largest = 9.2e9; // seconds that 64-bit nanoseconds can hold
            if (!std::isfinite(v)) {
                return fail(ErrorKind::invalid, "value is NaN or Inf");
            }
            if (std::abs(v) > largest) {
                return fail(ErrorKind::invalid,
                            "the value cannot be represented as a timestamp in nanoseconds");
            }
            return text::timeValue(
                fromUnixMs(static_cast<std::int64_t>(std::floor(v * 1'000 + 0.5))));
        });
    };
    table["toDuration"] = [](Arguments arguments) -> Result<TemplateValue> {
        return numberAt(arguments, 0).and_then([](double v) -> Result<TemplateValue> {
            if (!(std::abs(v) < 9.2e9)) {
                return fail(ErrorKind::invalid, "the value is too large for a duration");
            }
            return text::durationValue(
                std::chrono::nanoseconds(static_cast<std::int64_t>(v * 1e9)));
        });
    };
    table["parseDuration"] = [](Arguments arguments) -> Result<TemplateValue> {
        return textAt(arguments, 0).and_then([](std::string t) -> Result<TemplateValue> {
            const bool negative = t.starts_with('-');
            return text::parseDuration(std::string_view(t).substr(negative ? 1 : 0))
                .transform([negative](std::chrono::milliseconds d) {
                    const double seconds = std::chrono::duration<double>(d).count();
                    return TemplateValue(negative ? -seconds : seconds);
                });
        });
    };
    table["now"] = [at](Arguments) -> Result<TemplateValue> {
        return TemplateValue(static_cast<double>(unixMs(at)) / 1'000);
    };
}

} // namespace

text::TemplateFunctions templateFunctions(const ExpandOptions& options, Timestamp at)
{
    text::TemplateFunctions table;
    addResultFunctions(table);
    addTextFunctions(table);
    addNumberFunctions(table, at);
    table["externalURL"] = [url = options.externalUrl](Arguments) -> Result<TemplateValue> {
        return TemplateValue(url);
    };
    table["pathPrefix"] = [url = options.externalUrl](Arguments) -> Result<TemplateValue> {
        const std::size_t host = url.find("://");
        const std::size_t path = url.find('/', host == std::string::npos ? 0 : host + 3);
        return TemplateValue(path == std::string::npos ? std::string() : url.substr(path));
    };
    table["query"] = [query = options.query, at](Arguments arguments) -> Result<TemplateValue> {
        const auto expr = textAt(arguments, 0);
        if (!expr || !query) {
            return fail(ErrorKind::invalid, "query needs an expression and an engine");
        }
        return query(*expr, at).transform([](const Vector& result) {
            TemplateValue::List list;
            std::ranges::transform(result, std::back_inserter(list), elementOf);
            return TemplateValue(std::move(list));
        });
    };
    return table;
}

namespace {

/// The text with its preamble, and every name in it known.
Result<text::Template> parsed(std::string_view text, const text::TemplateFunctions& functions)
{
    return text::Template::parse(std::string(preamble) + std::string(text))
        .and_then([&](text::Template&& out) {
            return out.checkNames(functions).transform([&] { return std::move(out); });
        })
        .transform_error([](Error&& error) {
            if (error.where) { // within the text that was given
                constexpr auto shift = static_cast<std::uint32_t>(preamble.size());
                error.where->begin -= std::min(error.where->begin, shift);
                error.where->end -= std::min(error.where->end, shift);
            }
            return std::move(error);
        });
}

} // namespace

std::string tableLink(std::string_view expr)
{
    return "/graph?g0.expr=" + escapedForQuery(expr) + "&g0.tab=1";
}

Result<void> checkTemplate(std::string_view text)
{
    return parsed(text, templateFunctions({}, {})).transform([](const text::Template&) { });
}

ExpandText makeExpandText(ExpandOptions options)
{
    return [options = std::move(options)](std::string_view text, std::string_view alertName,
                                          const VectorSample& element, Timestamp at) {
        if (!text.contains("{{")) {
            return std::string(text);
        }
        const auto failed = [alertName](std::string_view doing, const Error& error) {
            return std::format("<error expanding template: error {} template __alert_{}: {}>",
                               doing, alertName, error.message);
        };
        const auto functions = templateFunctions(options, at);
        const auto ready = parsed(text, functions);
        if (!ready) {
            return failed("parsing", ready.error());
        }
        TemplateValue::Map data;
        data.entries.emplace("Labels", labelMap(element.labels));
        data.entries.emplace("ExternalLabels", labelMap(options.externalLabels));
        data.entries.emplace("ExternalURL", options.externalUrl);
        data.entries.emplace("Value", valueOf(element));
        const auto result = ready->execute(TemplateValue(std::move(data)), functions);
        return result ? *result : failed("executing", result.error());
    };
}

} // namespace watchfire::rules
