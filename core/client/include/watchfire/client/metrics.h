// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace watchfire::client {

// Metrics are handles: small, copied freely, used from any thread without a lock. Each owns a
// share of its cell, so it stays good when its series is removed from the registry, or the
// registry goes; what it then counts is seen by nobody. One made by its default constructor
// belongs to no registry.

namespace detail {

/// Adds to an atomic double; std::atomic has it for floating point from C++20 only.
inline void add(std::atomic<double>& to, double value)
{
    double before = to.load(std::memory_order_relaxed);
    while (!to.compare_exchange_weak(before, before + value, std::memory_order_relaxed)) { }
}

struct CounterCell {
    // Whole numbers, nearly all there is, take the way without a retry.
    std::atomic<std::uint64_t> whole{0};
    std::atomic<double> fraction{0};
};

struct GaugeCell {
    std::atomic<double> value{0};
};

struct HistogramCell {
    explicit HistogramCell(std::shared_ptr<const std::vector<double>> upperBounds);

    std::shared_ptr<const std::vector<double>> bounds; ///< ascending, without +Inf
    std::unique_ptr<std::atomic<std::uint64_t>[]> buckets; ///< not cumulated; one more: +Inf
    std::atomic<double> sum{0};
};

struct SummaryCell {
    std::atomic<std::uint64_t> count{0};
    std::atomic<double> sum{0};
};

} // namespace detail

/// A number that only grows; from zero when the process starts.
class Counter {
public:
    using Cell = detail::CounterCell;

    Counter()
        : m_cell(std::make_shared<Cell>())
    {
    }
    explicit Counter(std::shared_ptr<Cell> cell)
        : m_cell(std::move(cell))
    {
    }

    void increment() { m_cell->whole.fetch_add(1, std::memory_order_relaxed); }
    /// Negative numbers and NaN are passed over: a counter cannot go back.
    void increment(double by);
    double value() const;

private:
    std::shared_ptr<Cell> m_cell;
};

/// A number that goes up and down.
class Gauge {
public:
    using Cell = detail::GaugeCell;

    Gauge()
        : m_cell(std::make_shared<Cell>())
    {
    }
    explicit Gauge(std::shared_ptr<Cell> cell)
        : m_cell(std::move(cell))
    {
    }

    void set(double value) { m_cell->value.store(value, std::memory_order_relaxed); }
    void increment(double by = 1) { detail::add(m_cell->value, by); }
    void decrement(double by = 1) { detail::add(m_cell->value, -by); }
    /// Seconds since the Unix epoch.
    void setToCurrentTime();
    double value() const { return m_cell->value.load(std::memory_order_relaxed); }

private:
    std::shared_ptr<Cell> m_cell;
};

/// Observations counted by size, in buckets given at the start.
class Histogram {
public:
    using Cell = detail::HistogramCell;

    /// Upper bounds for the latency of a service on a network, 5 ms to 10 s.
    static const std::vector<double>& defaultBuckets();
    /// start, start + width, ...
    static std::vector<double> linearBuckets(double start, double width, std::size_t count);
    /// start, start · factor, ...; start > 0, factor > 1.
    static std::vector<double> exponentialBuckets(double start, double factor, std::size_t count);

    explicit Histogram(std::vector<double> upperBounds = defaultBuckets());
    explicit Histogram(std::shared_ptr<Cell> cell)
        : m_cell(std::move(cell))
    {
    }

    void observe(double value);
    std::uint64_t count() const;
    double sum() const { return m_cell->sum.load(std::memory_order_relaxed); }
    /// By bucket, not cumulated; the last is +Inf.
    std::vector<std::uint64_t> counts() const;
    const std::vector<double>& upperBounds() const { return *m_cell->bounds; }

private:
    std::shared_ptr<Cell> m_cell;
};

/// Count and sum of observations, without quantiles: cheap, and enough for a mean.
class Summary {
public:
    using Cell = detail::SummaryCell;

    Summary()
        : m_cell(std::make_shared<Cell>())
    {
    }
    explicit Summary(std::shared_ptr<Cell> cell)
        : m_cell(std::move(cell))
    {
    }

    void observe(double value)
    {
        m_cell->count.fetch_add(1, std::memory_order_relaxed);
        detail::add(m_cell->sum, value);
    }
    std::uint64_t count() const { return m_cell->count.load(std::memory_order_relaxed); }
    double sum() const { return m_cell->sum.load(std::memory_order_relaxed); }

private:
    std::shared_ptr<Cell> m_cell;
};

/// Observes the seconds from its making to its end, in a Histogram or Summary.
template <class Metric> class Timer {
public:
    explicit Timer(Metric metric)
        : m_metric(std::move(metric))
    {
    }
    Timer(const Timer&) = delete;
    Timer& operator=(const Timer&) = delete;
    ~Timer() { m_metric.observe(elapsed()); }

    double elapsed() const
    {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - m_begin).count();
    }

private:
    Metric m_metric;
    std::chrono::steady_clock::time_point m_begin = std::chrono::steady_clock::now();
};

} // namespace watchfire::client
