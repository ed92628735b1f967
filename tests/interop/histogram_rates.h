// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/interop/known_differences.h"

namespace watchfire::tests {

/// Whether the difference comes from a rate or an increase of histograms. Version 3.5 extrapolates
/// them to the start of the window, later ones no further than to where their count would have
/// been none (promql/functions.go, extrapolatedRate, since 3.6). From what they have at moments of
/// the difference (the first, one in the middle, the last) it is worked out what the later ones
/// must have: that, and nothing else, is what we have.
bool isRateBeyondZero(const Disagreement& about);

} // namespace watchfire::tests
