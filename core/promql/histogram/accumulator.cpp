// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/histogram/accumulator.h"

namespace watchfire::promql {

HistogramAccumulator::HistogramAccumulator(Kind kind, const Histogram& first)
    : m_kind(kind)
    , m_sum(first)
{
    see(first);
}

void HistogramAccumulator::see(const Histogram& histogram)
{
    m_sawReset = m_sawReset || histogram.resetHint == CounterReset::reset;
    m_sawNotReset = m_sawNotReset || histogram.resetHint == CounterReset::notReset;
}

HistogramOutcome HistogramAccumulator::add(const Histogram& other)
{
    see(other);
    m_count += 1;
    if (m_kind == Kind::sum) {
        return m_sum.add(other);
    }
    if (!m_running) {
        HistogramSum next = m_sum;
        const HistogramOutcome outcome = next.add(other);
        if (!outcome.compatible || !next.overflowed()) {
            m_sum = std::move(next);
            return outcome;
        }
        m_running = true;
        m_sum.scale(1 / (m_count - 1));
    }
    Histogram share = other;
    divide(share, m_count);
    m_sum.scale((m_count - 1) / m_count);
    return m_sum.add(share);
}

Histogram HistogramAccumulator::value() const
{
    if (m_kind == Kind::sum || m_running) {
        return m_sum.value();
    }
    HistogramSum mean = m_sum;
    mean.divide(m_count);
    return mean.value();
}

} // namespace watchfire::promql
