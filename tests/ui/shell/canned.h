// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/fake_engine.h"

/// A small world as the engine would show it: a desk machine, two web servers, a database host
/// whose exporter is down, some rules and alerts, and smooth curves for every query.
namespace watchfire::tests {

/// The moment the canned world stands at.
inline constexpr Timestamp cannedNow = fromUnixMs(1'795'000'000'000);

struct CannedClock final : Clock {
    Timestamp now() const override { return cannedNow; }
};

/// Publishes the snapshots and sets the answers.
void fillWithCannedWorld(FakeEngine& engine);

} // namespace watchfire::tests
