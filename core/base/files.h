// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <filesystem>
#include <string>

namespace watchfire {

/// The whole of a file, also one of /proc or /sys whose size is not known. Fails with
/// ErrorKind::io (notFound when it is not there), naming the path and the reason.
Result<std::string> readFile(const std::filesystem::path& path);

} // namespace watchfire
