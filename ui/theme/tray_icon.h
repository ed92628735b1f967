// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/icons.h"
#include "ui/theme/state.h"

namespace watchfire::ui::theme {

/// The tray's icon with the worst of what fires: the number's ground is pointed and red for
/// critical, round and amber for warning, square and grey for any other.
QIcon trayIcon(TrayState state, int firing, State worst);

} // namespace watchfire::ui::theme
