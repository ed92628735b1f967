// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/operators/window_counter.h"

#include <algorithm>
#include <utility>

namespace watchfire::promql {

namespace {

/// Samples within (from, to] of those whose sizes up to each place are given.
std::uint64_t sizeBetween(std::span<const std::int64_t> times,
                          const std::vector<std::uint64_t>& before, std::int64_t from,
                          std::int64_t to)
{
    const auto first = std::ranges::upper_bound(times, from) - times.begin();
    const auto last = std::ranges::upper_bound(times, to) - times.begin();
    return last <= first
        ? 0
        : before[static_cast<std::size_t>(last)] - before[static_cast<std::size_t>(first)];
}

std::uint64_t countBetween(std::span<const std::int64_t> times, std::int64_t from, std::int64_t to)
{
    return static_cast<std::uint64_t>(std::max<std::ptrdiff_t>(
        std::ranges::upper_bound(times, to) - std::ranges::upper_bound(times, from), 0));
}

} // namespace

void WindowCounter::add(const SeriesSamples& samples, const Batch& out, std::size_t row)
{
    std::uint64_t results = countBits(out.present(row));
    for (const HistogramPtr& histogram : out.histograms(row)) {
        results += histogram ? samplesInSeries(*histogram) : 0;
    }
    const Series* series = &m_own;
    if (m_call.edges == RangeEdges::plain && !samples.hasHistograms()) {
        if (m_windows != samples.windowsNumber()) {
            addShared();
            m_windows = samples.windowsNumber();
            countNumbers(samples.windows());
        }
        ++m_uses;
        series = &m_shared;
    } else if (m_call.edges == RangeEdges::plain) {
        countBoth(samples);
    } else {
        countExtended(samples);
    }
    if (series == &m_own) {
        addEach(m_counts.all, m_own.all);
        addEach(m_counts.added, m_own.added);
    }
    // Its windows one after the other, then its last one beside what it yields.
    m_counts.peak = std::max(
        {m_counts.peak, m_counts.left + series->longest, m_counts.left + series->last + results});
    m_counts.left += results;
}

WindowCounts WindowCounter::take()
{
    addShared();
    return std::exchange(m_counts, {});
}

void WindowCounter::addShared()
{
    if (m_uses > 0) {
        addEach(m_counts.all, m_shared.all, m_uses);
        addEach(m_counts.added, m_shared.added, m_uses);
        m_uses = 0;
    }
}

void WindowCounter::countNumbers(const Windows& windows)
{
    const std::size_t steps = windows.steps();
    m_shared.all.resize(steps);
    m_shared.added.resize(steps);
    for (std::size_t step = 0; step < steps; ++step) {
        m_shared.all[step] = windows.count(step);
        const std::uint32_t seen = step == 0 ? 0 : windows.last[step - 1];
        m_shared.added[step] = windows.last[step] - std::max(windows.first[step], seen);
    }
    m_shared.longest = windows.longest;
    m_shared.last = steps == 0 ? 0 : windows.count(steps - 1);
}

void WindowCounter::countBoth(const SeriesSamples& samples)
{
    m_sizesBefore.assign(1, 0);
    for (const HistogramPtr& histogram : samples.histograms()) {
        m_sizesBefore.push_back(m_sizesBefore.back() + samplesInSeries(*histogram));
    }
    const Windows& numbers = samples.windows();
    const Windows& histograms = samples.histogramWindows();
    const std::size_t steps = numbers.steps();
    m_own.all.resize(steps);
    m_own.added.resize(steps);
    m_own.longest = 0;
    for (std::size_t step = 0; step < steps; ++step) {
        const std::uint32_t numbersSeen = step == 0 ? 0 : numbers.last[step - 1];
        const std::uint32_t histogramsSeen = step == 0 ? 0 : histograms.last[step - 1];
        m_own.all[step] = numbers.count(step) + m_sizesBefore[histograms.last[step]]
            - m_sizesBefore[histograms.first[step]];
        m_own.added[step] = numbers.last[step] - std::max(numbers.first[step], numbersSeen)
            + m_sizesBefore[histograms.last[step]]
            - m_sizesBefore[std::max(histograms.first[step], histogramsSeen)];
        m_own.longest = std::max(m_own.longest, m_own.all[step]);
    }
    m_own.last = steps == 0 ? 0 : m_own.all[steps - 1];
}

void WindowCounter::countExtended(const SeriesSamples& samples)
{
    m_sizesBefore.assign(1, 0);
    for (const HistogramPtr& histogram : samples.histograms()) {
        m_sizesBefore.push_back(m_sizesBefore.back() + samplesInSeries(*histogram));
    }
    const auto numbers = samples.times();
    const auto histograms
        = samples.hasHistograms() ? samples.histogramTimes() : std::span<const std::int64_t>();
    const std::size_t steps = m_call.ends.size();
    m_own.all.resize(steps);
    m_own.added.resize(steps);
    m_own.longest = 0;
    const std::int64_t after = m_call.edges == RangeEdges::smoothed ? m_call.lookbackMs : 0;
    for (std::size_t step = 0; step < steps; ++step) {
        const std::int64_t to = m_call.ends[step] + after;
        const std::int64_t from = m_call.ends[step] - m_call.rangeMs - m_call.lookbackMs;
        const std::int64_t seen = step == 0 ? from : std::max(from, m_call.ends[step - 1] + after);
        const auto between = [&](std::int64_t begin) {
            return countBetween(numbers, begin, to)
                + sizeBetween(histograms, m_sizesBefore, begin, to);
        };
        m_own.all[step] = between(from);
        m_own.added[step] = between(seen);
        m_own.longest = std::max(m_own.longest, m_own.all[step]);
    }
    m_own.last = steps == 0 ? 0 : m_own.all[steps - 1];
}

} // namespace watchfire::promql
