// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/model/histogram.h"
#include "core/model/labels.h"
#include "core/model/query_report.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace watchfire {

/// A histogram of a result; shared, because steps of one series often hold the same one.
using HistogramPtr = std::shared_ptr<const Histogram>;

/// One element of an instant vector: a float, or a histogram where that is set.
struct VectorSample {
    Labels labels;
    std::int64_t atMs = 0;
    double value = 0;
    HistogramPtr histogram;
};
using Vector = std::vector<VectorSample>;

/// One series of a matrix: floats as two parallel arrays in ascending time (ms since the
/// epoch), histograms likewise. A moment appears in one of the two at most.
struct MatrixSeries {
    Labels labels;
    std::vector<std::int64_t> atMs;
    std::vector<double> values;
    std::vector<std::int64_t> histogramAtMs;
    std::vector<HistogramPtr> histograms;
};
using Matrix = std::vector<MatrixSeries>;

struct Scalar {
    std::int64_t atMs = 0;
    double value = 0;
};
struct StringValue {
    std::int64_t atMs = 0;
    std::string value;
};

using QueryValue = std::variant<Vector, Matrix, Scalar, StringValue>;

enum class AnnotationLevel { info, warning };

/// A remark on a query that has an answer all the same. `message` starts with "PromQL info: "
/// or "PromQL warning: " and has no position; `where` is the span of the query text it is about.
struct Annotation {
    AnnotationLevel level = AnnotationLevel::info;
    std::string message;
    Span where;
    std::uint64_t occurrences = 0; ///< of remarks that are counted, else 0
    friend bool operator==(const Annotation&, const Annotation&) = default;
};

struct QueryResult {
    QueryValue value;
    std::vector<Annotation> annotations;
    QueryStatistics statistics;
    std::optional<NodeReport> explanation; ///< where it was asked for
};

} // namespace watchfire
