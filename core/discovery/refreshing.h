// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/discovery/groups.h"
#include "core/discovery/homing.h"
#include "core/discovery/provider.h"

#include <chrono>
#include <optional>
#include <string>

namespace watchfire::discovery {

/// A provider that asks somebody all over again, at an interval: what file, HTTP, DNS and Docker
/// discovery have in common. At most one question is under way. After a suspend it asks once,
/// not once for each interval missed, and a clock set back does not keep it waiting.
class Refreshing : public Provider {
public:
    void start(Update update) final;
    std::optional<Timestamp> nextDue() const final;
    void advance(Timestamp now) final;
    ProviderStatus status() const final { return m_status; }

protected:
    Refreshing(const ProviderPorts& ports, std::string kind, std::string source,
               std::chrono::milliseconds interval);

    /// Asks. Ends, then or later and on the home thread, with `finish` or `giveUp`.
    virtual void ask() = 0;
    /// All groups there are. `error`: what is wrong with some of them, which are as they were.
    void finish(Groups groups, std::string error = {});
    /// Nothing new was learned.
    void giveUp(std::string error);
    /// Something changed: asks at once, or again when the question under way is answered.
    void askSoon();

    const ProviderPorts& ports() const { return m_ports; }
    Homing& homing() { return m_homing; }

private:
    void begin(Timestamp now);
    void end();

    ProviderPorts m_ports;
    ProviderStatus m_status;
    std::chrono::milliseconds m_interval;
    Update m_update;
    Timestamp m_due{};
    bool m_asking = false;
    bool m_again = false;
    Homing m_homing;
};

} // namespace watchfire::discovery
