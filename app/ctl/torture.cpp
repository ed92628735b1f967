// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/torture/torture.h"

#include "app/ctl/verbs.h"
#include "core/base/log.h"
#include "core/encoding/json.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <format>
#include <memory>
#include <string>
#include <unistd.h>
#include <vector>

namespace watchfire::ctl {

namespace {

constexpr const char* writerVerb = "torture-writer";
constexpr int manySeries = 20'000; ///< from then on in more than three groups
constexpr int manyGroups = 20;

struct Torture {
    torture::TortureOptions options;
    double seconds = 0; ///< 0: half a second a kill
    int series = 0; ///< 0: the plan's own
};

void print(Context& context, const torture::TortureReport& report)
{
    if (!context.json()) {
        std::puts(report.closingLine().c_str());
        return;
    }
    std::string out;
    encoding::JsonWriter json(out);
    json.beginObject();
    json.key("kills").unsignedInteger(static_cast<std::uint64_t>(report.kills));
    for (const auto& [name, value] :
         {std::pair("lost", report.lost), std::pair("halfVisible", report.halfVisible),
          std::pair("wrong", report.wrong), std::pair("damaged", report.damaged),
          std::pair("leakedPages", report.leakedPages), std::pair("rows", report.rows),
          std::pair("samples", report.samples), std::pair("exemplars", report.exemplars),
          std::pair("fileBytes", report.fileBytes)}) {
        json.key(name).unsignedInteger(value);
    }
    json.key("recoveryMs").beginArray();
    for (const auto took : report.recoveries) {
        json.number(static_cast<double>(took.count()) / 1'000);
    }
    json.endArray();
    json.key("faults").beginArray();
    for (const std::string& fault : report.faults) {
        json.string(fault);
    }
    json.endArray();
    json.endObject();
    std::puts(out.c_str());
}

void run(Context& context, Torture& asked)
{
    torture::TortureOptions& options = asked.options;
    std::string made;
    if (context.data.empty()) {
        made = (std::filesystem::temp_directory_path() / "watchfire-torture-XXXXXX").string();
        if (::mkdtemp(made.data()) == nullptr) {
            complain(context, Exit::unreachable, "cannot make a folder under " + made);
            return;
        }
    }
    options.directory = made.empty() ? context.data : std::filesystem::path(made);
    options.program = {std::filesystem::read_symlink("/proc/self/exe").string(), writerVerb};
    options.writing = std::chrono::milliseconds(
        asked.seconds > 0 ? static_cast<std::int64_t>(asked.seconds * 1'000) : 500 * options.kills);
    if (asked.series > 0) {
        options.plan.groups = asked.series >= manySeries ? manyGroups : options.plan.groups;
        options.plan.stableSeries
            = std::max(1, asked.series / options.plan.groups - options.plan.churnSeries);
    }
    if (!context.json()) {
        options.say = [](const std::string& text) { std::puts(text.c_str()); };
    }
    setLogLevel(LogLevel::error); // every start would tell that the last run was cut short
    const auto report = torture::torture(options);
    if (!report) {
        complain(context, Exit::wrong, report.error().message);
    } else {
        print(context, *report);
        context.exit = report->isFine() ? Exit::fine : Exit::wrong;
    }
    if (!made.empty() && context.exit == Exit::fine) {
        std::error_code ignored;
        std::filesystem::remove_all(made, ignored);
    } else {
        std::fprintf(stderr, "the store is in %s\n", options.directory.c_str());
    }
}

} // namespace

void addTorture(CLI::App& app, Context& context)
{
    auto* const verb = app.add_subcommand(
        "torture", "Kill a writing engine again and again; prove that nothing is lost");
    const auto asked = std::make_shared<Torture>();
    verb->add_option("--n", asked->options.kills, "How often")->check(CLI::PositiveNumber);
    verb->add_option("--seconds", asked->seconds, "For how long, about, it writes in all")
        ->check(CLI::PositiveNumber);
    verb->add_option("--seed", asked->options.seed, "Of the moments of the kills");
    verb->add_option("--series", asked->series, "Active series")->check(CLI::Range(100, 1'000'000));
    verb->callback([&context, asked] { run(context, *asked); });

    auto* const writer = app.add_subcommand(writerVerb, "The engine that is killed");
    writer->group(""); // not shown
    const auto words = std::make_shared<std::vector<std::string>>();
    writer->add_option("WORD", *words)->required();
    writer->callback([&context, words] {
        setLogLevel(LogLevel::error);
        std::vector<const char*> all;
        for (const std::string& word : *words) {
            all.push_back(word.c_str());
        }
        context.exit = static_cast<Exit>(torture::write(all));
    });
}

} // namespace watchfire::ctl
