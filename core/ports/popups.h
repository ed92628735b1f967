// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace watchfire {

/// Hours of the local day in which no popups come; past midnight where `from` is later than `to`,
/// none at all where they are the same.
struct QuietHours {
    bool isOn = false;
    std::chrono::minutes from = std::chrono::hours(22); ///< since midnight, below 24 h
    std::chrono::minutes to = std::chrono::hours(7);
    friend bool operator==(const QuietHours&, const QuietHours&) = default;
};

enum class PopupSound {
    desktop, ///< whatever the desktop does by itself
    severity, ///< one of its sound theme, by severity
    none,
};

/// What is set of the popups of this desktop.
struct PopupSettings {
    PopupSound sound = PopupSound::desktop;
    /// Critical alerts show also while the desktop wants no notifications, in quiet hours and
    /// while popups are muted.
    bool criticalAlways = false;
    QuietHours quiet;
    friend bool operator==(const PopupSettings&, const PopupSettings&) = default;
};

/// A popup that the window shows, because the desktop cannot.
struct PopupCard {
    std::uint64_t id = 0; ///< the same while its text changes
    std::string summary;
    std::string body; ///< up to five lines
    int urgency = 1; ///< 2 critical, 1 warning, 0 other
    bool isResolved = false;
    bool canSilence = false;
    bool canSnooze = false;
    friend bool operator==(const PopupCard&, const PopupCard&) = default;
};

} // namespace watchfire
