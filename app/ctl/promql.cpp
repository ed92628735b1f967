// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/verbs.h"
#include "core/promql/syntax/fixes.h"
#include "core/promql/syntax/parser.h"
#include "core/promql/syntax/printer.h"

#include <cstdio>
#include <memory>

namespace watchfire::ctl {

namespace {

/// Every fault there is, one a line.
void complainOfFaults(Context& context, std::string_view text)
{
    std::string all;
    for (const Error& fault : promql::diagnose(text, promql::Features::all())) {
        const Error suggesting{fault.kind, promql::withSuggestion(fault, text), fault.where};
        all += (all.empty() ? "" : "\n") + promql::describe(suggesting, text);
    }
    complain(context, Exit::wrong, all);
}

void addPrinter(CLI::App& group, Context& context, const char* name, const char* about,
                std::string (*print)(const promql::Node&))
{
    auto* const verb = group.add_subcommand(name, about);
    const auto file = std::make_shared<std::string>("-");
    verb->add_option("FILE", *file, "A file, or - for standard input")->capture_default_str();
    verb->callback([&context, file, print] {
        std::string text;
        if (!readInput(context, *file, text)) {
            return;
        }
        const auto ast = promql::parse(text, promql::Features::all());
        if (!ast) {
            complainOfFaults(context, text);
            return;
        }
        std::puts(print(*ast->root).c_str());
    });
}

} // namespace

void addPromql(CLI::App& app, Context& context)
{
    auto* const group = app.add_subcommand("promql", "Work on query texts");
    group->require_subcommand(1);
    addPrinter(*group, context, "format", "Print the canonical text", &promql::format);
    addPrinter(*group, context, "parse", "Print the tree as JSON", &promql::toJson);
}

} // namespace watchfire::ctl
