// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/snapshots.h"

#include <array>
#include <memory>
#include <string>
#include <vector>

/// Targets as the engine would tell of them.
namespace watchfire::tests {

inline constexpr Timestamp targetsNow = fromUnixMs(1'795'000'000'000);

inline engine::TargetStatus madeTarget(std::uint64_t id, const std::string& job,
                                       const std::string& instance,
                                       engine::Health health = engine::Health::up)
{
    engine::TargetStatus status;
    status.id = id;
    status.job = job;
    status.instance = instance;
    status.url = "http://" + instance + "/metrics";
    status.labels = Labels{{"job", job}, {"instance", instance}, {"env", "prod"}};
    status.discoveredLabels = Labels{{"job", job},
                                     {"__address__", instance},
                                     {"__metrics_path__", "/metrics"},
                                     {"__scheme__", "http"}};
    status.health = health;
    status.lastError = health == engine::Health::down ? "connection refused" : "";
    status.lastScrape = targetsNow - std::chrono::seconds(4);
    status.lastDuration = std::chrono::milliseconds(8);
    status.samples = id * 100;
    status.interval = std::chrono::seconds(15);
    status.timeout = std::chrono::seconds(10);
    return status;
}

inline engine::TargetsSnapshot snapshotOf(std::vector<engine::TargetStatus> all)
{
    engine::TargetsSnapshot snapshot;
    snapshot.targets = std::move(all);
    for (const auto& target : snapshot.targets) {
        snapshot.up += target.health == engine::Health::up ? 1 : 0;
        snapshot.down += target.health == engine::Health::down ? 1 : 0;
    }
    return snapshot;
}

/// `count` targets in `jobs` jobs, sorted; every fiftieth is down. `round` moves what scrapes move.
inline engine::TargetsSnapshot manyTargets(std::size_t count, std::size_t jobs, int round = 0)
{
    static constexpr std::array zones{"eu-1a", "eu-1b", "us-2a", "us-2b"};
    std::vector<engine::TargetStatus> all;
    all.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t job = i * jobs / count;
        const auto digits = [](std::size_t number) {
            const std::string text = std::to_string(number);
            return std::string(6 - std::min<std::size_t>(6, text.size()), '0') + text;
        };
        const std::string name = "job-" + digits(job);
        const std::string instance = "host-" + digits(i) + ".example.net:9100";
        auto target = madeTarget(i + 1, name, instance,
                                 i % 50 == 7 ? engine::Health::down : engine::Health::up);
        target.labels = Labels{{"job", name},
                               {"instance", instance},
                               {"env", i % 3 == 0 ? "staging" : "production"},
                               {"zone", zones[i % zones.size()]},
                               {"rack", "r" + std::to_string(i % 97)}};
        target.samples = 400 + (i * 7919 + std::size_t(round)) % 1000;
        target.lastDuration
            = std::chrono::microseconds(2000 + (i * 104'729 + std::size_t(round) * 31) % 90'000);
        target.lastScrape
            = targetsNow - std::chrono::milliseconds((i * 37 + std::size_t(round) * 250) % 15'000);
        all.push_back(std::move(target));
    }
    return snapshotOf(std::move(all));
}

} // namespace watchfire::tests
