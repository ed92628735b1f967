// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tsdb/exemplar_table.h"

#include <chrono>
#include <cstdint>
#include <optional>

namespace watchfire::tsdb {

/// How long exemplars are kept, by the clock: they point to traces, which nobody keeps longer.
inline constexpr std::chrono::hours exemplarsKept{7 * 24};

/// Lets go of exemplars that are too old, and of the oldest where there are more than the table's
/// limit. The storage writer's thread only.
class ExemplarTrim {
public:
    ExemplarTrim(Environment& environment, const Clock& clock, ExemplarTable& table,
                 Transact transact);

    /// Looks once an hour, and when a tenth too many have come together; else nothing happens.
    Result<void> step();

private:
    Result<std::uint64_t> count() const;
    bool isDue(Timestamp now, std::uint64_t count) const;

    Environment& m_environment;
    const Clock& m_clock;
    ExemplarTable& m_table;
    Transact m_transact;
    std::optional<Timestamp> m_doneAt;
    std::uint64_t m_limit = 0; ///< at the last look
    std::uint64_t m_left = 0; ///< after it: where many share a moment, more than the limit
};

} // namespace watchfire::tsdb
