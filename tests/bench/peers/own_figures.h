// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/bench/peers/client.h"
#include "tests/bench/peers/measured_process.h"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace watchfire::bench {

/// What Watchfire is measured by alone: its one answer against its other. Medians, at the client.
struct OwnFigures {
    double panelMs = 0; ///< sum by (x) (rate(m[5m])) over 6 h, asked for the first time
    double refreshMs = 0; ///< the same a step later
    double oneCpuMs = 0; ///< a scan of the counters `m`, the program kept to one processor
    double twoCpusMs = 0; ///< and to two

    /// At most 0.1.
    double refreshRatio() const { return refreshMs / panelMs; }
    /// At least 1.7.
    double speedUp() const { return oneCpuMs / twoCpusMs; }
};

/// About QueryLoad::dashboards, which ended at that time. Nothing: it did not answer, or the
/// machine has one processor.
std::optional<OwnFigures> ownFigures(const MeasuredProcess& process, Client& client,
                                     std::int64_t atMs, std::size_t repetitions);

} // namespace watchfire::bench
