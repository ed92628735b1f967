// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/files.h"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace watchfire::config {

/// What the files of a configuration say: as on disk, but for some that are to say something
/// else. So a change can be looked at as a whole before any file is touched.
class FileView {
public:
    FileView() = default;
    explicit FileView(FileTexts instead)
        : m_instead(std::move(instead))
    {
    }
    /// These files and no other, whatever is on disk.
    static FileView only(FileTexts texts)
    {
        FileView view(std::move(texts));
        view.m_disk = false;
        return view;
    }

    /// Fails like readFile.
    Result<std::string> read(const std::filesystem::path& file) const;
    bool exists(const std::filesystem::path& file) const;
    /// As matchingFiles.
    std::vector<std::filesystem::path> matching(const std::filesystem::path& folder,
                                                const std::string& pattern) const;

private:
    FileTexts m_instead;
    bool m_disk = true;
};

/// As load. Where `seen` is given, it is filled with the texts of all files that were read.
LoadResult loadFrom(const Paths& paths, const FileView& files, const Checkers& check,
                    FileTexts* seen = nullptr);

/// The name of a file within the configuration's folder: "prometheus.yml", "rules/a.yml".
std::filesystem::path nameOf(const Paths& paths, const std::filesystem::path& file);
/// Where rememberGood keeps its copies.
std::filesystem::path goodFolder(const Paths& paths);
/// Copies the file as it is into the history, under a name that tells when.
Result<void> keepVersion(const Paths& paths, const std::filesystem::path& file, Timestamp now);

} // namespace watchfire::config
