// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/client_parts.h"

#include "core/config/client.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <format>

namespace watchfire::config {

using encoding::YamlNode;

namespace {

std::string trimmed(std::string_view text)
{
    const std::size_t first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) {
        return {};
    }
    return std::string(text.substr(first, text.find_last_not_of(" \t") - first + 1));
}

/// A reference into a secret manager. Whether there is one.
bool readRef(Fields& fields, std::string_view key)
{
    std::string ref;
    const YamlNode* const node = fields.text(key, ref);
    if (ref.empty()) {
        return false;
    }
    fields.reading().warn(
        *node,
        std::format("{} is not followed: there is no secret manager; name a file instead", key));
    return true;
}

void readPath(Fields& fields, std::string_view key, std::string& out)
{
    const YamlNode* const node = fields.text(key, out);
    out = resolved(fields.reading(), node, std::move(out));
}

void readVersion(Fields& fields, std::string_view key, std::string& out)
{
    const YamlNode* const node = fields.text(key, out);
    if (node != nullptr && out != "TLS10" && out != "TLS11" && out != "TLS12" && out != "TLS13") {
        fields.reading().fault(
            *node,
            std::format("unknown TLS version: {}; it is one of TLS10, TLS11, TLS12 and TLS13",
                        out));
        out.clear();
    }
}

/// Keys of RFC 7523: a token for a signed statement in place of a secret.
void skipJwtKeys(Fields& fields)
{
    Reading& reading = fields.reading();
    std::string grant;
    const YamlNode* const at = fields.text("grant_type", grant);
    const auto keys = fields.skip({"client_certificate_key_id", "client_certificate_key",
                                   "client_certificate_key_file", "client_certificate_key_ref",
                                   "signature_algorithm", "iss", "audience", "claims"});
    if (grant == "urn:ietf:params:oauth:grant-type:jwt-bearer") {
        reading.warn(*at,
                     "grant_type jwt-bearer is not supported: tokens are asked for with "
                     "client_credentials, which needs a client_secret");
    } else if (!keys.empty()) {
        reading.warn(
            *fields.take(keys.front()),
            std::format("{} is for grant_type jwt-bearer, which is not supported", keys.front()));
    }
}

} // namespace

std::string lower(std::string_view text)
{
    std::string out(text);
    std::ranges::transform(out, out.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return out;
}

std::size_t atMostOne(Reading& reading, const YamlNode& at,
                      std::initializer_list<std::pair<std::string_view, bool>> given,
                      std::string_view prefix)
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

BasicAuth readBasicAuth(Reading& reading, const YamlNode& node)
{
    Fields fields(reading, node, "config.BasicAuth");
    BasicAuth auth;
    fields.text("username", auth.user);
    readPath(fields, "username_file", auth.userFile);
    const bool userRef = readRef(fields, "username_ref");
    fields.secret("password", auth.password);
    readPath(fields, "password_file", auth.passwordFile);
    const bool passwordRef = readRef(fields, "password_ref");
    fields.finish();
    atMostOne(reading, node,
              {{"username", !auth.user.empty()},
               {"username_file", !auth.userFile.empty()},
               {"username_ref", userRef}},
              "basic_auth ");
    atMostOne(reading, node,
              {{"password", !auth.password.empty()},
               {"password_file", !auth.passwordFile.empty()},
               {"password_ref", passwordRef}},
              "basic_auth ");
    return auth;
}

BearerAuth readAuthorization(Reading& reading, const YamlNode& node)
{
    Fields fields(reading, node, "config.Authorization");
    BearerAuth auth;
    const YamlNode* const type = fields.text("type", auth.type);
    fields.secret("credentials", auth.token);
    readPath(fields, "credentials_file", auth.tokenFile);
    const bool ref = readRef(fields, "credentials_ref");
    fields.finish();
    atMostOne(reading, node,
              {{"credentials", !auth.token.empty()},
               {"credentials_file", !auth.tokenFile.empty()},
               {"credentials_ref", ref}},
              "authorization ");
    auth.type = trimmed(auth.type);
    if (auth.type.empty()) {
        auth.type = "Bearer";
    }
    if (lower(auth.type) == "basic") {
        reading.fault(*type,
                      "authorization type cannot be set to \"basic\", use \"basic_auth\" instead");
    }
    return auth;
}

TlsOptions readTls(Reading& reading, const YamlNode& node)
{
    Fields fields(reading, node, "config.TLSConfig");
    TlsOptions tls;
    fields.text("ca", tls.ca);
    fields.text("cert", tls.cert);
    fields.secret("key", tls.key);
    readPath(fields, "ca_file", tls.caFile);
    readPath(fields, "cert_file", tls.certFile);
    readPath(fields, "key_file", tls.keyFile);
    const bool caRef = readRef(fields, "ca_ref");
    const bool certRef = readRef(fields, "cert_ref");
    const bool keyRef = readRef(fields, "key_ref");
    fields.text("server_name", tls.serverName);
    fields.boolean("insecure_skip_verify", tls.skipVerify);
    readVersion(fields, "min_version", tls.minVersion);
    readVersion(fields, "max_version", tls.maxVersion);
    fields.finish();
    atMostOne(reading, node,
              {{"ca", !tls.ca.empty()}, {"ca_file", !tls.caFile.empty()}, {"ca_ref", caRef}});
    const bool cert = atMostOne(reading, node,
                                {{"cert", !tls.cert.empty()},
                                 {"cert_file", !tls.certFile.empty()},
                                 {"cert_ref", certRef}})
        > 0;
    const bool key
        = atMostOne(
              reading, node,
              {{"key", !tls.key.empty()}, {"key_file", !tls.keyFile.empty()}, {"key_ref", keyRef}})
        > 0;
    if (cert && !key) {
        reading.fault(node,
                      "exactly one of key or key_file must be configured when a client "
                      "certificate is configured");
    } else if (key && !cert) {
        reading.fault(node,
                      "exactly one of cert or cert_file must be configured when a client key is "
                      "configured");
    }
    if (!tls.minVersion.empty() && !tls.maxVersion.empty() && tls.maxVersion < tls.minVersion) {
        reading.fault(node,
                      "tls_config.max_version must be greater than or equal to "
                      "tls_config.min_version if both are specified");
    }
    return tls;
}

OAuth2 readOauth2(Reading& reading, const YamlNode& node)
{
    Fields fields(reading, node, "config.plain");
    OAuth2 auth;
    fields.text("client_id", auth.clientId);
    fields.secret("client_secret", auth.clientSecret);
    readPath(fields, "client_secret_file", auth.clientSecretFile);
    const bool ref = readRef(fields, "client_secret_ref");
    const YamlNode* const url = fields.text("token_url", auth.tokenUrl);
    fields.texts("scopes", auth.scopes);
    fields.pairs("endpoint_params", auth.endpointParams);
    skipJwtKeys(fields);
    auth.proxy = readProxy(fields);
    if (const YamlNode* const tls = fields.take("tls_config")) {
        auth.tls = readTls(reading, *tls);
    }
    fields.finish();
    if (auth.clientId.empty()) {
        reading.fault(node, "oauth2 client_id must be configured");
    }
    if (auth.tokenUrl.empty()) {
        reading.fault(node, "oauth2 token_url must be configured");
    } else if (!isHttpUrl(auth.tokenUrl)) {
        reading.warn(*url,
                     std::format("token_url \"{}\" names no http or https server: no token can be "
                                 "had",
                                 auth.tokenUrl));
    }
    atMostOne(reading, node,
              {{"client_secret", !auth.clientSecret.empty()},
               {"client_secret_file", !auth.clientSecretFile.empty()},
               {"client_secret_ref", ref}},
              "oauth2 ");
    return auth;
}

std::vector<HttpHeaderSource> readHeaders(Fields& fields)
{
    Reading& reading = fields.reading();
    std::vector<HttpHeaderSource> out;
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
        const YamlNode* const files = header.texts("files", source.files);
        header.finish();
        for (std::string& text : secrets) {
            source.secrets.emplace_back(std::move(text));
        }
        for (std::string& file : source.files) {
            file = resolved(reading, files, std::move(file));
        }
        out.push_back(std::move(source));
    });
    return out;
}

ProxyOptions readProxy(Fields& fields)
{
    Reading& reading = fields.reading();
    ProxyOptions proxy;
    const YamlNode* const given = fields.text("proxy_url", proxy.url);
    const YamlNode* const noProxy = fields.text("no_proxy", proxy.noProxy);
    fields.boolean("proxy_from_environment", proxy.fromEnvironment);
    fields.entries("proxy_connect_header", [&](const YamlNode& name, const YamlNode& value) {
        auto& [header, secrets] = proxy.connectHeaders.emplace_back(name.text, 0);
        if (!value.isSequence() && !value.isNull()) {
            reading.fault(value, "cannot unmarshal a value into []config.Secret");
        }
        for (const encoding::YamlPlace& item : value.items) {
            std::string text;
            if (readText(reading, *item.node, text)) {
                secrets.emplace_back(std::move(text));
            }
        }
    });
    checkUrl(reading, given, proxy.url);
    if (proxy.fromEnvironment && !proxy.url.empty()) {
        reading.fault(*given,
                      "if proxy_from_environment is configured, proxy_url must not be configured");
    }
    if (proxy.fromEnvironment && !proxy.noProxy.empty()) {
        reading.fault(*noProxy,
                      "if proxy_from_environment is configured, no_proxy must not be configured");
    }
    if (!proxy.noProxy.empty() && proxy.url.empty() && !proxy.fromEnvironment) {
        reading.fault(*noProxy, "if no_proxy is configured, proxy_url must also be configured");
    }
    if (!proxy.connectHeaders.empty() && proxy.url.empty() && !proxy.fromEnvironment) {
        reading.fault(fields.node(),
                      "if proxy_connect_header is configured, proxy_url or "
                      "proxy_from_environment must also be configured");
    }
    const std::string scheme = lower(proxy.url.substr(0, proxy.url.find("://")));
    if (!proxy.url.empty() && scheme != "http" && scheme != "https" && scheme != "socks5"
        && scheme != "socks5h") {
        reading.warn(*given,
                     std::format("\"{}\" names no proxy that can be used: it begins with http://, "
                                 "https:// or socks5://",
                                 proxy.url));
    }
    return proxy;
}

} // namespace watchfire::config
