// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/desktop/secret_stores.h"

#include "core/desktop/file_secrets.h"
#include "core/desktop/keyring_secrets.h"

#include <stop_token>
#include <system_error>
#include <utility>

#include <QDBusConnection>

namespace watchfire::desktop {

namespace {

/// The keyring, before which a file was used: what only the file has is read from there, and what
/// is written leaves it.
class KeyringOverFile final : public SecretStore {
public:
    KeyringOverFile(QString service, std::filesystem::path file)
        : m_file(std::move(file))
        , m_keyring(std::move(service))
    {
    }

    Ticket read(std::string key, Reply<Secret> reply) override
    {
        std::stop_source source;
        m_keyring
            .read(key,
                  [this, key, token = source.get_token(),
                   reply = std::move(reply)](Result<Secret> kept) mutable {
                      if (token.stop_requested()) {
                          return;
                      }
                      if (kept || kept.error().kind != ErrorKind::notFound) {
                          reply(std::move(kept));
                      } else {
                          m_file.read(key, unless(token, std::move(reply))).detach();
                      }
                  })
            .detach();
        return Ticket(std::move(source));
    }

    Ticket write(std::string key, Secret secret, Reply<void> reply) override
    {
        std::stop_source source;
        m_keyring
            .write(key, std::move(secret),
                   [this, key, token = source.get_token(),
                    reply = std::move(reply)](Result<void> kept) mutable {
                       if (kept) {
                           m_file.write(key, Secret(), unless(token, std::move(reply))).detach();
                       } else if (!token.stop_requested()) {
                           reply(std::move(kept));
                       }
                   })
            .detach();
        return Ticket(std::move(source));
    }

    std::string place() const override { return m_keyring.place(); }
    bool isProtected() const override { return true; }

private:
    template <class T> static Reply<T> unless(std::stop_token token, Reply<T> reply)
    {
        return [token = std::move(token), reply = std::move(reply)](Result<T> result) mutable {
            if (!token.stop_requested()) {
                reply(std::move(result));
            }
        };
    }

    FileSecrets m_file;
    KeyringSecrets m_keyring; ///< last: its replies use the file
};

} // namespace

std::unique_ptr<SecretStore> openSecrets(const QDBusConnection& bus, QString service,
                                         std::filesystem::path file)
{
    if (!KeyringSecrets::isThere(bus)) {
        return std::make_unique<FileSecrets>(std::move(file));
    }
    std::error_code error;
    if (std::filesystem::exists(file, error)) {
        return std::make_unique<KeyringOverFile>(std::move(service), std::move(file));
    }
    return std::make_unique<KeyringSecrets>(std::move(service));
}

} // namespace watchfire::desktop
