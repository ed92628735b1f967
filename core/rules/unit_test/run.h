// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/promql/syntax/parser.h"
#include "core/rules/unit_test/read.h"

#include <cstddef>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace watchfire::rules::unit_test {

struct TestOutcome {
    std::string name;
    std::vector<std::string> failures; ///< each may have several lines; none: it passed
    std::vector<std::string> notes; ///< what `debug` asks for, a line each
};

/// What became of a file of unit tests.
struct FileOutcome {
    std::vector<std::string> faults; ///< why it could not be read; no test ran then
    std::vector<config::Fault> readFaults; ///< those of them that have a place in the text
    std::vector<std::string> warnings;
    std::vector<TestOutcome> tests; ///< those that ran, in the order of the file

    std::size_t passed() const;
    /// A file that cannot be read counts as one.
    std::size_t failed() const;
    bool ok() const { return failed() == 0; }
};

struct RunOptions {
    promql::Features features;
    /// Whether a test of that name (empty: it has none) is to run; all do where it is not set.
    std::function<bool(std::string_view name)> wanted;
    std::stop_token stop; ///< ends the tests early; what is told of them must not be used then
    bool diff = false; ///< failures show what differs line by line, not both sides
    bool debug = false; ///< tests note their data and the states of alerts at each evaluation
    bool ignoresUnknownFields = false; ///< in the file and in rule files
};

/// Runs the tests of a file, and those of its rule files, which are looked for from its folder,
/// over a store in memory of each test's own. Nothing outside these files is touched.
///
/// Source: Prometheus documentation, "Unit testing for rules"; cmd/promtool/unittest.go.
FileOutcome runTestFile(const std::filesystem::path& file, const RunOptions& options = {});

/// The same for a text, over rules that are given: what it says of rule files is not looked at.
/// `name` is that of the text in faults.
FileOutcome runTests(std::string text, const std::string& name,
                     std::vector<config::RuleGroupConfig> groups, const RunOptions& options = {});

} // namespace watchfire::rules::unit_test
