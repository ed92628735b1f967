// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/verbs.h"
#include "core/config/check.h"
#include "core/encoding/json.h"
#include "core/rules/checkers.h"

#include <algorithm>
#include <cstdio>
#include <format>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace watchfire::ctl {

namespace {

using CheckFile = std::function<config::CheckReport(const std::filesystem::path& file)>;

std::string counted(std::size_t number, std::string_view noun)
{
    return std::format("{} {}{}", number, noun, number == 1 ? "" : "s");
}

/// What is in a good file, as far as it was looked at.
std::string summaryOf(const config::CheckReport& report)
{
    std::string out;
    const auto add = [&](std::size_t number, std::string_view noun) {
        if (number > 0) {
            out += (out.empty() ? ": " : ", ") + counted(number, noun);
        }
    };
    add(report.jobs, "job");
    add(report.ruleFiles, "rule file");
    add(report.rules, "rule");
    return out;
}

void printText(const std::filesystem::path& file, const config::CheckReport& report)
{
    for (const config::Fault& fault : report.findings.faults) {
        std::fprintf(stderr, "%s\n", fault.toString().c_str());
    }
    for (config::Fault warning : report.findings.warnings) {
        warning.message.insert(0, "warning: ");
        std::fprintf(stderr, "%s\n", warning.toString().c_str());
    }
    if (report.ok()) {
        std::printf("%s is fine%s\n", file.c_str(), summaryOf(report).c_str());
    }
}

void writeJson(encoding::JsonWriter& json, const std::vector<config::Fault>& faults,
               std::string_view severity)
{
    for (const config::Fault& fault : faults) {
        json.beginObject().field("file", fault.file);
        json.key("line").unsignedInteger(fault.line);
        json.key("column").unsignedInteger(fault.column);
        json.field("severity", severity).field("message", fault.message);
        json.endObject();
    }
}

/// Unreadable goes before wrong: then not everything was looked at.
void close(Context& context, const config::CheckReport& report)
{
    if (!report.readable) {
        context.exit = Exit::unreachable;
    } else if (!report.ok() && context.exit == Exit::fine) {
        context.exit = Exit::wrong;
    }
}

void checkAll(Context& context, const std::vector<std::string>& files, const CheckFile& check)
{
    std::string out;
    encoding::JsonWriter json(out);
    json.beginArray();
    for (const std::string& file : files) {
        const config::CheckReport report = check(file);
        if (context.json()) {
            writeJson(json, report.findings.faults, "error");
            writeJson(json, report.findings.warnings, "warning");
        } else {
            printText(file, report);
        }
        close(context, report);
    }
    json.endArray();
    if (context.json()) {
        std::puts(out.c_str());
    }
}

constexpr const char* experimentalFunctions = "promql-experimental-functions";
constexpr const char* extendedRanges = "promql-extended-range-selectors";
constexpr const char* fillModifiers = "promql-binop-fill-modifiers";

/// How rules are to be read.
struct Language {
    std::vector<std::string> enabled;

    void addTo(CLI::App& verb)
    {
        verb.add_option("--enable", enabled, "Switches of PromQL that the engine will have on")
            ->delimiter(',')
            ->check(CLI::IsMember({experimentalFunctions, extendedRanges, fillModifiers}));
    }

    config::Checkers checkers() const
    {
        promql::Features features;
        features.experimentalFunctions = std::ranges::contains(enabled, experimentalFunctions);
        features.extendedRangeSelectors = std::ranges::contains(enabled, extendedRanges);
        features.fillModifiers = std::ranges::contains(enabled, fillModifiers);
        return rules::checkers(features);
    }
};

std::shared_ptr<std::vector<std::string>> addFiles(CLI::App& verb)
{
    auto files = std::make_shared<std::vector<std::string>>();
    verb.add_option("FILE", *files)->required();
    return files;
}

void addConfig(CLI::App& group, Context& context)
{
    auto* const verb = group.add_subcommand(
        "config", "A prometheus.yml, the rule files it names, and that its other files exist");
    const auto files = addFiles(*verb);
    const auto language = std::make_shared<Language>();
    language->addTo(*verb);
    const auto syntaxOnly = std::make_shared<bool>(false);
    const auto agent = std::make_shared<bool>(false);
    verb->add_flag("--syntax-only", *syntaxOnly, "Look at no file that one of them names");
    verb->add_flag("--agent", *agent, "As a Prometheus in agent mode reads it");
    verb->callback([&context, files, language, syntaxOnly, agent] {
        const config::Checkers check = language->checkers();
        const config::Mode mode = *agent ? config::Mode::agent : config::Mode::server;
        checkAll(context, *files, [&](const std::filesystem::path& file) {
            return config::checkConfig(file, check, *syntaxOnly, mode);
        });
    });
}

} // namespace

void addCheckFiles(CLI::App& group, Context& context)
{
    addConfig(group, context);

    auto* const alertmanager = group.add_subcommand("alertmanager", "An alertmanager.yml");
    const auto files = addFiles(*alertmanager);
    alertmanager->callback(
        [&context, files] { checkAll(context, *files, &config::checkAlertmanager); });
}

} // namespace watchfire::ctl
