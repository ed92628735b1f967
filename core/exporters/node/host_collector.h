// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/exporters/node/mount_probe.h"
#include "core/exporters/node/processes.h"

#include <filesystem>
#include <mutex>
#include <string>

namespace watchfire::exporters::node {

/// What node exporter says of this machine, as exposition text; see the README of this folder.
/// Safe from several threads, one at a time.
class HostCollector {
public:
    /// `root` holds proc, sys and etc; "/" is this machine. `probe` asks its mounts.
    explicit HostCollector(std::filesystem::path root = "/", MountProbe probe = MountProbe());
    /// Never fails: a collector that can read nothing says so in
    /// node_scrape_collector_success.
    std::string collect();

private:
    std::mutex m_mutex;
    Source m_source;
    MountProbe m_probe;
    Processes m_processes;
};

} // namespace watchfire::exporters::node
