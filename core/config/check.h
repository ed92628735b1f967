// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/import.h"

#include <cstddef>
#include <filesystem>

namespace watchfire::config {

/// What a check of a file found.
struct CheckReport {
    Findings findings;
    bool readable = true; ///< whether the file that was named could be read at all
    std::size_t jobs = 0;
    std::size_t ruleFiles = 0;
    std::size_t rules = 0;
    bool ok() const { return findings.faults.empty(); }
};

/// A prometheus.yml with the scrape_config_files it names. Unless `syntaxOnly`, also the rule
/// files, and files of certificates, passwords and the like must exist.
CheckReport checkConfig(const std::filesystem::path& file, const Checkers& check,
                        bool syntaxOnly = false, Mode mode = Mode::server);
CheckReport checkRules(const std::filesystem::path& file, const Checkers& check);
CheckReport checkAlertmanager(const std::filesystem::path& file);

} // namespace watchfire::config
