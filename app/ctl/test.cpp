// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/conformance/alerting.h"
#include "app/ctl/conformance/config.h"
#include "app/ctl/conformance/exposition.h"
#include "app/ctl/conformance/promql_syntax.h"
#include "app/ctl/conformance/relabel.h"
#include "app/ctl/conformance/rules.h"
#include "app/ctl/promql_script/promql_script.h"
#include "app/ctl/verbs.h"
#include "core/base/log.h"

#include <array>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

namespace watchfire::ctl {

namespace {

struct Kind {
    const char* name;
    ConformanceOutcome (*run)(const std::filesystem::path& path);
};

constexpr std::array kinds{
    Kind{"promql-syntax", &runPromqlSyntax},
    Kind{"exposition", &runExposition},
    Kind{"relabel", &runRelabel},
    Kind{"rules", &runRules},
    Kind{"config", &runConfig},
    Kind{"alerting", &runAlerting},
};

/// The closing line that scripts look for.
void close(Context& context, std::size_t passed, std::size_t failed, std::size_t skipped)
{
    if (skipped > 0) {
        std::printf("%zu passed, %zu failed, %zu skipped\n", passed, failed, skipped);
    } else {
        std::printf("%zu passed, %zu failed\n", passed, failed);
    }
    if (failed > 0) {
        context.exit = Exit::wrong;
    }
}

void testConformance(Context& context, const std::string& name, const std::string& path)
{
    for (const Kind& kind : kinds) {
        if (name != kind.name) {
            continue;
        }
        setLogLevel(LogLevel::error); // that scrapes are refused is what many cases are about
        const ConformanceOutcome outcome = kind.run(path);
        for (const std::string& failure : outcome.failures) {
            std::printf("FAIL %s\n", failure.c_str());
        }
        for (const std::string& skip : outcome.skips) {
            std::printf("skip %s\n", skip.c_str());
        }
        close(context, outcome.passed, outcome.failed, outcome.skipped);
        return;
    }
    std::string known;
    for (const Kind& kind : kinds) {
        known += std::string(known.empty() ? "" : ", ") + kind.name;
    }
    complain(context, Exit::usage, "no conformance kind \"" + name + "\"; there are: " + known);
}

} // namespace

void addTest(CLI::App& app, Context& context)
{
    auto* const group = app.add_subcommand("test", "Run recorded cases and scripts");
    group->require_subcommand(1);

    addTestRules(*group, context);
    addTestRoutes(*group, context);

    auto* const conformance = group->add_subcommand("conformance", "JSON cases of one kind");
    const auto kind = std::make_shared<std::string>();
    const auto path = std::make_shared<std::string>();
    conformance->add_option("KIND", *kind)->required();
    conformance->add_option("PATH", *path, "A folder or a file")->required();
    conformance->callback([&context, kind, path] { testConformance(context, *kind, *path); });

    auto* const scripts = group->add_subcommand("promql", "Prometheus' test scripts");
    const auto files = std::make_shared<std::vector<std::string>>();
    scripts->add_option("FILE", *files)->required()->check(CLI::ExistingFile);
    scripts->callback([&context, files] {
        std::size_t passed = 0;
        std::size_t failed = 0;
        for (const std::string& file : *files) {
            const ScriptOutcome outcome = runPromqlScript(file);
            for (const std::string& failure : outcome.failures) {
                std::printf("FAIL %s\n", failure.c_str());
            }
            std::printf("%s: %zu passed, %zu failed\n", file.c_str(), outcome.passed,
                        outcome.failed);
            passed += outcome.passed;
            failed += outcome.failed;
        }
        close(context, passed, failed, 0);
    });
}

} // namespace watchfire::ctl
