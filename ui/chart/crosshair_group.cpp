// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chart/time_chart.h"

namespace watchfire::ui::chart {

void CrosshairGroup::add(TimeChart* chart)
{
    m_charts.emplace_back(chart);
    const auto others = [this, chart](auto act) {
        std::erase_if(m_charts, [](const auto& each) { return each.isNull(); });
        for (const auto& each : m_charts) {
            if (each != chart) {
                act(*each);
            }
        }
    };
    connect(chart, &TimeChart::crosshairMoved, this, [others](qint64 atMs) {
        others([atMs](TimeChart& other) { other.setCrosshair(atMs); });
    });
    connect(chart, &TimeChart::crosshairLeft, this,
            [others] { others([](TimeChart& other) { other.clearCrosshair(); }); });
}

} // namespace watchfire::ui::chart
