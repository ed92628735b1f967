// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/palette.h"

#include <QIcon>
#include <QRectF>
#include <QString>

class QPainter;

namespace watchfire::ui::theme {

/// How something is doing, as tables, badges and strips show it.
enum class State { up, warning, critical, pending, silenced, unknown };

enum class Shape { disc, triangle, diamond, ring, bar, dottedRing };

Shape stateShape(State state);
/// ≥ 5:1 on Base and Window of that scheme.
QColor stateColor(State state, Scheme scheme);
/// "Up", "Warning", "Critical", "Pending", "Silenced", "Unknown", translated.
QString stateWord(State state);

/// Draws the state's shape, centred in the largest square of `rect`.
void paintState(QPainter& painter, const QRectF& rect, State state, Scheme scheme);
/// The same in a colour of the caller's, for selected rows.
void paintShape(QPainter& painter, const QRectF& rect, Shape shape, const QColor& color);

/// The shape as an icon that follows the application's palette.
QIcon stateIcon(State state);

} // namespace watchfire::ui::theme
