// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/scrape/body_reader.h"
#include "core/text/quote.h"
#include "core/text/utf8.h"

#include <algorithm>
#include <format>
#include <string>
#include <vector>

namespace watchfire::scrape {

namespace {

constexpr std::string_view exportedPrefix = "exported_";

/// No sample has more labels, whatever relabelling would leave of them: what it does to so many
/// takes too long.
constexpr std::size_t mostLabels = 2000;
/// Up to so many labels are compared each with each, which is quicker than to sort them.
constexpr std::size_t fewLabels = 32;
/// How much of bad labels a message repeats.
constexpr std::size_t longestQuote = 1000;

/// A name that stands there twice; of few the first.
const std::string* repeatedName(const exposition::LabelPairs& pairs)
{
    if (pairs.size() > fewLabels) {
        std::vector<const std::string*> names;
        for (const auto& [name, value] : pairs) {
            names.push_back(&name);
        }
        const auto text = [](const std::string* name) -> const std::string& { return *name; };
        std::ranges::sort(names, {}, text);
        const auto repeated = std::ranges::adjacent_find(names, {}, text);
        return repeated == names.end() ? nullptr : *repeated;
    }
    for (std::size_t i = 1; i < pairs.size(); ++i) {
        for (std::size_t k = 0; k < i; ++k) {
            if (pairs[k].first == pairs[i].first) {
                return &pairs[i].first;
            }
        }
    }
    return nullptr;
}

/// The target's labels win; those of the body that were in the way get another name, the
/// shorter ones first.
void addTargetLabels(LabelsBuilder& labels, const Labels& target)
{
    std::vector<std::pair<std::string, std::string>> clashes;
    for (const Label& label : target) {
        if (const std::string_view given = labels.get(label.name); !given.empty()) {
            clashes.emplace_back(label.name, given);
        }
        labels.set(label.name, label.value);
    }
    std::ranges::stable_sort(clashes, {}, [](const auto& clash) { return clash.first.size(); });
    for (const auto& [name, value] : clashes) {
        std::string renamed(name);
        do {
            renamed.insert(0, exportedPrefix);
        } while (!labels.get(renamed).empty());
        labels.set(renamed, value);
    }
}

/// The body's labels win, empty ones too: those remove the target's.
void addMissingLabels(LabelsBuilder& labels, const exposition::LabelPairs& pairs,
                      const Labels& target)
{
    for (const Label& label : target) {
        if (std::ranges::find(pairs, label.name, &std::pair<std::string, std::string>::first)
            == pairs.end()) {
            labels.set(label.name, label.value);
        }
    }
}

Result<void> checkNames(const Labels& labels, bool classic)
{
    const std::string_view metric = labels.metricName();
    if (metric.empty()) {
        return fail(ErrorKind::invalid, "a series has no metric name (__name__ label)");
    }
    bool good = classic ? isClassicMetricName(metric) : isValidName(metric);
    for (const Label& label : labels) {
        good = good && (classic ? isClassicLabelName(label.name) : isValidName(label.name))
            && text::isUtf8(label.value);
    }
    if (!good) {
        return fail(ErrorKind::invalid,
                    std::format("invalid metric name or label names: {}",
                                labels.toString().substr(0, longestQuote)));
    }
    return {};
}

Result<void> checkLimits(const Labels& labels, const IntakeRules& rules)
{
    const config::ScrapeConfig& job = *rules.job;
    const auto refuse = [&](std::string message) {
        return fail(ErrorKind::limit,
                    std::format("{} (metric {})", message, labels.metricName().substr(0, 50)));
    };
    const std::uint64_t most = job.labelLimit != 0 ? job.labelLimit : rules.ceilings.labels;
    if (const std::size_t count = labels.size(); most != 0 && count > most) {
        return refuse(std::format("label_limit exceeded: {} labels, limit {}", count, most));
    }
    const std::uint64_t longest = job.labelValueLengthLimit != 0 ? job.labelValueLengthLimit
                                                                 : rules.ceilings.labelValueBytes;
    for (const Label& label : labels) {
        if (job.labelNameLengthLimit != 0 && label.name.size() > job.labelNameLengthLimit) {
            return refuse(std::format("label_name_length_limit exceeded: {} has {} bytes, limit {}",
                                      text::quote(label.name.substr(0, 50)), label.name.size(),
                                      job.labelNameLengthLimit));
        }
        if (longest != 0 && label.value.size() > longest) {
            return refuse(
                std::format("label_value_length_limit exceeded: the value of {} has {} bytes, "
                            "limit {}",
                            text::quote(label.name.substr(0, 50)), label.value.size(), longest));
        }
    }
    return {};
}

Result<void> joinLabels(const exposition::LabelPairs& pairs, const IntakeRules& rules,
                        LabelsBuilder& out)
{
    if (pairs.size() > mostLabels) {
        return fail(ErrorKind::limit,
                    std::format("a sample of {} has {} labels; there may be {}",
                                text::quote(pairs.front().second.substr(0, 50)), pairs.size() - 1,
                                mostLabels - 1));
    }
    if (const std::string* name = repeatedName(pairs)) {
        return fail(ErrorKind::invalid,
                    std::format("label name {} is not unique", text::quote(*name)));
    }
    if (pairs.size() > fewLabels) {
        out = LabelsBuilder(Labels::fromPairs(pairs));
    } else {
        out.clear();
        for (const auto& [name, value] : pairs) {
            out.set(name, value);
        }
    }
    if (rules.job->honorLabels) {
        addMissingLabels(out, pairs, rules.target.labels);
    } else {
        addTargetLabels(out, rules.target.labels);
    }
    return {};
}

} // namespace

Result<Labels> sampleLabels(const exposition::LabelPairs& pairs, const IntakeRules& rules,
                            LabelsBuilder& scratch)
{
    if (auto joined = joinLabels(pairs, rules, scratch); !joined) {
        return std::unexpected(joined.error());
    }
    if (!relabel(scratch, rules.job->metricRelabel)) {
        return Labels();
    }
    Labels labels = scratch.build();
    if (labels.empty()) {
        return labels;
    }
    if (auto good = checkNames(labels, rules.job->nameValidationScheme == "legacy"); !good) {
        return std::unexpected(good.error());
    }
    if (auto good = checkLimits(labels, rules); !good) {
        return std::unexpected(good.error());
    }
    return labels;
}

} // namespace watchfire::scrape
