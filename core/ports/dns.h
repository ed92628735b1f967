// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/base/ticket.h"

#include <cstdint>
#include <string>
#include <vector>

namespace watchfire {

enum class DnsType : std::uint8_t { a, aaaa, srv, mx, ns };

/// What a name server said of a name.
struct DnsRecord {
    std::string target; ///< an address for a and aaaa, else a host name without the final dot
    std::uint16_t port = 0; ///< of srv
    friend bool operator==(const DnsRecord&, const DnsRecord&) = default;
};

/// Asks the system's name servers; the reply comes on a thread of the resolver's. A name
/// without records of that type is an empty list. Errors: unavailable, timeout, invalid (name).
struct DnsResolver {
    virtual ~DnsResolver() = default;
    virtual Ticket lookup(DnsType type, std::string name, Reply<std::vector<DnsRecord>> reply) = 0;
};

} // namespace watchfire
