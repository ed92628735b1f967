// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/snapshots.h"

#include <memory>
#include <string>

namespace watchfire::app {

/// What `packaging/dev.sh run` prints: targets up, series, samples/s, the window's title and the
/// path of its picture.
std::string summaryText(const engine::TargetsSnapshot& targets,
                        const engine::StatusSnapshot& status, const std::string& windowTitle,
                        const std::string& picture);

} // namespace watchfire::app
