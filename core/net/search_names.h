// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace watchfire::net {

/// How the system completes short names of hosts.
struct SearchRules {
    std::vector<std::string> domains;
    /// A name with so many dots is tried as it is before it is completed.
    unsigned dots = 1;

    /// Of resolv.conf, as it is now.
    static SearchRules ofSystem();
};

/// The whole names that a name may stand for, the first to be asked for in front, without a final
/// dot. A name that ends with a dot stands for itself.
/// Source: resolv.conf(5), search and ndots.
std::vector<std::string> candidateNames(std::string_view name, const SearchRules& rules);

/// Whether it can be asked for at all: labels of 1 to 63 bytes, 253 in all.
/// Source: RFC 1035, section 2.3.4.
bool isAskable(std::string_view name);

} // namespace watchfire::net
