// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/file_view.h"

#include <algorithm>
#include <format>
#include <functional>
#include <sstream>

namespace watchfire::config {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t keptVersions = 50;
constexpr const char* indexName = "index"; ///< lines of name, tab, path

std::string timeText(Timestamp now)
{
    return std::format("{:%Y%m%dT%H%M%S}Z", now); // with milliseconds
}

} // namespace

fs::path nameOf(const Paths& paths, const fs::path& file)
{
    const fs::path relative = file.lexically_relative(paths.prometheus.parent_path());
    return relative.empty() || *relative.begin() == ".." ? file.filename() : relative;
}

fs::path goodFolder(const Paths& paths)
{
    return paths.history / "good";
}

Result<void> keepVersion(const Paths& paths, const fs::path& file, Timestamp now)
{
    std::error_code error;
    if (paths.history.empty() || !fs::exists(file, error)) {
        return {};
    }
    const fs::path name = nameOf(paths, file);
    fs::path kept;
    for (int i = 0; kept.empty() || fs::exists(kept, error); ++i) {
        kept = paths.history / name.parent_path()
            / std::format("{}.{}{}", name.filename().string(), timeText(now),
                          i == 0 ? "" : std::format("-{}", i));
    }
    auto text = readFile(file);
    if (!text) {
        return std::unexpected(text.error());
    }
    if (auto written = writeFileAtomically(kept, *text); !written) {
        return written;
    }
    const auto versions = historyOf(paths, name.string());
    for (std::size_t i = keptVersions; i < versions.size(); ++i) {
        fs::remove(versions[i].file, error);
    }
    return {};
}

std::vector<HistoryEntry> historyOf(const Paths& paths, const std::string& name)
{
    std::vector<HistoryEntry> entries;
    const fs::path wanted = paths.history / name;
    const std::string prefix = wanted.filename().string() + ".";
    std::error_code error;
    for (const fs::directory_entry& entry : fs::directory_iterator(wanted.parent_path(), error)) {
        const std::string file = entry.path().filename().string();
        if (file.starts_with(prefix) && entry.is_regular_file(error)) {
            entries.push_back({entry.path(), file.substr(prefix.size())});
        }
    }
    std::ranges::sort(entries, std::greater<>(), &HistoryEntry::time);
    return entries;
}

Result<void> rememberGood(const Paths& paths, const Config& config)
{
    if (paths.history.empty()) {
        return {};
    }
    // Made beside the old one, so that there is always one.
    const fs::path folder = goodFolder(paths);
    const fs::path next = folder.string() + ".next";
    std::error_code error;
    fs::remove_all(next, error);
    std::string index;
    std::size_t number = 0;
    for (const auto& [file, text] : textsOf(paths, config)) {
        const fs::path name = std::format("{}/{}", number++, nameOf(paths, file).string());
        index += std::format("{}\t{}\n", name.string(), file.string());
        if (auto written = writeFileAtomically(next / name, text); !written) {
            return written;
        }
    }
    if (auto written = writeFileAtomically(next / indexName, index); !written) {
        return written;
    }
    const fs::path previous = folder.string() + ".previous";
    fs::remove_all(previous, error);
    fs::rename(folder, previous, error);
    fs::rename(next, folder, error);
    if (error) {
        return fail(ErrorKind::io,
                    std::format("cannot keep {}: {}", folder.string(), error.message()));
    }
    fs::remove_all(previous, error);
    return {};
}

LoadResult loadLastGood(const Paths& paths, const Checkers& check)
{
    for (const fs::path& folder :
         {goodFolder(paths), fs::path(goodFolder(paths).string() + ".previous")}) {
        const auto index
            = paths.history.empty() ? fail(ErrorKind::notFound, "") : readFile(folder / indexName);
        if (!index) {
            continue;
        }
        FileTexts texts;
        std::istringstream lines(*index);
        for (std::string line; std::getline(lines, line);) {
            const std::size_t tab = line.find('\t');
            auto text = readFile(folder / line.substr(0, tab));
            if (tab == std::string::npos || !text) {
                continue; // load says what is missing
            }
            texts.emplace(line.substr(tab + 1), std::move(*text));
        }
        return loadFrom(paths, FileView::only(std::move(texts)), check);
    }
    return std::unexpected(std::vector<Fault>{
        {goodFolder(paths).string(), 0, 0, "there is no configuration known to be good"}});
}

} // namespace watchfire::config
