// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/desktop/popup_text.h"

#include <cstdint>

namespace watchfire::desktop {

/// One popup on the screen; the same while what it says changes. Never 0.
using PopupId = std::uint64_t;

struct Popup {
    PopupText text;
    unsigned char urgency = 1; ///< 2 critical, 1 warning, 0 other
    bool isResolved = false; ///< it goes by itself within seconds
    bool isQuiet = false; ///< it makes no sound
    bool canSilence = false;
    bool canSnooze = false;
    friend bool operator==(const Popup&, const Popup&) = default;
};

/// Why a popup is gone that nobody here closed.
enum class PopupEnd {
    expired, ///< or for a reason that is not known
    dismissed, ///< by a person
};

/// Where popups are seen: the desktop by one of its services, the window, a test. `post` shows a
/// popup or changes it in its place. Neither waits, nor calls back before it returns.
struct PopupScreen {
    virtual ~PopupScreen() = default;
    virtual void post(PopupId id, const Popup& popup) = 0;
    virtual void close(PopupId id) = 0;
};

} // namespace watchfire::desktop
