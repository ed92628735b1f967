// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/conformance/runner.h"

namespace watchfire::ctl {

/// Scrapes the recorded bodies and responses of a folder such as conformance/exposition with
/// the real scraper and compares what is stored: series, samples, exemplars, metadata, the
/// scrape's own series and the request.
ConformanceOutcome runExposition(const std::filesystem::path& path);

/// Compares the strict checker (`watchfirectl check metrics`) with the recorded judgements of
/// the same folder: accepted or not, and the advice; of OpenMetrics whether it is accepted.
ConformanceOutcome runCheckMetrics(const std::filesystem::path& path);

} // namespace watchfire::ctl
