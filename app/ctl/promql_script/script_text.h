// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace watchfire::ctl::script {

struct Line {
    std::size_t number = 0; ///< from 1
    std::string_view text; ///< without white space at the ends
};

/// A command and the lines of its block.
struct Command {
    Line head;
    std::vector<Line> body;
};

/// Divides a script into its commands. Comments are empty lines, and empty lines end blocks.
std::vector<Command> readCommands(std::string_view text);

/// Takes the first word; the rest begins at the next.
std::string_view takeWord(std::string_view& text);
std::string_view trimmed(std::string_view text);

/// A duration of scripts, in ms.
Result<std::int64_t> parseDurationMs(std::string_view text);

} // namespace watchfire::ctl::script
