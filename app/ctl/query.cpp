// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/engine_client.h"
#include "app/ctl/verbs.h"
#include "core/api/encode_result.h"
#include "core/ports/http.h"
#include "core/promql/query.h"
#include "core/text/duration.h"
#include "core/text/number.h"
#include "core/tsdb/store.h"

#include <cstdio>
#include <format>
#include <memory>
#include <string>

namespace watchfire::ctl {

namespace {

/// What the query verbs take; times as the HTTP API takes them.
struct Question {
    std::string expr;
    std::string time;
    std::string start;
    std::string end;
    std::string step = "60";
    std::string label;
    std::vector<std::string> matches;
};

Labels labelsOf(const encoding::JsonValue& metric)
{
    LabelsBuilder builder;
    for (const auto& [name, value] : metric.members()) {
        builder.set(name, value.asString());
    }
    return builder.build();
}

void printPoint(const encoding::JsonValue& point)
{
    std::printf("%s @[%s]\n", std::string(point.items()[1].asString()).c_str(),
                text::formatValue(point.items()[0].asNumber()).c_str());
}

/// As promtool prints: a line an element; a series' points under its labels.
void printResult(const encoding::JsonValue& data)
{
    const std::string_view type = data["resultType"].asString();
    const encoding::JsonValue& result = data["result"];
    if (type == "scalar" || type == "string") {
        printPoint(result);
        return;
    }
    for (const encoding::JsonValue& series : result.items()) {
        const std::string labels = labelsOf(series["metric"]).toString();
        if (type == "vector") {
            std::printf("%s => ", labels.c_str());
            if (series.has("histogram")) {
                std::puts(series["histogram"].items()[1].toJson().c_str());
            } else {
                printPoint(series["value"]);
            }
            continue;
        }
        std::printf("%s =>\n", labels.c_str());
        for (const encoding::JsonValue& point : series["values"].items()) {
            printPoint(point);
        }
        for (const encoding::JsonValue& point : series["histograms"].items()) {
            std::puts(point.toJson().c_str());
        }
    }
}

void show(Context& context, const Result<encoding::JsonValue>& answer,
          void (*print)(const encoding::JsonValue& data))
{
    if (!answer) {
        complain(context,
                 answer.error().kind == ErrorKind::unavailable ? Exit::unreachable : Exit::wrong,
                 answer.error().message);
        return;
    }
    if (context.json()) {
        std::puts(answer->toJson().c_str());
        return;
    }
    print((*answer)["data"]);
    for (const char* kind : {"warnings", "infos"}) {
        for (const encoding::JsonValue& text : (*answer)[kind].items()) {
            std::fprintf(stderr, "%s\n", std::string(text.asString()).c_str());
        }
    }
}

Result<Timestamp> timeOf(const std::string& text)
{
    if (text.empty()) {
        return SystemClock().now();
    }
    if (const auto seconds = text::parseFloat(text)) {
        return fromUnixMs(static_cast<std::int64_t>(*seconds * 1'000));
    }
    return fail(ErrorKind::invalid, std::format("\"{}\" is not a time in Unix seconds", text));
}

/// Evaluates over a store on disk, beside the engine that writes to it.
Result<encoding::JsonValue> evaluateHere(const Context& context, const Question& question,
                                         bool range)
{
    tsdb::OpenOptions options;
    options.directory = context.data;
    options.readOnly = true;
    const auto store = tsdb::Store::open(options);
    if (!store) {
        return fail(ErrorKind::unavailable, store.error().message);
    }
    promql::QueryTimes times;
    const auto end = timeOf(range ? question.end : question.time);
    const auto start = range ? timeOf(question.start) : end;
    if (!end || !start) {
        return std::unexpected(end ? start.error() : end.error());
    }
    times.start = *start;
    times.end = *end;
    if (range) {
        const auto seconds = text::parseFloat(question.step);
        const auto duration = text::parseDuration(question.step);
        if (!seconds && !duration) {
            return fail(ErrorKind::invalid, std::format("\"{}\" is not a step", question.step));
        }
        times.step = seconds
            ? std::chrono::milliseconds(static_cast<std::int64_t>(*seconds * 1'000))
            : *duration;
    }
    promql::QueryOptions queryOptions;
    queryOptions.features = promql::Features::all();
    auto result = promql::evaluate(question.expr, **store, times, queryOptions);
    if (!result) {
        return fail(ErrorKind::invalid, promql::describe(result.error(), question.expr));
    }
    std::string json = R"({"status":"success","data":{)";
    api::appendResult(json, result->value);
    json += "}}";
    return encoding::parseJson(json);
}

CLI::App* addVerb(CLI::App& group, const char* name, const char* about)
{
    return group.add_subcommand(name, about);
}

} // namespace

void addQuery(CLI::App& app, Context& context)
{
    auto* const group = app.add_subcommand("query", "Ask an engine, or a store with --data");
    group->require_subcommand(1);
    const auto question = std::make_shared<Question>();

    auto* const instant = addVerb(*group, "instant", "The value at one moment");
    instant->add_option("EXPR", question->expr)->required();
    instant->add_option("--time", question->time, "Unix seconds or RFC 3339; now by default");
    instant->callback([&context, question] {
        Parameters parameters{{"query", question->expr}};
        if (!question->time.empty()) {
            parameters.emplace_back("time", question->time);
        }
        show(context,
             context.data.empty() ? ask(context, "/api/v1/query", parameters)
                                  : evaluateHere(context, *question, false),
             &printResult);
    });

    auto* const range = addVerb(*group, "range", "Values over a range of time");
    range->add_option("EXPR", question->expr)->required();
    range->add_option("--start", question->start)->required();
    range->add_option("--end", question->end)->required();
    range->add_option("--step", question->step)->capture_default_str();
    range->callback([&context, question] {
        show(context,
             context.data.empty() ? ask(context, "/api/v1/query_range",
                                        {{"query", question->expr},
                                         {"start", question->start},
                                         {"end", question->end},
                                         {"step", question->step}})
                                  : evaluateHere(context, *question, true),
             &printResult);
    });

    auto* const series = addVerb(*group, "series", "Label sets that match");
    series->add_option("--match", question->matches)->required();
    series->callback([&context, question] {
        Parameters parameters;
        for (const std::string& match : question->matches) {
            parameters.emplace_back("match[]", match);
        }
        show(context, ask(context, "/api/v1/series", parameters),
             [](const encoding::JsonValue& data) {
                 for (const encoding::JsonValue& one : data.items()) {
                     std::puts(labelsOf(one).toString().c_str());
                 }
             });
    });

    auto* const labels = addVerb(*group, "labels", "Values of a label, or all label names");
    labels->add_option("NAME", question->label);
    labels->callback([&context, question] {
        const std::string path = question->label.empty()
            ? "/api/v1/labels"
            : "/api/v1/label/" + percentEncode(question->label) + "/values";
        show(context, ask(context, path, {}), [](const encoding::JsonValue& data) {
            for (const encoding::JsonValue& one : data.items()) {
                std::puts(std::string(one.asString()).c_str());
            }
        });
    });
}

} // namespace watchfire::ctl
