// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ports/http.h"
#include "ui/pages/form_text.h"

#include <string>
#include <vector>

#include <QString>

/// How a job or a discovery talks HTTP, as fields: who we are, whom we believe, through whom we
/// go. Apart from the dialog, so that each rule has its test.
namespace watchfire::ui {

/// A secret is typed, or read from a file by the engine. What is kept is never shown: an empty
/// field keeps it.
struct SecretForm {
    bool isFile = false;
    QString typed; ///< empty: the one there is
    QString file;

    static SecretForm of(const std::string& file);
    void applyTo(Secret& secret, std::string& file) const;
    /// There is one, or will be.
    bool isGiven(const Secret& kept) const;
    friend bool operator==(const SecretForm&, const SecretForm&) = default;
};

/// One value of one header.
struct HeaderForm {
    enum class Kind { value, secret, file };

    QString name;
    Kind kind = Kind::value;
    QString text; ///< of a secret: empty keeps the one there is
    /// Which secret of the headers it was, counted over all of them; −1: none yet.
    int kept = -1;
    friend bool operator==(const HeaderForm&, const HeaderForm&) = default;
};

struct ClientForm {
    enum class Auth { none, basic, bearer, oauth2 };
    enum class Proxy { none, address, environment };

    Auth auth = Auth::none;
    QString user;
    SecretForm password;
    QString tokenType = QStringLiteral("Bearer");
    SecretForm token;
    QString clientId;
    SecretForm clientSecret;
    QString tokenUrl;
    QString scopes; ///< words
    QString tokenParameters; ///< as in a URL
    QString caFile;
    QString certFile;
    QString keyFile;
    QString serverName;
    QString minVersion; ///< TLS10 … TLS13; empty: the library's
    bool skipVerify = false;
    Proxy proxy = Proxy::none;
    QString proxyUrl;
    QString noProxy;
    std::vector<HeaderForm> headers;
    bool followRedirects = true;
    bool http2 = true;

    static ClientForm of(const HttpClientOptions& client);
    friend bool operator==(const ClientForm&, const ClientForm&) = default;
};

/// What the fields describe: what they do not speak of, or nobody changed, is as in `base`.
HttpClientOptions toClient(const ClientForm& form, const HttpClientOptions& base);

/// By the names of the fields: user, password, token, clientId, clientSecret, tokenUrl,
/// tokenParameters, caFile, certFile, keyFile, minVersion, proxyUrl, headers.
FieldFaults checkClient(const ClientForm& form, const HttpClientOptions& base);

/// Where a secret lies.
enum class SecretStore { configuration, desktop, alertmanager };
/// What there is of a secret already, and where it and a typed one are kept.
struct KeptSecret {
    Secret secret; ///< empty: none
    SecretStore now = SecretStore::configuration;
    SecretStore typed = SecretStore::configuration;
};
/// Where the secret is kept now, or will be; empty: there is none.
QString secretPlace(const SecretForm& form, const KeptSecret& kept);

/// The secrets of the headers in their order.
std::vector<Secret> headerSecrets(const std::vector<HttpHeaderSource>& headers);

} // namespace watchfire::ui
