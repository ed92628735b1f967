// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/base/ticket.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace watchfire {

/// A service that announces itself on the local network.
struct MdnsService {
    std::string name; ///< for people: "Attic"
    std::string host; ///< "attic.local"
    std::vector<std::string> addresses; ///< of the host
    std::uint16_t port = 0;
    std::vector<std::pair<std::string, std::string>> texts; ///< key and value of TXT records
    friend bool operator==(const MdnsService&, const MdnsService&) = default;
};

/// Looks for announced services. Source: RFC 6762 and 6763.
struct MdnsBrowser {
    virtual ~MdnsBrowser() = default;
    /// Those of a type such as "_prometheus-http._tcp" that answer within a few seconds, sorted by
    /// name. Errors: unavailable (nobody on this machine speaks mDNS).
    virtual Ticket browse(std::string service, Reply<std::vector<MdnsService>> reply) = 0;
};

} // namespace watchfire
