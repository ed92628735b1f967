// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace watchfire {

/// Ends the process with the place and the broken condition on stderr.
[[noreturn]] void checkFailed(const char* condition, const char* file, int line);

} // namespace watchfire

/// Stops the process when an invariant of ours is broken. Input must never trigger it.
#define WF_CHECK(condition)                                                                        \
    ((condition) ? static_cast<void>(0) : ::watchfire::checkFailed(#condition, __FILE__, __LINE__))
