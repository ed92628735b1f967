// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/bytes.h"
#include "core/base/result.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace watchfire::storage {

/// Small durable values of the engines (alerts, silences, notification log), by domain and
/// key. A put is durable once the call returns. From any thread.
class StateStore {
public:
    virtual ~StateStore() = default;
    virtual Result<void> put(std::string_view domain, std::string_view key, ByteView value) = 0;
    /// Several values of a domain, durable together once the call returns. The first failure, if
    /// any; the others may be there then.
    virtual Result<void> putAll(std::string_view domain,
                                const std::vector<std::pair<std::string, Bytes>>& values)
    {
        Result<void> outcome;
        for (const auto& [key, value] : values) {
            if (auto kept = put(domain, key, value); !kept && outcome) {
                outcome = std::move(kept);
            }
        }
        return outcome;
    }
    virtual Result<void> remove(std::string_view domain, std::string_view key) = 0;
    virtual Result<std::optional<Bytes>> get(std::string_view domain, std::string_view key) = 0;
    /// All of a domain, sorted by key.
    virtual Result<std::vector<std::pair<std::string, Bytes>>> list(std::string_view domain) = 0;
};

} // namespace watchfire::storage
