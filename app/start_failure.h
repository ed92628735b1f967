// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

namespace watchfire::app {

/// Tells somebody who started the program from a menu, and sees no terminal, why it does not
/// start. Returns when it was read, or the program was told to end. GUI thread.
void showStartFailure(const Error& error);

} // namespace watchfire::app
