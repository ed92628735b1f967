// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/client.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <format>

namespace watchfire::config {

using encoding::YamlNode;

namespace {

std::string lower(std::string_view text)
{
    std::string out(text);
    std::ranges::transform(out, out.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return out;
}

std::string trimmed(std::string_view text)
{
    const std::size_t first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) {
        return {};
    }
    return std::string(text.substr(first, text.find_last_not_of(" \t") - first + 1));
}

/// Counts those that are set; more than one is a fault.
std::size_t atMostOne(Reading& reading, const YamlNode& at,
                      std::initializer_list<std::pair<std::string_view, bool>> given,
                      std::string_view prefix = {})
{
    std::size_t set = 0;
    std::string names;
    for (const auto& [name, isSet] : given) {
        set += isSet ? 1U : 0U;
        names += (names.empty() ? "" : " & ") + std::string(name);
    }
    if (set > 1) {
        reading.fault(at, std::format("at most one of {}{} must be configured", prefix, names));
    }
    return set;
}

BasicAuth readBasicAuth(Reading& reading, const YamlNode& node, bool inUse)
{
    Fields fields(reading, node, "config.BasicAuth");
    BasicAuth auth;
    std::string userFile;
    std::string userRef;
    std::string passwordRef;
    fields.text("username", auth.user);
    fields.text("username_file", userFile);
    fields.text("username_ref", userRef);
    fields.secret("password", auth.password);
    fields.text("password_file", auth.passwordFile);
    fields.text("password_ref", passwordRef);
    fields.finish();
    atMostOne(reading, node,
              {{"username", !auth.user.empty()},
               {"username_file", !userFile.empty()},
               {"username_ref", !userRef.empty()}},
              "basic_auth ");
    atMostOne(reading, node,
              {{"password", !auth.password.empty()},
               {"password_file", !auth.passwordFile.empty()},
               {"password_ref", !passwordRef.empty()}},
              "basic_auth ");
    if (inUse && !(userFile.empty() && userRef.empty() && passwordRef.empty())) {
        reading.warn(node, "username_file, username_ref and password_ref are not supported yet");
    }
    auth.passwordFile = resolved(reading, std::move(auth.passwordFile));
    return auth;
}

BearerAuth readAuthorization(Reading& reading, const YamlNode& node, bool inUse)
{
    Fields fields(reading, node, "config.Authorization");
    BearerAuth auth;
    std::string ref;
    fields.text("type", auth.type);
    fields.secret("credentials", auth.token);
    fields.text("credentials_file", auth.tokenFile);
    fields.text("credentials_ref", ref);
    fields.finish();
    atMostOne(reading, node,
              {{"credentials", !auth.token.empty()},
               {"credentials_file", !auth.tokenFile.empty()},
               {"credentials_ref", !ref.empty()}},
              "authorization ");
    auth.type = trimmed(auth.type);
    if (auth.type.empty()) {
        auth.type = "Bearer";
    }
    if (lower(auth.type) == "basic") {
        reading.fault(node,
                      "authorization type cannot be set to \"basic\", use \"basic_auth\" instead");
    }
    if (inUse && !ref.empty()) {
        reading.warn(node, "credentials_ref is not supported yet");
    }
    auth.tokenFile = resolved(reading, std::move(auth.tokenFile));
    return auth;
}

bool isTlsVersion(std::string_view text)
{
    return text.empty() || text == "TLS10" || text == "TLS11" || text == "TLS12" || text == "TLS13";
}

TlsOptions readTls(Reading& reading, const YamlNode& node, bool inUse)
{
    Fields fields(reading, node, "config.TLSConfig");
    TlsOptions tls;
    std::array<std::string, 3> inlined;
    std::array<std::string, 3> refs;
    fields.text("ca", inlined[0]);
    fields.text("cert", inlined[1]);
    fields.text("key", inlined[2]);
    fields.text("ca_file", tls.caFile);
    fields.text("cert_file", tls.certFile);
    fields.text("key_file", tls.keyFile);
    fields.text("ca_ref", refs[0]);
    fields.text("cert_ref", refs[1]);
    fields.text("key_ref", refs[2]);
    fields.text("server_name", tls.serverName);
    fields.boolean("insecure_skip_verify", tls.skipVerify);
    std::string least;
    std::string most;
    fields.text("min_version", least);
    fields.text("max_version", most);
    fields.finish();
    const auto one = [&](std::size_t which, std::string_view name, const std::string& file) {
        return atMostOne(reading, node,
                         {{name, !inlined[which].empty()},
                          {std::string(name) + "_file", !file.empty()},
                          {std::string(name) + "_ref", !refs[which].empty()}})
            > 0;
    };
    one(0, "ca", tls.caFile);
    const bool cert = one(1, "cert", tls.certFile);
    const bool key = one(2, "key", tls.keyFile);
    if (cert && !key) {
        reading.fault(node,
                      "exactly one of key or key_file must be configured when a client "
                      "certificate is configured");
    } else if (key && !cert) {
        reading.fault(node,
                      "exactly one of cert or cert_file must be configured when a client key is "
                      "configured");
    }
    if (!isTlsVersion(least) || !isTlsVersion(most)) {
        reading.fault(node,
                      std::format("unknown TLS version: {}", isTlsVersion(least) ? most : least));
    } else if (!least.empty() && !most.empty() && most < least) {
        reading.fault(node,
                      "tls_config.max_version must be greater than or equal to "
                      "tls_config.min_version if both are specified");
    }
    if (inUse && !std::ranges::all_of(inlined, &std::string::empty)) {
        reading.warn(node, "certificates inside tls_config are not supported yet; name files");
    }
    tls.caFile = resolved(reading, std::move(tls.caFile));
    tls.certFile = resolved(reading, std::move(tls.certFile));
    tls.keyFile = resolved(reading, std::move(tls.keyFile));
    return tls;
}

void readOauth2(Reading& reading, const YamlNode& node)
{
    Fields fields(reading, node, "config.plain");
    std::string id;
    std::string secret;
    std::string secretFile;
    std::string secretRef;
    std::string url;
    fields.text("client_id", id);
    fields.text("client_secret", secret);
    fields.text("client_secret_file", secretFile);
    fields.text("client_secret_ref", secretRef);
    fields.text("token_url", url);
    std::vector<std::string> scopes;
    fields.texts("scopes", scopes);
    fields.skip({"endpoint_params", "proxy_url", "no_proxy", "proxy_from_environment",
                 "proxy_connect_header", "grant_type", "client_certificate_key_id",
                 "client_certificate_key", "client_certificate_key_file",
                 "client_certificate_key_ref", "signature_algorithm", "iss", "audience", "claims"});
    if (const YamlNode* const tls = fields.take("tls_config")) {
        readTls(reading, *tls, false);
    }
    fields.finish();
    if (id.empty()) {
        reading.fault(node, "oauth2 client_id must be configured");
    }
    if (url.empty()) {
        reading.fault(node, "oauth2 token_url must be configured");
    }
    atMostOne(reading, node,
              {{"client_secret", !secret.empty()},
               {"client_secret_file", !secretFile.empty()},
               {"client_secret_ref", !secretRef.empty()}},
              "oauth2 ");
}

void readHeaders(Fields& fields, std::vector<HttpHeaderSource>& out)
{
    Reading& reading = fields.reading();
    fields.entries("http_headers", [&](const YamlNode& name, const YamlNode& value) {
        if (isReservedHeader(name.text)) {
            reading.fault(name, std::format("setting header \"{}\" is not allowed", name.text));
        }
        if (value.isNull()) {
            return;
        }
        Fields header(reading, value, "config.Header");
        HttpHeaderSource source;
        source.name = name.text;
        std::vector<std::string> secrets;
        header.texts("values", source.values);
        header.texts("secrets", secrets);
        header.texts("files", source.files);
        header.finish();
        for (std::string& text : secrets) {
            source.secrets.emplace_back(std::move(text));
        }
        for (std::string& file : source.files) {
            file = resolved(reading, std::move(file));
        }
        out.push_back(std::move(source));
    });
}

void readProxy(Fields& fields, bool inUse)
{
    Reading& reading = fields.reading();
    std::string url;
    std::string none;
    bool environment = false;
    const YamlNode* const given = fields.text("proxy_url", url);
    const YamlNode* const noProxy = fields.text("no_proxy", none);
    const YamlNode* const fromEnvironment = fields.boolean("proxy_from_environment", environment);
    const bool headers = !fields.skip({"proxy_connect_header"}).empty();
    if (environment && !url.empty()) {
        reading.fault(*given,
                      "if proxy_from_environment is configured, proxy_url must not be configured");
    }
    if (environment && !none.empty()) {
        reading.fault(*noProxy,
                      "if proxy_from_environment is configured, no_proxy must not be configured");
    }
    if (!none.empty() && url.empty() && !environment) {
        reading.fault(*noProxy, "if no_proxy is configured, proxy_url must also be configured");
    }
    if (headers && url.empty() && !environment) {
        reading.fault(fields.node(),
                      "if proxy_connect_header is configured, proxy_url or "
                      "proxy_from_environment must also be configured");
    }
    if (inUse && (!url.empty() || environment)) {
        reading.warn(given != nullptr ? *given : *fromEnvironment, "proxies are not supported yet");
    }
}

} // namespace

std::string resolved(const Reading& reading, std::string path)
{
    const std::filesystem::path folder = std::filesystem::path(reading.file()).parent_path();
    if (path.empty() || folder.empty() || std::filesystem::path(path).is_absolute()) {
        return path;
    }
    return (folder / path).lexically_normal().string();
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

ClientConfig readClient(Fields& fields, bool inUse)
{
    Reading& reading = fields.reading();
    ClientConfig out;
    bool http2 = true;
    for (const char* const key :
         {"basic_auth", "authorization", "oauth2", "bearer_token", "bearer_token_file",
          "tls_config", "proxy_url", "proxy_from_environment", "follow_redirects", "enable_http2",
          "http_headers", "no_proxy", "proxy_connect_header"}) {
        out.given = out.given || fields.has(key);
    }
    const YamlNode* const basic = fields.take("basic_auth");
    const YamlNode* const authorization = fields.take("authorization");
    const YamlNode* const oauth2 = fields.take("oauth2");
    BearerAuth bearer;
    fields.secret("bearer_token", bearer.token);
    fields.text("bearer_token_file", bearer.tokenFile);
    bearer.tokenFile = resolved(reading, std::move(bearer.tokenFile));
    const bool tokens = !bearer.token.empty() || !bearer.tokenFile.empty();
    atMostOne(reading, fields.node(),
              {{"bearer_token", !bearer.token.empty()},
               {"bearer_token_file", !bearer.tokenFile.empty()}});
    if (basic != nullptr) {
        out.auth = readBasicAuth(reading, *basic, inUse);
    }
    if (authorization != nullptr) {
        BearerAuth auth = readAuthorization(reading, *authorization, inUse);
        if (basic == nullptr) {
            out.auth = std::move(auth);
        }
    } else if (tokens && basic == nullptr) {
        out.auth = std::move(bearer);
    }
    if (oauth2 != nullptr) {
        readOauth2(reading, *oauth2);
        if (inUse) {
            reading.warn(*oauth2, "oauth2 is not supported yet");
        }
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
        out.tls = readTls(reading, *tls, inUse);
    }
    fields.boolean("follow_redirects", out.followRedirects);
    fields.boolean("enable_http2", http2);
    readProxy(fields, inUse);
    readHeaders(fields, out.headers);
    return out;
}

} // namespace watchfire::config
