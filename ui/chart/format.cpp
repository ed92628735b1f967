// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chart/format.h"

#include <algorithm>
#include <array>
#include <cmath>

using namespace Qt::StringLiterals;

namespace watchfire::ui::chart {

namespace {

constexpr QChar minusSign(0x2212);
constexpr QChar thinSpace(0x202f); // narrow and unbreakable

enum class Zeros { keep, drop };

/// The number with `decimals` places and a real minus sign. Zeros at its end are kept where they
/// stand for measured digits, so that figures under each other line up: 1.80, but 12.
QString digits(double value, int decimals, Zeros zeros = Zeros::drop)
{
    QString text = QString::number(std::abs(value), 'f', std::clamp(decimals, 0, 15));
    const bool whole = std::abs(value - std::round(value)) <= std::abs(value) * 1e-12;
    if (text.contains(u'.') && (zeros == Zeros::drop || whole)) {
        while (text.endsWith(u'0')) {
            text.chop(1);
        }
        if (text.endsWith(u'.')) {
            text.chop(1);
        }
    }
    if (value < 0 && text != u"0"_s) {
        text.prepend(minusSign);
    }
    return text;
}

/// Decimal places needed so that numbers `step` apart stay apart, exactly where possible.
int decimalsOf(double step)
{
    step = std::abs(step);
    if (!(step > 0) || !std::isfinite(step)) {
        return 0;
    }
    for (int places = 0; places < 12; ++places) {
        const double scaled = step * std::pow(10.0, places);
        if (std::abs(scaled - std::round(scaled)) < 1e-6 * scaled && scaled > 0.5) {
            return places;
        }
    }
    return 12;
}

/// Three significant digits. What rounds up to the next power of ten counts as that.
int decimalsForThreeDigits(double magnitude)
{
    if (!(magnitude > 0)) {
        return 0;
    }
    return std::max(0, 2 - int(std::floor(std::log10(magnitude * 1.000'5))));
}

QString joined(const QString& number, const QString& unit)
{
    return unit.isEmpty() ? number : number + thinSpace + unit;
}

QString siPrefix(int power)
{
    static const std::array<QString, 13> names{u"a"_s, u"f"_s, u"p"_s, u"n"_s, u"µ"_s,
                                               u"m"_s, u""_s,  u"k"_s, u"M"_s, u"G"_s,
                                               u"T"_s, u"P"_s, u"E"_s};
    return names.at(std::size_t(power + 6));
}

/// The power of `base` that leaves 1 ≤ |value| < base, so that rounding never shows "1000 k".
int powerOf(double value, double base, int least, int most)
{
    const double magnitude = std::abs(value);
    if (!(magnitude > 0)) {
        return 0;
    }
    int power = int(std::floor(std::log(magnitude) / std::log(base) + 1e-9));
    power = std::clamp(power, least, most);
    if (power < most && std::round(magnitude / std::pow(base, power) * 10) / 10 >= base) {
        ++power;
    }
    return power;
}

/// "254 m" says nothing of a bare number, and "254 m/s" something else of a rate.
bool takesSmallPrefixes(const Unit& unit)
{
    return !unit.suffix.isEmpty() && !unit.suffix.startsWith(u'/');
}

/// `decimalsAt(scaled)` decides how many places the scaled number gets.
template <class Decimals>
QString scaled(double value, const Unit& unit, Zeros zeros, Decimals decimalsAt)
{
    switch (unit.scale) {
    case Unit::Scale::si: {
        const int power = powerOf(value, 1000, takesSmallPrefixes(unit) ? -6 : 0, 6);
        const double factor = std::pow(1000.0, power);
        return joined(digits(value / factor, decimalsAt(value / factor, factor), zeros),
                      siPrefix(power) + unit.suffix);
    }
    case Unit::Scale::binary: {
        static const std::array<QString, 7> names{u""_s,   u"Ki"_s, u"Mi"_s, u"Gi"_s,
                                                  u"Ti"_s, u"Pi"_s, u"Ei"_s};
        const int power = powerOf(value, 1024, 0, 6);
        const double factor = std::pow(1024.0, power);
        return joined(digits(value / factor, decimalsAt(value / factor, factor), zeros),
                      names.at(std::size_t(power)) + unit.suffix);
    }
    case Unit::Scale::percent:
        return joined(digits(value, decimalsAt(value, 1), zeros), u"%"_s);
    case Unit::Scale::ratio:
        return joined(digits(value * 100, decimalsAt(value * 100, 0.01), zeros), u"%"_s);
    case Unit::Scale::plain:
    case Unit::Scale::duration:
        break;
    }
    return joined(digits(value, decimalsAt(value, 1), zeros), unit.suffix);
}

struct Span {
    double seconds;
    const char* name;
};
constexpr std::array spans{Span{86'400, "d"}, Span{3'600, "h"}, Span{60, "min"}, Span{1, "s"}};

/// "1 h 5 min", with every part down to the one that tells ticks `step` apart.
QString durationTick(double seconds, double step)
{
    double rest = std::abs(seconds);
    QString text;
    for (const Span& span : spans) {
        const bool isLast = span.seconds == 1;
        const double count = isLast ? rest : std::floor(rest / span.seconds * (1 + 1e-12) + 1e-9);
        rest = std::max(0.0, rest - count * span.seconds);
        const QString number = digits(count, isLast ? decimalsOf(step) : 0);
        if (number != u"0"_s) {
            text += (text.isEmpty() ? u""_s : u" "_s)
                + joined(number, QString::fromLatin1(span.name));
        }
    }
    return seconds < 0 ? minusSign + text : text;
}

/// "1 h 5 min": the two largest parts; below a minute like any SI number of seconds.
/// `step` 0 for a value that stands alone.
QString duration(double seconds, double step)
{
    const double magnitude = std::abs(seconds);
    if (magnitude < 59.95) {
        const Unit inSeconds{Unit::Scale::si, u"s"_s};
        return step > 0 ? formatTick(seconds, step, inSeconds) : formatValue(seconds, inSeconds);
    }
    if (step > 0 && magnitude < 1e9) {
        return durationTick(seconds, step);
    }
    const double days = magnitude / 86'400;
    if (days >= 1000) {
        const int decimals = step > 0 ? decimalsOf(step / 86'400) : 0;
        return joined(digits(seconds / 86'400, decimals), u"d"_s);
    }
    // Rounded to the smaller of the two parts first, so that 59.7 s after 1 min is 2 min.
    std::size_t large = 0;
    while (magnitude < spans.at(large).seconds * 0.99999) {
        ++large;
    }
    const std::size_t small = std::min(large + 1, spans.size() - 1);
    const double rounded
        = std::round(magnitude / spans.at(small).seconds) * spans.at(small).seconds;
    if (large > 0 && rounded >= spans.at(large - 1).seconds) {
        --large;
    }
    const double whole = std::floor(rounded / spans.at(large).seconds + 1e-9);
    const double rest = std::round((rounded - whole * spans.at(large).seconds)
                                   / spans.at(std::min(large + 1, spans.size() - 1)).seconds);
    QString text = joined(digits(whole, 0), QString::fromLatin1(spans.at(large).name));
    if (rest >= 1) {
        text += u' '
            + joined(digits(rest, 0),
                     QString::fromLatin1(spans.at(std::min(large + 1, spans.size() - 1)).name));
    }
    return seconds < 0 ? minusSign + text : text;
}

/// Beyond prefixes and readable rows of zeros: written with an exponent.
bool isExtreme(double value, const Unit& unit)
{
    const double magnitude = std::abs(value);
    const bool small = unit.scale == Unit::Scale::si && takesSmallPrefixes(unit) ? magnitude < 1e-18
                                                                                 : magnitude < 1e-5;
    return value != 0 && (small || magnitude >= 1e21);
}

QString notFinite(double value)
{
    if (std::isnan(value)) {
        return u"NaN"_s;
    }
    return value > 0 ? u"+Inf"_s : minusSign + u"Inf"_s;
}

} // namespace

Unit unitOfMetric(QStringView metricName)
{
    for (const QLatin1StringView tail : {"_total"_L1, "_sum"_L1, "_max"_L1, "_min"_L1}) {
        if (metricName.endsWith(tail)) {
            metricName.chop(tail.size());
        }
    }
    if (metricName.endsWith("_bytes"_L1)) {
        return Unit::bytes();
    }
    if (metricName.endsWith("_seconds"_L1)) {
        return Unit::seconds();
    }
    if (metricName.endsWith("_ratio"_L1)) {
        return Unit::ratio();
    }
    if (metricName.endsWith("_celsius"_L1)) {
        return Unit::celsius();
    }
    if (metricName.endsWith("_hertz"_L1)) {
        return Unit::hertz();
    }
    return Unit::number();
}

QString formatValue(double value, const Unit& unit)
{
    if (!std::isfinite(value)) {
        return notFinite(value);
    }
    if (unit.scale == Unit::Scale::duration) {
        return duration(value, 0);
    }
    if (isExtreme(value, unit)) {
        return joined(QString::number(value, 'g', 3), unit.suffix);
    }
    return scaled(value, unit, Zeros::keep,
                  [](double shown, double) { return decimalsForThreeDigits(std::abs(shown)); });
}

QString formatTick(double value, double step, const Unit& unit)
{
    if (!std::isfinite(value)) {
        return notFinite(value);
    }
    // What is left of a sum of steps after rounding is zero, not 1e-17.
    if (std::abs(value) < std::abs(step) * 1e-9) {
        value = 0;
    }
    if (unit.scale == Unit::Scale::duration) {
        return duration(value, step);
    }
    if (isExtreme(value, unit)) {
        const double parts = std::abs(value / (step != 0 ? step : value));
        const int significant = std::clamp(int(std::log10(parts)) + 2, 3, 15);
        return joined(QString::number(value, 'g', significant), unit.suffix);
    }
    return scaled(value, unit, Zeros::drop,
                  [step](double, double factor) { return std::min(9, decimalsOf(step / factor)); });
}

} // namespace watchfire::ui::chart
