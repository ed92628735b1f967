// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/client_panel.h"

#include "core/config/secrets.h"
#include "ui/pages/secret_edit.h"
#include "ui/pages/text_table.h"
#include "ui/pages/widgets.h"

#include <algorithm>

#include <QCheckBox>
#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QTableView>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace watchfire::ui {

namespace {

/// The three kinds of a header's value, in the order of HeaderForm::Kind.
QStringList headerKinds()
{
    return {ClientPanel::tr("value"), ClientPanel::tr("secret"), ClientPanel::tr("in a file")};
}

QLabel* sectionTitle(const QString& text, QWidget* parent)
{
    QLabel* const label = plainLabel(text, parent);
    QFont bold = label->font();
    bold.setBold(true);
    label->setFont(bold);
    label->setContentsMargins(0, 4, 0, 0);
    return label;
}

} // namespace

ClientPanel::ClientPanel(const QString& prefix, SecretStore typed, QWidget* parent)
    : QWidget(parent)
    , m_prefix(prefix)
    , m_typed(typed)
{
    TwoColumns form(this);
    form.grid()->setContentsMargins(12, 12, 12, 12);
    form.addBelow(sectionTitle(tr("Sign-in"), this));
    buildAuth(form);
    form.addBelow(sectionTitle(tr("Certificates"), this));
    buildTls(form);
    form.addBelow(sectionTitle(tr("Connection"), this));
    buildProxy(form);
    form.addBelow(sectionTitle(tr("Headers"), this));
    form.addBelow(buildHeaders());
    form.grid()->setRowStretch(form.grid()->rowCount(), 1);
    showUsed();
}

QLineEdit* ClientPanel::edit(const QString& name, const QString& accessibleName,
                             const QString& placeholder)
{
    QLineEdit* const made = lineEdit(m_prefix + name, accessibleName, this);
    made->setPlaceholderText(placeholder);
    connect(made, &QLineEdit::textEdited, this, [this, made] { change(made); });
    return made;
}

SecretEdit* ClientPanel::secret(const QString& name, const QString& accessibleName)
{
    auto* const made = new SecretEdit(m_prefix + name, accessibleName, this);
    connect(made, &SecretEdit::edited, this, [this, made] { change(made); });
    return made;
}

QComboBox* ClientPanel::choice(const QString& name, const QString& accessibleName,
                               const QStringList& words, const QStringList& values)
{
    QComboBox* const made = choiceBox(m_prefix + name, accessibleName, words, values, this);
    connect(made, &QComboBox::currentIndexChanged, this, [this, made] {
        showUsed();
        change(made);
    });
    return made;
}

QCheckBox* ClientPanel::flag(const QString& name, const QString& text)
{
    QCheckBox* const made = checkBox(m_prefix + name, text, this);
    connect(made, &QCheckBox::toggled, this, [this, made] {
        showUsed();
        change(made);
    });
    return made;
}

FieldNote* ClientPanel::note(const QString& name, QWidget* field)
{
    return m_notes.add(name, field, m_prefix + name, this);
}

void ClientPanel::change(const QWidget* field)
{
    m_notes.touch(field);
    emit edited();
}

void ClientPanel::buildAuth(TwoColumns& form)
{
    m_auth = choice(u"auth"_s, tr("Authentication"),
                    {tr("None"), tr("Basic: user and password"), tr("Bearer token"),
                     tr("OAuth 2.0: client credentials")});
    m_user = edit(u"user"_s, tr("User"));
    m_password = secret(u"password"_s, tr("Password"));
    m_tokenType = edit(u"tokenType"_s, tr("Word before the token"));
    m_token = secret(u"token"_s, tr("Token"));
    m_clientId = edit(u"clientId"_s, tr("Client id"));
    m_clientSecret = secret(u"clientSecret"_s, tr("Client secret"));
    m_tokenUrl = edit(u"tokenUrl"_s, tr("Address that gives tokens"),
                      u"https://id.example.org/oauth/token"_s);
    m_scopes = edit(u"scopes"_s, tr("Scopes"), tr("none"));
    m_tokenParameters = edit(u"tokenParameters"_s, tr("Parameters of the token's request"),
                             u"audience=metrics"_s);

    form.addWide(tr("&Authentication"), m_auth);
    m_authFields.resize(4);
    QList<QWidget*>& basic = m_authFields[1];
    basic += form.add(tr("User"), m_user, note(u"user"_s, m_user));
    basic += form.add(tr("Password"), m_password, note(u"password"_s, m_password));
    QList<QWidget*>& bearer = m_authFields[2];
    bearer += form.add(tr("Type"), m_tokenType, note(u"tokenType"_s, m_tokenType));
    bearer += form.add(tr("Token"), m_token, note(u"token"_s, m_token));
    QList<QWidget*>& oauth = m_authFields[3];
    oauth += form.add(tr("Client id"), m_clientId, note(u"clientId"_s, m_clientId));
    oauth += form.add(tr("Client secret"), m_clientSecret, note(u"clientSecret"_s, m_clientSecret));
    oauth += form.add(tr("Token address"), m_tokenUrl, note(u"tokenUrl"_s, m_tokenUrl));
    oauth += form.add(tr("Scopes"), m_scopes);
    oauth += form.addWide(tr("Parameters"), m_tokenParameters,
                          note(u"tokenParameters"_s, m_tokenParameters));
}

void ClientPanel::buildTls(TwoColumns& form)
{
    m_caFile = edit(u"caFile"_s, tr("File with the certificate authority"), tr("the system's"));
    m_serverName = edit(u"serverName"_s, tr("Name the server's certificate must have"),
                        tr("the host asked"));
    m_certFile = edit(u"certFile"_s, tr("File with the client certificate"), tr("none"));
    m_keyFile = edit(u"keyFile"_s, tr("File with the key of the client certificate"), tr("none"));
    m_minVersion
        = choice(u"minVersion"_s, tr("Least TLS version"),
                 {tr("The library's"), u"TLS 1.0"_s, u"TLS 1.1"_s, u"TLS 1.2"_s, u"TLS 1.3"_s},
                 {QString(), u"TLS10"_s, u"TLS11"_s, u"TLS12"_s, u"TLS13"_s});
    m_skipVerify = flag(u"skipVerify"_s, tr("Accept any certificate"));
    m_unsafe = new FieldNote((m_prefix + u"unsafe"_s).toLatin1().constData(), this);

    form.add(tr("CA file"), m_caFile, note(u"caFile"_s, m_caFile));
    form.add(tr("Server name"), m_serverName);
    form.add(tr("Certificate"), m_certFile, note(u"certFile"_s, m_certFile));
    form.add(tr("Key"), m_keyFile, note(u"keyFile"_s, m_keyFile));
    form.add(tr("At least"), m_minVersion, note(u"minVersion"_s, m_minVersion));
    form.addBare(m_skipVerify);
    form.addWide({}, m_unsafe);
}

void ClientPanel::buildProxy(TwoColumns& form)
{
    m_proxy = choice(u"proxy"_s, tr("Proxy"),
                     {tr("None"), tr("This address"), tr("From the environment (HTTP_PROXY, …)")});
    m_proxyUrl = edit(u"proxyUrl"_s, tr("Address of the proxy"), u"http://proxy:3128"_s);
    m_noProxy
        = edit(u"noProxy"_s, tr("Hosts reached without the proxy"), u"localhost, 10.0.0.0/8"_s);
    m_followRedirects = flag(u"followRedirects"_s, tr("Follow redirects"));
    m_http2 = flag(u"http2"_s, tr("HTTP/2 where the server has it"));

    form.addWide(tr("Proxy"), m_proxy);
    m_proxyFields += form.add(tr("Address"), m_proxyUrl, note(u"proxyUrl"_s, m_proxyUrl));
    m_proxyFields += form.add(tr("Without it"), m_noProxy);
    form.addBare(m_followRedirects);
    form.addBare(m_http2);
}

QWidget* ClientPanel::buildHeaders()
{
    auto* const box = new QWidget(this);
    m_headers = new TextTable(
        (m_prefix + u"headers"_s).toLatin1().constData(),
        {tr("Headers added to each request"), tr("header"),
         tr("No headers are added to those of the program itself.")},
        {{tr("Name"), tr("The name of the header"), {}, 200},
         {tr("Kind"), tr("Written here, written here and never shown, or read from a file"),
          headerKinds(), 110},
         {tr("Value"), tr("The value, or the file it stands in"), {}, 0}},
        {QString(), headerKinds().front(), QString()}, false, this);
    m_headers->model().setSecret([secret = headerKinds()[1]](const TableRow& row, int column) {
        return column == 2 && row.cells[1] == secret;
    });
    auto* const column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(2);
    column->addWidget(m_headers);
    column->addWidget(note(u"headers"_s, m_headers));
    connect(m_headers, &TextTable::edited, this, [this] { change(m_headers); });
    return box;
}

void ClientPanel::showUsed()
{
    for (qsizetype i = 0; i < m_authFields.size(); ++i) {
        for (QWidget* const each : m_authFields[i]) {
            each->setVisible(i == m_auth->currentIndex());
        }
    }
    for (QWidget* const each : m_proxyFields) {
        each->setVisible(m_proxy->currentIndex() == int(ClientForm::Proxy::address));
    }
    m_unsafe->setHint(m_skipVerify->isChecked()
                          ? tr("Whoever sits between here and the target can read passwords and "
                               "forge samples. Better name the CA file.")
                          : QString());
}

void ClientPanel::fill(const ClientForm& form, const HttpClientOptions& kept,
                       const std::vector<std::string>& onDesktop)
{
    const QSignalBlocker blocker(this);
    const auto secretOf = [&]<class T>(Secret T::* member, std::string_view field) {
        const T* const auth = std::get_if<T>(&kept.auth);
        return KeptSecret{auth != nullptr ? auth->*member : Secret(),
                          std::ranges::contains(onDesktop, field) ? SecretStore::desktop
                                                                  : SecretStore::configuration,
                          m_typed};
    };
    m_auth->setCurrentIndex(int(form.auth));
    m_user->setText(form.user);
    m_password->fill(form.password, secretOf(&BasicAuth::password, config::keptPassword));
    m_tokenType->setText(form.tokenType);
    m_token->fill(form.token, secretOf(&BearerAuth::token, config::keptCredentials));
    m_clientId->setText(form.clientId);
    m_clientSecret->fill(form.clientSecret,
                         secretOf(&OAuth2::clientSecret, config::keptClientSecret));
    m_tokenUrl->setText(form.tokenUrl);
    m_scopes->setText(form.scopes);
    m_tokenParameters->setText(form.tokenParameters);
    m_caFile->setText(form.caFile);
    m_certFile->setText(form.certFile);
    m_keyFile->setText(form.keyFile);
    const auto inlined = [](QLineEdit* edit, bool is, const QString& otherwise) {
        edit->setPlaceholderText(is ? tr("written in the configuration") : otherwise);
    };
    inlined(m_caFile, !kept.tls.ca.empty(), tr("the system's"));
    inlined(m_certFile, !kept.tls.cert.empty(), tr("none"));
    inlined(m_keyFile, !kept.tls.key.empty(), tr("none"));
    m_serverName->setText(form.serverName);
    setChoice(m_minVersion, form.minVersion);
    m_skipVerify->setChecked(form.skipVerify);
    m_proxy->setCurrentIndex(int(form.proxy));
    m_proxyUrl->setText(form.proxyUrl);
    m_noProxy->setText(form.noProxy);
    m_followRedirects->setChecked(form.followRedirects);
    m_http2->setChecked(form.http2);
    std::vector<TableRow> rows;
    for (const HeaderForm& header : form.headers) {
        rows.push_back(
            {{header.name, headerKinds()[qsizetype(header.kind)], header.text}, header.kept});
    }
    m_headers->model().setRows(std::move(rows));
    showUsed();
}

ClientForm ClientPanel::form() const
{
    ClientForm form;
    form.auth = ClientForm::Auth(m_auth->currentIndex());
    form.user = m_user->text();
    form.password = m_password->form();
    form.tokenType = m_tokenType->text();
    form.token = m_token->form();
    form.clientId = m_clientId->text();
    form.clientSecret = m_clientSecret->form();
    form.tokenUrl = m_tokenUrl->text();
    form.scopes = m_scopes->text();
    form.tokenParameters = m_tokenParameters->text();
    form.caFile = m_caFile->text();
    form.certFile = m_certFile->text();
    form.keyFile = m_keyFile->text();
    form.serverName = m_serverName->text();
    form.minVersion = choiceOf(m_minVersion);
    form.skipVerify = m_skipVerify->isChecked();
    form.proxy = ClientForm::Proxy(m_proxy->currentIndex());
    form.proxyUrl = m_proxyUrl->text();
    form.noProxy = m_noProxy->text();
    form.followRedirects = m_followRedirects->isChecked();
    form.http2 = m_http2->isChecked();
    for (const TableRow& row : m_headers->model().rows()) {
        const auto kind
            = HeaderForm::Kind(std::max<qsizetype>(0, headerKinds().indexOf(row.cells[1])));
        form.headers.push_back({row.cells[0], kind, row.cells[2], row.tag});
    }
    return form;
}

void ClientPanel::showFaults(const FieldFaults& faults, bool all)
{
    m_notes.show(faults, all);
}

} // namespace watchfire::ui
