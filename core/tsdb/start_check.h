// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <filesystem>

namespace watchfire::tsdb {

/// Walks the index and the journal of the store there in a process of its own, because broken
/// pages of LMDB end the process that follows them. Nobody else has it open. Fails with
/// ErrorKind::corrupt and what was found; with ErrorKind::io when the check could not be made.
Result<void> checkInChild(const std::filesystem::path& directory);

/// Puts the file of a damaged store and its hand-off file out of the way, so that a new one can
/// be begun. Returns the new name of the file.
Result<std::filesystem::path> setAside(const std::filesystem::path& directory);

} // namespace watchfire::tsdb
