// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ports/secrets.h"

#include <filesystem>
#include <memory>

#include <QString>

class QDBusConnection;

namespace watchfire::desktop {

/// The keyring where one answers on the session's bus, else a file of that name. What the file
/// holds is read also where there is a keyring, and leaves it when it is written again. Decided
/// once: a keyring that starts later is used from the next start of the program on.
///
/// `service`: the name in the keyring.
std::unique_ptr<SecretStore> openSecrets(const QDBusConnection& bus, QString service,
                                         std::filesystem::path file);

} // namespace watchfire::desktop
