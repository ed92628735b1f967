// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/base/executor.h"
#include "core/base/result.h"
#include "core/base/ticket.h"
#include "core/config/config.h"
#include "core/ports/http.h"
#include "core/scrape/body_reader.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace watchfire::scrape {

/// What trying a job came to.
struct Trial {
    bool ok = false;
    std::string url;
    std::string error; ///< a sentence
    std::uint32_t errorLine = 0; ///< of the body, from 1; 0: not about a line
    std::string badLine;
    int status = 0; ///< 0: no answer
    HttpTimings timings;
    std::chrono::microseconds parse{};
    std::string format; ///< "text", "OpenMetrics"
    std::uint64_t samples = 0; ///< that would be stored
    std::uint64_t metrics = 0; ///< families
    std::vector<std::string> warnings;
    std::string bodyStart; ///< the first 64 KiB
};

/// Told what a trial under way is at: its address, the phase that it
/// enters, and how long those before took.
using TrialProgress = std::function<void(const std::string& url, HttpPhase, const HttpTimings&)>;

/// Runs the whole of a scrape of the job's first target (request, reading, relabelling, limits)
/// and stores nothing. Fails only when the job has no target that can be made; whatever happens
/// to the scrape is in the report. The reply comes on a worker or on the caller's thread, progress
/// (which may be empty) on the fetcher's; `fetcher`, `workers` and `clock` must outlive it.
Ticket tryJob(config::ScrapeConfig job, const Ceilings& ceilings, HttpFetcher& fetcher,
              Executor& workers, const Clock& clock, const TrialProgress& progress,
              Reply<Trial> reply);

} // namespace watchfire::scrape
