// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace watchfire::tsdb {

/// Something stored that cannot be read, or contradicts the rest.
struct Damage {
    std::string where; ///< "strip 12 of group 3 in window 2147542698"
    std::string what;
};

} // namespace watchfire::tsdb
