// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/operators/range_runner.h"

#include <algorithm>
#include <array>

namespace watchfire::promql {

namespace {

bool looksLikeCounter(std::string_view name)
{
    constexpr std::array<std::string_view, 4> endings{"_total", "_sum", "_count", "_bucket"};
    return std::ranges::any_of(endings,
                               [name](std::string_view ending) { return name.ends_with(ending); });
}

bool isQuantile(const RangeFunction& function)
{
    return function.kernel == kernels::quantileOverTime;
}

/// Samples within (from, to], by place.
std::pair<std::size_t, std::size_t> between(std::span<const std::int64_t> times, std::int64_t from,
                                            std::int64_t to)
{
    const auto first = std::ranges::upper_bound(times, from);
    const auto last = std::ranges::upper_bound(times, to);
    return {static_cast<std::size_t>(first - times.begin()),
            static_cast<std::size_t>(last - times.begin())};
}

} // namespace

RangeRunner::RangeRunner(const RangeCall& call, bool useStarts)
    : m_call(call)
    , m_useStarts(useStarts)
    , m_samples(call.ends, call.rangeMs, call.function.rate != RangeFunction::Rate::none,
                call.function.rate == RangeFunction::Rate::perSecond)
    , m_counter(call.countsSamples ? std::optional<WindowCounter>(std::in_place, call)
                                   : std::nullopt)
{
    m_hasBadQuantile = isQuantile(call.function)
        && std::ranges::any_of(call.parameters[0],
                               [](double phi) { return !(phi >= 0 && phi <= 1); });
}

void RangeRunner::run(const storage::Column& column, std::string_view metric, Batch& out,
                      std::size_t row, Findings& findings)
{
    const SeriesCall call{m_call, findings, metric};
    m_samples.load(column);
    findings.samplesRead += m_samples.values().size() + m_samples.histograms().size();
    const bool starts = m_useStarts
        && (std::ranges::any_of(m_samples.starts(), [](std::int64_t s) { return s != 0; })
            || (m_samples.hasHistograms() && !m_samples.histogramStarts().empty()));
    if (m_call.function.kernel != nullptr && m_call.edges == RangeEdges::plain && !starts
        && !m_samples.hasHistograms()) {
        findings.mostAtOnce
            = std::max<std::uint64_t>(findings.mostAtOnce, m_samples.windows().longest);
        runKernel(out, row);
        if (m_hasBadQuantile) {
            remarkOnQuantile(out, row, findings);
        }
    } else {
        runWindows(call, out, row, starts);
    }
    if (m_call.function.wantsCounter && !call.metric.empty() && call.metric != m_noCounter
        && !looksLikeCounter(call.metric) && anyBit(out.present(row))) {
        call.inform(remarks::possiblyNoCounter(call.metric));
        m_noCounter = call.metric;
    }
    if (m_counter) {
        m_counter->add(m_samples, out, row);
    }
}

void RangeRunner::endBatch(Findings& findings)
{
    m_noCounter = {};
    if (m_counter) {
        findings.windows = m_counter->take();
    }
}

void RangeRunner::runKernel(Batch& out, std::size_t row)
{
    const Windows& windows = m_samples.windows();
    std::ranges::copy(m_call.function.needs == 2 ? windows.two : windows.some,
                      out.present(row).begin());
    const kernels::FloatColumn in{m_samples.times(),
                                  m_samples.values(),
                                  windows,
                                  &m_samples.extrapolation(),
                                  m_call.evaluatedAt,
                                  m_call.parameters.empty()
                                      ? std::span<const double>()
                                      : std::span<const double>(m_call.parameters[0])};
    m_call.function.kernel(in, out.values(row));
}

void RangeRunner::runWindows(const SeriesCall& call, Batch& out, std::size_t row, bool useStarts)
{
    // Long windows over many steps take seconds. A histogram costs as much as many numbers.
    constexpr std::size_t samplesBetweenLooks = 4096;
    constexpr std::size_t numbersToAHistogram = 64;
    std::size_t looked = 0;
    for (std::size_t step = 0; step < m_call.ends.size(); ++step) {
        const Window window = m_call.edges == RangeEdges::plain ? windowAt(step, useStarts)
                                                                : extendedWindowAt(step, useStarts);
        looked += 1 + window.values.size() + window.histograms.size() * numbersToAHistogram;
        if (looked >= samplesBetweenLooks) {
            looked = 0;
            if (m_call.stop.stop_requested()) {
                // The evaluation, which sees the request too, says what it means.
                return;
            }
        }
        if (!window.values.empty() || !window.histograms.empty()) {
            out.set(row, step, m_call.function.window(window, call));
            if (call.findings.failure) {
                return;
            }
        }
    }
}

Window RangeRunner::windowAt(std::size_t step, bool useStarts) const
{
    Window window;
    window.end = m_call.ends[step];
    window.evaluatedAt = m_call.evaluatedAt[step];
    window.step = step;
    const Windows& numbers = m_samples.windows();
    const std::size_t first = numbers.first[step];
    const std::size_t count = numbers.count(step);
    window.times = m_samples.times().subspan(first, count);
    window.values = m_samples.values().subspan(first, count);
    if (useStarts && !m_samples.starts().empty()) {
        window.starts = m_samples.starts().subspan(first, count);
    }
    if (m_samples.hasHistograms()) {
        const Windows& histograms = m_samples.histogramWindows();
        const std::size_t from = histograms.first[step];
        const std::size_t length = histograms.count(step);
        window.histogramTimes = m_samples.histogramTimes().subspan(from, length);
        window.histograms = m_samples.histograms().subspan(from, length);
        if (useStarts && !m_samples.histogramStarts().empty()) {
            window.histogramStarts = m_samples.histogramStarts().subspan(from, length);
        }
    }
    return window;
}

Window RangeRunner::extendedWindowAt(std::size_t step, bool useStarts) const
{
    const std::int64_t lookback = m_call.lookbackMs;
    const std::int64_t end = m_call.ends[step];
    const std::int64_t start = end - m_call.rangeMs;
    const std::int64_t reach = m_call.edges == RangeEdges::smoothed ? end + lookback : end;
    Window window;
    window.end = end;
    window.evaluatedAt = m_call.evaluatedAt[step];
    window.step = step;
    const auto numbers = m_samples.times();
    const auto histograms
        = m_samples.hasHistograms() ? m_samples.histogramTimes() : std::span<const std::int64_t>();
    auto [firstNumber, lastNumber] = between(numbers, start - lookback, reach);
    auto [firstHistogram, lastHistogram] = between(histograms, start - lookback, reach);
    if (m_call.function.rate == RangeFunction::Rate::none) {
        // What counts starts from the newest sample before the window, of whichever kind.
        const std::size_t numbersFrom = between(numbers, start, end).first;
        const std::size_t histogramsFrom = between(histograms, start, end).first;
        if (numbersFrom == lastNumber && histogramsFrom == lastHistogram) {
            return window; // an anchor alone says nothing about the window
        }
        const bool numberBefore = numbersFrom > firstNumber;
        const bool histogramBefore = histogramsFrom > firstHistogram;
        const bool fromNumber = numberBefore
            && (!histogramBefore || numbers[numbersFrom - 1] >= histograms[histogramsFrom - 1]);
        firstNumber = fromNumber ? numbersFrom - 1 : numbersFrom;
        firstHistogram = histogramBefore && !fromNumber ? histogramsFrom - 1 : histogramsFrom;
    }
    const auto cut = [](auto samples, std::size_t first, std::size_t last) {
        return samples.empty() ? samples : samples.subspan(first, last - first);
    };
    window.times = cut(numbers, firstNumber, lastNumber);
    window.values = cut(m_samples.values(), firstNumber, lastNumber);
    window.histogramTimes = cut(histograms, firstHistogram, lastHistogram);
    if (!histograms.empty()) {
        window.histograms = cut(m_samples.histograms(), firstHistogram, lastHistogram);
    }
    if (useStarts) {
        window.starts = cut(m_samples.starts(), firstNumber, lastNumber);
        if (!histograms.empty()) {
            window.histogramStarts
                = cut(m_samples.histogramStarts(), firstHistogram, lastHistogram);
        }
    }
    return window;
}

void RangeRunner::remarkOnQuantile(const Batch& out, std::size_t row, Findings& findings) const
{
    forEachBit(out.present(row), [&](std::size_t step) {
        const double phi = m_call.parameters[0][step];
        if (!(phi >= 0 && phi <= 1)) {
            findings.annotations.warn(remarks::invalidQuantile(phi), m_call.parameterSpan);
        }
    });
}

} // namespace watchfire::promql
