// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/discovery/provider.h"

namespace watchfire::discovery {

/// The targets written in the configuration (static_configs): one update, at the start.
class StaticProvider final : public Provider {
public:
    explicit StaticProvider(std::vector<config::TargetGroup> groups);
    void start(Update update) override;

private:
    std::vector<config::TargetGroup> m_groups;
};

} // namespace watchfire::discovery
