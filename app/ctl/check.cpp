// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exposition/check.h"

#include "app/ctl/verbs.h"

#include <cstdio>
#include <memory>
#include <string>

namespace watchfire::ctl {

void addCheck(CLI::App& app, Context& context)
{
    auto* const group = app.add_subcommand("check", "Check files");
    group->require_subcommand(1);

    auto* const metrics = group->add_subcommand("metrics", "An exposition, from standard input");
    metrics->callback([&context] {
        std::string text;
        if (!readInput(context, "-", text)) {
            return;
        }
        const auto problems = exposition::checkMetrics(text);
        if (!problems) {
            complain(context, Exit::wrong, problems.error().message);
            return;
        }
        for (const exposition::MetricProblem& problem : *problems) {
            std::fprintf(stderr, "%s %s\n", problem.metric.c_str(), problem.text.c_str());
        }
        if (!problems->empty()) {
            context.exit = Exit::wrong;
        }
    });
}

} // namespace watchfire::ctl
