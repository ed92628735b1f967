// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/file_view.h"
#include "core/encoding/yaml.h"

#include <functional>
#include <string_view>
#include <vector>

namespace watchfire::config {

/// One file that is to say something else.
struct FileChange {
    std::filesystem::path file;
    encoding::YamlValue base; ///< what the file was understood as
    encoding::YamlValue wanted;
    std::vector<std::string_view> identities; ///< by which keys list items are recognised
    /// Reads a text into the same form, as part of the old configuration or of the new one.
    std::function<encoding::YamlValue(std::string text, Findings& findings)> readOld;
    std::function<encoding::YamlValue(std::string text, Findings& findings)> readNew;
};

/// What differs, file by file: rule files and scrape_config_files, alertmanager.yml,
/// watchfire.yml, prometheus.yml. The changes refer to `old` and `wanted`.
std::vector<FileChange> changesOf(const Paths& paths, const Config& old, const Config& wanted);

/// The new text of a file, from the old one: as few lines change as can be. Fails with
/// ErrorKind::conflict when the file no longer says what `base` does, invalid when `wanted` is
/// no valid content.
Result<std::string> newText(const FileChange& change, const FileView& files);

} // namespace watchfire::config
