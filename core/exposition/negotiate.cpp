// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exposition/negotiate.h"

#include "core/text/quote.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <format>
#include <optional>
#include <vector>

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

constexpr std::array<std::string_view, 4> usual{"OpenMetricsText1.0.0", "OpenMetricsText0.0.1",
                                                "PrometheusText1.0.0", "PrometheusText0.0.4"};

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

/// type/subtype in lower case; nothing when the header is no media type.
std::optional<std::string> mediaTypeOf(std::string_view contentType)
{
    std::string_view type = contentType.substr(0, contentType.find(';'));
    while (!type.empty() && (type.front() == ' ' || type.front() == '\t')) {
        type.remove_prefix(1);
    }
    while (!type.empty() && (type.back() == ' ' || type.back() == '\t')) {
        type.remove_suffix(1);
    }
    const std::size_t slash = type.find('/');
    const std::string_view major = type.substr(0, slash);
    const std::string_view minor
        = slash == std::string_view::npos ? std::string_view() : type.substr(slash + 1);
    if (major.empty() || minor.empty() || !std::ranges::all_of(major, isTokenCharacter)
        || !std::ranges::all_of(minor, isTokenCharacter)) {
        return std::nullopt;
    }
    std::string out(type);
    std::ranges::transform(out, out.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return out;
}

Result<Format> byMediaType(std::string_view mediaType)
{
    if (mediaType == textType) {
        return Format::text;
    }
    if (mediaType == openMetricsType) {
        return Format::openMetrics;
    }
    return fail(ErrorKind::unsupported,
                std::format("the target answers in {}, which cannot be read yet", mediaType));
}

Result<Format> byFallback(std::string_view fallbackProtocol, std::string otherwise)
{
    if (const Protocol* protocol = find(fallbackProtocol)) {
        return byMediaType(protocol->mediaType);
    }
    return fail(ErrorKind::unsupported, std::move(otherwise));
}

} // namespace

std::span<const std::string_view> defaultProtocols()
{
    return usual;
}

std::string acceptHeader(std::span<const std::string> wanted, std::string_view escaping)
{
    const std::string scheme(escaping.empty() ? "allow-utf-8" : escaping);
    std::vector<std::string_view> names(wanted.begin(), wanted.end());
    if (names.empty()) {
        names.assign(usual.begin(), usual.end());
    }
    std::string out;
    std::size_t weight = protocols.size() + 1;
    for (const std::string_view name : names) {
        const Protocol* protocol = find(name);
        if (protocol == nullptr) {
            continue;
        }
        out += protocol->accept;
        if (protocol->escaped) {
            out += ";escaping=" + scheme;
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
    if (*mediaType == textType || *mediaType == openMetricsType || *mediaType == protobufType) {
        return byMediaType(*mediaType);
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
    }
    return {};
}

} // namespace watchfire::exposition
