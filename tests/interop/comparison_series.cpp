// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/interop/comparison_series.h"

#include "core/model/sample.h"

#include <cmath>
#include <limits>
#include <string>

namespace watchfire::tests {

namespace {

constexpr const char* instances[] = {"a", "b", "c"};
constexpr std::int64_t shiftsMs[] = {0, 3'127, 7'000}; // by instance

/// A number that follows from others, below `below`.
std::int64_t noise(std::int64_t a, std::int64_t b, std::int64_t below)
{
    auto x = static_cast<std::uint64_t>(a * 1'000'003 + b * 7'919 + 12'345);
    x = (x ^ (x >> 30)) * 0xBF58'476D'1CE4'E5B9;
    x = (x ^ (x >> 27)) * 0x94D0'49BB'1331'11EB;
    return static_cast<std::int64_t>((x ^ (x >> 31)) % static_cast<std::uint64_t>(below));
}

/// The third instance is away now and then.
bool isAway(std::int64_t row, std::size_t instance)
{
    return instance == 2 && row % 90 >= 60 && row % 90 < 85;
}

} // namespace

ComparisonSeries::ComparisonSeries(std::int64_t startMs)
    : m_startMs(startMs)
{
    counters();
    gauges();
    classicHistograms();
    nativeHistograms();
}

WriteRequest ComparisonSeries::between(std::int64_t fromMs, std::int64_t toMs) const
{
    WriteRequest request;
    for (const WriteSeries& all : m_all) {
        WriteSeries part{all.labels, {}, {}, {}};
        for (const Sample& sample : all.samples) {
            if (sample.atMs >= fromMs && sample.atMs < toMs) {
                part.samples.push_back(sample);
            }
        }
        for (const auto& [at, histogram] : all.histograms) {
            if (at >= fromMs && at < toMs) {
                part.histograms.emplace_back(at, histogram);
            }
        }
        if (!part.samples.empty() || !part.histograms.empty()) {
            request.series.push_back(std::move(part));
        }
    }
    return request;
}

std::int64_t ComparisonSeries::timeOf(std::int64_t row, std::size_t instance) const
{
    return m_startMs + row * stepMs + shiftsMs[instance];
}

template <class ValueOf>
void ComparisonSeries::add(Labels labels, std::size_t instance, ValueOf valueOf, std::int64_t from,
                           std::int64_t every)
{
    WriteSeries series{std::move(labels), {}, {}, {}};
    bool wasThere = false;
    for (std::int64_t row = from; row < rows; row += every) {
        const bool isThere = !isAway(row, instance);
        if (isThere || wasThere) {
            series.samples.push_back(
                {timeOf(row, instance), isThere ? valueOf(row) : staleMarker()});
        }
        wasThere = isThere;
    }
    m_all.push_back(std::move(series));
}

void ComparisonSeries::counters()
{
    for (std::size_t i = 0; i < 3; ++i) {
        const auto salt = static_cast<std::int64_t>(i);
        for (const int code : {200, 404, 500}) {
            double value = 0;
            add({{"__name__", "requests_total"},
                 {"job", "web"},
                 {"instance", instances[i]},
                 {"code", std::to_string(code)}},
                i, [&, code](std::int64_t row) {
                    value = noise(row, code + salt, 130) == 0
                        ? 0
                        : value + static_cast<double>(noise(row, code * 3 + salt, 2'000 / code));
                    return value;
                });
        }
        add(
            {{"__name__", "errors_total"}, {"job", "web"}, {"instance", instances[i]}}, i,
            [](std::int64_t row) { return static_cast<double>(row / 7); }, 200 + 40 * salt);
    }
}

void ComparisonSeries::gauges()
{
    for (std::size_t i = 0; i < 3; ++i) {
        const auto salt = static_cast<std::int64_t>(i);
        for (const char* queue : {"mail", "print"}) {
            add({{"__name__", "queue_length"},
                 {"job", "desk"},
                 {"instance", instances[i]},
                 {"queue", queue}},
                i, [&](std::int64_t row) {
                    return static_cast<double>(noise(row / 3, salt + queue[0], 40) - 10);
                });
        }
        add({{"__name__", "temperature"}, {"job", "room"}, {"instance", instances[i]}}, i,
            [&](std::int64_t row) {
                return std::round(std::sin(double(row + 100 * salt) / 40) * 1'000) / 100 + 20;
            });
        add({{"__name__", "info"},
             {"job", "web"},
             {"instance", instances[i]},
             {"version", "1." + std::to_string(i)}},
            i, [](std::int64_t) { return 1.0; });
        add(
            {{"__name__", "sparse"}, {"job", "desk"}, {"instance", instances[i]}}, i,
            [](std::int64_t row) { return double(row) * 1.1; }, salt, 11 + 6 * salt);
    }
    constexpr double infinity = std::numeric_limits<double>::infinity();
    const auto strange = [&](const char* kind, auto valueOf) {
        add({{"__name__", "strange"}, {"kind", kind}}, 0, valueOf);
    };
    strange("nan", [](std::int64_t) { return std::numeric_limits<double>::quiet_NaN(); });
    strange("high", [](std::int64_t) { return infinity; });
    strange("low", [](std::int64_t) { return -infinity; });
    strange("turns", [](std::int64_t row) {
        return row % 5 == 0 ? std::numeric_limits<double>::quiet_NaN()
            : row % 17 == 3 ? infinity
                            : double(row) - 200;
    });
    strange("huge", [](std::int64_t row) { return row % 2 == 0 ? 1.7e308 : -1.7e308; });
    // No denormals: Go's logarithms are wrong for these.
    strange("tiny", [](std::int64_t row) { return double(row % 7) * 1e-300; });
    strange("zero", [](std::int64_t row) { return row % 3 == 0 ? -0.0 : 0.0; });
}

void ComparisonSeries::classicHistograms()
{
    for (std::size_t i = 0; i < 3; ++i) {
        const auto salt = static_cast<std::int64_t>(i);
        for (const char* path : {"/", "/a"}) {
            double below = 0;
            for (const char* le : {"0.1", "0.5", "1", "2.5", "+Inf"}) {
                below += 1;
                add({{"__name__", "latency_bucket"},
                     {"job", "web"},
                     {"instance", instances[i]},
                     {"path", path},
                     {"le", le}},
                    i, [&, below](std::int64_t row) {
                        const std::int64_t since = row % (150 + 20 * salt);
                        return std::floor(double(since * since) * below / 9)
                            + double(since) * below;
                    });
            }
        }
    }
}

void ComparisonSeries::nativeHistograms()
{
    const auto add = [&](const char* name, std::size_t i, auto histogramAt, auto isFloat) {
        WriteSeries series{
            {{"__name__", name}, {"job", "web"}, {"instance", instances[i]}}, {}, {}, {}};
        for (std::int64_t row = 0; row < rows; ++row) {
            if (isAway(row, i)) {
                continue;
            }
            if (isFloat(row)) {
                series.samples.push_back({timeOf(row, i), double(row % 50)});
            } else {
                Histogram made = histogramAt(row);
                made.count = made.zeroCount;
                for (const double count : made.positiveBuckets) {
                    made.count += count;
                }
                for (const double count : made.negativeBuckets) {
                    made.count += count;
                }
                series.histograms.emplace_back(timeOf(row, i), std::move(made));
            }
        }
        m_all.push_back(std::move(series));
    };
    const auto never = [](std::int64_t) { return false; };
    for (std::size_t i = 0; i < 3; ++i) {
        const auto salt = static_cast<std::int64_t>(i);
        const auto exponential = [salt](std::int64_t row) {
            const std::int64_t since = row % (110 + 30 * salt);
            const auto n = static_cast<double>(since);
            Histogram made;
            made.schema = row >= 300 && salt == 1 ? 1 : 3;
            made.zeroThreshold = row >= 200 && salt == 2 ? 0.01 : 0.001;
            made.zeroCount = std::floor(n / 5);
            made.positiveSpans = {{-2, 3}, {since > 30 ? 2 : 4, 2}};
            // Far from zero: version 3.5 extrapolates histograms beyond that, later ones do not.
            made.positiveBuckets = {n, 2 * n + double(salt), std::floor(n * n / 7) + 5'000, n + 1,
                                    std::floor(n / 2)};
            made.negativeSpans = {{1, 1}};
            made.negativeBuckets = {std::floor(n / 3)};
            made.sum = n * 1.75 + double(salt);
            return made;
        };
        add("latency", i, exponential, never);
        add("mixed", i, exponential, [](std::int64_t row) { return row / 30 % 2 == 1; });
        add(
            "sizes", i,
            [salt](std::int64_t row) {
                const auto n = static_cast<double>(row % (130 + 10 * salt));
                Histogram made;
                made.schema = Histogram::customSchema;
                // Other bounds later on would be reconciled here and dropped by version 3.5.
                made.customValues = {1, 5, 10, 100};
                made.positiveSpans
                    = {{0, static_cast<std::uint32_t>(made.customValues.size() + 1)}};
                made.positiveBuckets.assign(made.customValues.size() + 1, n);
                made.positiveBuckets[1] = std::floor(n * n / 11) + 5'000;
                made.sum = n * 30;
                return made;
            },
            never);
    }
}

} // namespace watchfire::tests
