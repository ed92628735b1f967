// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/functions/interpolation.h"

#include "core/promql/histogram/arithmetic.h"

namespace watchfire::promql {

double interpolate(double earlier, double later, const Between& where, bool isCounter)
{
    const double from = isCounter && later < earlier ? 0 : earlier;
    // In this order of operations, for the last bit.
    return from
        + (later - from) * static_cast<double>(where.at - where.earlier)
        / static_cast<double>(where.later - where.earlier);
}

HistogramBetween interpolate(const Histogram& earlier, const Histogram& later, const Between& where,
                             bool isCounter)
{
    if (where.at == where.earlier) {
        return {earlier};
    }
    if (where.at == where.later) {
        return {later};
    }
    const double fraction = static_cast<double>(where.at - where.earlier)
        / static_cast<double>(where.later - where.earlier);
    HistogramBetween between{later};
    if (isCounter && isReset(earlier, later)) {
        multiply(between.histogram, fraction);
        return between;
    }
    const HistogramOutcome subtracted = subtractFrom(between.histogram, earlier);
    between.compatible = subtracted.compatible;
    if (between.compatible) {
        multiply(between.histogram, fraction);
        between.subtractionReconciled = subtracted.reconciledBounds;
        between.additionReconciled = addTo(between.histogram, earlier).reconciledBounds;
    }
    return between;
}

} // namespace watchfire::promql
