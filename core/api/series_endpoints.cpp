// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/api/encode_result.h"
#include "core/api/service.h"

#include <algorithm>
#include <format>
#include <limits>
#include <map>
#include <set>
#include <unordered_map>

namespace watchfire::api {

namespace {

constexpr std::int64_t endOfTime = std::numeric_limits<std::int64_t>::max() / 1'000'000;

/// start, end and limit of a question about labels. False: refused.
bool readScope(Call& call, TimeRange& range, std::size_t& limit)
{
    const auto parsed = parseLimit(call.parameters.get("limit"));
    if (!parsed) {
        call.refuseParameter("limit", parsed.error().message);
        return false;
    }
    const auto from = timeParameter(call.parameters, "start", fromUnixMs(-endOfTime));
    const auto to = timeParameter(call.parameters, "end", fromUnixMs(endOfTime));
    if (!from || !to) {
        call.refuse(!from ? from.error() : to.error());
        return false;
    }
    limit = *parsed;
    range = {*from, *to};
    return true;
}

/// One more than the limit tells whether something was cut off.
std::size_t askFor(std::size_t limit)
{
    return limit == 0 ? 0 : limit + 1;
}

template <class T> std::vector<std::string> cutTo(std::vector<T>& list, std::size_t limit)
{
    if (limit == 0 || list.size() <= limit) {
        return {};
    }
    list.resize(limit);
    return {truncatedWarning};
}

void answerTexts(Call& call, Result<std::vector<std::string>> texts, std::size_t limit)
{
    if (!texts) {
        call.failWith(texts.error());
        return;
    }
    const std::vector<std::string> warnings = cutTo(*texts, limit);
    std::string data;
    encoding::JsonWriter json(data);
    json.beginArray();
    for (const std::string& text : *texts) {
        json.string(text);
    }
    json.endArray();
    call.succeed(data, warnings);
}

void askLabels(const ServicePtr& service, const CallPtr& call, std::string label)
{
    engine::LabelsRequest request;
    request.label = std::move(label);
    std::size_t limit = 0;
    if (!readScope(*call, request.range, limit)) {
        return;
    }
    auto matchers = matchParameters(call->parameters);
    if (!matchers) {
        call->refuse(matchers.error());
        return;
    }
    request.matchers = std::move(*matchers);
    request.limit = askFor(limit);
    call->hold(service->engine.labels(std::move(request),
                                      [call, limit](Result<std::vector<std::string>> texts) {
                                          answerTexts(*call, std::move(texts), limit);
                                      }));
}

void answerSeries(Call& call, Result<std::vector<Labels>> series, std::size_t limit)
{
    if (!series) {
        call.failWith(series.error());
        return;
    }
    std::vector<Labels> list = std::move(*series);
    const std::vector<std::string> warnings = cutTo(list, limit);
    std::string data = "[";
    for (const Labels& labels : list) {
        if (data.size() > 1) {
            data += ',';
        }
        appendLabels(data, labels);
    }
    data += ']';
    call.succeed(data, warnings);
}

void appendMetadata(encoding::JsonWriter& json, const Metadata& metadata)
{
    json.beginObject().field("type", toText(metadata.type)).field("unit", metadata.unit);
    json.field("help", metadata.help).endObject();
}

/// A negative number is no limit. Nothing: not a number.
std::optional<std::int64_t> optionalLimit(std::string_view text)
{
    if (text.empty()) {
        return -1;
    }
    const bool negative = text.starts_with('-');
    const auto magnitude = parseLimit(negative ? text.substr(1) : text);
    if (!magnitude) {
        return std::nullopt;
    }
    return negative ? -1 : static_cast<std::int64_t>(*magnitude);
}

void answerMetadata(Call& call, Result<std::vector<FamilyMetadata>> families, std::int64_t limit,
                    std::int64_t limitPerMetric)
{
    if (!families) {
        call.failWith(families.error());
        return;
    }
    const std::string_view wanted = call.parameters.get("metric");
    std::map<std::string_view, std::vector<const Metadata*>> byName;
    for (const FamilyMetadata& family : *families) {
        if (!wanted.empty() && family.family != wanted) {
            continue;
        }
        const auto known = byName.find(family.family);
        if (known == byName.end() && limit >= 0 && std::ssize(byName) >= limit) {
            continue;
        }
        auto& list = known == byName.end() ? byName[family.family] : known->second;
        const bool repeated = std::ranges::any_of(
            list, [&](const Metadata* other) { return *other == family.metadata; });
        if (!repeated && (limitPerMetric <= 0 || std::ssize(list) < limitPerMetric)) {
            list.push_back(&family.metadata);
        }
    }
    std::string data;
    encoding::JsonWriter json(data);
    json.beginObject();
    for (const auto& [name, list] : byName) {
        json.key(name).beginArray();
        for (const Metadata* const metadata : list) {
            appendMetadata(json, *metadata);
        }
        json.endArray();
    }
    json.endObject();
    call.succeed(data);
}

void writeCounts(encoding::JsonWriter& json, std::string_view key,
                 const std::vector<CardinalityReport::Count>& counts)
{
    json.key(key).beginArray();
    for (const auto& [name, value] : counts) {
        json.beginObject().field("name", name).key("value").unsignedInteger(value).endObject();
    }
    json.endArray();
}

/// The counts as Prometheus names them.
std::string toJson(const CardinalityReport& report, const engine::StatusSnapshot& status)
{
    std::vector<CardinalityReport::Count> metrics;
    for (const CardinalityReport::Metric& metric : report.metrics) {
        metrics.push_back({metric.name, metric.series});
    }
    std::string out;
    encoding::JsonWriter json(out);
    json.beginObject().key("headStats").beginObject();
    json.key("numSeries").unsignedInteger(report.series);
    json.key("numLabelPairs").unsignedInteger(report.labelPairs);
    json.key("chunkCount").unsignedInteger(report.series);
    json.key("minTime").integer(unixMs(status.oldestSample));
    json.key("maxTime").integer(unixMs(status.newestSample)).endObject();
    writeCounts(json, "seriesCountByMetricName", metrics);
    writeCounts(json, "labelValueCountByLabelName", report.valuesByLabel);
    writeCounts(json, "memoryInBytesByLabelName", report.bytesByLabel);
    writeCounts(json, "seriesCountByLabelValuePair", report.seriesByPair);
    json.endObject();
    return out;
}

/// The limit of a question about cardinality; nothing: refused.
std::optional<std::size_t> countsLimit(Call& call)
{
    const std::string_view text = call.parameters.get("limit");
    if (text.empty()) {
        return 10;
    }
    const auto parsed = parseLimit(text);
    if (!parsed || *parsed == 0) {
        call.refuse("limit must be a positive number");
        return std::nullopt;
    }
    if (*parsed > 10'000) {
        call.refuse("limit must not exceed 10000");
        return std::nullopt;
    }
    return *parsed;
}

/// What Prometheus has no name for, too.
std::string toJson(const CardinalityReport& report)
{
    std::string out;
    encoding::JsonWriter json(out);
    json.beginObject();
    json.key("series").unsignedInteger(report.series);
    json.key("activeSeries").unsignedInteger(report.active);
    json.key("newSeries").unsignedInteger(report.newSeries);
    json.key("labelPairs").unsignedInteger(report.labelPairs);
    json.key("metrics").beginArray();
    for (const auto& [name, series, active] : report.metrics) {
        json.beginObject().field("name", name);
        json.key("series").unsignedInteger(series);
        json.key("activeSeries").unsignedInteger(active).endObject();
    }
    json.endArray();
    writeCounts(json, "valuesByLabel", report.valuesByLabel);
    writeCounts(json, "bytesByLabel", report.bytesByLabel);
    writeCounts(json, "seriesByPair", report.seriesByPair);
    json.key("churn").beginArray();
    for (const auto& [range, series, came, went] : report.churn) {
        json.beginObject().field("from", formatTime(range.from));
        json.field("to", formatTime(range.to)).key("series").unsignedInteger(series);
        json.key("newSeries").unsignedInteger(came);
        json.key("endedSeries").unsignedInteger(went).endObject();
    }
    json.endArray();
    json.endObject();
    return out;
}

} // namespace

Result<std::vector<Matchers>> matchParameters(const Parameters& parameters, std::string_view name)
{
    std::vector<Matchers> all;
    for (const std::string_view text : parameters.all(name)) {
        auto matchers = promql::parseSelector(text);
        if (!matchers) {
            return fail(ErrorKind::invalid, promql::describe(matchers.error(), text));
        }
        if (std::ranges::all_of(*matchers, &Matcher::matchesEmpty)) {
            return fail(ErrorKind::invalid,
                        std::format("{} must contain at least one non-empty matcher", name));
        }
        all.push_back(std::move(*matchers));
    }
    return all;
}

void labelNames(const ServicePtr& service, const CallPtr& call)
{
    askLabels(service, call, {});
}

void labelValues(const ServicePtr& service, const CallPtr& call)
{
    std::string name = unescapeName(call->argument);
    if (!isValidName(name)) {
        call->refuse(std::format("invalid label name: \"{}\"", name));
        return;
    }
    askLabels(service, call, std::move(name));
}

void seriesList(const ServicePtr& service, const CallPtr& call)
{
    if (call->parameters.all("match[]").empty()) {
        call->refuse("no match[] parameter provided");
        return;
    }
    engine::SeriesRequest request;
    std::size_t limit = 0;
    if (!readScope(*call, request.range, limit)) {
        return;
    }
    auto matchers = matchParameters(call->parameters);
    if (!matchers) {
        call->refuseParameter("match[]", matchers.error().message);
        return;
    }
    request.matchers = std::move(*matchers);
    request.limit = askFor(limit);
    call->hold(service->engine.series(std::move(request),
                                      [call, limit](Result<std::vector<Labels>> series) {
                                          answerSeries(*call, std::move(series), limit);
                                      }));
}

void metadataList(const ServicePtr& service, const CallPtr& call)
{
    const auto limit = optionalLimit(call->parameters.get("limit"));
    if (!limit) {
        call->refuse("limit must be a number");
        return;
    }
    const auto perMetric = optionalLimit(call->parameters.get("limit_per_metric"));
    if (!perMetric) {
        call->refuse("limit_per_metric must be a number");
        return;
    }
    call->hold(service->engine.metadata(
        [call, limit = *limit, perMetric = *perMetric](Result<std::vector<FamilyMetadata>> all) {
            answerMetadata(*call, std::move(all), limit, perMetric);
        }));
}

void tsdbStatus(const ServicePtr& service, const CallPtr& call)
{
    const auto limit = countsLimit(*call);
    if (!limit) {
        return;
    }
    call->hold(
        service->engine.cardinality(*limit, [service, call](Result<CardinalityReport> report) {
            if (!report) {
                call->failWith(report.error());
                return;
            }
            call->succeed(toJson(*report, *service->status.get()));
        }));
}

void cardinality(const ServicePtr& service, const CallPtr& call)
{
    const auto limit = countsLimit(*call);
    if (!limit) {
        return;
    }
    call->hold(service->engine.cardinality(*limit, [call](Result<CardinalityReport> report) {
        if (!report) {
            call->failWith(report.error());
            return;
        }
        call->succeed(toJson(*report));
    }));
}

} // namespace watchfire::api
