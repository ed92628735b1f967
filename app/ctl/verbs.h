// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <string>
#include <vector>

namespace watchfire::ctl {

/// What programs that call watchfirectl rely on.
enum class Exit : int { fine = 0, wrong = 1, usage = 2, unreachable = 3 };

/// Options every verb shares, and how it ended.
struct Context {
    std::string format = "text";
    std::string url; ///< of an engine
    std::filesystem::path profile;
    std::filesystem::path data; ///< a store to read directly
    Exit exit = Exit::fine;

    bool json() const { return format == "json"; }
};

/// Each adds its verbs to the command line; their callbacks run after parsing.
void addQuery(CLI::App& app, Context& context);
void addCheck(CLI::App& app, Context& context);
/// Into the group `check`: configuration files.
void addCheckFiles(CLI::App& group, Context& context);
void addTest(CLI::App& app, Context& context);
/// Into the groups `check` and `test`.
void addCheckRules(CLI::App& group, Context& context);
void addTestRules(CLI::App& group, Context& context);
void addTorture(CLI::App& app, Context& context);
void addTsdb(CLI::App& app, Context& context);
/// Into the group `tsdb`: list, dumps, imports.
void addTsdbTransfer(CLI::App& group, Context& context);
void addPromql(CLI::App& app, Context& context);
void addAlert(CLI::App& app, Context& context);
void addSilence(CLI::App& app, Context& context);
void addTemplate(CLI::App& app, Context& context);
/// Into the group `test`.
void addTestRoutes(CLI::App& group, Context& context);

/// Prints to stderr and sets how it ended.
void complain(Context& context, Exit exit, const std::string& message);

/// The whole of a file, or of stdin for "-". Complains and yields nothing when unreadable.
bool readInput(Context& context, const std::string& path, std::string& text);

} // namespace watchfire::ctl
