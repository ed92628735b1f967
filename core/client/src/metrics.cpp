// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: Apache-2.0
#include "watchfire/client/metrics.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace watchfire::client {

namespace {

/// Below this a double holds every whole number.
constexpr double wholeLimit = 9'007'199'254'740'992.0; // 2^53

std::shared_ptr<const std::vector<double>> cleanBounds(std::vector<double> bounds)
{
    const auto unfit = [](double bound) { return std::isnan(bound) || bound == INFINITY; };
    bounds.erase(std::remove_if(bounds.begin(), bounds.end(), unfit), bounds.end());
    std::sort(bounds.begin(), bounds.end());
    bounds.erase(std::unique(bounds.begin(), bounds.end()), bounds.end());
    return std::make_shared<const std::vector<double>>(std::move(bounds));
}

} // namespace

detail::HistogramCell::HistogramCell(std::shared_ptr<const std::vector<double>> upperBounds)
    : bounds(std::move(upperBounds))
    , buckets(new std::atomic<std::uint64_t>[bounds->size() + 1]())
{
}

void Counter::increment(double by)
{
    if (!(by >= 0)) {
        return;
    }
    if (by < wholeLimit && std::floor(by) == by) {
        m_cell->whole.fetch_add(static_cast<std::uint64_t>(by), std::memory_order_relaxed);
    } else {
        detail::add(m_cell->fraction, by);
    }
}

double Counter::value() const
{
    return static_cast<double>(m_cell->whole.load(std::memory_order_relaxed))
        + m_cell->fraction.load(std::memory_order_relaxed);
}

void Gauge::setToCurrentTime()
{
    set(std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count());
}

const std::vector<double>& Histogram::defaultBuckets()
{
    static const std::vector<double> buckets{0.005, 0.01, 0.025, 0.05, 0.1, 0.25,
                                             0.5,   1,    2.5,   5,    10};
    return buckets;
}

std::vector<double> Histogram::linearBuckets(double start, double width, std::size_t count)
{
    std::vector<double> bounds(count);
    for (std::size_t i = 0; i < count; ++i) {
        bounds[i] = start + width * static_cast<double>(i);
    }
    return bounds;
}

std::vector<double> Histogram::exponentialBuckets(double start, double factor, std::size_t count)
{
    std::vector<double> bounds(count);
    for (double& bound : bounds) {
        bound = start;
        start *= factor;
    }
    return bounds;
}

Histogram::Histogram(std::vector<double> upperBounds)
    : m_cell(std::make_shared<Cell>(cleanBounds(std::move(upperBounds))))
{
}

void Histogram::observe(double value)
{
    const std::vector<double>& bounds = *m_cell->bounds;
    // NaN is below nothing, so it falls into the last bucket, as in other libraries.
    const auto bucket = static_cast<std::size_t>(
        std::partition_point(bounds.begin(), bounds.end(),
                             [value](double bound) { return !(value <= bound); })
        - bounds.begin());
    m_cell->buckets[bucket].fetch_add(1, std::memory_order_relaxed);
    detail::add(m_cell->sum, value);
}

std::vector<std::uint64_t> Histogram::counts() const
{
    std::vector<std::uint64_t> counts(m_cell->bounds->size() + 1);
    for (std::size_t i = 0; i < counts.size(); ++i) {
        counts[i] = m_cell->buckets[i].load(std::memory_order_relaxed);
    }
    return counts;
}

std::uint64_t Histogram::count() const
{
    std::uint64_t total = 0;
    for (const std::uint64_t bucket : counts()) {
        total += bucket;
    }
    return total;
}

} // namespace watchfire::client
