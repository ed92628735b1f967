// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/scrape/request.h"

#include "core/exposition/negotiate.h"
#include "core/text/duration.h"
#include "core/text/number.h"

#include <algorithm>
#include <array>
#include <format>
#include <limits>
#include <utility>
#include <vector>

namespace watchfire::scrape {

namespace {

constexpr std::array<std::pair<int, std::string_view>, 31> phrases{{
    {201, "Created"},
    {202, "Accepted"},
    {203, "Non-Authoritative Information"},
    {204, "No Content"},
    {205, "Reset Content"},
    {206, "Partial Content"},
    {300, "Multiple Choices"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {407, "Proxy Authentication Required"},
    {408, "Request Timeout"},
    {410, "Gone"},
    {413, "Request Entity Too Large"},
    {414, "Request URI Too Long"},
    {429, "Too Many Requests"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {505, "HTTP Version Not Supported"},
}};

std::string statusText(int status)
{
    const auto found = std::ranges::find(phrases, status, &std::pair<int, std::string_view>::first);
    return found == phrases.end() ? std::to_string(status)
                                  : std::format("{} {}", status, found->second);
}

std::string bodyLimitText(const IntakeRules& rules)
{
    return std::format("body size limit exceeded: the answer has more than {} bytes",
                       rules.bodyLimit());
}

/// What the job asks for: its protocols or the usual ones, names escaped as it says or, where it
/// takes classic names only, with underscores.
std::string acceptOf(const config::ScrapeConfig& job)
{
    using exposition::EscapingScheme;
    const auto escaping
        = exposition::escapingSchemeFrom(job.escapingScheme)
              .value_or(job.nameValidationScheme == "legacy" ? EscapingScheme::underscores
                                                             : EscapingScheme::allowUtf8);
    const std::vector<std::string_view> own(job.scrapeProtocols.begin(), job.scrapeProtocols.end());
    return exposition::acceptHeader(
        own.empty() ? exposition::defaultProtocols(job.scrapeNativeHistograms) : own, escaping);
}

} // namespace

HttpRequest makeRequest(const IntakeRules& rules)
{
    const config::ScrapeConfig& job = *rules.job;
    HttpRequest request;
    request.url = rules.target.url;
    request.headers = {
        {"Accept", acceptOf(job)},
        {"User-Agent", "Watchfire/" WATCHFIRE_VERSION},
        {"X-Prometheus-Scrape-Timeout-Seconds",
         text::formatFixed(std::chrono::duration<double>(rules.target.timeout).count())},
    };
    request.timeout = rules.target.timeout;
    request.maxBody
        = rules.bodyLimit() != 0 ? rules.bodyLimit() : std::numeric_limits<std::uint64_t>::max();
    request.acceptCompressed = job.enableCompression;
    request.client = job.client;
    return request;
}

Result<exposition::Format> readableAs(const HttpResponse& response, const IntakeRules& rules)
{
    if (response.status != 200) {
        return fail(ErrorKind::unavailable,
                    "server returned HTTP status " + statusText(response.status));
    }
    if (rules.bodyLimit() != 0 && response.body.size() > rules.bodyLimit()) {
        return fail(ErrorKind::limit, bodyLimitText(rules));
    }
    return exposition::formatOf(header(response.headers, "Content-Type"),
                                rules.job->fallbackScrapeProtocol);
}

Error asScrapeError(const Error& error, const IntakeRules& rules)
{
    switch (error.kind) {
    case ErrorKind::timeout:
        return {error.kind,
                std::format("no complete answer within the scrape timeout of {}",
                            text::formatDuration(rules.target.timeout))};
    case ErrorKind::limit:
        return {error.kind, bodyLimitText(rules)};
    case ErrorKind::invalid:
    case ErrorKind::notFound:
    case ErrorKind::conflict:
    case ErrorKind::outOfOrder:
    case ErrorKind::cancelled:
    case ErrorKind::unavailable:
    case ErrorKind::io:
    case ErrorKind::corrupt:
    case ErrorKind::unsupported:
    case ErrorKind::internal:
        break;
    }
    return error;
}

} // namespace watchfire::scrape
