// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/peers/query_list.h"

#include "core/encoding/json.h"
#include "tests/bench/peers/client.h"

#include <charconv>
#include <cmath>
#include <format>
#include <functional>

namespace watchfire::bench {

namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr double toleratedError = 1e-6; // of values; sums of floats have no order

struct List {
    std::vector<Query> queries;

    void instant(const char* text, double wanted = 0)
    {
        queries.push_back({Query::Kind::instant, text, seconds(0), seconds(0), wanted});
    }
    void range(seconds span, seconds step, const char* text, double wanted = 0)
    {
        queries.push_back({Query::Kind::range, text, span, step, wanted});
    }
    void metadata(const char* text)
    {
        queries.push_back({Query::Kind::metadata, text, seconds(0), seconds(0), 0});
    }
};

void addRanges(List& list)
{
    constexpr hours hour(1);
    constexpr hours sixHours(6);
    constexpr seconds fine(15);
    constexpr seconds coarse(60);
    list.range(hour, fine, "sum by (x) (rate(m[5m]))", 0.12);
    list.range(hour, coarse, "sum by (x) (rate(m[5m]))");
    list.range(sixHours, coarse, "sum by (x) (rate(m[5m]))", 0.08);
    list.range(hour, coarse, "sum(irate(m[5m]))");
    list.range(hour, fine, R"(rate(m{instance="t3",x="4",y="7"}[5m]))");
    list.range(sixHours, coarse, R"(m{instance="t3",x="4",y="7"})");
    list.range(sixHours, coarse, R"(g{instance="t3",x="4"})");
    list.range(hour, coarse, R"(rate(m{instance="t0"}[5m]))");
    list.range(hours(5), coarse, R"(max_over_time(m{instance="t0"}[1h]))");
    list.range(hour, fine, "histogram_quantile(0.9, sum by (le) (rate(b_bucket[5m])))");
    list.range(hour, coarse, "histogram_quantile(0.9, sum by (le, path) (rate(b_bucket[5m])))");
    list.range(hour, fine, "topk(10, rate(m[5m]))");
    list.range(hour, coarse, "m / n");
    list.range(hour, coarse, "sum by (x) (rate(m[5m]) / rate(n[5m]))");
    list.range(hour, coarse, "sum by (instance) (m) / sum by (instance) (n)");
    list.range(sixHours, coarse, "avg by (instance) (g)");
    list.range(sixHours, coarse, "max by (x) (m)");
    list.range(hour, coarse, "quantile by (x) (0.9, m)");
    list.range(hour, coarse, "stddev by (x) (g)");
    list.range(hour, coarse, "count by (x) (m > 5e6)");
    list.range(hour, coarse, R"(sum(rate(m{instance=~"t[0-4]",y!~"1.*"}[5m])))");
    list.range(hour, coarse, "sum(rate(m[5m])) - sum(rate(m[5m] offset 1h))");
    list.range(hour, coarse, "sum by (x) (rate(m[1h] @ end()))");
    list.range(hour, coarse, R"(max_over_time(sum(rate(m{x="1"}[5m]))[30m:1m]))");
    list.range(hour, coarse, R"(avg_over_time(rate(m{instance="t1"}[5m])[10m:1m]))");
    list.range(hour, coarse, "quantile_over_time(0.95, g[10m])");
    list.range(sixHours, coarse, "avg_over_time(g[1h])");
    list.range(hour, coarse, "stddev_over_time(g[30m])");
    list.range(hour, coarse, "deriv(g[10m])");
    list.range(hour, coarse, "predict_linear(g[30m], 3600) < 0");
    list.range(hour, coarse, "sum(changes(m[10m]))");
    list.range(hour, coarse, "sum by (instance) (resets(m[1h]))");
    list.range(hour, coarse, "clamp_max(abs(delta(g[5m])), 1)");
    list.range(hour, coarse, R"(count_values("v", round(g, 10)))");
    list.range(
        hour, coarse,
        R"q(label_replace(sum by (instance) (rate(m[5m])), "t", "$1", "instance", "t(.)"))q");
    list.range(hour, coarse,
               R"(rate(m{x="1"}[5m]) / on (instance) group_left sum by (instance) (rate(m[5m])))");
    list.range(hour, coarse, R"(absent(m{instance="none"}))");
}

void addInstants(List& list)
{
    list.instant("vector(1)");
    list.instant("m");
    list.instant(R"(m{instance="t0"})");
    list.instant("count(m)");
    list.instant("sum by (x) (rate(m[5m]))");
    list.instant("rate(m[5m])");
    list.instant("topk(10, increase(m[1h]))");
    list.instant("sort_desc(sum by (y) (rate(m[5m])))");
    list.instant("histogram_quantile(0.99, sum by (le, path) (rate(b_bucket[5m])))");
    list.instant("rate(m[5m]) > 100");
    list.instant(R"(m and on (instance, x, y) n{x="1"})");
    list.instant(R"(m unless n{x!="1"})");
    list.instant("m / n");
    list.instant("quantile_over_time(0.9, g[1h])");
    list.instant("max_over_time(m[6h])");
    list.instant("predict_linear(g[1h], 14400)");
    list.instant("time() - timestamp(g)");
    list.instant("sum(m) - sum(m offset 1h)");
}

void addMetadata(List& list)
{
    list.metadata("labels");
    list.metadata(R"(labels m{instance="t1"})");
    list.metadata("label/__name__/values");
    list.metadata("label/y/values");
    list.metadata(R"(label/y/values m{x="3"})");
    list.metadata(R"(series m{instance="t1"})");
    list.metadata(R"(series m{x="3",y=~"1."})");
}

/// Milliseconds as seconds with a fraction.
std::string secondsText(std::int64_t ms)
{
    return std::format("{}.{:03}", ms / 1'000, ms % 1'000);
}

std::string metadataAddress(const Query& query, std::int64_t atMs)
{
    const std::size_t space = query.text.find(' ');
    std::string address = std::format("/api/v1/{}?start={}&end={}", query.text.substr(0, space),
                                      secondsText(atMs - 3'600'000), secondsText(atMs));
    if (space != std::string::npos) {
        address += "&match[]=" + percentEncoded(std::string_view(query.text).substr(space + 1));
    }
    return address;
}

/// Reads the values, each at the end of [time,"value"].
void addValues(Digest& digest, std::string_view body)
{
    for (std::size_t end = body.find("\"]"); end != std::string_view::npos;
         end = body.find("\"]", end + 2)) {
        const std::size_t begin = body.rfind('"', end - 1) + 1;
        double value = 0;
        std::from_chars(body.data() + begin, body.data() + end, value);
        ++digest.points;
        if (std::isfinite(value)) {
            digest.sum += value;
            digest.magnitude += std::abs(value);
        }
    }
}

} // namespace

std::vector<Query> dashboardQueries()
{
    List list;
    addRanges(list);
    addInstants(list);
    addMetadata(list);
    return list.queries;
}

std::vector<Query> manyQueries()
{
    List list;
    list.instant("many", 0.6);
    list.instant("count by (x) (many)");
    list.instant("sum by (x) (rate(many[5m]))");
    return list.queries;
}

std::vector<SizedQuery> sizedQueries()
{
    std::vector<SizedQuery> sized;
    const auto add = [&](std::size_t series, const char* text) {
        List list;
        list.range(minutes(9), seconds(15), text);
        sized.push_back({series, list.queries.front()});
    };
    add(1'000, R"(sum by (x) (rate(many{instance="t0"}[5m])))");
    add(10'000, R"(sum by (x) (rate(many{instance=~"t[0-9]"}[5m])))");
    add(100'000, "sum by (x) (rate(many[5m]))");
    return sized;
}

std::string shapeOf(const Query& query)
{
    switch (query.kind) {
    case Query::Kind::instant:
        return "instant";
    case Query::Kind::metadata:
        return "metadata";
    case Query::Kind::range:
        break;
    }
    const auto minutesLong = std::chrono::duration_cast<minutes>(query.span).count();
    return std::format("{}/{}s",
                       minutesLong % 60 == 0 ? std::format("{}h", minutesLong / 60)
                                             : std::format("{}m", minutesLong),
                       query.step.count());
}

std::string addressOf(const Query& query, std::int64_t atMs)
{
    if (query.kind == Query::Kind::metadata) {
        return metadataAddress(query, atMs);
    }
    // nocache is VictoriaMetrics'; the others know no such parameter.
    const std::string expr = percentEncoded(query.text) + "&nocache=1";
    if (query.kind == Query::Kind::instant) {
        return std::format("/api/v1/query?query={}&time={}", expr, secondsText(atMs));
    }
    const std::int64_t fromMs = atMs - std::chrono::milliseconds(query.span).count();
    return std::format("/api/v1/query_range?query={}&start={}&end={}&step={}", expr,
                       secondsText(fromMs), secondsText(atMs), query.step.count());
}

std::optional<std::string> Digest::differenceTo(const Digest& other) const
{
    if (series != other.series) {
        return std::format("{} series, not {}", series, other.series);
    }
    if (points != other.points) {
        return std::format("{} points, not {}", points, other.points);
    }
    if (std::abs(sum - other.sum) > toleratedError * std::max(magnitude, other.magnitude)) {
        return std::format("values whose sum is {}, not {}", sum, other.sum);
    }
    if (labels != other.labels) {
        return "other labels";
    }
    return {};
}

Digest digestOf(const Query& query, std::string_view body)
{
    Digest digest;
    if (query.kind == Query::Kind::metadata) {
        if (const auto json = encoding::parseJson(body)) {
            digest.series = (*json)["data"].items().size();
        }
        return digest;
    }
    constexpr std::string_view metric = "\"metric\":";
    for (std::size_t at = body.find(metric); at != std::string_view::npos;
         at = body.find(metric, at)) {
        at += metric.size();
        ++digest.series;
        digest.labels += std::hash<std::string_view>()(body.substr(at, body.find('}', at) - at));
    }
    addValues(digest, body);
    return digest;
}

} // namespace watchfire::bench
