// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/scrape/answer_shelf.h"
#include "core/scrape/relabel_report.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace watchfire::scrape {

/// One scrape, in short.
struct ScrapeEvent {
    Timestamp at{};
    std::chrono::microseconds took{};
    std::uint64_t samples = 0;
    std::string error; ///< empty: it was fine
    friend bool operator==(const ScrapeEvent&, const ScrapeEvent&) = default;
};

/// The last scrapes of one target.
class ScrapeLog {
public:
    static constexpr std::size_t length = 50;

    void note(ScrapeEvent event);
    std::vector<ScrapeEvent> newestFirst() const;

private:
    /// Small, for there are many: what fails mostly fails again with the same words.
    struct Line {
        Timestamp at{};
        std::chrono::microseconds took{};
        std::uint32_t samples = 0;
        std::shared_ptr<const std::string> error; ///< null: none
    };
    std::vector<Line> m_lines; ///< a ring once it is full
    std::size_t m_next = 0;
    std::shared_ptr<const std::string> m_lastError;
};

/// Everything about one target that the list of all has no room for.
struct TargetDetail {
    RelabelOutcome relabelling;
    Timestamp answeredAt{}; ///< the epoch: no answer was kept yet
    int status = 0;
    std::string contentType;
    HttpTimings timings;
    std::string body; ///< the first MiB of the last answer; protobuf as text
    bool isCut = false; ///< there was more
    std::uint32_t errorLine = 0; ///< of the body, from 1; 0: none
    std::string error;
    /// What metric relabelling makes of the body's series, the first thousand of them.
    std::vector<RelabelOutcome> metricRelabelling;
    std::vector<ScrapeEvent> log; ///< of scrapes, newest first
};

/// Puts together what is known of a target. `answer` null: none was kept. Takes a while.
TargetDetail inspectionOf(const IntakeRules& rules, const std::shared_ptr<const KeptAnswer>& answer,
                          std::vector<ScrapeEvent> log);

} // namespace watchfire::scrape
