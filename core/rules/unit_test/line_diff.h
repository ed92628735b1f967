// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace watchfire::rules::unit_test {

/// What turns one text into the other, line by line: lines of the first only begin with "-", those
/// of the second only with "+", those of both with a space. As few lines differ as can be.
std::string lineDiff(std::string_view from, std::string_view to);

} // namespace watchfire::rules::unit_test
