// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/base/ticket.h"

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace watchfire {

/// A service that a machine of the local network announces.
struct MdnsService {
    std::string name; ///< as people read it: "node exporter on db1"
    std::string domain; ///< "local"
    std::string host; ///< "db1.local"
    std::vector<std::string> addresses; ///< in figures, each once
    std::uint16_t port = 0;
    std::vector<std::pair<std::string, std::string>> txt; ///< of its TXT record, in order
    friend bool operator==(const MdnsService&, const MdnsService&) = default;
};

/// Looks around in the local network.
/// Source: RFC 6762, RFC 6763.
struct MdnsBrowser {
    virtual ~MdnsBrowser() = default;
    /// Who announces a service, "_prometheus-http._tcp": those that answered within the duration,
    /// sooner when all seem to have answered; sorted by name. From any thread; the reply comes on
    /// a thread of the browser's. Errors: unavailable (nobody on this machine who browses),
    /// invalid (no name of a service).
    virtual Ticket browse(std::string service, std::chrono::milliseconds duration,
                          Reply<std::vector<MdnsService>> reply)
        = 0;
};

} // namespace watchfire
