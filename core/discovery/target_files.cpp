// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/discovery/target_files.h"

#include "core/base/files.h"
#include "core/discovery/group_text.h"

#include <algorithm>
#include <filesystem>
#include <format>
#include <utility>

namespace watchfire::discovery {

namespace {

constexpr std::string_view pathLabel = "__meta_filepath";

bool endsWith(std::string_view path, std::string_view lower)
{
    return path.size() >= lower.size()
        && std::ranges::equal(path.substr(path.size() - lower.size()), lower, [](char a, char b) {
               return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
           });
}

} // namespace

std::vector<std::string> filesMatching(const std::string& pattern)
{
    namespace fs = std::filesystem;
    const std::size_t star = pattern.find('*');
    std::vector<std::string> out;
    std::error_code error;
    if (star == std::string::npos) {
        if (fs::exists(pattern, error)) {
            out.push_back(pattern);
        }
        return out;
    }
    // The folder as it is written, so that labels and messages name files as the pattern does.
    const std::size_t slash = pattern.rfind('/', star);
    const std::string folder = slash == std::string::npos ? "" : pattern.substr(0, slash + 1);
    const std::string before = pattern.substr(folder.size(), star - folder.size());
    const std::string after = pattern.substr(star + 1);
    fs::directory_iterator entries(folder.empty() ? "." : folder, error);
    for (; !error && entries != fs::directory_iterator(); entries.increment(error)) {
        const std::string name = entries->path().filename().string();
        const bool hidden = name.starts_with('.') && before.empty();
        if (!hidden && name.size() >= before.size() + after.size() && name.starts_with(before)
            && name.ends_with(after)) {
            out.push_back(folder + name);
        }
    }
    std::ranges::sort(out);
    return out;
}

Result<Groups> readTargetFile(const std::string& path)
{
    auto text = readFile(path);
    if (!text) {
        return std::unexpected(std::move(text.error()));
    }
    auto groups
        = endsWith(path, ".json") ? groupsFromJson(*text) : groupsFromYaml(*std::move(text));
    if (!groups) {
        Error error = std::move(groups.error());
        error.message = std::format("{}:{}", path, error.message);
        return std::unexpected(std::move(error));
    }
    markOrigin(*groups, path, pathLabel);
    return groups;
}

} // namespace watchfire::discovery
