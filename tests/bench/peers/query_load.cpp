// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/peers/query_load.h"

#include "core/model/write_request.h"
#include "core/remote/write.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <format>
#include <utility>

namespace watchfire::bench {

namespace {

constexpr std::int64_t stepMs = 15'000;
constexpr std::int64_t delayBetweenInstancesMs = 1'300;
constexpr std::size_t stepsInMessage = 20;
constexpr std::size_t longSteps = 1'480;
constexpr std::size_t shortSteps = 320;
constexpr std::size_t manySteps = 60;
constexpr double resetChance = 1.0 / 4'000;

constexpr std::array<std::pair<const char*, double>, 12> buckets{{{"0.005", 0.05},
                                                                  {"0.01", 0.12},
                                                                  {"0.025", 0.25},
                                                                  {"0.05", 0.41},
                                                                  {"0.1", 0.58},
                                                                  {"0.25", 0.74},
                                                                  {"0.5", 0.85},
                                                                  {"1", 0.92},
                                                                  {"2.5", 0.96},
                                                                  {"5", 0.985},
                                                                  {"10", 0.995},
                                                                  {"+Inf", 1.0}}};

/// Of a splitmix64 sequence, in [0, 1).
double uniform(std::uint64_t& state)
{
    state += 0x9E3779B97F4A7C15U;
    std::uint64_t mixed = state;
    mixed = (mixed ^ (mixed >> 30U)) * 0xBF58476D1CE4E5B9U;
    mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EBU;
    mixed ^= mixed >> 31U;
    return static_cast<double>(mixed >> 11U) * 0x1p-53;
}

} // namespace

QueryLoad::QueryLoad(std::size_t steps, std::int64_t endMs)
    : m_steps(steps)
    , m_endMs(endMs)
{
}

QueryLoad QueryLoad::dashboards(std::size_t perInstance, std::int64_t endMs)
{
    QueryLoad load(longSteps, endMs);
    for (int i = 0; i < 10; ++i) {
        Instance& instance = load.addInstance();
        load.addCounters(instance, "m", perInstance, 0);
        load.addGauges(instance, perInstance / 10);
        load.addCounters(instance, "n", perInstance, longSteps - shortSteps);
        load.addHistograms(instance, perInstance / 10, longSteps - shortSteps);
    }
    return load;
}

QueryLoad QueryLoad::many(std::int64_t endMs)
{
    QueryLoad load(manySteps, endMs);
    for (int i = 0; i < 100; ++i) {
        load.addCounters(load.addInstance(), "many", 1'000, 0);
    }
    return load;
}

QueryLoad::Instance& QueryLoad::addInstance()
{
    const auto number = static_cast<std::int64_t>(m_instances.size());
    return m_instances.emplace_back(
        Instance{.series = {}, .delayMs = number * delayBetweenInstancesMs % stepMs});
}

void QueryLoad::addCounters(Instance& instance, const std::string& name, std::size_t count,
                            std::size_t firstStep)
{
    for (std::size_t i = 0; i < count; ++i) {
        Series series;
        series.labels = Labels::fromPairs({{"__name__", name},
                                           {"job", "bench"},
                                           {"instance", std::format("t{}", m_instances.size() - 1)},
                                           {"x", std::format("{}", i % 10)},
                                           {"y", std::format("{}", i / 10)}});
        series.kind = i / 10 % 5 == 0 ? Kind::idle : Kind::counter;
        series.firstStep = firstStep;
        series.random = (m_instances.size() << 32U) + (name.size() << 24U) + i;
        series.pace = std::pow(10, 3 * uniform(series.random));
        series.total = std::floor(1e7 * uniform(series.random));
        instance.series.push_back(std::move(series));
    }
}

void QueryLoad::addGauges(Instance& instance, std::size_t count)
{
    for (std::size_t i = 0; i < count; ++i) {
        Series series;
        series.labels = Labels::fromPairs({{"__name__", "g"},
                                           {"job", "bench"},
                                           {"instance", std::format("t{}", m_instances.size() - 1)},
                                           {"x", std::format("{}", i % 10)},
                                           {"y", std::format("{}", i / 10)}});
        series.kind = Kind::gauge;
        series.random = (m_instances.size() << 32U) + (std::uint64_t{1} << 31U) + i;
        series.total = 100 * uniform(series.random);
        instance.series.push_back(std::move(series));
    }
}

void QueryLoad::addHistograms(Instance& instance, std::size_t count, std::size_t firstStep)
{
    for (std::size_t i = 0; i < count; ++i) {
        for (const auto& [bound, share] : buckets) {
            Series series;
            series.labels
                = Labels::fromPairs({{"__name__", "b_bucket"},
                                     {"job", "bench"},
                                     {"instance", std::format("t{}", m_instances.size() - 1)},
                                     {"path", std::format("/api/v1/things/{}", i)},
                                     {"le", bound}});
            series.kind = Kind::bucket;
            series.firstStep = firstStep;
            // The same of all its buckets, so that they count the same observations.
            series.random = (m_instances.size() << 32U) + (std::uint64_t{3} << 30U) + i;
            series.pace = std::pow(10, 3 * uniform(series.random));
            series.share = share;
            instance.series.push_back(std::move(series));
        }
    }
}

double QueryLoad::nextValue(Series& series)
{
    const auto count = [&] { return std::floor(2 * series.pace * uniform(series.random)); };
    switch (series.kind) {
    case Kind::idle:
        break;
    case Kind::counter:
        series.total = uniform(series.random) < resetChance ? 0 : series.total + count();
        break;
    case Kind::gauge:
        series.total += uniform(series.random) - 0.5;
        return std::nearbyint(series.total * 100) / 100;
    case Kind::bucket:
        series.total += count();
        return std::floor(series.total * series.share);
    }
    return series.total;
}

std::string QueryLoad::next()
{
    if (m_step >= m_steps) {
        return {};
    }
    Instance& instance = m_instances[m_instance];
    WriteRequest request;
    for (Series& series : instance.series) {
        if (series.firstStep > m_step) {
            continue;
        }
        WriteSeries& written = request.series.emplace_back(WriteSeries{series.labels, {}, {}, {}});
        for (std::size_t step = m_step; step < m_step + stepsInMessage; ++step) {
            const auto before = static_cast<std::int64_t>(m_steps - step);
            written.samples.push_back(
                {m_endMs - before * stepMs + instance.delayMs, nextValue(series)});
        }
        m_samples += stepsInMessage;
    }
    if (++m_instance == m_instances.size()) {
        m_instance = 0;
        m_step += stepsInMessage;
    }
    return remote::encodeWrite(request);
}

} // namespace watchfire::bench
