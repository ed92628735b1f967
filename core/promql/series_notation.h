// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/model/result.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace watchfire::promql {

/// One place of a value sequence. A staleness marker is a value of its own kind.
struct SequenceValue {
    enum class Kind { gap, number, histogram, stale };
    Kind kind = Kind::gap;
    double number = 0;
    HistogramPtr histogram;
    bool hintWritten = false; ///< the histogram's counter-reset hint stands in the text
};

/// Reads the values of a series as test scripts and rule unit tests write them: items between
/// spaces, each standing for one place or several: `_` `_xN` `a` `axN` `a+bxN` `a-bxN`
/// `stale`, and histograms in the same forms as `{{…}}`. Sequences are made by repeated
/// addition.
///
/// Fails with ErrorKind::invalid and the span at fault.
///
/// Source: Prometheus documentation, "Unit testing for rules", series.
Result<std::vector<SequenceValue>> parseSequence(std::string_view text);

/// One histogram without its braces: `schema:0 sum:5 count:4 buckets:[1 2 1]`.
Result<Histogram> parseHistogram(std::string_view text);

/// A histogram with its braces as such tests write it, `{{schema:1 count:3 buckets:[1 2]}}`;
/// fields of zero and empty buckets at the ends are left out, gaps between buckets are filled.
/// Source: Prometheus, model/histogram/float_histogram.go, TestExpression.
std::string histogramNotation(const Histogram& histogram);

/// Divides a line into a metric (name and labels in braces, either of them) and what follows.
std::pair<std::string_view, std::string_view> splitMetric(std::string_view line);

} // namespace watchfire::promql
