// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/config/config.h"
#include "core/config/import.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace watchfire::rules::unit_test {

using Pairs = std::vector<std::pair<std::string, std::string>>;

struct InputSeries {
    std::string series; ///< a metric with labels
    std::string values; ///< a sequence, see promql/series_notation.h
};

struct ExpectedAlert {
    Pairs labels; ///< alertname may be left out
    Pairs annotations;
};
/// The alerts of that name that fire at `evalTime`, all of them.
struct AlertCase {
    config::Duration evalTime{};
    std::string alertName;
    std::vector<ExpectedAlert> alerts;
};

struct ExpectedSample {
    std::string labels; ///< a metric with labels; empty: without any
    double value = 0;
    std::string histogram; ///< in braces; when set the value does not count
};
struct ExprCase {
    std::string expr;
    config::Duration evalTime{};
    std::vector<ExpectedSample> samples;
};

struct Test {
    std::string name; ///< "unnamed#N" where the file gives none
    config::Duration interval{}; ///< between the values of a series
    std::vector<InputSeries> input;
    std::vector<AlertCase> alerts;
    std::vector<ExprCase> exprs;
    Labels externalLabels;
    std::string externalUrl;
    Timestamp start{}; ///< of the first values and the first evaluation
};

struct TestFile {
    std::vector<std::string> ruleFiles; ///< patterns as written
    config::Duration evaluationInterval = std::chrono::minutes(1);
    std::vector<std::string> groupEvalOrder;
    bool fuzzyCompare = false;
    std::vector<Test> tests;
};

/// Reads a file of unit tests; strictly, every fault with its place. With any, what was read must
/// not be used.
///
/// Source: Prometheus documentation, "Unit testing for rules"; cmd/promtool/unittest.go.
TestFile readTests(std::string text, const std::string& file, config::Findings& findings);

} // namespace watchfire::rules::unit_test
