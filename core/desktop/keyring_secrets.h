// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ports/secrets.h"

#include <QObject>
#include <QString>
#include <QThread>

namespace watchfire::desktop {

/// Keeps secrets in the desktop's secret service. Its user may be asked to unlock that, so
/// answers can take as long as people do; they come on a thread of this object's, and never
/// after its destructor.
class KeyringSecrets final : public SecretStore {
public:
    /// `service`: under which name the secrets stand in the keyring.
    explicit KeyringSecrets(QString service);
    ~KeyringSecrets() override;
    KeyringSecrets(const KeyringSecrets&) = delete;
    KeyringSecrets& operator=(const KeyringSecrets&) = delete;

    /// Whether a secret service answers, or could be started. Asks the session bus; does not
    /// unlock anything.
    static bool isAvailable();

    Ticket read(std::string key, Reply<Secret> reply) override;
    Ticket write(std::string key, Secret secret, Reply<void> reply) override;
    std::string place() const override { return "the desktop's keyring"; }
    bool isProtected() const override { return true; }

private:
    QString m_service;
    QThread m_thread; ///< with the event loop that the keyring's jobs need
    QObject* m_context; ///< lives there; the jobs' parent
};

} // namespace watchfire::desktop
