// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/executor.h"
#include "core/ports/secrets.h"

#include <filesystem>

namespace watchfire::desktop {

/// Secrets in a file that only its owner may read and that is not encrypted: for systems without
/// a keyring. Each change replaces the whole file, synced before it takes the old one's place.
/// Files are read and written on a thread of its own, one at a time.
///
/// A file that others may read is closed to them when it is met, and the log tells. One that
/// cannot be understood is left alone: reading and writing fail with corrupt. A secret that is not
/// UTF-8: invalid.
///
/// The file is JSON: {"version":1,"secrets":{KEY:SECRET,…}}. On disk: do not change.
class FileSecrets final : public SecretStore {
public:
    /// The folder must be there, the file need not.
    explicit FileSecrets(std::filesystem::path file);

    Ticket read(std::string key, Reply<Secret> reply) override;
    Ticket write(std::string key, Secret secret, Reply<void> reply) override;
    std::string place() const override;
    bool isProtected() const override { return false; }

private:
    std::filesystem::path m_file;
    ThreadPool m_thread; ///< last: its tasks use the path
};

} // namespace watchfire::desktop
