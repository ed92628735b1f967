// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/net/event_thread.h"
#include "core/ports/dns.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <utility>

#include <QHostAddress>

namespace watchfire::net {

/// Asks name servers through Qt. A name that does not exist has no records. Names are asked for
/// as they are: no search list is tried.
class QtDnsResolver final : public DnsResolver {
public:
    struct Options {
        /// Whom to ask; unset: the system's servers.
        std::optional<std::pair<QHostAddress, std::uint16_t>> server;
        std::chrono::milliseconds timeout{5'000};
    };

    QtDnsResolver();
    explicit QtDnsResolver(Options options);

    Ticket lookup(DnsType type, std::string name, Reply<std::vector<DnsRecord>> reply) override;

private:
    Options m_options;
    EventThread m_thread{"net-dns"};
};

} // namespace watchfire::net
