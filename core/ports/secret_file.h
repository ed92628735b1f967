// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <string>

namespace watchfire {

/// What a file holds as a password, a token or the value of a header, without white space around
/// it. Reads at once or fails: only an ordinary file of at most 1 MiB, so that no pipe or device
/// can hold up the caller. Fails with notFound, io or invalid, naming the path and never a part of
/// what is in it.
Result<std::string> readSecretFile(const std::string& path);

} // namespace watchfire
