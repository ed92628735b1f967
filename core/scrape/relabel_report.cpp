// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/scrape/relabel_report.h"

#include <memory>
#include <utility>

namespace watchfire::scrape {

std::vector<RelabelStepReport> relabelReport(const Labels& labels,
                                             std::span<const RelabelRule> rules)
{
    std::vector<RelabelStepReport> steps;
    for (RelabelStep& step : relabelSteps(labels, rules)) {
        steps.push_back({std::move(step.before), std::move(step.after), !step.dropped});
    }
    return steps;
}

RelabelOutcome followTarget(const config::ScrapeConfig& job, Labels discovered)
{
    RelabelOutcome out;
    out.steps = relabelReport(discovered, job.relabel);
    auto target = makeTarget(job, discovered);
    out.discovered = std::move(discovered);
    if (!target) {
        out.error = std::move(target.error().message);
    } else if (*target) {
        out.url = std::move((*target)->url);
        out.labels = std::move((*target)->labels);
    }
    return out;
}

std::vector<RelabelOutcome> followSeries(const IntakeRules& rules, const KeptAnswer& answer,
                                         std::size_t most)
{
    std::vector<RelabelOutcome> out;
    if (!answer.format) {
        return out;
    }
    // The same labels as in a scrape, but for the rules, which are followed one by one.
    auto unruled = std::make_shared<config::ScrapeConfig>(*rules.job);
    unruled->metricRelabel.clear();
    IntakeRules before = rules;
    before.job = std::move(unruled);
    // A line that was cut is no line.
    const std::string_view body = answer.body;
    const bool hasLines = *answer.format != exposition::Format::protobuf;
    const auto parser = exposition::makeParser(
        *answer.format, answer.isCut && hasLines ? body.substr(0, body.rfind('\n') + 1) : body,
        rules.readOptions());
    exposition::Entry entry;
    exposition::LabelPairs pairs;
    LabelsBuilder scratch;
    while (out.size() < most) {
        const auto kind = parser->next(entry);
        if (!kind || *kind == exposition::EntryKind::end) {
            break;
        }
        if (*kind != exposition::EntryKind::series && *kind != exposition::EntryKind::histogram) {
            continue;
        }
        labelsOf(entry, pairs);
        RelabelOutcome& outcome = out.emplace_back();
        auto labels = sampleLabels(pairs, before, scratch);
        if (!labels) {
            outcome.error = std::move(labels.error().message);
            continue;
        }
        outcome.discovered = *std::move(labels);
        outcome.steps = relabelReport(outcome.discovered, rules.job->metricRelabel);
        if (outcome.steps.empty() || outcome.steps.back().kept) {
            outcome.labels
                = outcome.steps.empty() ? outcome.discovered : outcome.steps.back().after;
            outcome.url.emplace();
        }
    }
    return out;
}

} // namespace watchfire::scrape
