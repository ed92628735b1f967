// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/discovery/groups.h"

#include <string>
#include <string_view>
#include <vector>

namespace watchfire::discovery {

/// The files a pattern names that are there, sorted: a star in its last part stands for any
/// characters, but does not match a leading dot. A folder that cannot be read has none.
std::vector<std::string> filesMatching(const std::string& pattern);

/// What a file of target groups holds; each group has the label __meta_filepath. By the end of
/// its name the file is JSON, or else YAML. Fails with ErrorKind::invalid and
/// "FILE:line:column: what is wrong", or as readFile does.
Result<Groups> readTargetFile(const std::string& path);

} // namespace watchfire::discovery
