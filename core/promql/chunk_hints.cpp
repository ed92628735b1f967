// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/chunk_hints.h"

#include "core/promql/histogram/arithmetic.h"

namespace watchfire::promql {

Histogram ChunkHints::asStored(const Labels& series, const Histogram& histogram)
{
    Histogram stored = histogram;
    const auto last = m_last.find(series);
    if (histogram.resetHint != CounterReset::gauge) {
        bool continues = last != m_last.end() && last->second.resetHint != CounterReset::gauge
            && histogram.resetHint != CounterReset::reset && histogram.schema == last->second.schema
            && histogram.zeroThreshold == last->second.zeroThreshold
            && histogram.customValues == last->second.customValues;
        if (continues) {
            Histogram unhinted = histogram;
            unhinted.resetHint = CounterReset::unknown;
            continues = !isReset(last->second, unhinted);
        }
        stored.resetHint = continues ? CounterReset::notReset : CounterReset::unknown;
    }
    m_last.insert_or_assign(series, stored);
    return stored;
}

} // namespace watchfire::promql
