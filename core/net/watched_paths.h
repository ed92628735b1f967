// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <set>
#include <string>

namespace watchfire::net {

/// Which entries of a folder matter.
struct WatchedEntries {
    std::set<std::string> names;
    bool all = false;

    bool contain(const std::string& name) const { return all || names.contains(name); }
    friend bool operator==(const WatchedEntries&, const WatchedEntries&) = default;
};

/// Folders, by their real paths, with what matters in each.
using WatchedFolders = std::map<std::string, WatchedEntries>;

/// Adds every folder on the way to a path with the entry that the way takes, through all symbolic
/// links, as far as it leads; of a folder at its end, all entries. So whatever changes what the
/// path leads to is a change of one of these entries: the file itself, a folder that is moved, a
/// link that is turned over as Kubernetes does with the files it mounts.
void addWay(const std::string& path, WatchedFolders& folders);

} // namespace watchfire::net
