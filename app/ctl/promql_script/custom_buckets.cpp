// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/promql_script/loader.h"
#include "core/text/number.h"

#include <cmath>
#include <limits>
#include <optional>

namespace watchfire::ctl::script {

using promql::SequenceValue;

namespace {

/// What a moment knows of a classic histogram.
struct Moment {
    std::map<double, double> buckets; ///< cumulative, by upper bound
    std::optional<double> count;
    std::optional<double> sum;

    std::optional<Histogram> histogram() const;
};

std::optional<Histogram> Moment::histogram() const
{
    if (buckets.empty() && !count && !sum) {
        return std::nullopt;
    }
    Histogram out;
    out.schema = Histogram::customSchema;
    out.sum = sum.value_or(0);
    const double highest = buckets.empty() ? 0 : buckets.rbegin()->second;
    out.count = count.value_or(highest);
    double below = 0;
    for (const auto& [bound, cumulative] : buckets) {
        if (std::isinf(bound)) {
            continue;
        }
        out.customValues.push_back(bound);
        out.positiveBuckets.push_back(cumulative - below);
        below = cumulative;
    }
    const auto last = buckets.find(std::numeric_limits<double>::infinity());
    out.positiveBuckets.push_back((last == buckets.end() ? out.count : last->second) - below);
    out.positiveSpans.push_back({0, static_cast<std::uint32_t>(out.positiveBuckets.size())});
    return out;
}

/// The series a bucket, count or sum series is part of, and which part it is.
struct Part {
    Labels whole;
    std::string_view suffix; ///< empty: it is part of none
    double bound = 0;
};

Part partOf(const Labels& labels)
{
    const std::string_view name = labels.metricName();
    for (const std::string_view suffix : {"_bucket", "_count", "_sum"}) {
        if (!name.ends_with(suffix)) {
            continue;
        }
        const std::string_view base = name.substr(0, name.size() - suffix.size());
        Part part{labels.with(metricNameLabel, base), suffix, 0};
        if (suffix == "_bucket") {
            const auto bound = text::parseFloat(labels.get("le"));
            if (!bound || std::isnan(*bound)) {
                return {};
            }
            part.bound = *bound;
            part.whole = part.whole.without("le");
        }
        return part;
    }
    return {};
}

} // namespace

std::map<Labels, std::vector<SequenceValue>>
customBucketHistograms(const std::map<Labels, std::vector<SequenceValue>>& rows)
{
    std::map<Labels, std::vector<Moment>> wholes;
    for (const auto& [labels, values] : rows) {
        const Part part = partOf(labels);
        if (part.suffix.empty()) {
            continue;
        }
        std::vector<Moment>& moments = wholes[part.whole];
        moments.resize(std::max(moments.size(), values.size()));
        for (std::size_t i = 0; i < values.size(); ++i) {
            if (values[i].kind != SequenceValue::Kind::number) {
                continue;
            }
            if (part.suffix == "_bucket") {
                moments[i].buckets[part.bound] = values[i].number;
            } else {
                (part.suffix == "_count" ? moments[i].count : moments[i].sum) = values[i].number;
            }
        }
    }
    std::map<Labels, std::vector<SequenceValue>> out;
    for (const auto& [labels, moments] : wholes) {
        std::vector<SequenceValue>& values = out[labels];
        for (const Moment& moment : moments) {
            SequenceValue value;
            if (auto histogram = moment.histogram()) {
                value.kind = SequenceValue::Kind::histogram;
                value.histogram = std::make_shared<const Histogram>(std::move(*histogram));
            }
            values.push_back(value);
        }
    }
    return out;
}

} // namespace watchfire::ctl::script
