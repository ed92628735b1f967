// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/base/ticket.h"
#include "core/model/secret.h"

#include <string>

namespace watchfire {

/// Keeps secrets for this user. From any thread; replies come on a thread of the store's.
/// Errors: unavailable (no secret service, or it is locked), notFound, io.
struct SecretStore {
    virtual ~SecretStore() = default;
    virtual Ticket read(std::string key, Reply<Secret> reply) = 0;
    /// An empty secret removes what is kept.
    virtual Ticket write(std::string key, Secret secret, Reply<void> reply) = 0;
    /// Where secrets go, as people call it: "the desktop's keyring", "a file that others who can
    /// read your files can read".
    virtual std::string place() const = 0;
    virtual bool isProtected() const = 0; ///< whether they are encrypted at rest
};

} // namespace watchfire
