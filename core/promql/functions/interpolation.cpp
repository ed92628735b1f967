// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/functions/interpolation.h"

#include "core/promql/histogram/arithmetic.h"

namespace watchfire::promql {

double interpolate(double earlier, double later, double fraction, Across across)
{
    if (later < earlier && across != Across::gauge) {
        return across == Across::fromZero ? later * fraction : earlier + later * fraction;
    }
    return earlier + (later - earlier) * fraction;
}

std::optional<Histogram> interpolate(const Histogram& earlier, const Histogram& later,
                                     double fraction, Across across)
{
    if (earlier.usesCustomBuckets() != later.usesCustomBuckets()) {
        return std::nullopt;
    }
    Histogram way = later;
    const bool reset = across != Across::gauge && isReset(earlier, later);
    if (!reset) {
        subtractFrom(way, earlier);
    }
    multiply(way, fraction);
    if (!reset || across == Across::onward) {
        addTo(way, earlier);
    }
    return way;
}

} // namespace watchfire::promql
