// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/api/encode_result.h"
#include "core/api/service.h"
#include "core/promql/syntax/durations.h"
#include "core/promql/syntax/printer.h"

#include <format>

namespace watchfire::api {

namespace {

constexpr std::int64_t maxPoints = 11'000;
constexpr std::size_t maxAnnotations = 10; // of each level in an answer

/// What both kinds of query share, read from the parameters.
struct Asked {
    engine::QueryRequest request;
    std::size_t limit = 0;
    bool statistics = false;
    bool perStep = false; ///< with them
};

std::vector<std::string> annotationTexts(const QueryResult& result, AnnotationLevel level,
                                         std::string_view query)
{
    std::vector<std::string> texts;
    std::size_t omitted = 0;
    for (const Annotation& annotation : result.annotations) {
        if (annotation.level != level) {
            continue;
        }
        if (texts.size() == maxAnnotations) {
            ++omitted;
            continue;
        }
        std::string text = annotation.message;
        if (annotation.occurrences > 1) {
            text += std::format(" ({} occurrences)", annotation.occurrences);
        }
        if (annotation.where != Span{}) {
            const auto [line, column] = promql::lineAndColumn(query, annotation.where.begin);
            text += std::format(" ({}:{})", line, column);
        }
        texts.push_back(std::move(text));
    }
    if (omitted > 0) {
        texts.push_back(std::format("{} more {} annotations omitted", omitted,
                                    level == AnnotationLevel::warning ? "warning" : "info"));
    }
    return texts;
}

double seconds(std::chrono::nanoseconds duration)
{
    return std::chrono::duration<double>(duration).count();
}

void appendPerStep(encoding::JsonWriter& json, std::string_view key, const SampleCounts& counts,
                   const std::vector<std::uint64_t>& perStep)
{
    json.key(key).beginArray();
    std::int64_t atMs = counts.startMs;
    for (const std::uint64_t count : perStep) {
        json.beginArray().number(static_cast<double>(atMs) / 1000).unsignedInteger(count);
        json.endArray();
        atMs += counts.stepMs;
    }
    json.endArray();
}

void appendStatistics(std::string& out, const QueryStatistics& statistics, bool perStep)
{
    const SampleCounts counts = statistics.counts.value_or(SampleCounts());
    const double queue = seconds(statistics.waited);
    const double evaluation = seconds(statistics.evaluate);
    const double preparation = seconds(statistics.prepare + statistics.parse);
    encoding::JsonWriter json(out);
    json.beginObject().key("timings").beginObject();
    json.key("evalTotalTime").number(evaluation + preparation);
    json.key("resultSortTime").number(0);
    json.key("queryPreparationTime").number(preparation);
    json.key("innerEvalTime").number(evaluation);
    json.key("execQueueTime").number(queue);
    json.key("execTotalTime").number(queue + evaluation + preparation);
    json.endObject().key("samples").beginObject();
    if (perStep) {
        appendPerStep(json, "totalQueryableSamplesPerStep", counts, counts.totalPerStep);
    }
    json.key("totalQueryableSamples").unsignedInteger(counts.total);
    if (perStep) {
        // Prometheus has these since 3.13, there without being asked for.
        appendPerStep(json, "samplesReadPerStep", counts, counts.readPerStep);
        json.key("samplesRead").unsignedInteger(counts.read);
    }
    json.key("peakSamples").unsignedInteger(counts.peak);
    json.endObject().endObject();
}

/// What is added to the answer of a query, and all that is told of one that failed: with a
/// comma before each.
void appendReport(std::string& out, const Asked& asked, const QueryStatistics& statistics,
                  const std::optional<NodeReport>& explanation)
{
    if (asked.statistics) {
        out += ",\"stats\":";
        appendStatistics(out, statistics, asked.perStep);
    }
    if (explanation) {
        out += ",\"explanation\":";
        appendExplanation(out, *explanation);
    }
}

void answerQuery(Call& call, const Asked& asked, Result<QueryResult> result)
{
    if (!result) {
        std::string report;
        if (asked.request.report != nullptr && asked.request.report->explanation) {
            appendReport(report, asked, asked.request.report->statistics,
                         asked.request.report->explanation);
            report.front() = '{';
            report += '}';
        }
        call.failWith(result.error(), report);
        return;
    }
    std::vector<std::string> warnings
        = annotationTexts(*result, AnnotationLevel::warning, asked.request.expr);
    if (truncate(result->value, asked.limit)) {
        warnings.push_back(truncatedWarning);
    }
    std::string body = Call::successHead() + '{';
    appendResult(body, result->value);
    appendReport(body, asked, result->statistics, result->explanation);
    body += '}';
    call.succeedWith(std::move(body), warnings,
                     annotationTexts(*result, AnnotationLevel::info, asked.request.expr));
}

void ask(const ServicePtr& service, const CallPtr& call, Asked asked)
{
    engine::QueryRequest request = asked.request;
    call->hold(service->engine.query(std::move(request),
                                     [call, asked = std::move(asked)](Result<QueryResult> result) {
                                         answerQuery(*call, asked, std::move(result));
                                     }));
}

/// Reads timeout, lookback_delta, stats and explain. False: refused.
bool readOptions(const Service& service, Call& call, Asked& asked)
{
    if (const std::string_view text = call.parameters.get("timeout"); !text.empty()) {
        const auto timeout = parseStep(text);
        if (!timeout) {
            call.refuseParameter("timeout", timeout.error().message);
            return false;
        }
        asked.request.timeout = *timeout;
    }
    if (const std::string_view text = call.parameters.get("lookback_delta"); !text.empty()) {
        const auto lookback = parseStep(text);
        if (!lookback) {
            call.refuse(
                std::format("error parsing lookback delta duration: {}", lookback.error().message));
            return false;
        }
        // Zero or less means the default.
        if (*lookback > std::chrono::milliseconds(0)) {
            asked.request.lookback = *lookback;
        }
    }
    const std::string_view statistics = call.parameters.get("stats");
    asked.statistics = !statistics.empty();
    asked.perStep = statistics == "all" && service.options.perStepStatistics;
    asked.request.countSamples = asked.statistics;
    asked.request.explain = call.parameters.get("explain") == "true";
    if (asked.request.explain) {
        asked.request.report = std::make_shared<QueryReport>();
    }
    return true;
}

bool readLimit(Call& call, Asked& asked)
{
    const auto limit = parseLimit(call.parameters.get("limit"));
    if (!limit) {
        call.refuseParameter("limit", limit.error().message);
        return false;
    }
    asked.limit = *limit;
    return true;
}

/// What cannot be resolved is the query's fault, too.
bool checkDurations(Call& call, const promql::Ast& ast, const engine::QueryRequest& request)
{
    const auto seconds = [](auto ms) { return std::chrono::duration<double>(ms).count(); };
    const promql::DurationTimes times{seconds(request.step), seconds(request.end - request.start),
                                      seconds(request.start.time_since_epoch()),
                                      seconds(request.end.time_since_epoch())};
    const auto checked = promql::checkDurations(ast, times);
    if (!checked) {
        call.refuseParameter("query", checked.error().message);
    }
    return checked.has_value();
}

/// Parses the query, only to refuse it as bad data rather than as a failed evaluation.
std::optional<promql::Ast> readExpression(const Service& service, Call& call)
{
    const std::string_view text = call.parameters.get("query");
    auto ast = promql::parse(text, service.options.features);
    if (!ast) {
        call.refuseParameter("query", promql::describe(ast.error(), text));
        return std::nullopt;
    }
    return std::move(*ast);
}

} // namespace

void queryInstant(const ServicePtr& service, const CallPtr& call)
{
    Asked asked;
    asked.request.expr = std::string(call->parameters.get("query"));
    if (!readLimit(*call, asked)) {
        return;
    }
    const auto at = timeParameter(call->parameters, "time", service->clock.now());
    if (!at) {
        call->refuse(at.error());
        return;
    }
    asked.request.start = *at;
    asked.request.end = *at;
    if (!readOptions(*service, *call, asked)) {
        return;
    }
    const auto ast = readExpression(*service, *call);
    if (!ast || !checkDurations(*call, *ast, asked.request)) {
        return;
    }
    ask(service, call, std::move(asked));
}

void queryRange(const ServicePtr& service, const CallPtr& call)
{
    Asked asked;
    asked.request.expr = std::string(call->parameters.get("query"));
    if (!readLimit(*call, asked)) {
        return;
    }
    for (const auto& [name, target] :
         {std::pair("start", &asked.request.start), std::pair("end", &asked.request.end)}) {
        const auto at = parseTime(call->parameters.get(name));
        if (!at) {
            call->refuseParameter(name, at.error().message);
            return;
        }
        *target = *at;
    }
    if (asked.request.end < asked.request.start) {
        call->refuseParameter("end", "end timestamp must not be before start time");
        return;
    }
    const auto step = parseStep(call->parameters.get("step"));
    if (!step) {
        call->refuseParameter("step", step.error().message);
        return;
    }
    if (*step <= std::chrono::milliseconds(0)) {
        call->refuseParameter("step",
                              "zero or negative query resolution step widths are not accepted. "
                              "Try a positive integer");
        return;
    }
    asked.request.step = *step;
    if ((asked.request.end - asked.request.start) / *step > maxPoints) {
        call->refuse("exceeded maximum resolution of 11,000 points per timeseries. Try decreasing "
                     "the query resolution (?step=XX)");
        return;
    }
    if (!readOptions(*service, *call, asked)) {
        return;
    }
    const auto ast = readExpression(*service, *call);
    if (!ast) {
        return;
    }
    const promql::ValueType type = ast->root->type;
    if (type != promql::ValueType::scalar && type != promql::ValueType::vector) {
        call->refuseParameter("query",
                              std::format("invalid expression type \"{}\" for range query, must be "
                                          "Scalar or instant Vector",
                                          promql::toText(type)));
        return;
    }
    if (!checkDurations(*call, *ast, asked.request)) {
        return;
    }
    ask(service, call, std::move(asked));
}

void formatQuery(const ServicePtr& service, const CallPtr& call)
{
    if (const auto ast = readExpression(*service, *call)) {
        std::string data;
        encoding::appendJsonString(data, promql::format(*ast->root));
        call->succeed(data);
    }
}

void parseQuery(const ServicePtr& service, const CallPtr& call)
{
    if (const auto ast = readExpression(*service, *call)) {
        call->succeed(promql::toJson(*ast->root));
    }
}

} // namespace watchfire::api
