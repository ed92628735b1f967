// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/alert_arguments.h"
#include "app/ctl/engine_client.h"
#include "core/api/parameters.h"

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

namespace watchfire::ctl {

namespace {

using encoding::JsonValue;

struct QueryOptions {
    std::vector<std::string> matchers;
    bool active = false;
    bool silenced = false;
    bool inhibited = false;
    bool unprocessed = false;
    std::string receiver;
};

struct AddOptions {
    std::vector<std::string> labels;
    std::vector<std::string> annotations;
    std::string generatorUrl;
    std::string start;
    std::string end;
};

void printAlerts(const JsonValue& alerts)
{
    std::vector<std::vector<std::string>> rows{{"Alertname", "Starts At", "Summary", "State"}};
    for (const JsonValue& alert : alerts.items()) {
        rows.push_back({std::string(alert["labels"]["alertname"].asString()),
                        std::string(alert["startsAt"].asString()),
                        std::string(alert["annotations"]["summary"].asString()),
                        std::string(alert["status"]["state"].asString())});
    }
    printTable(rows);
}

void query(Context& context, const QueryOptions& options)
{
    const auto matchers = matcherArguments(options.matchers);
    if (!matchers) {
        complain(context, Exit::usage, matchers.error().message);
        return;
    }
    const bool any = options.active || options.silenced || options.inhibited || options.unprocessed;
    const auto word = [](bool yes) { return std::string(yes ? "true" : "false"); };
    Parameters parameters{{"active", word(options.active || !any)},
                          {"silenced", word(options.silenced)},
                          {"inhibited", word(options.inhibited)},
                          {"unprocessed", word(options.unprocessed)}};
    if (!options.receiver.empty()) {
        parameters.emplace_back("receiver", options.receiver);
    }
    for (const Matcher& matcher : *matchers) {
        parameters.emplace_back("filter", matcher.toString());
    }
    const auto alerts = askAlertmanager(context, "GET", "alerts", parameters);
    if (!alerts) {
        complain(context, alerts.error());
    } else if (context.json()) {
        std::puts(alerts->toJson().c_str());
    } else {
        printAlerts(*alerts);
    }
}

void add(Context& context, const AddOptions& options)
{
    const auto labels = pairArguments(options.labels, true);
    const auto annotations = pairArguments(options.annotations, false);
    const auto startsAt = timeArgument("--start", options.start, {});
    const auto endsAt = timeArgument("--end", options.end, {});
    for (const Error* const error :
         {labels ? nullptr : &labels.error(), annotations ? nullptr : &annotations.error(),
          startsAt ? nullptr : &startsAt.error(), endsAt ? nullptr : &endsAt.error()}) {
        if (error != nullptr) {
            complain(context, Exit::usage, error->message);
            return;
        }
    }
    JsonValue::Object alert{{"labels", *labels}, {"annotations", *annotations}};
    if (!options.start.empty()) {
        alert.emplace_back("startsAt", jsonText(api::formatDateTime(*startsAt)));
    }
    if (!options.end.empty()) {
        alert.emplace_back("endsAt", jsonText(api::formatDateTime(*endsAt)));
    }
    if (!options.generatorUrl.empty()) {
        alert.emplace_back("generatorURL", jsonText(options.generatorUrl));
    }
    JsonValue body;
    body.data = JsonValue::Array{JsonValue{std::move(alert)}};
    if (const auto posted = askAlertmanager(context, "POST", "alerts", {}, body); !posted) {
        complain(context, posted.error());
    }
}

} // namespace

void addAlert(CLI::App& app, Context& context)
{
    auto* const group = app.add_subcommand("alert", "Alerts of a running engine");
    group->require_subcommand(1);

    auto* const asking = group->add_subcommand("query", "List alerts; without flags, active ones");
    const auto asked = std::make_shared<QueryOptions>();
    asking->add_option("MATCHER", asked->matchers,
                       "LABEL=VALUE, !=, =~, !~; a first one without an operator is an alertname");
    asking->add_flag("-a,--active", asked->active, "Active ones");
    asking->add_flag("-s,--silenced", asked->silenced, "Silenced ones, too");
    asking->add_flag("-i,--inhibited", asked->inhibited, "Inhibited ones, too");
    asking->add_flag("-u,--unprocessed", asked->unprocessed, "Unprocessed ones, of which none are");
    asking->add_option("-r,--receiver", asked->receiver,
                       "Only those that go to receivers which match the regular expression");
    asking->callback([&context, asked] { query(context, *asked); });

    auto* const adding = group->add_subcommand("add", "Post an alert");
    const auto added = std::make_shared<AddOptions>();
    adding
        ->add_option("LABEL", added->labels,
                     "NAME=VALUE; a first one without a sign is its alertname")
        ->required();
    adding->add_option("--annotation", added->annotations, "NAME=VALUE; may be repeated")
        ->take_all()
        ->allow_extra_args(false);
    adding->add_option("--generator-url", added->generatorUrl, "Where it comes from");
    adding->add_option("--start", added->start, "RFC 3339; now where it is not given");
    adding->add_option("--end", added->end,
                       "RFC 3339; it times out where it is not given and not posted again");
    adding->callback([&context, added] { add(context, *added); });
}

} // namespace watchfire::ctl
