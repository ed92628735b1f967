// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace watchfire::app {

/// Where everything the program reads or writes lies.
struct Paths {
    std::filesystem::path config;
    std::filesystem::path data;
    std::filesystem::path state;
    std::filesystem::path cache;
    /// Four folders under `profile`; without one the XDG base directories.
    static Paths of(const std::filesystem::path& profile);
};

/// The command line of `watchfire`.
struct Options {
    std::filesystem::path profile;
    std::filesystem::path configFile; ///< in place of config/prometheus.yml
    std::filesystem::path alertmanagerFile;
    bool headless = false;
    std::string listen;
    std::vector<std::string> enabled; ///< names of --enable
    std::chrono::milliseconds commitInterval = std::chrono::seconds(5);
    std::optional<std::chrono::milliseconds> lateWindow;
    std::optional<std::chrono::milliseconds> retention; ///< 0: for ever
    std::optional<std::uint64_t> retentionSize; ///< of the store's file; 0: any
    std::chrono::milliseconds queryLookback = std::chrono::minutes(5);
    std::chrono::milliseconds queryTimeout = std::chrono::minutes(2);
    std::uint64_t queryMaxSamples = 50'000'000;
    std::size_t queryConcurrency = 20;
    std::uint64_t queryMaxMemory = std::uint64_t{1} << 30; ///< bytes of one; 0: any
    std::optional<std::uint64_t> queryTotalMemory; ///< bytes of all together; 0: any
    std::size_t ruleConcurrency = 4; ///< with concurrent-rule-eval
    std::string externalUrl;
    std::string page;
    std::string expr;
    std::filesystem::path screenshot;
    std::chrono::seconds after{5};
    bool quit = false; ///< after the screenshot
    std::string colorScheme;
    bool noFirstRun = false;
    std::filesystem::path summary; ///< print a summary and save this picture soon after the start
    std::optional<std::chrono::seconds> runFor;
    std::filesystem::path shots; ///< save every page here, then quit

    bool isEnabled(std::string_view name) const;
};

/// Reads the command line. Fails with ErrorKind::invalid and what to print; a request for help
/// or the version fails with ErrorKind::cancelled and that text.
Result<Options> parseOptions(int argc, char** argv);

} // namespace watchfire::app
