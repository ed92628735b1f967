// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/exposition/proto/metrics.pb.h"
#include "core/model/exemplar.h"
#include "core/model/histogram.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// Histograms and exemplars of the protobuf format as values of ours.
namespace watchfire::exposition {

/// Milliseconds since the epoch; nothing where the message is empty or beyond what they can say.
std::optional<std::int64_t> millisecondsOf(const pb::Time& time);

/// Whether it has a native part: a span, a zero threshold or observations in the zero bucket. A
/// client marks an empty one with a span without length.
bool isNative(const pb::Histogram& histogram);

/// The number of observations; float counts win where they are not zero.
double sampleCount(const pb::Histogram& histogram);
double cumulativeCount(const pb::Bucket& bucket);

/// Fails with ErrorKind::invalid when the spans name another number of buckets than there are.
Result<void> checkSpans(const pb::Histogram& histogram);

/// The native part, whose spans were checked: counts made absolute, empty buckets left out.
/// `fault` says why it contradicts itself (counts that are negative or do not add up, spans that
/// go back), else it is empty.
void readNative(const pb::Histogram& message, Histogram& out, std::string& fault);

/// Passed over: an exemplar whose labels are not UTF-8.
void addExemplar(const pb::Exemplar& message, std::vector<Exemplar>& out);

} // namespace watchfire::exposition
