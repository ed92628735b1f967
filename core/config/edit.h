// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/config.h"

namespace watchfire::config {

/// An edit: what somebody wants, and what they made it from.
struct Edit {
    Config seen;
    Config wanted;
};

} // namespace watchfire::config
