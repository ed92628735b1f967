// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ports/secrets.h"

#include <mutex>

#include <QString>

namespace watchfire::desktop {

/// Keeps secrets in a file that only its owner may read: for a desktop without a secret service.
/// They lie there as they are. From any thread; replies come before a call returns.
class FileSecrets final : public SecretStore {
public:
    /// The file need not be there; its folder must.
    explicit FileSecrets(QString file);

    Ticket read(std::string key, Reply<Secret> reply) override;
    Ticket write(std::string key, Secret secret, Reply<void> reply) override;
    std::string place() const override;
    bool isProtected() const override { return false; }

private:
    Result<Secret> readNow(const std::string& key);
    Result<void> writeNow(const std::string& key, const Secret& secret);

    QString m_file;
    std::mutex m_mutex; ///< of the file
};

} // namespace watchfire::desktop
