// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/discovery/file_provider.h"

#include "core/discovery/target_files.h"

#include <algorithm>
#include <format>
#include <utility>

namespace watchfire::discovery {

namespace {

std::string sourceOf(const std::vector<std::string>& files)
{
    std::string out;
    for (const std::string& file : files) {
        out += (out.empty() ? "" : ", ") + file;
    }
    return out;
}

/// The folders, because a file may be replaced by another of its name, or be a link to one.
std::vector<std::string> foldersOf(const std::vector<std::string>& files)
{
    std::vector<std::string> out;
    for (const std::string& file : files) {
        const std::size_t slash = file.rfind('/');
        out.push_back(slash == std::string::npos ? "." : file.substr(0, std::max(slash, 1UZ)));
    }
    std::ranges::sort(out);
    const auto [first, last] = std::ranges::unique(out);
    out.erase(first, last);
    return out;
}

} // namespace

FileProvider::FileProvider(config::FileDiscovery config, const ProviderPorts& ports)
    : Refreshing(ports, "file", sourceOf(config.files), config.refreshInterval)
    , m_config(std::move(config))
{
    m_watch
        = ports.watcher.watch(foldersOf(m_config.files), homing().always([this] { askSoon(); }));
}

void FileProvider::ask()
{
    ports().workers.run([files = m_config.files, done = homing().once([this](Read read) {
        take(std::move(read));
    })]() mutable {
        Read read;
        for (const std::string& pattern : files) {
            for (std::string& path : filesMatching(pattern)) {
                const bool known = std::ranges::contains(read, path, &Read::value_type::first);
                if (!known) {
                    auto groups = readTargetFile(path);
                    read.emplace_back(std::move(path), std::move(groups));
                }
            }
        }
        done(std::move(read));
    });
}

void FileProvider::take(Read read)
{
    std::map<std::string, Groups> known;
    std::size_t failed = 0;
    std::string error;
    for (auto& [path, groups] : read) {
        if (groups) {
            known[path] = *std::move(groups);
            continue;
        }
        if (groups.error().kind == ErrorKind::notFound) {
            continue; // it went while we looked
        }
        error = failed++ == 0 ? groups.error().message : error;
        if (const auto before = m_known.find(path); before != m_known.end()) {
            known[path] = std::move(before->second);
        }
    }
    m_known = std::move(known);
    if (failed > 1) {
        error += std::format(" (and {} more)", failed - 1);
    } else if (read.empty()) {
        error = "there is no such file";
    }
    Groups all;
    for (const auto& [path, groups] : m_known) {
        all.insert(all.end(), groups.begin(), groups.end());
    }
    finish(std::move(all), std::move(error));
}

} // namespace watchfire::discovery
