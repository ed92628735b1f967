// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/model/labels.h"

#include <optional>
#include <vector>

namespace watchfire {

/// A pointer from a sample to the event behind it, usually a trace id.
struct Exemplar {
    Labels labels;
    double value = 0;
    std::optional<Timestamp> at; ///< absent: the time of the sample
    friend bool operator==(const Exemplar&, const Exemplar&) = default;
};

/// Exemplars of one series, ascending, each with its time.
struct SeriesExemplars {
    Labels labels;
    std::vector<Exemplar> exemplars;
    friend bool operator==(const SeriesExemplars&, const SeriesExemplars&) = default;
};

} // namespace watchfire
