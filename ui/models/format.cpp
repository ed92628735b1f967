// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/format.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

namespace watchfire::ui {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(watchfire::ui::Format)
};

/// A number and its unit never part at a line's end.
QString withUnit(const QString& number, const QString& unit)
{
    return number + QChar(0x00a0) + unit;
}

/// Three significant digits, no trailing zeros.
QString shortNumber(double value)
{
    const double size = std::abs(value);
    const int decimals = size >= 100 || size == std::floor(size) ? 0 : size >= 10 ? 1 : 2;
    QString text = QLocale().toString(value, 'f', decimals);
    if (decimals > 0) {
        const QString point = QLocale().decimalPoint();
        while (text.endsWith(QLocale().zeroDigit())) {
            text.chop(1);
        }
        if (text.endsWith(point)) {
            text.chop(point.size());
        }
    }
    return text;
}

QDateTime localTime(Timestamp at)
{
    return QDateTime::fromMSecsSinceEpoch(unixMs(at));
}

} // namespace

QString countText(std::uint64_t count)
{
    return QLocale().toString(quint64(count));
}

int pluralForm(std::uint64_t count)
{
    // No language looks further than at the last six digits and whether there are more.
    constexpr std::uint64_t million = 1'000'000;
    return int(count < million ? count : million + count % million);
}

QString bytesText(double bytes)
{
    static constexpr std::array units{"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
    std::size_t unit = 0;
    while (std::abs(bytes) >= 1024 && unit + 1 < units.size()) {
        bytes /= 1024;
        ++unit;
    }
    const int decimals = unit == 0 || std::abs(bytes) >= 100 ? 0 : 1;
    return withUnit(QLocale().toString(bytes, 'f', decimals), QString::fromLatin1(units[unit]));
}

QString percentText(double percent)
{
    return withUnit(QLocale().toString(percent, 'f', std::abs(percent) < 10 ? 1 : 0),
                    QStringLiteral("%"));
}

QString valueText(double value)
{
    if (std::isnan(value)) {
        return QStringLiteral("NaN");
    }
    if (std::isinf(value)) {
        return value > 0 ? QStringLiteral("+Inf") : QStringLiteral("-Inf");
    }
    const double size = std::abs(value);
    if (value == std::floor(value) && size < 1e15) {
        return QLocale().toString(qint64(value));
    }
    if (size != 0 && (size < 1e-4 || size >= 1e15)) {
        return QString::number(value, 'e', 3);
    }
    const int whole = size < 1 ? 1 : int(std::floor(std::log10(size))) + 1;
    QString text = QLocale().toString(value, 'f', std::clamp(6 - whole, 0, 6));
    const QString point = QLocale().decimalPoint();
    if (text.contains(point)) {
        while (text.endsWith(QLocale().zeroDigit())) {
            text.chop(1);
        }
        if (text.endsWith(point)) {
            text.chop(point.size());
        }
    }
    return text;
}

QString durationText(std::chrono::microseconds duration)
{
    const double us = double(duration.count());
    if (us < 1000) {
        return withUnit(shortNumber(us), QStringLiteral("µs"));
    }
    if (us < 1'000'000) {
        return withUnit(shortNumber(us / 1000), QStringLiteral("ms"));
    }
    return withUnit(shortNumber(us / 1'000'000), QStringLiteral("s"));
}

QString spanText(std::chrono::milliseconds span)
{
    const auto seconds = std::max<std::int64_t>(0, span.count() / 1000);
    const auto part = [](std::int64_t amount, const QString& unit) {
        return withUnit(QString::number(amount), unit);
    };
    const auto two = [&](std::int64_t big, const QString& bigUnit, std::int64_t small,
                         const QString& smallUnit) {
        return small == 0 ? part(big, bigUnit)
                          : part(big, bigUnit) + QChar(0x00a0) + part(small, smallUnit);
    };
    const QString s = Words::tr("s", "seconds");
    const QString min = Words::tr("min", "minutes");
    const QString h = Words::tr("h", "hours");
    const QString d = Words::tr("d", "days");
    if (seconds < 60) {
        return part(seconds, s);
    }
    if (seconds < 3600) {
        return seconds < 600 ? two(seconds / 60, min, seconds % 60, s) : part(seconds / 60, min);
    }
    if (seconds < 86'400) {
        return two(seconds / 3600, h, seconds % 3600 / 60, min);
    }
    return two(seconds / 86'400, d, seconds % 86'400 / 3600, h);
}

QString agoText(Timestamp then, Timestamp now)
{
    if (then == Timestamp{}) {
        return Words::tr("never");
    }
    const auto span = now - then;
    if (span < std::chrono::seconds(1)) {
        return Words::tr("just now");
    }
    // Seconds beside minutes would only flicker.
    const auto rounded = span < std::chrono::minutes(1)
        ? span
        : std::chrono::milliseconds(std::chrono::floor<std::chrono::minutes>(span));
    return Words::tr("%1 ago").arg(spanText(rounded));
}

QString clockText(Timestamp at)
{
    return localTime(at).toString(QStringLiteral("HH:mm:ss"));
}

QString dateTimeText(Timestamp at)
{
    return localTime(at).toString(QStringLiteral("yyyy-MM-dd HH:mm:ss"));
}

QString labelsText(const Labels& labels, std::span<const std::string_view> without)
{
    QString text;
    for (const Label label : labels) {
        if (std::ranges::find(without, label.name) != without.end()) {
            continue;
        }
        if (!text.isEmpty()) {
            text += QStringLiteral(", ");
        }
        text += fromUtf8(label.name) + QStringLiteral("=\"") + fromUtf8(label.value)
            + QLatin1Char('"');
    }
    return text;
}

QString matchersText(const Matchers& matchers)
{
    QString text;
    for (const Matcher& matcher : matchers) {
        if (!text.isEmpty()) {
            text += QStringLiteral(", ");
        }
        text += fromUtf8(matcher.toString());
    }
    return text;
}

} // namespace watchfire::ui
