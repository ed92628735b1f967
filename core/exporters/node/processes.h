// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/exporters/node/source.h"

#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <unordered_map>

namespace watchfire::exporters::node {

/// The programs that use the most processor time and memory, processes of one command name
/// together, under the names process exporter uses. Bounded: ten by each measure, and a group
/// once shown stays for ten minutes, so that its line does not flicker. Remembers what it saw,
/// so that a counter goes on when a process ends.
class Processes {
public:
    bool collect(const Source& source, Sink& sink, std::int64_t nowSeconds);

private:
    struct Seen {
        std::uint64_t startedAt = 0; ///< in ticks since boot: tells a reused number apart
        double user = 0;
        double system = 0;
        std::uint64_t round = 0;
    };
    struct Group {
        double user = 0; ///< seconds, of all processes that ever were
        double system = 0;
        double recent = 0; ///< processor seconds, fading
        double resident = 0;
        double virtualBytes = 0;
        double processes = 0;
        double threads = 0;
        std::int64_t shownUntil = std::numeric_limits<std::int64_t>::min();
    };

    void readOne(const Source& source, const std::string& pid);

    std::uint64_t m_round = 0;
    std::unordered_map<std::uint64_t, Seen> m_seen; ///< by process id
    std::map<std::string, Group> m_groups; ///< by command name
};

} // namespace watchfire::exporters::node
