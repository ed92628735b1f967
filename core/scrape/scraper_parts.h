// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/scrape/inspection.h"
#include "core/scrape/intake.h"
#include "core/scrape/job.h"
#include "core/scrape/scraper.h"

#include <cstdint>
#include <memory>
#include <set>
#include <vector>

/// The inside of Scraper; not a header for others.
namespace watchfire::scrape {

/// A job in force and the targets it has.
struct Scraper::JobInForce {
    std::unique_ptr<Job> job;
    std::shared_ptr<const config::ScrapeConfig> config; ///< as it was given
    std::set<std::uint64_t> targets;
    std::shared_ptr<const std::vector<Labels>> dropped;
    std::size_t droppedInAll = 0;
    std::vector<Error> faults;
    Error refusal; ///< message not empty: nothing is to be scraped, and why
};

/// A target being scraped. `intake` belongs to the worker while `inFlight`, all else to home.
struct Scraper::Running {
    Running(std::uint64_t number, storage::Store& store)
        : id(number)
        , intake(store)
    {
    }

    std::uint64_t id;
    Intake intake;
    RulesPtr rules;
    bool inFlight = false;
    bool endWhenDone = false; ///< mark all series stale as soon as the worker is through
    Timestamp lastRow{};
    Ticket ticket;
    TargetStatus status;
    ScrapeLog log;
    std::vector<Reply<void>> waiting; ///< for the end of the scrape
};

} // namespace watchfire::scrape
