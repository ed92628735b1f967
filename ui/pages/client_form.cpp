// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/client_form.h"

#include "core/config/client.h"
#include "ui/models/format.h"

#include <algorithm>

#include <QCoreApplication>
#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(watchfire::ui::ClientForm)
};

std::string trimmed(const QString& text)
{
    return text.trimmed().toStdString();
}

/// The alternative of that type, of `base` where it has it.
template <class T> T kept(const HttpAuth& base)
{
    const T* const there = std::get_if<T>(&base);
    return there != nullptr ? *there : T{};
}

/// A file given takes the place of what stands in the configuration itself.
void setFile(const QString& now, const QString& before, std::string& file, std::string& inlined)
{
    if (now != before) {
        file = trimmed(now);
        if (!file.empty()) {
            inlined.clear();
        }
    }
}

HttpAuth toAuth(const ClientForm& form, const ClientForm& before, const HttpAuth& base)
{
    switch (form.auth) {
    case ClientForm::Auth::none:
        break;
    case ClientForm::Auth::basic: {
        BasicAuth basic = kept<BasicAuth>(base);
        if (form.user != before.user) {
            basic.user = trimmed(form.user);
            basic.userFile.clear();
        }
        form.password.applyTo(basic.password, basic.passwordFile);
        return basic;
    }
    case ClientForm::Auth::bearer: {
        BearerAuth bearer = kept<BearerAuth>(base);
        if (form.tokenType != before.tokenType) {
            bearer.type = trimmed(form.tokenType);
        }
        form.token.applyTo(bearer.token, bearer.tokenFile);
        return bearer;
    }
    case ClientForm::Auth::oauth2: {
        OAuth2 oauth = kept<OAuth2>(base);
        if (form.clientId != before.clientId) {
            oauth.clientId = trimmed(form.clientId);
        }
        form.clientSecret.applyTo(oauth.clientSecret, oauth.clientSecretFile);
        if (form.tokenUrl != before.tokenUrl) {
            oauth.tokenUrl = trimmed(form.tokenUrl);
        }
        if (form.scopes != before.scopes) {
            oauth.scopes = readWords(form.scopes);
        }
        if (form.tokenParameters != before.tokenParameters) {
            oauth.endpointParams.clear();
            for (const auto& [name, values] : readQuery(form.tokenParameters)) {
                for (const std::string& value : values) {
                    oauth.endpointParams.emplace_back(name, value);
                }
            }
        }
        return oauth;
    }
    }
    return std::monostate();
}

std::vector<HttpHeaderSource> toHeaders(const std::vector<HeaderForm>& rows,
                                        const std::vector<HttpHeaderSource>& base)
{
    const std::vector<Secret> secrets = headerSecrets(base);
    std::vector<HttpHeaderSource> headers;
    for (const HeaderForm& row : rows) {
        const std::string name = trimmed(row.name);
        auto header = std::ranges::find(headers, name, &HttpHeaderSource::name);
        if (header == headers.end()) {
            headers.push_back({.name = name, .values = {}, .secrets = {}, .files = {}});
            header = std::prev(headers.end());
        }
        switch (row.kind) {
        case HeaderForm::Kind::value:
            header->values.push_back(row.text.toStdString());
            break;
        case HeaderForm::Kind::secret:
            header->secrets.push_back(row.text.isEmpty() && row.kept >= 0
                                          ? secrets[std::size_t(row.kept)]
                                          : Secret(row.text.toStdString()));
            break;
        case HeaderForm::Kind::file:
            header->files.push_back(trimmed(row.text));
            break;
        }
    }
    return headers;
}

QString headerFault(const HeaderForm& row)
{
    // Source: RFC 9110, section 5.6.2, token.
    static const QRegularExpression token(u"^[!#$%&'*+.^_`|~0-9A-Za-z-]+$"_s);
    const QString name = row.name.trimmed();
    if (!token.match(name).hasMatch()) {
        return name.isEmpty() ? Words::tr("A header needs a name.")
                              : Words::tr("“%1” cannot be the name of a header.").arg(name);
    }
    if (config::isReservedHeader(name.toStdString())) {
        return Words::tr("“%1” is set by the program itself.").arg(name);
    }
    switch (row.kind) {
    case HeaderForm::Kind::value:
        break;
    case HeaderForm::Kind::secret:
        return row.text.isEmpty() && row.kept < 0
            ? Words::tr("The secret header “%1” has no value.").arg(name)
            : QString();
    case HeaderForm::Kind::file:
        return pathFault(row.text);
    }
    return {};
}

void checkSecret(FieldFaults& faults, const QString& field, const SecretForm& form,
                 const Secret& kept, const QString& missing)
{
    if (form.isFile && !form.file.trimmed().isEmpty()) {
        if (const QString fault = pathFault(form.file); !fault.isEmpty()) {
            faults[field] = fault;
        }
    } else if (!form.isGiven(kept) && !missing.isEmpty()) {
        faults[field] = form.isFile ? Words::tr("Name the file.") : missing;
    }
}

void checkAuth(FieldFaults& faults, const ClientForm& form, const HttpAuth& base)
{
    switch (form.auth) {
    case ClientForm::Auth::none:
        break;
    case ClientForm::Auth::basic: {
        const auto basic = kept<BasicAuth>(base);
        if (form.user.trimmed().isEmpty() && basic.userFile.empty()) {
            faults[u"user"_s] = Words::tr("Basic authentication needs a user name.");
        }
        // An empty password is one.
        checkSecret(faults, u"password"_s, form.password, basic.password, {});
        break;
    }
    case ClientForm::Auth::bearer:
        checkSecret(faults, u"token"_s, form.token, kept<BearerAuth>(base).token,
                    Words::tr("Bearer authentication needs a token."));
        if (form.tokenType.trimmed().compare("basic"_L1, Qt::CaseInsensitive) == 0) {
            faults[u"tokenType"_s] = Words::tr("Choose basic authentication for that.");
        } else if (form.tokenType.trimmed().isEmpty()) {
            faults[u"tokenType"_s] = Words::tr("Usually “Bearer”.");
        }
        break;
    case ClientForm::Auth::oauth2:
        if (form.clientId.trimmed().isEmpty()) {
            faults[u"clientId"_s] = Words::tr("OAuth 2.0 needs a client id.");
        }
        checkSecret(faults, u"clientSecret"_s, form.clientSecret, kept<OAuth2>(base).clientSecret,
                    Words::tr("OAuth 2.0 needs the client's secret."));
        faults[u"tokenUrl"_s] = urlFault(form.tokenUrl);
        faults[u"tokenParameters"_s] = queryFault(form.tokenParameters);
        break;
    }
}

void checkTls(FieldFaults& faults, const ClientForm& form, const TlsOptions& base)
{
    for (const auto& [field, file] :
         {std::pair(u"caFile"_s, form.caFile), std::pair(u"certFile"_s, form.certFile),
          std::pair(u"keyFile"_s, form.keyFile)}) {
        if (!file.trimmed().isEmpty()) {
            faults[field] = pathFault(file);
        }
    }
    const bool hasCert = !form.certFile.trimmed().isEmpty() || !base.cert.empty();
    const bool hasKey = !form.keyFile.trimmed().isEmpty() || !base.key.empty();
    if (hasCert && !hasKey) {
        faults[u"keyFile"_s] = Words::tr("A client certificate needs its key.");
    } else if (hasKey && !hasCert) {
        faults[u"certFile"_s] = Words::tr("A key needs its client certificate.");
    }
    if (!base.maxVersion.empty() && base.maxVersion < form.minVersion.toStdString()) {
        faults[u"minVersion"_s]
            = Words::tr("Above the highest version, %1.").arg(fromUtf8(base.maxVersion));
    }
}

QString proxyFault(const QString& text)
{
    static const QRegularExpression form(u"^(https?|socks5h?)://[^\\s/]+/?$"_s);
    return form.match(text.trimmed()).hasMatch()
        ? QString()
        : Words::tr("Write http://host:port, https://… or socks5://….");
}

} // namespace

SecretForm SecretForm::of(const std::string& file)
{
    SecretForm form;
    form.isFile = !file.empty();
    form.file = fromUtf8(file);
    return form;
}

void SecretForm::applyTo(Secret& secret, std::string& kept) const
{
    if (isFile) {
        if (file != fromUtf8(kept)) {
            kept = trimmed(file);
        }
        secret = Secret();
        return;
    }
    kept.clear();
    if (!typed.isEmpty()) {
        secret = Secret(typed.toStdString());
    }
}

bool SecretForm::isGiven(const Secret& kept) const
{
    return isFile ? !file.trimmed().isEmpty() : !typed.isEmpty() || !kept.empty();
}

std::vector<Secret> headerSecrets(const std::vector<HttpHeaderSource>& headers)
{
    std::vector<Secret> secrets;
    for (const HttpHeaderSource& header : headers) {
        secrets.insert(secrets.end(), header.secrets.begin(), header.secrets.end());
    }
    return secrets;
}

ClientForm ClientForm::of(const HttpClientOptions& client)
{
    ClientForm form;
    if (const auto* const basic = std::get_if<BasicAuth>(&client.auth)) {
        form.auth = Auth::basic;
        form.user = fromUtf8(basic->user);
        form.password = SecretForm::of(basic->passwordFile);
    } else if (const auto* const bearer = std::get_if<BearerAuth>(&client.auth)) {
        form.auth = Auth::bearer;
        form.tokenType = fromUtf8(bearer->type);
        form.token = SecretForm::of(bearer->tokenFile);
    } else if (const auto* const oauth = std::get_if<OAuth2>(&client.auth)) {
        form.auth = Auth::oauth2;
        form.clientId = fromUtf8(oauth->clientId);
        form.clientSecret = SecretForm::of(oauth->clientSecretFile);
        form.tokenUrl = fromUtf8(oauth->tokenUrl);
        form.scopes = wordsText(oauth->scopes);
        std::vector<std::pair<std::string, std::vector<std::string>>> parameters;
        for (const auto& [name, value] : oauth->endpointParams) {
            parameters.push_back({name, {value}});
        }
        form.tokenParameters = queryText(parameters);
    }
    form.caFile = fromUtf8(client.tls.caFile);
    form.certFile = fromUtf8(client.tls.certFile);
    form.keyFile = fromUtf8(client.tls.keyFile);
    form.serverName = fromUtf8(client.tls.serverName);
    form.minVersion = fromUtf8(client.tls.minVersion);
    form.skipVerify = client.tls.skipVerify;
    form.proxy = client.proxy.fromEnvironment ? Proxy::environment
        : client.proxy.url.empty()            ? Proxy::none
                                              : Proxy::address;
    form.proxyUrl = fromUtf8(client.proxy.url);
    form.noProxy = fromUtf8(client.proxy.noProxy);
    int secrets = 0;
    for (const HttpHeaderSource& header : client.headers) {
        const QString name = fromUtf8(header.name);
        for (const std::string& value : header.values) {
            form.headers.push_back({name, HeaderForm::Kind::value, fromUtf8(value), -1});
        }
        for (std::size_t i = 0; i < header.secrets.size(); ++i) {
            form.headers.push_back({name, HeaderForm::Kind::secret, {}, secrets++});
        }
        for (const std::string& file : header.files) {
            form.headers.push_back({name, HeaderForm::Kind::file, fromUtf8(file), -1});
        }
    }
    form.followRedirects = client.followRedirects;
    form.http2 = client.http2;
    return form;
}

HttpClientOptions toClient(const ClientForm& form, const HttpClientOptions& base)
{
    const ClientForm before = ClientForm::of(base);
    HttpClientOptions client = base;
    client.auth = toAuth(form, before, base.auth);
    std::string key = base.tls.key.reveal();
    setFile(form.caFile, before.caFile, client.tls.caFile, client.tls.ca);
    setFile(form.certFile, before.certFile, client.tls.certFile, client.tls.cert);
    setFile(form.keyFile, before.keyFile, client.tls.keyFile, key);
    if (key.empty()) {
        client.tls.key = Secret();
    }
    if (form.serverName != before.serverName) {
        client.tls.serverName = trimmed(form.serverName);
    }
    client.tls.minVersion = form.minVersion.toStdString();
    client.tls.skipVerify = form.skipVerify;
    switch (form.proxy) {
    case ClientForm::Proxy::none:
        client.proxy = {};
        break;
    case ClientForm::Proxy::address:
        client.proxy.fromEnvironment = false;
        if (form.proxyUrl != before.proxyUrl) {
            client.proxy.url = trimmed(form.proxyUrl);
        }
        if (form.noProxy != before.noProxy) {
            client.proxy.noProxy = trimmed(form.noProxy);
        }
        break;
    case ClientForm::Proxy::environment:
        client.proxy.fromEnvironment = true;
        client.proxy.url.clear();
        client.proxy.noProxy.clear();
        break;
    }
    if (form.headers != before.headers) {
        client.headers = toHeaders(form.headers, base.headers);
    }
    client.followRedirects = form.followRedirects;
    client.http2 = form.http2;
    return client;
}

FieldFaults checkClient(const ClientForm& form, const HttpClientOptions& base)
{
    FieldFaults faults;
    checkAuth(faults, form, base.auth);
    checkTls(faults, form, base.tls);
    if (form.proxy == ClientForm::Proxy::address) {
        // An address that nobody changed may say more than the field would let one write.
        if (form.proxyUrl != fromUtf8(base.proxy.url) || base.proxy.url.empty()) {
            faults[u"proxyUrl"_s] = proxyFault(form.proxyUrl);
        }
    }
    for (std::size_t i = 0; i < form.headers.size(); ++i) {
        if (const QString fault = headerFault(form.headers[i]); !fault.isEmpty()) {
            faults[u"headers"_s] = Words::tr("Row %1: %2").arg(QString::number(i + 1), fault);
            break;
        }
    }
    std::erase_if(faults, [](const auto& fault) { return fault.second.isEmpty(); });
    return faults;
}

QString secretPlace(const SecretForm& form, const KeptSecret& kept)
{
    if (form.isFile) {
        return form.file.trimmed().isEmpty()
            ? QString()
            : Words::tr("Kept in: the file above, read anew for each request");
    }
    const auto name = [](SecretStore store) {
        switch (store) {
        case SecretStore::desktop:
            return Words::tr("the secrets of this desktop, in no configuration file");
        case SecretStore::alertmanager:
            return Words::tr("alertmanager.yml");
        case SecretStore::configuration:
            break;
        }
        return Words::tr("prometheus.yml");
    };
    if (!form.typed.isEmpty()) {
        return Words::tr("Will be kept in: %1").arg(name(kept.typed));
    }
    return kept.secret.empty() ? QString() : Words::tr("Kept in: %1").arg(name(kept.now));
}

} // namespace watchfire::ui
