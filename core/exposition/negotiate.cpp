// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exposition/negotiate.h"

#include "core/text/quote.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <format>
#include <map>
#include <optional>

namespace watchfire::exposition {

namespace {

constexpr std::string_view protobufType = "application/vnd.google.protobuf";
constexpr std::string_view openMetricsType = "application/openmetrics-text";
constexpr std::string_view textType = "text/plain";

struct Protocol {
    std::string_view name;
    std::string_view accept;
    std::string_view mediaType;
    bool escaped; ///< the escaping of names is part of the media type
};

constexpr std::array<Protocol, 5> protocols{{
    {"PrometheusProto",
     "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited",
     protobufType, false},
    {"OpenMetricsText1.0.0", "application/openmetrics-text;version=1.0.0", openMetricsType, true},
    {"OpenMetricsText0.0.1", "application/openmetrics-text;version=0.0.1", openMetricsType, false},
    {"PrometheusText1.0.0", "text/plain;version=1.0.0", textType, true},
    {"PrometheusText0.0.4", "text/plain;version=0.0.4", textType, false},
}};

constexpr std::array<std::string_view, 5> usual{"PrometheusProto", "OpenMetricsText1.0.0",
                                                "OpenMetricsText0.0.1", "PrometheusText1.0.0",
                                                "PrometheusText0.0.4"};

const Protocol* find(std::string_view name)
{
    const auto found = std::ranges::find(protocols, name, &Protocol::name);
    return found == protocols.end() ? nullptr : &*found;
}

bool isTokenCharacter(char c)
{
    return std::isalnum(static_cast<unsigned char>(c)) != 0
        || std::string_view("!#$%&'*+-.^_`|~").contains(c);
}

std::string lowerCase(std::string_view text)
{
    std::string out(text);
    std::ranges::transform(out, out.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return out;
}

void skipBlanks(std::string_view& text)
{
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) {
        text.remove_prefix(1);
    }
}

/// Takes the token that `text` begins with; empty: none.
std::string_view takeToken(std::string_view& text)
{
    const auto end = std::ranges::find_if_not(text, isTokenCharacter);
    const std::string_view token = text.substr(0, static_cast<std::size_t>(end - text.begin()));
    text.remove_prefix(token.size());
    return token;
}

/// Takes a token or a string in double quotes; nothing: neither.
std::optional<std::string> takeValue(std::string_view& text)
{
    if (text.empty() || text.front() != '"') {
        const std::string_view token = takeToken(text);
        return token.empty() ? std::nullopt : std::optional(std::string(token));
    }
    std::string out;
    for (std::size_t i = 1; i < text.size(); ++i) {
        if (text[i] == '"') {
            text.remove_prefix(i + 1);
            return out;
        }
        i += text[i] == '\\' && i + 1 < text.size() ? 1 : 0;
        out += text[i];
    }
    return std::nullopt;
}

/// Whether `text` is a list of parameters, each after a semicolon, none said twice in two ways.
bool areParameters(std::string_view text)
{
    std::map<std::string, std::string> known;
    for (;;) {
        skipBlanks(text);
        if (text.empty()) {
            return true;
        }
        if (text.front() != ';') {
            return false;
        }
        text.remove_prefix(1);
        skipBlanks(text);
        if (text.empty()) {
            return true; // a semicolon at the end parts nothing
        }
        const std::string name = lowerCase(takeToken(text));
        skipBlanks(text);
        if (name.empty() || text.empty() || text.front() != '=') {
            return false;
        }
        text.remove_prefix(1);
        skipBlanks(text);
        auto value = takeValue(text);
        if (!value || known.emplace(name, *value).first->second != *value) {
            return false;
        }
    }
}

/// type/subtype in lower case; nothing when the header is no media type.
std::optional<std::string> mediaTypeOf(std::string_view contentType)
{
    skipBlanks(contentType);
    const std::string_view whole = contentType;
    const std::string_view major = takeToken(contentType);
    if (major.empty() || contentType.empty() || contentType.front() != '/') {
        return std::nullopt;
    }
    contentType.remove_prefix(1);
    const std::string_view minor = takeToken(contentType);
    if (minor.empty() || !areParameters(contentType)) {
        return std::nullopt;
    }
    return lowerCase(whole.substr(0, major.size() + 1 + minor.size()));
}

std::optional<Format> byMediaType(std::string_view mediaType)
{
    if (mediaType == textType) {
        return Format::text;
    }
    if (mediaType == openMetricsType) {
        return Format::openMetrics;
    }
    if (mediaType == protobufType) {
        return Format::protobuf;
    }
    return std::nullopt;
}

Result<Format> byFallback(std::string_view fallbackProtocol, std::string otherwise)
{
    if (const Protocol* protocol = find(fallbackProtocol)) {
        return *byMediaType(protocol->mediaType);
    }
    return fail(ErrorKind::unsupported, std::move(otherwise));
}

} // namespace

std::span<const std::string_view> defaultProtocols(bool nativeHistograms)
{
    return std::span(usual).subspan(nativeHistograms ? 0 : 1);
}

std::string acceptHeader(std::span<const std::string_view> wanted, EscapingScheme escaping)
{
    std::string out;
    std::size_t weight = protocols.size() + 1;
    for (const std::string_view name : wanted) {
        const Protocol* protocol = find(name);
        if (protocol == nullptr) {
            continue;
        }
        out += protocol->accept;
        if (protocol->escaped) {
            out.append(";escaping=").append(toText(escaping));
        }
        out += std::format(";q=0.{},", weight);
        weight -= weight > 1 ? 1 : 0;
    }
    return out + std::format("*/*;q=0.{}", weight);
}

Result<Format> formatOf(std::string_view contentType, std::string_view fallbackProtocol)
{
    if (contentType.empty()) {
        return byFallback(fallbackProtocol,
                          "the target sends no Content-Type, and the job has no "
                          "fallback_scrape_protocol");
    }
    const auto mediaType = mediaTypeOf(contentType);
    if (!mediaType) {
        return byFallback(fallbackProtocol,
                          std::format("cannot read the Content-Type {}, and the job has no "
                                      "fallback_scrape_protocol",
                                      text::quote(contentType)));
    }
    if (const auto format = byMediaType(*mediaType)) {
        return *format;
    }
    if (*mediaType == "text/html") {
        return byFallback(fallbackProtocol,
                          "the answer is a web page (text/html), not metrics; is the path right?");
    }
    return byFallback(fallbackProtocol,
                      std::format("received unsupported Content-Type {}, and the job has no "
                                  "fallback_scrape_protocol",
                                  text::quote(contentType)));
}

std::string_view contentTypeOf(Format format)
{
    switch (format) {
    case Format::text:
        return "text/plain; version=0.0.4; charset=utf-8";
    case Format::openMetrics:
        return "application/openmetrics-text; version=1.0.0; charset=utf-8";
    case Format::protobuf:
        return "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; "
               "encoding=delimited";
    }
    return {};
}

} // namespace watchfire::exposition
