// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace watchfire::ctl {

/// What became of the eval commands of a script.
struct ScriptOutcome {
    std::size_t passed = 0;
    std::size_t failed = 0;
    std::vector<std::string> failures; ///< file:line: the query, and what was wrong
};

struct ScriptSettings {
    bool delayedNameRemoval = true; ///< false: as the server does by default
};

/// Runs a script of Prometheus' promqltest language against a fresh store in memory, with the
/// settings Prometheus' own runner has: delayed name removal (unless said otherwise), start
/// timestamps, every experimental part of the language, 10,000 samples a query. Each instant eval
/// is repeated as a range query and with @ at several times; it passes when all agree. A line that
/// cannot be read counts as a failure, and the script goes on after it.
ScriptOutcome runPromqlScript(const std::filesystem::path& file,
                              const ScriptSettings& settings = {});
/// The same for a text; `name` stands in the failures.
ScriptOutcome runPromqlScript(std::string_view text, std::string_view name,
                              const ScriptSettings& settings = {});

} // namespace watchfire::ctl
