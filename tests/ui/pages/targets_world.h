// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/fake_engine.h"
#include "tests/ui/models/made_targets.h"

#include <string>
#include <vector>

/// A small world of targets: fourteen in four jobs, some in trouble, with all that is known of
/// each.
namespace watchfire::tests {

struct TurnedClock final : Clock {
    Timestamp at = targetsNow;
    Timestamp now() const override { return at; }
};

engine::TargetsSnapshot fewTargets();
/// Jobs of those targets.
config::Config targetsConfig();
/// Fourteen thousand bytes of text, of which line 12 is at fault.
engine::TargetDetail madeDetail();
std::vector<engine::FoundExporter> madeFound();
/// Answers `up` and `scrape_duration_seconds` of those targets that the query names.
Result<QueryResult> targetsPast(const std::vector<engine::TargetStatus>& targets,
                                const engine::QueryRequest& request);
/// Publishes the targets, and from now on answers for their past.
void showTargets(FakeEngine& engine, engine::TargetsSnapshot snapshot);
/// Publishes it all and sets the answers.
void fillWithTargets(FakeEngine& engine);

} // namespace watchfire::tests
