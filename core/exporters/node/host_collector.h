// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/exporters/node/processes.h"

#include <filesystem>
#include <mutex>
#include <string>

namespace watchfire::exporters::node {

/// What node exporter says of this machine, as exposition text; see the README of this folder.
/// Safe from several threads, one at a time.
class HostCollector {
public:
    /// `root` holds proc and sys; "/" is this machine.
    explicit HostCollector(std::filesystem::path root = "/");
    /// Never fails: a collector that can read nothing says so in
    /// node_scrape_collector_success.
    std::string collect();

private:
    std::mutex m_mutex;
    Source m_source;
    Processes m_processes;
};

} // namespace watchfire::exporters::node
