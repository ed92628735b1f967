// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/net/search_names.h"
#include "core/ports/dns.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace watchfire::net {

struct DnsOptions {
    std::chrono::milliseconds timeout{10'000}; ///< of a lookup with all the names it tries
    std::string nameserver{}; ///< an address; empty: the system's
    std::uint16_t port = 53; ///< of that server
    std::function<SearchRules()> search = &SearchRules::ofSystem; ///< asked for each lookup
};

/// Asks name servers with Qt's QDnsLookup on a thread of its own. Short names are completed as
/// the system completes them: the first completion that has records answers. When one of them
/// could not be asked and no other has records, that is the error, since it might have had some.
///
/// Qt asks for five names at a time; what waits behind slow ones ends at its timeout. Needs a
/// QCoreApplication.
class QtDnsResolver final : public DnsResolver {
public:
    explicit QtDnsResolver(DnsOptions options = {});
    /// Ends all lookups without replies.
    ~QtDnsResolver() override;
    QtDnsResolver(const QtDnsResolver&) = delete;
    QtDnsResolver& operator=(const QtDnsResolver&) = delete;

    Ticket lookup(DnsType type, std::string name, Reply<std::vector<DnsRecord>> reply) override;

private:
    class Desk;
    std::unique_ptr<Desk> m_desk;
};

} // namespace watchfire::net
