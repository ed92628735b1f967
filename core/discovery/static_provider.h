// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/discovery/provider.h"

namespace watchfire::discovery {

/// The targets written in the configuration (static_configs): one update, at the start.
class StaticProvider final : public Provider {
public:
    StaticProvider(std::vector<config::TargetGroup> groups, const Clock& clock);
    void start(Update update) override;
    ProviderStatus status() const override { return m_status; }

private:
    std::vector<config::TargetGroup> m_groups;
    const Clock& m_clock;
    ProviderStatus m_status{"static", "the configuration", {}, {}};
};

} // namespace watchfire::discovery
