// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/labels.h"
#include "core/model/relabel.h"
#include "core/scrape/answer_shelf.h"
#include "core/scrape/body_reader.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

/// What relabelling does, rule by rule, for people to see.
namespace watchfire::scrape {

/// What one rule did.
struct RelabelStepReport {
    Labels before;
    Labels after;
    bool kept = true; ///< false: this rule dropped the set
    friend bool operator==(const RelabelStepReport&, const RelabelStepReport&) = default;
};

/// What became of one discovered address, or of one series of an answer.
struct RelabelOutcome {
    Labels discovered;
    std::vector<RelabelStepReport> steps; ///< one a rule, up to the one that dropped it
    /// Of the scrape; absent: dropped, or see error. Of a series that is stored: "".
    std::optional<std::string> url;
    Labels labels; ///< of the target or the series, where it is kept
    std::string error; ///< why it cannot be scraped or stored, though no rule dropped it
};

/// A step for each of the prepared rules, up to the one that drops the set.
std::vector<RelabelStepReport> relabelReport(const Labels& labels,
                                             std::span<const RelabelRule> rules);

/// The way of one discovered label set through relabel_configs, which must be prepared.
RelabelOutcome followTarget(const config::ScrapeConfig& job, Labels discovered);

/// The way of the series of an answer through metric_relabel_configs: the first `most` of them,
/// up to the first line that cannot be read.
std::vector<RelabelOutcome> followSeries(const IntakeRules& rules, const KeptAnswer& answer,
                                         std::size_t most);

} // namespace watchfire::scrape
