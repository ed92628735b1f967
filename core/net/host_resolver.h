// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace watchfire::net {

/// Addresses of a host, as text, the one to try first in front.
using Addresses = std::vector<std::string>;

/// Turns names of hosts into addresses as every program of the system does, /etc/hosts included.
/// That blocks, so it happens on a few threads of its own: libcurl would start one for each
/// request, and a name server that is away would gather thousands. What is known is kept for a
/// minute; requests for a name that is being asked for wait for the same answer.
///
/// Threads that are within the system's resolver when this object goes are left to end alone.
class HostResolver {
public:
    using Lookup = std::function<Result<Addresses>(const std::string& host)>;
    using Done = std::move_only_function<void(const Result<Addresses>&)>;

    /// `lookup` asks the system where none is given.
    explicit HostResolver(std::size_t threads, Lookup lookup = {});
    ~HostResolver();
    HostResolver(const HostResolver&) = delete;
    HostResolver& operator=(const HostResolver&) = delete;

    /// Whether there is anything to ask: a name, not an address nor this machine's own name.
    static bool isName(const std::string& host);
    /// Addresses that are known and not too old.
    std::optional<Addresses> known(const std::string& host) const;
    /// `done` is called on a thread of the resolver's, unless the resolver goes before. Errors:
    /// unavailable, with the system's reason.
    void resolve(const std::string& host, Done done);

private:
    struct Shared;
    std::shared_ptr<Shared> m_shared;
};

} // namespace watchfire::net
