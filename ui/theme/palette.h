// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>

#include <QColor>
#include <QPalette>

namespace watchfire::ui::theme {

enum class Scheme { light, dark };
enum class Contrast { normal, high };

/// The whole palette of that scheme, every role and group set. Muted text (≥ 6:1 on Base) is
/// PlaceholderText; Accent is what marks focus and selection.
QPalette makePalette(Scheme scheme, Contrast contrast = Contrast::normal);

/// Dark when its window colour is darker than its text.
Scheme schemeOf(const QPalette& palette);
/// True when text stands on Base at more than 19:1, which only black and white reach.
bool isHighContrast(const QPalette& palette);

inline constexpr std::size_t seriesColorCount = 12;
/// Colours of graph lines, ordered so that the first eight can be told apart best, also with
/// red-, green- or blue-blind sight; ≥ 3:1 on the base of their scheme.
const std::array<QColor, seriesColorCount>& seriesColors(Scheme scheme);

/// Grid and frame lines, faint on Base.
QColor gridColor(const QPalette& palette);
/// Text that matters less.
QColor mutedText(const QPalette& palette);

/// Contrast ratio of two opaque colours, 1 to 21.
/// Source: WCAG 2.2, "contrast ratio" and "relative luminance".
double contrastRatio(const QColor& a, const QColor& b);

/// `over` laid on `under` with that opacity, 0 to 1.
QColor mix(const QColor& under, const QColor& over, double opacity);

} // namespace watchfire::ui::theme
