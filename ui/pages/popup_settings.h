// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ports/popups.h"
#include "ui/pages/ui_state.h"

namespace watchfire::ui {

/// What is set of popups, as the window remembers it: they are a matter of this desktop and of no
/// configuration file. What cannot be read is as if it was not set.
PopupSettings popupSettingsIn(const UiState& state);
void keepPopupSettings(UiState& state, const PopupSettings& settings);

} // namespace watchfire::ui
