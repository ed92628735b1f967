// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/client.h"

#include "core/config/client_parts.h"

#include <algorithm>
#include <array>
#include <format>

namespace watchfire::config {

using encoding::YamlNode;

std::string resolved(Reading& reading, const YamlNode* node, std::string path)
{
    const std::filesystem::path folder = std::filesystem::path(reading.file()).parent_path();
    if (!path.empty() && !folder.empty() && !std::filesystem::path(path).is_absolute()) {
        path = (folder / path).lexically_normal().string();
    }
    std::error_code ignored;
    if (reading.wantsFiles() && node != nullptr && !path.empty()
        && !std::filesystem::exists(path, ignored)) {
        reading.fault(*node, std::format("{} does not exist", path));
    }
    return path;
}

bool isReservedHeader(std::string_view name)
{
    static constexpr std::array<std::string_view, 18> reserved{
        "authorization",
        "host",
        "content-encoding",
        "content-length",
        "content-type",
        "user-agent",
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "www-authenticate",
        "accept-encoding",
        "x-prometheus-remote-write-version",
        "x-prometheus-remote-read-version",
        "x-prometheus-scrape-timeout-seconds",
        "x-amz-date",
        "x-amz-security-token",
        "x-amz-content-sha256"};
    return std::ranges::find(reserved, lower(name)) != reserved.end();
}

bool isHttpUrl(std::string_view url)
{
    const std::size_t end = url.find("://");
    if (end == std::string_view::npos) {
        return false;
    }
    const std::string scheme = lower(url.substr(0, end));
    const std::string_view rest = url.substr(end + 3);
    return (scheme == "http" || scheme == "https") && !rest.empty() && rest.front() != '/'
        && rest.front() != ':' && rest.find_first_of(" \t\n") == std::string_view::npos;
}

HttpClientOptions readClient(Fields& fields, const HttpClientOptions& defaults)
{
    Reading& reading = fields.reading();
    HttpClientOptions out = defaults;
    const YamlNode* const basic = fields.take("basic_auth");
    const YamlNode* const authorization = fields.take("authorization");
    const YamlNode* const oauth2 = fields.take("oauth2");
    BearerAuth bearer;
    fields.secret("bearer_token", bearer.token);
    const YamlNode* const file = fields.text("bearer_token_file", bearer.tokenFile);
    bearer.tokenFile = resolved(reading, file, std::move(bearer.tokenFile));
    const bool tokens = !bearer.token.empty() || !bearer.tokenFile.empty();
    atMostOne(reading, fields.node(),
              {{"bearer_token", !bearer.token.empty()},
               {"bearer_token_file", !bearer.tokenFile.empty()}});
    if (tokens) {
        out.auth = std::move(bearer);
    }
    if (basic != nullptr) {
        out.auth = readBasicAuth(reading, *basic);
    }
    if (authorization != nullptr) {
        out.auth = readAuthorization(reading, *authorization);
    }
    if (oauth2 != nullptr) {
        out.auth = readOauth2(reading, *oauth2);
    }
    if ((basic != nullptr) + (authorization != nullptr) + (oauth2 != nullptr) > 1) {
        reading.fault(fields.node(),
                      "at most one of basic_auth, oauth2 & authorization must be configured");
    } else if (tokens && authorization != nullptr) {
        reading.fault(*authorization,
                      "authorization is not compatible with bearer_token & bearer_token_file");
    } else if (tokens && (basic != nullptr || oauth2 != nullptr)) {
        reading.fault(fields.node(),
                      "at most one of basic_auth, oauth2, bearer_token & bearer_token_file must be "
                      "configured");
    }
    if (const YamlNode* const tls = fields.take("tls_config")) {
        out.tls = readTls(reading, *tls);
    }
    fields.boolean("follow_redirects", out.followRedirects);
    fields.boolean("enable_http2", out.http2);
    out.proxy = readProxy(fields);
    out.headers = readHeaders(fields);
    return out;
}

} // namespace watchfire::config
