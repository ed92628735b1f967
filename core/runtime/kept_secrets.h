// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/secrets.h"
#include "core/ports/secrets.h"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace watchfire::runtime {

/// Fetches and stores the secrets that lie in no file. What was fetched once is remembered, so
/// that a locked keyring asks its user once. From any thread.
class KeptSecrets {
public:
    /// `store` must outlive this; nullptr: there is none, and every secret is missing.
    explicit KeptSecrets(SecretStore* store);
    /// No `late` is called any more once it returns.
    ~KeptSecrets();
    KeptSecrets(const KeptSecrets&) = delete;
    KeptSecrets& operator=(const KeptSecrets&) = delete;

    /// The configuration with what could be had within that time. `late` is called, on a thread
    /// of the store's, for each secret that comes after it; it is remembered by then. It must
    /// not call this object.
    config::WithSecrets fill(config::Config config, std::chrono::milliseconds patience,
                             std::function<void()> late);
    /// Stores values by key; an empty one removes. Waits as long as the store takes, but no
    /// longer than that. Fails with what the store said, naming the key.
    Result<void> store(const std::vector<std::pair<std::string, Secret>>& changes,
                       std::chrono::milliseconds patience);

private:
    struct Shared;

    SecretStore* m_store;
    std::shared_ptr<Shared> m_shared;
};

} // namespace watchfire::runtime
