// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/secrets.h"
#include "core/config/value_parts.h"

#include <algorithm>

namespace watchfire::config {

using encoding::YamlValue;

namespace {

std::string shown(const Secret& secret, Style style)
{
    return style == Style::effective ? secret.toString() : secret.reveal();
}

YamlValue secretsValue(const std::vector<Secret>& secrets, Style style)
{
    YamlValue list = YamlValue::sequence();
    for (const Secret& secret : secrets) {
        list.items.push_back(textValue(shown(secret, style)));
    }
    return list;
}

void writeProxy(Keys& keys, const ProxyOptions& proxy)
{
    keys.url("proxy_url", proxy.url);
    keys.text("no_proxy", proxy.noProxy);
    if (proxy.fromEnvironment) {
        keys.set("proxy_from_environment", YamlValue::boolean(true));
    }
    if (proxy.connectHeaders.empty()) {
        return;
    }
    YamlValue headers = YamlValue::mapping();
    for (const auto& [name, values] : proxy.connectHeaders) {
        headers.set(name, secretsValue(values, keys.style()));
    }
    keys.set("proxy_connect_header", std::move(headers));
}

// `kept`: the secret lies in the secret store.
YamlValue basicValue(const BasicAuth& auth, Style style, bool kept)
{
    YamlValue out = YamlValue::mapping();
    Keys keys(out, style);
    keys.text("username", auth.user);
    keys.text("username_file", auth.userFile);
    if (!kept) {
        keys.secret("password", auth.password);
    }
    keys.text("password_file", auth.passwordFile);
    return out;
}

YamlValue bearerValue(const BearerAuth& auth, Style style, bool kept)
{
    YamlValue out = YamlValue::mapping();
    Keys keys(out, style);
    keys.text("type", auth.type, "Bearer");
    if (!kept) {
        keys.secret("credentials", auth.token);
    }
    keys.text("credentials_file", auth.tokenFile);
    return out;
}

YamlValue oauthValue(const OAuth2& auth, Style style, bool kept)
{
    YamlValue out = YamlValue::mapping();
    Keys keys(out, style);
    keys.text("client_id", auth.clientId);
    if (!kept) {
        keys.secret("client_secret", auth.clientSecret);
    }
    keys.text("client_secret_file", auth.clientSecretFile);
    keys.texts("scopes", auth.scopes);
    keys.text("token_url", auth.tokenUrl);
    keys.pairs("endpoint_params", auth.endpointParams);
    if (auth.tls != TlsOptions()) {
        keys.set("tls_config", tlsValue(auth.tls, style));
    }
    writeProxy(keys, auth.proxy);
    return out;
}

/// A value that lies in the secret store leaves its place empty.
template <class IsElsewhere>
YamlValue headersValue(const std::vector<HttpHeaderSource>& headers, Style style,
                       IsElsewhere isElsewhere)
{
    YamlValue out = YamlValue::mapping();
    for (const HttpHeaderSource& source : headers) {
        YamlValue entry = YamlValue::mapping();
        Keys keys(entry, style);
        keys.texts("values", source.values);
        std::vector<Secret> secrets = source.secrets;
        for (std::size_t i = 0; i < secrets.size(); ++i) {
            if (isElsewhere(headerField(source.name, i))) {
                secrets[i] = Secret();
            }
        }
        if (!secrets.empty()) {
            keys.set("secrets", secretsValue(secrets, style));
        }
        keys.texts("files", source.files);
        out.set(source.name, std::move(entry));
    }
    return out;
}

} // namespace

std::string redactedUrl(const std::string& url)
{
    const std::size_t scheme = url.find("://");
    if (scheme == std::string::npos) {
        return url;
    }
    const std::size_t begin = scheme + 3;
    const std::size_t end = std::min(url.find_first_of("/?#", begin), url.size());
    const std::size_t at = url.rfind('@', end);
    const std::size_t colon = url.find(':', begin);
    if (at == std::string::npos || at < begin || colon > at) {
        return url;
    }
    return url.substr(0, colon + 1) + "xxxxx" + url.substr(at);
}

YamlValue tlsValue(const TlsOptions& tls, Style style)
{
    YamlValue out = YamlValue::mapping();
    Keys keys(out, style);
    keys.text("ca", tls.ca);
    keys.text("cert", tls.cert);
    keys.secret("key", tls.key);
    keys.text("ca_file", tls.caFile);
    keys.text("cert_file", tls.certFile);
    keys.text("key_file", tls.keyFile);
    keys.text("server_name", tls.serverName);
    keys.boolean("insecure_skip_verify", tls.skipVerify, false);
    keys.text("min_version", tls.minVersion);
    keys.text("max_version", tls.maxVersion);
    return out;
}

void writeClient(Keys& keys, const HttpClientOptions& client, const HttpClientOptions& defaults,
                 const std::vector<std::string>& kept)
{
    const auto isElsewhere = [&](std::string_view field) {
        return !keys.effective() && std::ranges::contains(kept, field);
    };
    if (const auto* const basic = std::get_if<BasicAuth>(&client.auth)) {
        keys.set("basic_auth", basicValue(*basic, keys.style(), isElsewhere(keptPassword)));
    } else if (const auto* const bearer = std::get_if<BearerAuth>(&client.auth)) {
        keys.set("authorization", bearerValue(*bearer, keys.style(), isElsewhere(keptCredentials)));
    } else if (const auto* const oauth = std::get_if<OAuth2>(&client.auth)) {
        keys.set("oauth2", oauthValue(*oauth, keys.style(), isElsewhere(keptClientSecret)));
    }
    if (client.tls != TlsOptions()) {
        keys.set("tls_config", tlsValue(client.tls, keys.style()));
    }
    keys.boolean("follow_redirects", client.followRedirects, defaults.followRedirects);
    keys.boolean("enable_http2", client.http2, defaults.http2);
    writeProxy(keys, client.proxy);
    if (!client.headers.empty()) {
        keys.set("http_headers", headersValue(client.headers, keys.style(), isElsewhere));
    }
}

} // namespace watchfire::config
