// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/alert_arguments.h"
#include "app/ctl/engine_client.h"
#include "core/alerting/route.h"
#include "core/config/import.h"

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

namespace watchfire::ctl {

namespace {

struct RouteOptions {
    std::string file;
    std::vector<std::string> labels;
    std::vector<std::string> expected;
    bool tree = false;
};

/// The tree of a file, or of the running engine. Nothing: it has been told why not.
std::unique_ptr<alerting::Route> readTree(Context& context, const std::string& file)
{
    std::string text;
    if (!file.empty()) {
        if (!readInput(context, file, text)) {
            return nullptr;
        }
    } else {
        const auto status = askAlertmanager(context, "GET", "status", {});
        if (!status) {
            complain(context, status.error());
            return nullptr;
        }
        text = (*status)["config"]["original"].asString();
    }
    config::Findings findings;
    const auto config = config::readAlertmanager(
        std::move(text), file.empty() ? "the engine's alertmanager.yml" : file, findings);
    for (const config::Fault& fault : findings.faults) {
        complain(context, Exit::wrong, fault.toString());
    }
    return findings.faults.empty() ? alerting::buildRoute(config.route) : nullptr;
}

std::string matchersText(const Matchers& matchers)
{
    std::string out;
    for (const Matcher& matcher : matchers) {
        out += (out.empty() ? "" : ",") + matcher.toString();
    }
    return "{" + out + "}";
}

void printTree(const alerting::Route& route, std::size_t depth)
{
    const std::string name = depth == 0 ? "default-route" : matchersText(route.matchers);
    std::printf("%*s%s  receiver: %s%s\n", static_cast<int>(2 * depth), "", name.c_str(),
                route.receiver.c_str(), route.continues ? "  continue: true" : "");
    for (const auto& child : route.children) {
        printTree(*child, depth + 1);
    }
}

void run(Context& context, const RouteOptions& options)
{
    const auto root = readTree(context, options.file);
    if (root == nullptr) {
        return;
    }
    const auto pairs = pairArguments(options.labels, true);
    if (!pairs) {
        complain(context, Exit::usage, pairs.error().message);
        return;
    }
    LabelsBuilder labels;
    for (const auto& [name, value] : pairs->members()) {
        labels.set(name, value.asString());
    }
    if (options.tree && !context.json()) {
        printTree(*root, 0);
    }
    std::vector<std::string> receivers;
    for (const alerting::Route* const route : root->match(labels.build())) {
        receivers.push_back(route->receiver);
    }
    std::string text;
    encoding::JsonWriter json(text);
    json.beginArray();
    std::string line;
    for (const std::string& receiver : receivers) {
        json.string(receiver);
        line += (line.empty() ? "" : ",") + receiver;
    }
    json.endArray();
    std::puts(context.json() ? text.c_str() : line.c_str());
    if (!options.expected.empty() && options.expected != receivers) {
        complain(context, Exit::wrong, "the receivers are not the ones of --verify-receivers");
    }
}

} // namespace

void addTestRoutes(CLI::App& group, Context& context)
{
    auto* const verb = group.add_subcommand("routes", "Receivers of an alert with these labels");
    const auto options = std::make_shared<RouteOptions>();
    verb->add_option("--config", options->file,
                     "An alertmanager.yml; the running engine's where it is not given");
    verb->add_option("LABEL", options->labels,
                     "NAME=VALUE of the alert; a first one without a sign is its alertname");
    verb->add_option("--verify-receivers", options->expected,
                     "Exit 1 unless these are the receivers, in this order")
        ->delimiter(',')
        ->allow_extra_args(false);
    verb->add_flag("--tree", options->tree, "Print the routing tree first");
    verb->callback([&context, options] { run(context, *options); });
}

} // namespace watchfire::ctl
