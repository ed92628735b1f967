// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/client_form.h"
#include "ui/pages/form_fields.h"

#include <QWidget>

class QCheckBox;
class QComboBox;
class QLineEdit;

namespace watchfire::ui {

class SecretEdit;
class TextTable;

/// Everything about how requests are made: who we are, whom we believe, through whom we go, what
/// headers we add. Of a job, or of one of its sources.
class ClientPanel final : public QWidget {
    Q_OBJECT

public:
    /// `prefix` begins the object names: "job.dialog.". `typed`: where secrets of sign-in go that
    /// are typed here.
    ClientPanel(const QString& prefix, SecretStore typed, QWidget* parent = nullptr);

    /// `onDesktop`: which of its secrets lie with the desktop's (core/config/secrets.h).
    void fill(const ClientForm& form, const HttpClientOptions& kept,
              const std::vector<std::string>& onDesktop = {});
    ClientForm form() const;
    void showFaults(const FieldFaults& faults, bool all);
    QWidget* firstFault(const FieldFaults& faults) const { return m_notes.firstOf(faults); }
    void forgetTouches() { m_notes.forgetTouches(); }

signals:
    void edited();

private:
    void buildAuth(TwoColumns& form);
    void buildTls(TwoColumns& form);
    void buildProxy(TwoColumns& form);
    QWidget* buildHeaders();
    QLineEdit* edit(const QString& name, const QString& accessibleName,
                    const QString& placeholder = {});
    SecretEdit* secret(const QString& name, const QString& accessibleName);
    QComboBox* choice(const QString& name, const QString& accessibleName, const QStringList& words,
                      const QStringList& values = {});
    QCheckBox* flag(const QString& name, const QString& text);
    FieldNote* note(const QString& name, QWidget* field);
    /// Shows what the choices made have a use for.
    void showUsed();
    void change(const QWidget* field);

    QString m_prefix;
    SecretStore m_typed;
    FieldNotes m_notes;
    QComboBox* m_auth;
    QList<QList<QWidget*>> m_authFields; ///< by choice
    QLineEdit* m_user;
    SecretEdit* m_password;
    QLineEdit* m_tokenType;
    SecretEdit* m_token;
    QLineEdit* m_clientId;
    SecretEdit* m_clientSecret;
    QLineEdit* m_tokenUrl;
    QLineEdit* m_scopes;
    QLineEdit* m_tokenParameters;
    QLineEdit* m_caFile;
    QLineEdit* m_certFile;
    QLineEdit* m_keyFile;
    QLineEdit* m_serverName;
    QComboBox* m_minVersion;
    QCheckBox* m_skipVerify;
    FieldNote* m_unsafe;
    QComboBox* m_proxy;
    QList<QWidget*> m_proxyFields;
    QLineEdit* m_proxyUrl;
    QLineEdit* m_noProxy;
    QCheckBox* m_followRedirects;
    QCheckBox* m_http2;
    TextTable* m_headers;
};

} // namespace watchfire::ui
