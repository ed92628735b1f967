// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ports/secrets.h"

#include <filesystem>
#include <memory>

class QDBusConnection;

namespace watchfire::desktop {

/// The keyring where one answers on the session's bus, else a file of that name. Decided once: a
/// keyring that starts later is used from the next start of the program on.
std::unique_ptr<SecretStore> openSecrets(const QDBusConnection& bus, std::filesystem::path file);

} // namespace watchfire::desktop
