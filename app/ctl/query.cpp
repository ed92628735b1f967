// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/engine_client.h"
#include "app/ctl/store_client.h"
#include "app/ctl/verbs.h"
#include "core/ports/http.h"
#include "core/text/number.h"

#include <cstdio>
#include <memory>
#include <string>

namespace watchfire::ctl {

namespace {

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

void printLabelSets(const encoding::JsonValue& data)
{
    for (const encoding::JsonValue& one : data.items()) {
        std::puts(labelsOf(one).toString().c_str());
    }
}

void printStrings(const encoding::JsonValue& data)
{
    for (const encoding::JsonValue& one : data.items()) {
        std::puts(std::string(one.asString()).c_str());
    }
}

void printUnmatched(const char* side, const encoding::JsonValue& rows, const std::string& indent)
{
    if (rows["groups"].asInteger() == 0) {
        return;
    }
    std::printf("%s  on the %s without a partner: %lld series in %lld groups, such as",
                indent.c_str(), side, static_cast<long long>(rows["series"].asInteger()),
                static_cast<long long>(rows["groups"].asInteger()));
    for (const encoding::JsonValue& labels : rows["examples"].items()) {
        std::printf(" %s", labelsOf(labels).toString().c_str());
    }
    std::puts("");
}

/// A line a part of the query, those below it indented.
void printNode(const encoding::JsonValue& node, const std::string& indent)
{
    std::printf("%s%s: %s\n", indent.c_str(), std::string(node["kind"].asString()).c_str(),
                std::string(node["text"].asString()).c_str());
    std::printf(
        "%s  series %lld -> %lld, samples read %lld, values %lld, %.3f ms, at most %lld KiB\n",
        indent.c_str(), static_cast<long long>(node["seriesIn"].asInteger()),
        static_cast<long long>(node["seriesOut"].asInteger()),
        static_cast<long long>(node["samplesRead"].asInteger()),
        static_cast<long long>(node["samplesOut"].asInteger()), node["seconds"].asNumber() * 1'000,
        static_cast<long long>((node["peakBytes"].asInteger() + 1'023) / 1'024));
    if (const encoding::JsonValue& matching = node["matching"]; matching.isObject()) {
        std::printf("%s  %lld groups of matching labels met\n", indent.c_str(),
                    static_cast<long long>(matching["matchedGroups"].asInteger()));
        printUnmatched("left", matching["unmatchedLeft"], indent);
        printUnmatched("right", matching["unmatchedRight"], indent);
    }
    for (const encoding::JsonValue& child : node["children"].items()) {
        printNode(child, indent + "  ");
    }
}

void printExplanation(const encoding::JsonValue& data)
{
    printNode(data["explanation"], {});
}

void addRange(CLI::App& verb, Question& question, const char* otherwise)
{
    verb.add_option("--start", question.start, otherwise);
    verb.add_option("--end", question.end, "Unix seconds or RFC 3339; now by default");
}

/// What a range lacks: steps of a minute, until now.
void completeRange(Question& question)
{
    if (question.step.empty()) {
        question.step = "60";
    }
    if (question.end.empty()) {
        question.end = text::formatFixed(static_cast<double>(unixMs(SystemClock().now())) / 1000);
    }
}

/// What was said of the question, as parameters of the HTTP API.
Parameters parametersOf(const Question& question)
{
    Parameters parameters;
    const auto add = [&parameters](const char* name, const std::string& value) {
        if (!value.empty()) {
            parameters.emplace_back(name, value);
        }
    };
    add("query", question.expr);
    add("time", question.time);
    add("start", question.start);
    add("end", question.end);
    add("step", question.step);
    add("explain", question.explain ? "true" : "");
    for (const std::string& match : question.matches) {
        add("match[]", match);
    }
    return parameters;
}

} // namespace

void addQuery(CLI::App& app, Context& context)
{
    auto* const group = app.add_subcommand("query", "Ask an engine, or a store with --data");
    group->require_subcommand(1);
    const auto question = std::make_shared<Question>();
    const auto either = [&context, question](const std::string& path, StoreAnswer answer,
                                             void (*print)(const encoding::JsonValue& data)) {
        show(context,
             context.data.empty() ? ask(context, path, parametersOf(*question))
                                  : askStore(context.data, *question, answer),
             print);
    };

    auto* const instant = group->add_subcommand("instant", "The value at one moment");
    instant->add_option("EXPR", question->expr)->required();
    instant->add_option("--time", question->time, "Unix seconds or RFC 3339; now by default");
    instant->callback([either] { either("/api/v1/query", &instantAnswer, &printResult); });

    auto* const range = group->add_subcommand("range", "Values over a range of time");
    range->add_option("EXPR", question->expr)->required();
    addRange(*range, *question, "Unix seconds or RFC 3339");
    range->get_option("--start")->required();
    range->add_option("--step", question->step, "Seconds, or a duration such as 1m")
        ->default_str("60");
    range->callback([either, question] {
        completeRange(*question);
        either("/api/v1/query_range", &rangeAnswer, &printResult);
    });

    auto* const explain = group->add_subcommand("explain",
                                                "What becomes of each part of a query: series, "
                                                "samples, time, memory, and what does not match");
    explain->add_option("EXPR", question->expr)->required();
    explain->add_option("--time", question->time, "Unix seconds or RFC 3339; now by default");
    addRange(*explain, *question, "Asks for a range of time instead");
    explain->add_option("--step", question->step, "Of the range; seconds, or a duration");
    explain->callback([either, question] {
        question->explain = true;
        if (question->start.empty()) {
            either("/api/v1/query", &instantAnswer, &printExplanation);
        } else {
            completeRange(*question);
            either("/api/v1/query_range", &rangeAnswer, &printExplanation);
        }
    });

    auto* const series = group->add_subcommand("series", "Label sets that match");
    series->add_option("--match", question->matches, "A selector; may be given again")->required();
    addRange(*series, *question, "Unix seconds or RFC 3339; all that is stored by default");
    series->callback([either] { either("/api/v1/series", &seriesAnswer, &printLabelSets); });

    auto* const labels = group->add_subcommand("labels", "Values of a label, or all label names");
    labels->add_option("NAME", question->label);
    labels->add_option("--match", question->matches, "A selector; may be given again");
    addRange(*labels, *question, "Unix seconds or RFC 3339; all that is stored by default");
    labels->callback([either, question] {
        either(question->label.empty()
                   ? "/api/v1/labels"
                   : "/api/v1/label/" + percentEncode(question->label) + "/values",
               &labelsAnswer, &printStrings);
    });
}

} // namespace watchfire::ctl
