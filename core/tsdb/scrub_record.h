// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/bytes.h"
#include "core/base/clock.h"
#include "core/tsdb/damage.h"

#include <cstdint>
#include <optional>
#include <string>

namespace watchfire::tsdb {

/// How far the check of stored values is; kept in the table meta.
struct ScrubRecord {
    /// Damage that a pass met.
    struct Findings {
        std::uint64_t count = 0;
        Damage first;
    };
    Timestamp finishedAt{}; ///< the last pass; before there was one, when the store was made
    Findings known; ///< of the last pass
    std::optional<Timestamp> begunAt; ///< the pass under way
    std::string table; ///< the one it is at …
    Bytes last; ///< … and the key looked at last; empty: none yet
    std::uint64_t values = 0; ///< looked at by it
    std::uint64_t bytes = 0;
    Findings found; ///< by it

    Bytes serialize() const;
    /// Nothing: of a later version, or broken.
    static std::optional<ScrubRecord> parse(ByteView value);
};

} // namespace watchfire::tsdb
