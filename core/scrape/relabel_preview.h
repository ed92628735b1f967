// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/exposition/parser.h"
#include "core/model/labels.h"
#include "core/model/relabel.h"
#include "core/scrape/body_reader.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace watchfire::scrape {

/// What one rule of metric_relabel_configs did to a whole body.
struct RuleEffect {
    std::uint64_t matched = 0; ///< samples
    std::uint64_t changed = 0;
    std::uint64_t dropped = 0;
    friend bool operator==(const RuleEffect&, const RuleEffect&) = default;
};

/// One sample's way through the rules: from its labels with the target's to what is stored.
struct RelabelledSample {
    Labels before;
    std::vector<RelabelStep> steps; ///< up to the rule that drops it
    Labels after; ///< empty: dropped
};

/// A dry run of metric relabelling. Nothing is stored.
struct RelabelPreview {
    std::uint64_t samples = 0;
    std::uint64_t kept = 0;
    std::vector<RuleEffect> rules; ///< by rule
    std::vector<RelabelledSample> examples; ///< the first ones that some rule changed or dropped
    std::string fault; ///< what ended the body early, or fails the scrape; empty: nothing
};

/// Runs the job's metric_relabel_configs, which must be prepared, over a body that was scraped,
/// with at most `examples` samples shown. Limits of the job do not count.
RelabelPreview previewRelabelling(exposition::Format format, std::string_view body,
                                  const IntakeRules& rules, std::size_t examples);

} // namespace watchfire::scrape
