// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

/// The sentences in `TraceStep::cause` that say the same of every alert, so that a window can tell
/// them from each other and translate them. Others have figures in them.
namespace watchfire::engine::trace_cause {

// of the rule
inline constexpr std::string_view gone = "there is no such alert now";
inline constexpr std::string_view resolved = "it is resolved";
inline constexpr std::string_view posted = "another program posted it";
inline constexpr std::string_view unseen
    = "its target cannot be scraped; it fired when that was last seen";

// of the group
inline constexpr std::string_view notGrouped
    = "the group has not taken it yet, or has let go of it after it was resolved";
inline constexpr std::string_view groupWait = "the group waits for more alerts (group_wait)";

// of what keeps it quiet
inline constexpr std::string_view inhibited = "another alert inhibits it";
inline constexpr std::string_view silenced = "a silence mutes it";
inline constexpr std::string_view mutedNow = "its route is mute at this time";
inline constexpr std::string_view inactiveNow = "its route is active at other times only";

// of the notification
inline constexpr std::string_view groupInterval
    = "the group tells what is new at its next turn (group_interval)";
/// Told, and the group has had a turn since that told nothing.
inline constexpr std::string_view notRepeated
    = "it was told before, and repeat_interval is not over";
inline constexpr std::string_view noIntegration
    = "the receiver has nothing that it could be told through";

} // namespace watchfire::engine::trace_cause
