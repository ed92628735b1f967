// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/check.h"
#include "core/model/sample.h"
#include "core/promql/query.h"
#include "core/promql/series_notation.h"
#include "core/promql/syntax/advice.h"
#include "core/storage/memory_store.h"

#include <cstddef>
#include <cstdint>
#include <string>

using namespace watchfire;

namespace {

constexpr std::int64_t intervalMs = 15'000;

/// Counters with resets, gauges with gaps and odd values, classic and native histograms.
storage::MemoryStore& store()
{
    static storage::MemoryStore made;
    static const bool isFilled = [] {
        const auto appender = made.appender();
        for (
            const char* const line :
            {R"(c{i="a",j="x"} 0+3x20 0+2x19)", R"(c{i="b",j="x"} 1 _ 3 _x5 8+1x32)",
             R"(c{i="c",j="y"} 5+0x20 stale 1+1x18)", R"(g{i="a",j="x"} -5+0.5x39)",
             R"(g{i="b",j="y"} NaN 1 Inf -Inf 0 -0 1e300x20 1e-300x13)", R"(g{i="c"} _x10 7 _x29)",
             R"(b_bucket{i="a",le="0.1"} 0+1x39)", R"(b_bucket{i="a",le="1"} 0+3x39)",
             R"(b_bucket{i="a",le="+Inf"} 0+4x39)",
             R"(h{i="a"} {{schema:1 count:5 sum:9 buckets:[1 2 2]}}+{{schema:1 count:2 sum:1 buckets:[1 0 1]}}x39)",
             R"(h{i="b"} {{schema:-53 count:4 sum:3 custom_values:[1 5] buckets:[1 2 1]}}x39)",
             R"(h{i="c"} 1 2 {{count:3 sum:4 z_bucket:3}} _ 7x35)",
             R"(info{i="a",version="1"} 1x39)"}) {
            const auto [metric, rest] = promql::splitMetric(line);
            const auto labels = promql::parseMetric(metric);
            const auto values = promql::parseSequence(rest);
            WF_CHECK(labels.has_value() && values.has_value());
            std::int64_t at = 0;
            for (const promql::SequenceValue& value : *values) {
                SampleView sample;
                sample.at = fromUnixMs(at);
                at += intervalMs;
                if (value.kind == promql::SequenceValue::Kind::gap) {
                    continue;
                }
                sample.value = value.kind == promql::SequenceValue::Kind::stale ? staleMarker()
                                                                                : value.number;
                sample.histogram = value.histogram.get();
                WF_CHECK(appender->append(0, *labels, sample).has_value());
            }
        }
        WF_CHECK(appender->commit().has_value());
        return true;
    }();
    WF_CHECK(isFilled);
    return made;
}

} // namespace

// Any text is answered or refused, at a moment and over a range; what is explained is the whole
// tree, and whatever is advised has its place in the text.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string text(data, data + size);
    promql::QueryOptions options;
    options.features = promql::Features::all();
    options.explain = true;
    options.maxSamples = 20'000;
    options.timeout = std::chrono::milliseconds(500);
    const auto ast = promql::parse(text, options.features);
    if (!ast) {
        return 0;
    }
    const promql::MetricFacts facts{
        [](std::string_view) { return MetricType::gauge; },
        [](const Matchers&) { return std::chrono::milliseconds(intervalMs); }};
    for (const promql::Advice& advice : promql::advise(*ast, facts)) {
        WF_CHECK(advice.where.begin <= advice.where.end && advice.where.end <= size);
        WF_CHECK(!advice.fix || advice.fix->span.end <= size);
    }
    promql::QueryTimes range;
    range.start = fromUnixMs(60'000);
    range.end = fromUnixMs(600'000);
    range.step = std::chrono::seconds(20);
    for (const bool delayed : {false, true}) {
        options.delayedNameRemoval = delayed;
        for (const promql::QueryTimes& times :
             {promql::QueryTimes::instant(fromUnixMs(300'000)), range}) {
            const auto result = promql::evaluate(*ast, store(), times, options);
            WF_CHECK(result ? result->explanation.has_value() : !result.error().message.empty());
        }
    }
    return 0;
}
