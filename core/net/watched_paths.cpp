// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/net/watched_paths.h"

#include <deque>
#include <filesystem>
#include <iterator>
#include <system_error>

namespace watchfire::net {

namespace {

namespace fs = std::filesystem;

/// As many as Linux follows.
constexpr int mostLinks = 40;

void pushFront(std::deque<std::string>& steps, const fs::path& path)
{
    std::deque<std::string> added;
    for (const fs::path& part : path.relative_path()) {
        if (!part.empty() && part != ".") {
            added.push_back(part.string());
        }
    }
    steps.insert(steps.begin(), std::make_move_iterator(added.begin()),
                 std::make_move_iterator(added.end()));
}

} // namespace

void addWay(const std::string& path, WatchedFolders& folders)
{
    std::error_code error;
    fs::path at = "/"; // never a link, so that its parent is the one of its text
    std::deque<std::string> steps;
    pushFront(steps, fs::absolute(path, error));
    int links = 0;
    while (!steps.empty()) {
        const std::string step = std::move(steps.front());
        steps.pop_front();
        if (step == "..") {
            at = at.parent_path();
            continue;
        }
        folders[at.string()].names.insert(step);
        const fs::path next = at / step;
        const fs::file_status status = fs::symlink_status(next, error);
        if (status.type() == fs::file_type::symlink) {
            const fs::path target = fs::read_symlink(next, error);
            if (error || ++links > mostLinks) {
                return;
            }
            if (target.is_absolute()) {
                at = "/";
            }
            pushFront(steps, target);
        } else if (status.type() == fs::file_type::directory) {
            at = next;
        } else {
            return; // a file, or nothing yet
        }
    }
    folders[at.string()].all = true;
}

} // namespace watchfire::net
