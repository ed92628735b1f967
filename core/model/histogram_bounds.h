// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace watchfire {

/// Upper bound of a positive bucket of an exponential schema, rounded as Prometheus rounds it.
/// 0 or +Inf where there is no such double, but the bucket of the greatest doubles ends with the
/// greatest one.
/// Source: Prometheus, model/histogram/generic.go, exponentialBounds.
double exponentialBound(std::int64_t index, std::int32_t schema);

} // namespace watchfire
