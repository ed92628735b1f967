// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/alert_arguments.h"
#include "app/ctl/engine_client.h"
#include "app/ctl/silence_edit.h"
#include "core/api/parameters.h"

#include <algorithm>
#include <cstdio>
#include <memory>

namespace watchfire::ctl {

namespace {

using encoding::JsonValue;

struct QueryOptions {
    std::vector<std::string> matchers;
    std::vector<std::string> ids;
    std::string createdBy;
    std::string within;
    bool expired = false;
    bool quiet = false;
};

Timestamp timeOf(const JsonValue& silence, std::string_view key)
{
    return api::parseDateTime(silence[key].asString()).value_or(Timestamp{});
}

std::string matchersText(const JsonValue& silence)
{
    std::string out;
    for (const JsonValue& matcher : silence["matchers"].items()) {
        const bool equal = matcher["isEqual"].asBool(true);
        const bool regex = matcher["isRegex"].asBool();
        const char* const sign = regex ? (equal ? "=~" : "!~") : (equal ? "=" : "!=");
        out += (out.empty() ? "" : " ") + std::string(matcher["name"].asString()) + sign + '"'
            + std::string(matcher["value"].asString()) + '"';
    }
    return out;
}

void printSilences(const std::vector<JsonValue>& silences, bool quiet)
{
    std::vector<std::vector<std::string>> rows;
    if (!quiet) {
        rows.push_back(
            {"ID", "Matchers", "Starts At", "Ends At", "Updated At", "Created By", "Comment"});
    }
    for (const JsonValue& silence : silences) {
        const auto text
            = [&](std::string_view key) { return std::string(silence[key].asString()); };
        if (quiet) {
            rows.push_back({text("id")});
        } else {
            rows.push_back({text("id"), matchersText(silence), text("startsAt"), text("endsAt"),
                            text("updatedAt"), text("createdBy"), text("comment")});
        }
    }
    printTable(rows);
}

void query(Context& context, const QueryOptions& options)
{
    const auto matchers = matcherArguments(options.matchers);
    const auto within = durationArgument("--within", options.within, std::chrono::milliseconds(0));
    if (!matchers || !within) {
        complain(context, Exit::usage,
                 !matchers ? matchers.error().message : within.error().message);
        return;
    }
    Parameters parameters;
    for (const Matcher& matcher : *matchers) {
        parameters.emplace_back("filter", matcher.toString());
    }
    auto all = askAlertmanager(context, "GET", "silences", parameters);
    if (!all) {
        complain(context, all.error());
        return;
    }
    const Timestamp now = SystemClock().now();
    std::vector<JsonValue> wanted;
    for (const JsonValue& silence : all->items()) {
        const Timestamp end = timeOf(silence, "endsAt");
        const bool inTime = options.within.empty()
            || (options.expired ? end >= now - *within : end <= now + *within);
        if ((end <= now) == options.expired && inTime
            && (options.createdBy.empty() || silence["createdBy"].asString() == options.createdBy)
            && (options.ids.empty()
                || std::ranges::contains(options.ids, silence["id"].asString()))) {
            wanted.push_back(silence);
        }
    }
    if (context.json()) {
        JsonValue out;
        out.data = std::move(wanted);
        std::puts(out.toJson().c_str());
    } else {
        printSilences(wanted, options.quiet);
    }
}

void addTimes(CLI::App& verb, SilenceOptions& options)
{
    verb.add_option("-d,--duration", options.duration, "How long it lasts, such as 2h30m");
    verb.add_option("--start", options.start, "RFC 3339");
    verb.add_option("--end", options.end, "RFC 3339; goes before --duration");
    verb.add_option("-c,--comment", options.comment, "Why");
}

constexpr const char* matcherHelp
    = "LABEL=VALUE, !=, =~, !~; a first one without an operator is an alertname";

void addSilenceQuery(CLI::App& group, Context& context)
{
    auto* const verb = group.add_subcommand("query", "List silences that are not over");
    const auto options = std::make_shared<QueryOptions>();
    verb->add_option("MATCHER", options->matchers, matcherHelp);
    verb->add_flag("--expired", options->expired, "Those that are over");
    verb->add_option("--within", options->within, "Only those that end, or ended, in that time");
    verb->add_option("--created-by", options->createdBy, "Only those of that author");
    verb->add_option("--id", options->ids, "Only that one; may be repeated")
        ->take_all()
        ->allow_extra_args(false);
    verb->add_flag("-q,--quiet", options->quiet, "Only ids");
    verb->callback([&context, options] { query(context, *options); });
}

} // namespace

void addSilence(CLI::App& app, Context& context)
{
    auto* const group = app.add_subcommand("silence", "Silences of a running engine");
    group->require_subcommand(1);
    addSilenceQuery(*group, context);

    auto* const adding = group->add_subcommand("add", "Make a silence and print its id");
    const auto added = std::make_shared<SilenceOptions>();
    adding->add_option("MATCHER", added->arguments, matcherHelp)->required();
    adding->add_option("-a,--author", added->author, "Who makes it; $USER where it is not given");
    adding->add_option("--annotation", added->annotations, "NAME=VALUE; may be repeated")
        ->take_all()
        ->allow_extra_args(false);
    addTimes(*adding, *added);
    adding->callback([&context, added] { addOne(context, *added); });

    auto* const expiring = group->add_subcommand("expire", "End silences now");
    const auto expired = std::make_shared<SilenceOptions>();
    expiring->add_option("ID", expired->arguments)->required();
    expiring->callback([&context, expired] { expireAll(context, *expired); });

    auto* const updating = group->add_subcommand("update", "Change silences and print their ids");
    const auto updated = std::make_shared<SilenceOptions>();
    updating->add_option("ID", updated->arguments)->required();
    addTimes(*updating, *updated);
    updating->callback([&context, updated] { updateAll(context, *updated); });

    auto* const importing = group->add_subcommand(
        "import", "Make the silences of a JSON file, as query --format json prints it");
    const auto imported = std::make_shared<SilenceOptions>();
    importing
        ->add_option("FILE", imported->arguments, "Standard input where there is none, or for -")
        ->expected(0, 1);
    importing->add_flag("-f,--force", imported->force,
                        "Make new ones, though there are some with these ids");
    importing->callback([&context, imported] { importAll(context, *imported); });
}

} // namespace watchfire::ctl
