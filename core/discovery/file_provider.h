// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/discovery/refreshing.h"

#include <map>
#include <string>
#include <vector>

namespace watchfire::discovery {

/// Target groups in files (file_sd_configs): read at the start, when their folder changes and at
/// an interval, on a worker. A file that cannot be read keeps the groups it last had; one that
/// is gone has none.
///
/// Source: Prometheus documentation, "Configuration", file_sd_config.
class FileProvider final : public Refreshing {
public:
    FileProvider(config::FileDiscovery config, const ProviderPorts& ports);

private:
    using Read = std::vector<std::pair<std::string, Result<Groups>>>; ///< by path

    void ask() override;
    void take(Read read);

    config::FileDiscovery m_config;
    std::map<std::string, Groups> m_known; ///< by path
    Subscription m_watch;
};

} // namespace watchfire::discovery
