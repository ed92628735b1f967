// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/model/alert.h"
#include "core/model/labels.h"
#include "core/model/matcher.h"

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include <QString>

/// Figures as people read them: number, narrow no-break space where a unit follows, unit.
namespace watchfire::ui {

inline QString fromUtf8(std::string_view text)
{
    return QString::fromUtf8(text.data(), qsizetype(text.size()));
}

QString countText(std::uint64_t count); ///< 12,480
/// What tr() takes the plural form from, where `count` may not fit in an int.
int pluralForm(std::uint64_t count);
QString bytesText(double bytes); ///< 1.2 GiB
QString percentText(double percent); ///< 12 %, below ten with a decimal
/// Up to five significant digits; large and tiny ones with SI prefix or exponent.
QString valueText(double value);
QString durationText(std::chrono::microseconds duration); ///< 8 ms, 1.24 s
QString spanText(std::chrono::milliseconds span); ///< 14 min, 2 h 5 min, 3 d 4 h
QString agoText(Timestamp then, Timestamp now); ///< 4 s ago; "never" for the epoch
QString clockText(Timestamp at); ///< 14:02:11, local
QString dateTimeText(Timestamp at); ///< 2026-11-22 14:02:11, local

/// key="value", … without the named labels.
QString labelsText(const Labels& labels, std::span<const std::string_view> without = {});
QString matchersText(const Matchers& matchers);

} // namespace watchfire::ui
