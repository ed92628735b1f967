// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/scrape/relabel_preview.h"

#include <algorithm>
#include <utility>

namespace watchfire::scrape {

namespace {

void follow(RelabelPreview& preview, Labels before, const IntakeRules& rules, std::size_t examples)
{
    RelabelledSample sample;
    sample.steps = relabelSteps(before, rules.job->metricRelabel);
    sample.before = std::move(before);
    ++preview.samples;
    bool isTouched = false;
    bool isDropped = false;
    for (std::size_t i = 0; i < sample.steps.size(); ++i) {
        const RelabelStep& step = sample.steps[i];
        RuleEffect& effect = preview.rules[i];
        effect.matched += step.matched ? 1 : 0;
        effect.changed += step.changed() ? 1 : 0;
        effect.dropped += step.dropped ? 1 : 0;
        isTouched = isTouched || step.changed() || step.dropped;
        isDropped = isDropped || step.dropped;
    }
    if (!isDropped) {
        sample.after = sample.steps.empty() ? sample.before : sample.steps.back().after;
    }
    preview.kept += sample.after.empty() ? 0 : 1; // labelkeep may leave nothing, too
    if (isTouched && preview.examples.size() < examples) {
        preview.examples.push_back(std::move(sample));
    }
}

} // namespace

RelabelPreview previewRelabelling(exposition::Format format, std::string_view body,
                                  const IntakeRules& rules, std::size_t examples)
{
    using exposition::EntryKind;
    RelabelPreview preview;
    preview.rules.resize(rules.job->metricRelabel.size());
    const auto parser = exposition::makeParser(format, body, rules.readOptions());
    exposition::Entry entry;
    exposition::LabelPairs pairs;
    LabelsBuilder builder;
    while (!body.empty()) {
        const auto kind = parser->next(entry);
        if (!kind) {
            preview.fault = kind.error().message;
            break;
        }
        if (*kind == EntryKind::end) {
            break;
        }
        if (*kind != EntryKind::series && *kind != EntryKind::histogram) {
            continue;
        }
        labelsOf(entry, pairs);
        if (auto joined = joinLabels(pairs, rules, builder); !joined) {
            preview.fault = joined.error().message;
            break;
        }
        follow(preview, builder.build(), rules, examples);
    }
    return preview;
}

} // namespace watchfire::scrape
