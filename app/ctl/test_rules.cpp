// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/verbs.h"
#include "core/base/log.h"
#include "core/encoding/json.h"
#include "core/rules/unit_test/junit.h"
#include "core/rules/unit_test/run.h"
#include "core/text/regex.h"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace watchfire::ctl {

namespace {

using rules::unit_test::FileOutcome;
using rules::unit_test::TestOutcome;

void printText(const std::string& file, const FileOutcome& outcome)
{
    std::printf("Unit Testing: %s\n", file.c_str());
    for (const std::string& warning : outcome.warnings) {
        std::fprintf(stderr, "  WARNING: %s\n", warning.c_str());
    }
    for (const TestOutcome& test : outcome.tests) {
        for (const std::string& note : test.notes) {
            std::printf("  DEBUG: %s: %s\n", test.name.c_str(), note.c_str());
        }
    }
    if (outcome.ok()) {
        std::printf("  SUCCESS\n\n");
        return;
    }
    std::printf("  FAILED:\n");
    for (const std::string& fault : outcome.faults) {
        std::printf("%s\n", fault.c_str());
    }
    for (const TestOutcome& test : outcome.tests) {
        if (!test.failures.empty()) {
            std::printf("  %s:\n", test.name.c_str());
        }
        for (const std::string& failure : test.failures) {
            std::printf("%s\n\n", failure.c_str());
        }
    }
    std::printf("\n");
}

void writeTexts(encoding::JsonWriter& json, std::string_view key,
                const std::vector<std::string>& texts)
{
    json.key(key).beginArray();
    for (const std::string& text : texts) {
        json.string(text);
    }
    json.endArray();
}

void writeJson(encoding::JsonWriter& json, const std::string& file, const FileOutcome& outcome)
{
    json.beginObject().field("file", file);
    writeTexts(json, "faults", outcome.faults);
    writeTexts(json, "warnings", outcome.warnings);
    json.key("tests").beginArray();
    for (const TestOutcome& test : outcome.tests) {
        json.beginObject().field("name", test.name);
        json.key("passed").boolean(test.failures.empty());
        writeTexts(json, "failures", test.failures);
        if (!test.notes.empty()) {
            writeTexts(json, "notes", test.notes);
        }
        json.endObject();
    }
    json.endArray().endObject();
}

/// False: a pattern is wrong, which has been told.
bool chooseTests(Context& context, const std::vector<std::string>& patterns,
                 rules::unit_test::RunOptions& options)
{
    for (const std::string& pattern : patterns) {
        if (const auto tried = text::contains("", pattern); !tried) {
            complain(context, Exit::usage, "--run: " + tried.error().message);
            return false;
        }
    }
    if (!patterns.empty()) {
        options.wanted = [patterns](std::string_view name) {
            return std::ranges::any_of(patterns, [name](const std::string& pattern) {
                return text::contains(name, pattern).value_or(false);
            });
        };
    }
    return true;
}

struct TestOptions {
    std::vector<std::string> files;
    std::vector<std::string> patterns;
    std::string junit; ///< a file; empty: none
    bool diff = false;
    bool debug = false;
    bool ignoreUnknownFields = false;
};

void run(Context& context, const TestOptions& wanted)
{
    rules::unit_test::RunOptions options;
    options.diff = wanted.diff;
    options.debug = wanted.debug;
    options.ignoresUnknownFields = wanted.ignoreUnknownFields;
    if (!chooseTests(context, wanted.patterns, options)) {
        return;
    }
    std::vector<std::pair<std::string, FileOutcome>> outcomes;
    setLogLevel(LogLevel::error); // a rule that fails is told with its test
    std::size_t passed = 0;
    std::size_t failed = 0;
    std::string out;
    encoding::JsonWriter json(out);
    json.beginObject().key("files").beginArray();
    for (const std::string& file : wanted.files) {
        FileOutcome outcome = rules::unit_test::runTestFile(file, options);
        passed += outcome.passed();
        failed += outcome.failed();
        if (context.json()) {
            writeJson(json, file, outcome);
        } else {
            printText(file, outcome);
        }
        outcomes.emplace_back(file, std::move(outcome));
    }
    json.endArray().key("passed").unsignedInteger(passed);
    json.key("failed").unsignedInteger(failed).endObject();
    if (context.json()) {
        std::puts(out.c_str());
    } else {
        std::printf("%zu passed, %zu failed\n", passed, failed);
    }
    if (failed > 0) {
        context.exit = Exit::wrong;
    }
    if (!wanted.junit.empty()) {
        std::ofstream file(wanted.junit, std::ios::binary | std::ios::trunc);
        file << rules::unit_test::junitXml(outcomes);
        if (!file.flush()) {
            complain(context, Exit::unreachable, wanted.junit + " cannot be written");
        }
    }
}

} // namespace

void addTestRules(CLI::App& group, Context& context)
{
    auto* const verb = group.add_subcommand("rules", "Unit tests of rules, as promtool has them");
    const auto options = std::make_shared<TestOptions>();
    verb->add_option("FILE", options->files)->required()->check(CLI::ExistingFile);
    verb->add_option("--run", options->patterns,
                     "Only tests whose names match the regular expression; may be repeated")
        ->take_all();
    verb->add_flag("--diff", options->diff,
                   "Show line by line how results differ from what is expected: - is expected, + "
                   "is there");
    verb->add_flag("--debug", options->debug,
                   "Tell the states of alerts at each evaluation, and all samples");
    verb->add_flag("--ignore-unknown-fields", options->ignoreUnknownFields,
                   "Pass over keys that nobody knows, in tests and in rule files");
    verb->add_option("--junit", options->junit, "Also write the results to this file, as XML");
    verb->callback([&context, options] { run(context, *options); });
}

} // namespace watchfire::ctl
