// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/snapshots.h"
#include "core/runtime/notification_metrics.h"
#include "core/runtime/rule_metrics.h"
#include "core/scrape/status.h"
#include "core/tsdb/store.h"

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <vector>
#include <watchfire/client/registry.h>

namespace watchfire::runtime {

/// What the program tells of itself; the names are listed in this folder's README and are a
/// promise. From any thread.
class OwnMetrics {
public:
    explicit OwnMetrics(client::Registry& registry);

    /// What the engine's thread knows, handed over now and then.
    struct Figures {
        tsdb::StoreStats store;
        scrape::ScrapeCounts scrapes;
        std::size_t targetsUp = 0;
        std::size_t targetsDown = 0;
        std::uint64_t ruleEvaluations = 0;
        std::vector<RuleGroupFigures> ruleGroups;
        NotificationFigures notifications;
        std::size_t alertsFiring = 0;
        std::size_t alertsPending = 0;
    };
    void set(const Figures& figures);
    void queryDone(std::chrono::nanoseconds took, bool failed);

    /// The exposition of the whole registry.
    std::string collect() const;

private:
    void gather(std::vector<client::FamilySnapshot>& out) const;

    client::Registry& m_registry;
    client::Histogram m_querySeconds;
    client::Counter m_queriesFailed;
    mutable std::mutex m_mutex;
    Figures m_figures;
    client::CollectorHandle m_process;
    client::CollectorHandle m_own; ///< last: it calls `gather`
};

} // namespace watchfire::runtime
