// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <memory>
#include <optional>
#include <vector>

#include <QMetaType>

namespace watchfire::ui {

/// A target's recent past, from the store.
struct TargetTrace {
    static constexpr std::size_t cells = 48; ///< half hours of a day
    static constexpr std::size_t points = 60; ///< minutes of an hour

    /// How much of each half hour it was up, 0 to 1, the oldest first; NaN: not known.
    std::array<float, cells> up = filled<cells>();
    /// Seconds its scrapes took, one a minute, the oldest first; NaN: not known.
    std::array<float, points> durations = filled<points>();

    /// Over what is known of the day.
    std::optional<double> availability() const
    {
        double sum = 0;
        int known = 0;
        for (const float each : up) {
            if (!std::isnan(each)) {
                sum += double(each);
                ++known;
            }
        }
        return known == 0 ? std::nullopt : std::optional(sum / known);
    }

private:
    template <std::size_t n> static constexpr std::array<float, n> filled()
    {
        std::array<float, n> all{};
        all.fill(std::numeric_limits<float>::quiet_NaN());
        return all;
    }
};
using TargetTracePtr = std::shared_ptr<const TargetTrace>;

} // namespace watchfire::ui

Q_DECLARE_METATYPE(watchfire::ui::TargetTracePtr)
