// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/open_store.h"
#include "app/ctl/verbs.h"
#include "core/config/import.h"
#include "core/encoding/json.h"
#include "core/rules/checkers.h"
#include "core/rules/lint.h"
#include "core/text/duration.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <format>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace watchfire::ctl {

namespace {

struct CheckOptions {
    std::vector<std::string> files;
    std::vector<std::string> lints{"duplicate-rules"};
    bool lintFatal = false;
    bool ignoreUnknownFields = false;
    std::vector<std::string> requiredLabels;
    std::string evaluationInterval = "1m";
};

/// What was found in one file.
struct FileCheck {
    std::string file;
    std::vector<config::RuleGroupConfig> groups;
    config::Findings read;
    std::vector<rules::LintFinding> lints;

    std::size_t rules() const
    {
        std::size_t count = 0;
        for (const config::RuleGroupConfig& group : groups) {
            count += group.rules.size();
        }
        return count;
    }
};

/// The lints that the words ask for, `all` being all that can be done. False: it has been told
/// why not.
bool chooseLints(Context& context, const CheckOptions& options, rules::LintOptions& out,
                 std::unique_ptr<tsdb::Store>& store)
{
    const auto has
        = [&options](std::string_view word) { return std::ranges::contains(options.lints, word); };
    constexpr std::array known{
        "all", "none", "duplicate-rules", "for-below-interval", "missing-labels", "dead-selectors"};
    for (const std::string& word : options.lints) {
        if (!std::ranges::contains(known, word)) {
            complain(context, Exit::usage, "there is no lint \"" + word + "\"; see --help");
            return false;
        }
    }
    const auto interval = text::parseDuration(options.evaluationInterval);
    if (!interval) {
        complain(context, Exit::usage, "--evaluation-interval: " + interval.error().message);
        return false;
    }
    out.defaultInterval = *interval;
    const bool none = has("none");
    out.duplicateRules = !none && (has("all") || has("duplicate-rules"));
    out.forBelowInterval = !none && (has("all") || has("for-below-interval"));
    out.requiredLabels = none ? std::vector<std::string>() : options.requiredLabels;
    if (has("missing-labels") && options.requiredLabels.empty()) {
        complain(context, Exit::usage, "the lint missing-labels needs --require-label NAME");
        return false;
    }
    if (none || !(has("dead-selectors") || (has("all") && !context.data.empty()))) {
        return true;
    }
    if (context.data.empty()) {
        complain(context, Exit::usage, "the lint dead-selectors needs --data DIR");
        return false;
    }
    store = openStore(context, "check rules", true);
    if (!store) {
        return false;
    }
    out.hasSeries = [&store](const Matchers& matchers) -> Result<bool> {
        auto querier = store->querier();
        if (!querier) {
            return std::unexpected(std::move(querier.error()));
        }
        constexpr std::int64_t always = std::numeric_limits<std::int64_t>::max() / 4;
        return (*querier)
            ->series(matchers, {fromUnixMs(-always), fromUnixMs(always)})
            .transform([](const std::vector<Labels>& series) { return !series.empty(); });
    };
    return true;
}

void printText(const FileCheck& check)
{
    std::printf("Checking %s\n", check.file == "-" ? "standard input" : check.file.c_str());
    if (check.read.faults.empty() && check.lints.empty()) {
        std::printf("  SUCCESS: %zu rules found\n\n", check.rules());
        return;
    }
    std::fprintf(stderr, "  FAILED:\n");
    for (const config::Fault& fault : check.read.faults) {
        std::fprintf(stderr, "%s\n", fault.toString().c_str());
    }
    for (const rules::LintFinding& finding : check.lints) {
        std::fprintf(stderr, "%s: group \"%s\", rule \"%s\": %s [%s]\n", finding.file.c_str(),
                     finding.group.c_str(), finding.rule.c_str(), finding.message.c_str(),
                     std::string(rules::toText(finding.kind)).c_str());
    }
    std::printf("\n");
}

void writeJson(encoding::JsonWriter& json, const FileCheck& check)
{
    json.beginObject().field("file", check.file);
    json.key("rules").unsignedInteger(check.rules());
    json.key("faults").beginArray();
    for (const config::Fault& fault : check.read.faults) {
        json.beginObject().key("line").unsignedInteger(fault.line);
        json.key("column").unsignedInteger(fault.column).field("message", fault.message);
        json.endObject();
    }
    json.endArray().key("lints").beginArray();
    for (const rules::LintFinding& finding : check.lints) {
        json.beginObject().field("kind", rules::toText(finding.kind));
        json.field("group", finding.group).field("rule", finding.rule);
        json.field("message", finding.message).endObject();
    }
    json.endArray().endObject();
}

void run(Context& context, const CheckOptions& options)
{
    rules::LintOptions lints;
    std::unique_ptr<tsdb::Store> store;
    if (!chooseLints(context, options, lints, store)) {
        return;
    }
    std::string out;
    encoding::JsonWriter json(out);
    json.beginArray();
    for (const std::string& file : options.files) {
        FileCheck check{file, {}, {}, {}};
        check.read.ignoresUnknownFields = options.ignoreUnknownFields;
        std::string text;
        if (!readInput(context, file, text)) {
            continue;
        }
        check.groups = config::readRules(std::move(text), file, rules::checkers(), check.read);
        if (!check.read.faults.empty()) {
            context.exit = std::max(context.exit, Exit::wrong);
        } else if (auto found = rules::lint(check.groups, lints)) {
            check.lints = std::move(*found);
            if (options.lintFatal && !check.lints.empty()) {
                context.exit = std::max(context.exit, Exit::wrong);
            }
        } else {
            complain(context, Exit::unreachable, found.error().message);
            return;
        }
        if (context.json()) {
            writeJson(json, check);
        } else {
            printText(check);
        }
    }
    json.endArray();
    if (context.json()) {
        std::puts(out.c_str());
    }
}

} // namespace

void addCheckRules(CLI::App& group, Context& context)
{
    auto* const verb = group.add_subcommand("rules", "Rule files");
    const auto options = std::make_shared<CheckOptions>();
    verb->add_option("FILE", options->files, "Rule files; without one, or for -, standard input");
    verb->add_option("--lint", options->lints,
                     "What to look for besides: all, none, duplicate-rules, for-below-interval, "
                     "missing-labels (with --require-label), dead-selectors (with --data)")
        ->delimiter(',')
        ->capture_default_str();
    verb->add_flag("--lint-fatal", options->lintFatal, "What the lints find counts as wrong");
    verb->add_flag("--ignore-unknown-fields", options->ignoreUnknownFields,
                   "Pass over keys that nobody knows; Prometheus would refuse the file");
    verb->add_option("--require-label", options->requiredLabels,
                     "A label that every alerting rule must set; may be repeated");
    verb->add_option("--evaluation-interval", options->evaluationInterval,
                     "Of groups that have none")
        ->capture_default_str();
    verb->callback([&context, options] {
        if (options->files.empty()) {
            options->files.emplace_back("-");
        }
        run(context, *options);
    });
}

} // namespace watchfire::ctl
