// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <filesystem>

namespace watchfire::tsdb {

/// Puts the file of a damaged store and its hand-off file out of the way, so that a new one can
/// be begun. Returns the new name of the file.
Result<std::filesystem::path> setAside(const std::filesystem::path& directory);

} // namespace watchfire::tsdb
