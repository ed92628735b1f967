// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace watchfire::ui::chart {

/// How a number is written: which prefixes it takes and what stands behind it.
struct Unit {
    enum class Scale {
        si, ///< k, M, G … by 1000; m, µ, n below 1
        binary, ///< Ki, Mi, Gi … by 1024
        percent, ///< 42 is 42 %
        ratio, ///< 0.42 is 42 %
        duration, ///< seconds, written ms, s, min, h, d
        plain ///< no prefixes: years, ports, enumerations
    };
    Scale scale = Scale::si;
    QString suffix; ///< "B", "B/s", "Hz", "°C"; empty where there is none

    static Unit number() { return {}; }
    static Unit plain(QString suffix = {}) { return {Scale::plain, std::move(suffix)}; }
    static Unit si(QString suffix) { return {Scale::si, std::move(suffix)}; }
    static Unit perSecond() { return {Scale::si, QStringLiteral("/s")}; }
    static Unit bytes() { return {Scale::binary, QStringLiteral("B")}; }
    static Unit bytesPerSecond() { return {Scale::binary, QStringLiteral("B/s")}; }
    static Unit bitsPerSecond() { return {Scale::si, QStringLiteral("bit/s")}; }
    static Unit percent() { return {Scale::percent, {}}; }
    static Unit ratio() { return {Scale::ratio, {}}; }
    static Unit seconds() { return {Scale::duration, {}}; }
    static Unit celsius() { return {Scale::plain, QStringLiteral("°C")}; }
    static Unit hertz() { return {Scale::si, QStringLiteral("Hz")}; }

    friend bool operator==(const Unit&, const Unit&) = default;
};

/// A guess from the words at the end of a metric's name: "_bytes", "_seconds", "_ratio",
/// "_celsius", "_hertz"; else plain numbers.
/// Source: Prometheus documentation, "Metric and label naming", base units.
Unit unitOfMetric(QStringView metricName);

/// For tooltips, legends and large figures: three significant digits ("1.24 GiB", "42.1 %",
/// "1 h 5 min"); NaN is "NaN", infinities "+Inf" and "−Inf".
QString formatValue(double value, const Unit& unit);

/// For axis ticks that lie `step` apart: as many digits as tell neighbours apart, no more.
QString formatTick(double value, double step, const Unit& unit);

} // namespace watchfire::ui::chart
