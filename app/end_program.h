// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>

namespace watchfire::app {

/// Leaves the event loop with 0. QCoreApplication::quit() would first ask the windows to close,
/// and ours then goes to the tray and the program goes on. GUI thread.
inline void endProgram()
{
    QCoreApplication::exit(0);
}

} // namespace watchfire::app
