// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/import.h"

#include <filesystem>
#include <vector>

namespace watchfire::config {

/// What an import would bring, before anything is changed.
struct ImportReport {
    Config config; ///< meaningless with a fault
    std::vector<Fault> faults; ///< with any, nothing can be imported
    /// Each key that would not be done, or not as it says, with its place and what to do about
    /// it. By file and place.
    std::vector<Fault> losses;
};

/// Reads a prometheus.yml with the rule files and scrape_config_files it names and the
/// alertmanager.yml beside it; or an alertmanager.yml or a rule file alone: what the file is, its
/// keys say. Reads files; touches nothing.
ImportReport readForImport(const std::filesystem::path& file, const Checkers& check = {});

} // namespace watchfire::config
