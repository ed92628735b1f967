// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace watchfire::crash {

/// How `crash_child check` found the store.
enum class CheckExit : int {
    fine = 0,
    told = 10, ///< something is damaged, and queries or verification say so
    refused = 11, ///< it does not open, and says why
    silentLoss = 12, ///< something is missing, and nothing says so
    wrong = 13, ///< a query shows what nobody wrote
};

} // namespace watchfire::crash
