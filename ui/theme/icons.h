// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QIcon>
#include <QString>
#include <QStringList>

namespace watchfire::ui::theme {

/// One of our icons ("targets", "add", "silence", … the files of resources/icons), tinted from
/// the application's palette whenever it is painted: text colour, greyed when disabled, the
/// highlighted text's colour in a selected row. A name that does not exist gives a plain square
/// and a line in the log, never an empty button. GUI thread only.
QIcon icon(const QString& name);
QIcon icon(const char* name);

/// Ours under a fixed colour, for places whose background is not the palette's.
QPixmap iconPixmap(const QString& name, const QColor& color, int size, double devicePixelRatio);

/// What the desktop's icon theme has under that freedesktop name, or else ours.
QIcon actionIcon(const QString& freedesktopName, const QString& ours);

/// The application's icon, in its own colours.
QIcon appIcon();

enum class TrayState { calm, firing, paused };
/// Outline when calm, filled with the number of firing alerts, slashed when paused. Drawn in
/// colours that stand out on a light panel and on a dark one.
QIcon trayIcon(TrayState state, int firing = 0);

/// Every name `icon` knows, sorted.
QStringList iconNames();

} // namespace watchfire::ui::theme
