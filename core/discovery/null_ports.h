// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ports/dns.h"
#include "core/ports/watch.h"

namespace watchfire::discovery {

/// For programs without name servers: no name can be looked up.
struct NullDns final : DnsResolver {
    Ticket lookup(DnsType /*type*/, std::string /*name*/,
                  Reply<std::vector<DnsRecord>> reply) override
    {
        reply(fail(ErrorKind::unavailable, "there are no name servers here"));
        return {};
    }
};

/// For programs that watch no files: nothing ever changes.
struct NullWatcher final : FileWatcher {
    Subscription watch(std::vector<std::string> /*paths*/,
                       std::function<void()> /*changed*/) override
    {
        return {};
    }
};

} // namespace watchfire::discovery
