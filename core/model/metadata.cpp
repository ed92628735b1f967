// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/metadata.h"

namespace watchfire {

std::string_view toText(MetricType type)
{
    switch (type) {
    case MetricType::unknown:
        return "unknown";
    case MetricType::counter:
        return "counter";
    case MetricType::gauge:
        return "gauge";
    case MetricType::histogram:
        return "histogram";
    case MetricType::gaugeHistogram:
        return "gaugehistogram";
    case MetricType::summary:
        return "summary";
    case MetricType::info:
        return "info";
    case MetricType::stateSet:
        return "stateset";
    }
    return "unknown";
}

} // namespace watchfire
