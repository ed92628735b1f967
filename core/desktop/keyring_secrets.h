// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ports/secrets.h"

#include <chrono>
#include <memory>

#include <QString>

class QDBusConnection;

namespace watchfire::desktop {

/// Secrets in the desktop's keyring, by QtKeychain: the Secret Service (GNOME Keyring, KeePassXC,
/// KWallet 6) through libsecret, or KWallet. They are encrypted at rest. A locked keyring asks the
/// person for its password; nobody there to answer, or no keyring after all, is unavailable.
///
/// One at a time in a process: QtKeychain's queue belongs to the thread that used it first.
class KeyringSecrets final : public SecretStore {
public:
    /// `service`: under which name the secrets stand in the keyring. `patience`: for the keyring
    /// and the person before it.
    explicit KeyringSecrets(QString service,
                            std::chrono::milliseconds patience = std::chrono::minutes(2));
    /// Ends what is under way without replies.
    ~KeyringSecrets() override;
    KeyringSecrets(const KeyringSecrets&) = delete;
    KeyringSecrets& operator=(const KeyringSecrets&) = delete;

    /// Whether a keyring can be used: its service answers on the session's bus, or is started by
    /// it, and QtKeychain finds what it needs to speak to it. Asks the bus only, for a second at
    /// most.
    static bool isThere(const QDBusConnection& bus);

    Ticket read(std::string key, Reply<Secret> reply) override;
    Ticket write(std::string key, Secret secret, Reply<void> reply) override;
    std::string place() const override;
    bool isProtected() const override { return true; }

private:
    class Desk;
    QString m_service;
    std::unique_ptr<Desk> m_desk;
};

} // namespace watchfire::desktop
