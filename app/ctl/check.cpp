// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exposition/check.h"

#include "app/ctl/verbs.h"
#include "core/encoding/json.h"

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

namespace watchfire::ctl {

namespace {

void printJson(const std::vector<exposition::MetricProblem>& problems)
{
    std::string out;
    encoding::JsonWriter json(out);
    json.beginArray();
    for (const exposition::MetricProblem& problem : problems) {
        json.beginObject().field("metric", problem.metric).field("problem", problem.text);
        json.endObject();
    }
    json.endArray();
    std::puts(out.c_str());
}

} // namespace

void addCheck(CLI::App& app, Context& context)
{
    auto* const group = app.add_subcommand("check", "Check files");
    group->require_subcommand(1);

    addCheckFiles(*group, context);
    addCheckRules(*group, context);

    auto* const metrics = group->add_subcommand("metrics", "An exposition, from standard input");
    const auto openMetrics = std::make_shared<bool>(false);
    metrics->add_flag("--openmetrics", *openMetrics,
                      "The text is OpenMetrics; what its specification forbids is an error");
    metrics->callback([&context, openMetrics] {
        std::string text;
        if (!readInput(context, "-", text)) {
            return;
        }
        const auto problems
            = *openMetrics ? exposition::checkOpenMetrics(text) : exposition::checkMetrics(text);
        if (!problems) {
            complain(context, Exit::wrong, problems.error().message);
            return;
        }
        if (context.json()) {
            printJson(*problems);
        } else {
            for (const exposition::MetricProblem& problem : *problems) {
                std::fprintf(stderr, "%s %s\n", problem.metric.c_str(), problem.text.c_str());
            }
        }
        if (!problems->empty()) {
            context.exit = Exit::wrong;
        }
    });
}

} // namespace watchfire::ctl
