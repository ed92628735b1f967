// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exposition/offer.h"

#include "core/exposition/negotiate.h"
#include "core/text/number.h"

#include <algorithm>
#include <cctype>
#include <functional>
#include <map>
#include <vector>

namespace watchfire::exposition {

namespace {

struct Clause {
    std::string type; ///< "text/plain", "text/*", "*/*"
    std::map<std::string, std::string, std::less<>> parameters;
    double weight = 1;

    std::string_view get(std::string_view name) const
    {
        const auto found = parameters.find(name);
        return found == parameters.end() ? std::string_view() : found->second;
    }
};

std::string_view trimmed(std::string_view text)
{
    const std::size_t begin = text.find_first_not_of(" \t");
    return begin == std::string_view::npos
        ? std::string_view()
        : text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

/// Takes what stands before the next `separator`.
std::string_view takePart(std::string_view& rest, char separator)
{
    const std::size_t end = rest.find(separator);
    const std::string_view part = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    return trimmed(part);
}

Clause clauseFrom(std::string_view text)
{
    Clause clause;
    clause.type = takePart(text, ';');
    std::ranges::transform(clause.type, clause.type.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    while (!text.empty()) {
        std::string_view value = takePart(text, ';');
        const std::string_view name = takePart(value, '=');
        clause.parameters.insert_or_assign(std::string(name), std::string(trimmed(value)));
    }
    if (const auto weight = text::parseFloat(clause.get("q"))) {
        clause.weight = *weight;
    }
    return clause;
}

/// Best first.
std::vector<Clause> clausesOf(std::string_view accept)
{
    std::vector<Clause> clauses;
    while (!accept.empty()) {
        if (const std::string_view part = takePart(accept, ','); !part.empty()) {
            clauses.push_back(clauseFrom(part));
        }
    }
    std::ranges::stable_sort(clauses, std::greater(), &Clause::weight);
    return clauses;
}

bool takes(const Clause& clause, Format format)
{
    const auto is = [&clause](std::string_view type) {
        return clause.type == type
            || clause.type == std::string(type.substr(0, type.find('/'))) + "/*";
    };
    const auto hasVersion = [&clause](std::string_view usual, std::string_view wanted) {
        const std::string_view version = clause.get("version");
        return (version.empty() ? usual : version) == wanted;
    };
    if (clause.type == "*/*") {
        return true;
    }
    switch (format) {
    case Format::text:
        return is("text/plain") && hasVersion("0.0.4", "0.0.4");
    case Format::openMetrics:
        return is("application/openmetrics-text") && hasVersion("0.0.1", "1.0.0");
    case Format::protobuf:
        return is("application/vnd.google.protobuf")
            && clause.get("proto") == "io.prometheus.client.MetricFamily"
            && clause.get("encoding") == "delimited";
    }
    return false;
}

} // namespace

std::string Offer::contentType() const
{
    std::string out(contentTypeOf(format));
    return out.append("; escaping=").append(toText(escaping));
}

Offer offerFor(std::string_view accept, std::span<const Format> offered)
{
    Offer offer;
    for (const Clause& clause : clausesOf(accept)) {
        // A clause of a format that is not to be had tells all the same which names are read.
        offer.escaping = escapingSchemeFrom(clause.get("escaping")).value_or(offer.escaping);
        const auto found = std::ranges::find_if(
            offered, [&](Format format) { return clause.weight > 0 && takes(clause, format); });
        if (found != offered.end()) {
            offer.format = *found;
            return offer;
        }
    }
    offer.format = std::ranges::contains(offered, Format::text) ? Format::text : offered.front();
    return offer;
}

} // namespace watchfire::exposition
