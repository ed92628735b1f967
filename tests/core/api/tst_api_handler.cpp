// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/api/api_handler.h"
#include "core/encoding/json.h"
#include "tests/support/fake_engine.h"

#include <QTest>

using namespace watchfire;
using namespace watchfire::api;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

struct FixedClock final : Clock {
    Timestamp at = fromUnixMs(1'700'000'000'000);
    Timestamp now() const override { return at; }
};

config::ScrapeConfig job(const char* name)
{
    config::ScrapeConfig made;
    made.jobName = name;
    return made;
}

} // namespace

class TestApiHandler : public QObject {
    Q_OBJECT

    FixedClock m_clock;
    InlineExecutor m_workers;
    std::unique_ptr<tests::FakeEngine> m_engine;
    std::unique_ptr<ApiHandler> m_api;
    int m_quits = 0;

    void start(ApiOptions options = {})
    {
        m_api.reset();
        m_engine = std::make_unique<tests::FakeEngine>();
        m_api = std::make_unique<ApiHandler>(*m_engine, m_clock, m_workers, std::move(options));
    }

    HttpResponse ask(HttpRequest request)
    {
        std::optional<HttpResponse> answer;
        const Ticket ticket = m_api->handle(std::move(request), [&](Result<HttpResponse> response) {
            answer = std::move(*response);
        });
        return std::move(answer).value();
    }

    HttpResponse get(const QByteArray& url)
    {
        HttpRequest request;
        request.url = url.toStdString();
        return ask(std::move(request));
    }

    HttpResponse send(const char* method, const char* url, HttpHeaders headers = {},
                      std::string body = {})
    {
        HttpRequest request;
        request.method = method;
        request.url = url;
        request.headers = std::move(headers);
        request.body = std::move(body);
        return ask(std::move(request));
    }

private slots:
    void init() { start(); }
    void cleanup()
    {
        m_api.reset();
        m_engine.reset();
    }

    void formsComeBeforeTheAddress_data()
    {
        QTest::addColumn<QByteArray>("type");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("query"); // the one that is asked
        const QByteArray form = "application/x-www-form-urlencoded"_ba;
        QTest::newRow("nothing in the body") << form << ""_ba << "address"_ba;
        QTest::newRow("a form") << form << "query=b%6Fdy"_ba << "body"_ba;
        QTest::newRow("with a character set, in other letters")
            << "Application/X-WWW-form-urlencoded; charset=utf-8"_ba << "query=body"_ba
            << "body"_ba;
        QTest::newRow("text is no form") << "text/plain"_ba << "query=body"_ba << "address"_ba;
        QTest::newRow("a multipart form comes last")
            << "multipart/form-data; boundary=xx"_ba
            << "--xx\r\nContent-Disposition: form-data; name=\"query\"\r\n\r\nbody\r\n--xx--\r\n"_ba
            << "address"_ba;
    }

    void formsComeBeforeTheAddress()
    {
        QFETCH(QByteArray, type);
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, query);
        send("POST", "/api/v1/query?query=address&time=1", {{"Content-Type", type.toStdString()}},
             body.toStdString());
        QCOMPARE(m_engine->queries.size(), 1U);
        QCOMPARE(QByteArray::fromStdString(m_engine->queries.at(0).expr), query);
    }

    void multipartForms_data()
    {
        QTest::addColumn<QByteArray>("type");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("query"); // empty: none is found
        const QByteArray type = "multipart/form-data; boundary=\"a b\""_ba;
        const QByteArray file
            = "--a b\r\nContent-Disposition: form-data; name=\"query\"; filename=\"q\"\r\n\r\nup\r\n"_ba;
        const QByteArray field = "--a b\r\ncontent-disposition: form-data; name=query\r\n"
                                 "Content-Type: text/plain\r\n\r\nsum(\r\nx)\r\n"_ba;
        const QByteArray end = "--a b--\r\n"_ba;
        QTest::newRow("a field") << type << field + end << "sum(\r\nx)"_ba;
        QTest::newRow("text before it") << type << "preamble\r\n" + field + end << "sum(\r\nx)"_ba;
        QTest::newRow("a file is none") << type << file + field + end << "sum(\r\nx)"_ba;
        QTest::newRow("without an end") << type << field << ""_ba;
        QTest::newRow("without a boundary") << "multipart/form-data"_ba << field + end << ""_ba;
        QTest::newRow("cut short") << type << field.left(60) << ""_ba;
    }

    void multipartForms()
    {
        QFETCH(QByteArray, type);
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, query);
        const auto response = send("POST", "/api/v1/query", {{"Content-Type", type.toStdString()}},
                                   body.toStdString());
        if (query.isEmpty()) {
            QVERIFY(response.body.contains("no expression found in input"));
            return;
        }
        QCOMPARE(m_engine->queries.size(), 1U);
        QCOMPARE(QByteArray::fromStdString(m_engine->queries.at(0).expr), query);
    }

    void lengthsThatCannotBeResolvedAreBadData()
    {
        const auto response = get("/api/v1/query_range?query=rate(a[1/(step()-15)])"
                                  "&start=0&end=60&step=15");
        QCOMPARE(response.status, 400);
        QVERIFY2(response.body.contains("\"errorType\":\"bad_data\""), response.body.c_str());
        QVERIFY2(response.body.contains("invalid parameter \\\"query\\\": 7:19: division by zero"),
                 response.body.c_str());
    }

    void refusals_data()
    {
        QTest::addColumn<QByteArray>("url");
        QTest::addColumn<QByteArray>("error"); // of a 400 bad_data
        QTest::newRow("no query") << "/api/v1/query"_ba
                                  << "invalid parameter \"query\": unknown position: parse error: "
                                     "no expression found in input"_ba;
        QTest::newRow("query does not parse")
            << "/api/v1/query?query=sum("_ba
            << "invalid parameter \"query\": 1:5: parse error: unclosed left parenthesis"_ba;
        QTest::newRow("time")
            << "/api/v1/query?query=1&time=yesterday"_ba
            << "invalid parameter \"time\": invalid time value for 'time': cannot parse "
               "\"yesterday\" to a valid timestamp"_ba;
        QTest::newRow("timeout")
            << "/api/v1/query?query=1&timeout=soon"_ba
            << "invalid parameter \"timeout\": cannot parse \"soon\" to a valid duration"_ba;
        QTest::newRow("limit that is no number")
            << "/api/v1/query?query=1&limit=x"_ba
            << "invalid parameter \"limit\": strconv.Atoi: parsing \"x\": invalid syntax"_ba;
        QTest::newRow("limit with two signs")
            << "/api/v1/labels?limit=%2B-1"_ba
            << "invalid parameter \"limit\": strconv.Atoi: parsing \"+-1\": invalid syntax"_ba;
        QTest::newRow("limit beyond numbers")
            << "/api/v1/query?query=1&limit=9223372036854775808"_ba
            << "invalid parameter \"limit\": strconv.Atoi: parsing \"9223372036854775808\": value "
               "out of range"_ba;
        QTest::newRow("negative limit")
            << "/api/v1/query?query=1&limit=-1"_ba
            << "invalid parameter \"limit\": limit must be non-negative"_ba;
        QTest::newRow("range without start")
            << "/api/v1/query_range?query=1&end=1&step=1"_ba
            << "invalid parameter \"start\": cannot parse \"\" to a valid timestamp"_ba;
        QTest::newRow("range backwards")
            << "/api/v1/query_range?query=1&start=2&end=1&step=1"_ba
            << "invalid parameter \"end\": end timestamp must not be before start time"_ba;
        QTest::newRow("step of zero")
            << "/api/v1/query_range?query=1&start=1&end=2&step=0"_ba
            << "invalid parameter \"step\": zero or negative query resolution step widths are not "
               "accepted. Try a positive integer"_ba;
        QTest::newRow("too many points")
            << "/api/v1/query_range?query=1&start=0&end=11001&step=1"_ba
            << "exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the "
               "query resolution (?step=XX)"_ba;
        QTest::newRow("range of a range vector")
            << "/api/v1/query_range?query=a[5m]&start=0&end=1&step=1"_ba
            << "invalid parameter \"query\": invalid expression type \"range vector\" for range "
               "query, must be Scalar or instant Vector"_ba;
        QTest::newRow("exemplars: start")
            << "/api/v1/query_exemplars?query=a&start=x"_ba
            << "invalid parameter \"start\": invalid time value for 'start': cannot parse \"x\" "
               "to a valid timestamp"_ba;
        QTest::newRow("exemplars: end")
            << "/api/v1/query_exemplars?query=a&end=x"_ba
            << "invalid parameter \"end\": invalid time value for 'end': cannot parse \"x\" to a "
               "valid timestamp"_ba;
        QTest::newRow("exemplars backwards")
            << "/api/v1/query_exemplars?query=a&start=2&end=1"_ba
            << "end timestamp must not be before start timestamp"_ba;
        QTest::newRow("exemplars: query does not parse")
            << "/api/v1/query_exemplars?query=("_ba
            << "1:2: parse error: unclosed left parenthesis"_ba;
        QTest::newRow("exemplars without a query")
            << "/api/v1/query_exemplars"_ba
            << "unknown position: parse error: no expression found in input"_ba;
        QTest::newRow("series without selector") << "/api/v1/series"_ba
                                                 << "no match[] parameter provided"_ba;
        QTest::newRow("label name that is no UTF-8")
            << "/api/v1/label/%ff/values"_ba << QByteArray("invalid label name: \"�\"");
        QTest::newRow("rule type") << "/api/v1/rules?type=x"_ba
                                   << "invalid parameter \"type\": not supported value \"x\""_ba;
        QTest::newRow("page token without a limit")
            << "/api/v1/rules?group_next_token=x"_ba
            << "invalid parameter \"group_next_token\": group_limit needs to be present in order "
               "to paginate over the groups"_ba;
        QTest::newRow("tsdb limit") << "/api/v1/status/tsdb?limit=0"_ba
                                    << "limit must be a positive number"_ba;
        QTest::newRow("metadata limit") << "/api/v1/metadata?limit=x"_ba
                                        << "limit must be a number"_ba;
    }

    void refusals()
    {
        QFETCH(QByteArray, url);
        QFETCH(QByteArray, error);
        const HttpResponse response = get(url);
        QCOMPARE(response.status, 400);
        QCOMPARE(header(response.headers, "Content-Type"), "application/json");
        const auto body = encoding::parseJson(response.body);
        QVERIFY(body.has_value());
        QCOMPARE((*body)["status"].asString(), "error");
        QCOMPARE((*body)["errorType"].asString(), "bad_data");
        QCOMPARE((*body)["error"].asString(), error.toStdString());
        QVERIFY(m_engine->queries.empty());
    }

    void featuresAreThoseThatAreOn()
    {
        const auto body = encoding::parseJson(get("/api/v1/features").body);
        const auto& data = (*body)["data"];
        const auto isOn = [&data](const char* category, const char* name) {
            return data[category][name].isBool() ? int(data[category][name].asBool()) : -1;
        };
        QCOMPARE(isOn("api", "query_stats"), 1);
        QCOMPARE(isOn("api", "admin"), 0);
        QCOMPARE(isOn("promql", "duration_expr"), 1);
        QCOMPARE(isOn("promql", "smoothed"), 0);
        QCOMPARE(isOn("promql_functions", "rate"), 1);
        QCOMPARE(isOn("promql_functions", "info"), 0);
        QCOMPARE(isOn("promql_operators", "</"), 1);
        QCOMPARE(isOn("promql_operators", "limitk"), 0);
        QCOMPARE(isOn("promql_operators", "unless"), 1);
    }

    void countedRemarksTellHowOften()
    {
        m_engine->onQuery = [](const engine::QueryRequest&) -> Result<QueryResult> {
            QueryResult result;
            result.annotations = {{AnnotationLevel::warning, "PromQL warning: w", {2, 3}, 3},
                                  {AnnotationLevel::warning, "PromQL warning: v", {2, 3}, 1}};
            return result;
        };
        const auto body = encoding::parseJson(get("/api/v1/query?query=1%2B1").body);
        QCOMPARE((*body)["warnings"].items().at(0).asString(),
                 "PromQL warning: w (3 occurrences) (1:3)");
        QCOMPARE((*body)["warnings"].items().at(1).asString(), "PromQL warning: v (1:3)");
    }

    void instantQuery()
    {
        m_engine->onQuery = [](const engine::QueryRequest&) -> Result<QueryResult> {
            QueryResult result;
            result.value = Vector{{Labels{{"a", "b"}}, 1'700'001'800'000, 20, nullptr}};
            result.annotations = {{AnnotationLevel::warning, "PromQL warning: w", {2, 3}},
                                  {AnnotationLevel::info, "PromQL info: i", {0, 1}}};
            return result;
        };
        const HttpResponse response
            = get("/api/v1/query?query=a%2Bb&time=1700001800&timeout=2.5&lookback_delta=1m");
        QCOMPARE(response.status, 200);
        QCOMPARE(
            response.body,
            "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":["
            "{\"metric\":{\"a\":\"b\"},\"value\":[1700001800,\"20\"]}]},"
            "\"warnings\":[\"PromQL warning: w (1:3)\"],\"infos\":[\"PromQL info: i (1:1)\"]}");
        QCOMPARE(m_engine->queries.size(), 1U);
        const engine::QueryRequest& asked = m_engine->queries[0];
        QCOMPARE(asked.expr, "a+b");
        QVERIFY(asked.end == fromUnixMs(1'700'001'800'000) && asked.step == 0ms);
        QVERIFY(asked.timeout == 2500ms && asked.lookback == 60s);
    }

    void timeDefaultsToNow()
    {
        get("/api/v1/query?query=1");
        QVERIFY(m_engine->queries.at(0).end == m_clock.at);
    }

    void rangeQueryByForm()
    {
        m_engine->onQuery = [](const engine::QueryRequest&) -> Result<QueryResult> {
            return QueryResult{Matrix(2), {}, {}, {}};
        };
        const HttpResponse response = send(
            "POST", "/api/v1/query_range", {{"Content-Type", "application/x-www-form-urlencoded"}},
            "query=up&start=1700000000&end=1700000060&step=30s&limit=1&stats=all");
        QCOMPARE(response.status, 200);
        const auto body = encoding::parseJson(response.body);
        QVERIFY(body.has_value());
        QCOMPARE((*body)["data"]["result"].items().size(), 1U);
        QCOMPARE((*body)["warnings"].items().at(0).asString(), "results truncated due to limit");
        QVERIFY((*body)["data"]["stats"]["timings"].isObject());
        QVERIFY((*body)["data"]["stats"]["samples"].has("peakSamples"));
        QVERIFY(m_engine->queries.at(0).step == 30s);
    }

    void exemplars()
    {
        m_engine->onExemplars
            = [](const engine::SeriesRequest&) -> Result<std::vector<SeriesExemplars>> {
            const auto of = [](const char* trace, double value, std::int64_t atMs) {
                return Exemplar{Labels{{"trace_id", trace}}, value, fromUnixMs(atMs)};
            };
            return std::vector<SeriesExemplars>{
                {Labels{{"__name__", "a"}, {"le", "1"}},
                 {of("t\"1", 0.5, 1'700'000'060'000), of("t2", 0.7, 1'700'000'120'005)}},
                {Labels{{"__name__", "b"}},
                 {{Labels{}, std::numeric_limits<double>::infinity(), fromUnixMs(-1'500)}}}};
        };
        const HttpResponse response
            = send("POST", "/api/v1/query_exemplars",
                   {{"Content-Type", "application/x-www-form-urlencoded"}},
                   "query=histogram_quantile(0.9,sum by(le)(rate(a{x=\"1\"}[5m] offset 1h)))%2B"
                   "max_over_time(b[1h:1m])&start=1700000000&end=2023-11-14T22:43:20.5Z");
        QCOMPARE(response.status, 200);
        QCOMPARE(response.body,
                 "{\"status\":\"success\",\"data\":[{\"seriesLabels\":{\"__name__\":\"a\",\"le\":"
                 "\"1\"},\"exemplars\":[{\"labels\":{\"trace_id\":\"t\\\"1\"},\"value\":\"0.5\","
                 "\"timestamp\":1700000060},{\"labels\":{\"trace_id\":\"t2\"},\"value\":\"0.7\","
                 "\"timestamp\":1700000120.005}]},{\"seriesLabels\":{\"__name__\":\"b\"},"
                 "\"exemplars\":[{\"labels\":{},\"value\":\"+Inf\",\"timestamp\":-1.500}]}]}");
        QCOMPARE(m_engine->exemplarRequests.size(), 1U);
        const engine::SeriesRequest& asked = m_engine->exemplarRequests[0];
        QCOMPARE(asked.matchers.size(), 2U); // of every selector
        QCOMPARE(asked.matchers[0].size(), 2U);
        QCOMPARE(asked.matchers[1].size(), 1U);
        QCOMPARE(asked.matchers[1][0].value(), "b");
        QCOMPARE(unixMs(asked.range.from), 1'700'000'000'000);
        QCOMPARE(unixMs(asked.range.to), 1'700'001'800'500);
    }

    void exemplarsOfNothing()
    {
        // Whatever there may be is asked for.
        QCOMPARE(get("/api/v1/query_exemplars?query=a").body,
                 "{\"status\":\"success\",\"data\":[]}");
        QVERIFY(m_engine->exemplarRequests.at(0).range.from < fromUnixMs(-1'000'000'000'000));
        QVERIFY(m_engine->exemplarRequests.at(0).range.to > fromUnixMs(9'000'000'000'000));
        // An expression without a selector has no data.
        QCOMPARE(get("/api/v1/query_exemplars?query=1%2Btime()").body, "{\"status\":\"success\"}");
        QCOMPARE(m_engine->exemplarRequests.size(), 1U);
        m_engine->onExemplars
            = [](const engine::SeriesRequest&) -> Result<std::vector<SeriesExemplars>> {
            return fail(ErrorKind::io, "the disk is gone");
        };
        const HttpResponse failed = get("/api/v1/query_exemplars?query=a");
        QCOMPARE(failed.status, 500);
        QVERIFY2(failed.body.contains("the disk is gone"), failed.body.c_str());
    }

    void samplesAreToldAsTheyWereCounted_data()
    {
        QTest::addColumn<QByteArray>("stats");
        QTest::addColumn<bool>("enabled");
        QTest::addColumn<QByteArray>("samples");
        const QByteArray basic = R"("totalQueryableSamples":7,"peakSamples":9)";
        QTest::newRow("true") << "true"_ba << true << basic;
        QTest::newRow("1") << "1"_ba << true << basic;
        QTest::newRow("all, where steps are not asked for at the start")
            << "all"_ba << false << basic;
        QTest::newRow("all")
            << "all"_ba << true
            << R"("totalQueryableSamplesPerStep":[[1700000000.5,3],[1700000030.5,4]],)"
               R"("totalQueryableSamples":7,)"
               R"("samplesReadPerStep":[[1700000000.5,3],[1700000030.5,1]],)"
               R"("samplesRead":4,"peakSamples":9)"_ba;
    }

    void samplesAreToldAsTheyWereCounted()
    {
        QFETCH(QByteArray, stats);
        QFETCH(bool, enabled);
        QFETCH(QByteArray, samples);
        ApiOptions options;
        options.perStepStatistics = enabled;
        start(std::move(options));
        m_engine->onQuery = [](const engine::QueryRequest& request) -> Result<QueryResult> {
            QueryResult result{Vector(), {}, {}, {}};
            if (request.countSamples) {
                SampleCounts& counts = result.statistics.counts.emplace();
                counts.total = 7;
                counts.read = 4;
                counts.peak = 9;
                counts.startMs = 1'700'000'000'500;
                counts.stepMs = 30'000;
                counts.totalPerStep = {3, 4};
                counts.readPerStep = {3, 1};
            }
            return result;
        };
        const std::string body
            = get("/api/v1/query_range?query=up&start=1700000000.5&end=1700000060&step=30s&stats="
                  + stats)
                  .body;
        QVERIFY2(body.contains("\"samples\":{" + samples.toStdString() + "}"), body.c_str());
    }

    void timesAreTold()
    {
        using namespace std::chrono_literals;
        m_engine->onQuery = [](const engine::QueryRequest&) -> Result<QueryResult> {
            QueryResult result{Vector(), {}, {}, {}};
            result.statistics.waited = 4s;
            result.statistics.parse = 250ms;
            result.statistics.prepare = 250ms;
            result.statistics.evaluate = 2s;
            return result;
        };
        const std::string body = get("/api/v1/query?query=up&stats=true").body;
        QVERIFY2(body.contains(R"("timings":{"evalTotalTime":2.5,"resultSortTime":0,)"
                               R"("queryPreparationTime":0.5,"innerEvalTime":2,)"
                               R"("execQueueTime":4,"execTotalTime":6.5})"),
                 body.c_str());
    }

    void aFailedQueryIsExplainedToo()
    {
        m_engine->onQuery = [](const engine::QueryRequest& request) -> Result<QueryResult> {
            if (request.report != nullptr) {
                request.report->statistics.counts.emplace().total = 5;
                request.report->explanation.emplace().kind = "selector";
            }
            return fail(ErrorKind::limit, "too many samples");
        };
        const HttpResponse with = get("/api/v1/query?query=a&explain=true&stats=true");
        QCOMPARE(with.status, 422);
        const auto body = encoding::parseJson(with.body);
        QVERIFY(body.has_value());
        QCOMPARE((*body)["errorType"].asString(), "execution");
        QCOMPARE((*body)["error"].asString(), "too many samples");
        QCOMPARE((*body)["data"]["explanation"]["kind"].asString(), "selector");
        QCOMPARE((*body)["data"]["stats"]["samples"]["totalQueryableSamples"].asInteger(), 5);
        // As Prometheus answers, unless it is asked what that does not know.
        QCOMPARE(get("/api/v1/query?query=a&stats=true").body,
                 R"({"status":"error","errorType":"execution","error":"too many samples"})");
    }

    void anExplanationIsToldWhenAskedFor()
    {
        m_engine->onQuery = [](const engine::QueryRequest& request) -> Result<QueryResult> {
            QueryResult result{Vector(), {}, {}, {}};
            if (request.explain) {
                NodeReport& report = result.explanation.emplace();
                report.kind = "operator /";
                report.peakSamples = 3;
                report.matching.emplace().right = {1, 2, {Labels{{"a", "b"}}}};
                report.children.resize(2);
            }
            return result;
        };
        const auto with = encoding::parseJson(get("/api/v1/query?query=a/b&explain=true").body);
        QVERIFY(with.has_value());
        const encoding::JsonValue& report = (*with)["data"]["explanation"];
        QCOMPARE(report["kind"].asString(), "operator /");
        QCOMPARE(report["peakBytes"].asInteger(), 48);
        QCOMPARE(report["children"].items().size(), 2U);
        const encoding::JsonValue& unmatched = report["matching"]["unmatchedRight"];
        QCOMPARE(unmatched["series"].asInteger(), 2);
        QCOMPARE(unmatched["examples"].items().at(0)["a"].asString(), "b");
        const auto without = encoding::parseJson(get("/api/v1/query?query=a/b").body);
        QVERIFY(without.has_value());
        QVERIFY(!(*without)["data"].has("explanation"));
    }

    void elevenThousandPointsAreAllowed()
    {
        QCOMPARE(get("/api/v1/query_range?query=1&start=0&end=11000&step=1").status, 200);
    }

    void engineErrors_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("type");
        QTest::newRow("evaluation") << int(ErrorKind::invalid) << 422 << "execution"_ba;
        QTest::newRow("too many samples") << int(ErrorKind::limit) << 422 << "execution"_ba;
        QTest::newRow("deadline") << int(ErrorKind::timeout) << 503 << "timeout"_ba;
        QTest::newRow("cancelled") << int(ErrorKind::cancelled) << 499 << "canceled"_ba;
        QTest::newRow("busy") << int(ErrorKind::unavailable) << 503 << "unavailable"_ba;
        QTest::newRow("store") << int(ErrorKind::corrupt) << 500 << "internal"_ba;
    }

    void engineErrors()
    {
        QFETCH(int, kind);
        QFETCH(int, status);
        QFETCH(QByteArray, type);
        m_engine->onQuery = [kind](const engine::QueryRequest&) -> Result<QueryResult> {
            return fail(ErrorKind(kind), "why");
        };
        const HttpResponse response = get("/api/v1/query?query=1");
        QCOMPARE(response.status, status);
        QCOMPARE(QByteArray::fromStdString(response.body),
                 "{\"status\":\"error\",\"errorType\":\"" + type + "\",\"error\":\"why\"}");
    }

    void droppingTheTicketCancelsTheQuery()
    {
        m_engine->hold = true;
        bool answered = false;
        {
            HttpRequest request;
            request.url = "/api/v1/query?query=1";
            const Ticket ticket
                = m_api->handle(std::move(request), [&](Result<HttpResponse>) { answered = true; });
            QCOMPARE(m_engine->waiting(), 1U);
            QCOMPARE(m_engine->cancelled(), 0U);
        }
        QCOMPARE(m_engine->cancelled(), 1U);
        m_engine->release();
        QVERIFY(!answered);
    }

    void labelsAndSeries()
    {
        m_engine->onLabels = [](const engine::LabelsRequest&) -> Result<std::vector<std::string>> {
            return std::vector<std::string>{"a", "b", "c"};
        };
        m_engine->onSeries = [](const engine::SeriesRequest&) -> Result<std::vector<Labels>> {
            return std::vector<Labels>{Labels{{"__name__", "x"}}, Labels{{"__name__", "y"}}};
        };
        QCOMPARE(
            get("/api/v1/labels?limit=2").body,
            "{\"status\":\"success\",\"data\":[\"a\",\"b\"],\"warnings\":[\"results truncated due "
            "to limit\"]}");
        QCOMPARE(m_engine->labelsRequests.at(0).limit, 3U);
        QCOMPARE(get("/api/v1/label/U__a_2e_b/values?start=1&match[]={job=%22x%22}").body,
                 "{\"status\":\"success\",\"data\":[\"a\",\"b\",\"c\"]}");
        const engine::LabelsRequest& asked = m_engine->labelsRequests.at(1);
        QCOMPARE(asked.label, "a.b");
        QVERIFY(asked.range.from == fromUnixMs(1000));
        QCOMPARE(asked.matchers.size(), 1U);
        QCOMPARE(get("/api/v1/series?match[]=x&match[]=y").body,
                 "{\"status\":\"success\",\"data\":[{\"__name__\":\"x\"},{\"__name__\":\"y\"}]}");
        QCOMPARE(m_engine->seriesRequests.at(0).matchers.size(), 2U);
        QCOMPARE(get("/api/v1/label/a/b/values").status, 404);
    }

    void metadata()
    {
        m_engine->onMetadata = []() -> Result<std::vector<FamilyMetadata>> {
            return std::vector<FamilyMetadata>{{"b", {MetricType::gauge, "B.", ""}},
                                               {"a", {MetricType::counter, "A.", "s"}},
                                               {"a", {MetricType::counter, "other", "s"}}};
        };
        QCOMPARE(get("/api/v1/metadata").body,
                 "{\"status\":\"success\",\"data\":{\"a\":[{\"type\":\"counter\",\"unit\":\"s\","
                 "\"help\":\"A.\"},"
                 "{\"type\":\"counter\",\"unit\":\"s\",\"help\":\"other\"}],"
                 "\"b\":[{\"type\":\"gauge\",\"unit\":\"\",\"help\":\"B.\"}]}}");
        QCOMPARE(get("/api/v1/metadata?metric=a&limit_per_metric=1").body,
                 "{\"status\":\"success\",\"data\":{\"a\":[{\"type\":\"counter\",\"unit\":\"s\","
                 "\"help\":\"A.\"}]}}");
        const auto limited = encoding::parseJson(get("/api/v1/metadata?limit=1").body);
        QCOMPARE((*limited)["data"].members().size(), 1U);
    }

    void targets()
    {
        start({.externalUrl = "http://prom.example:9090/"});
        engine::ConfigSnapshot config;
        config.config.scrapeConfigs = {job("good"), job("idle")};
        m_engine->publish(std::move(config));
        engine::TargetStatus target;
        target.job = "good";
        target.url = "http://localhost:9100/metrics";
        target.labels = Labels{{"instance", "localhost:9100"}, {"job", "good"}};
        target.discoveredLabels = Labels{{"__address__", "localhost:9100"}};
        target.health = engine::Health::up;
        target.lastScrape = fromUnixMs(1'700'000'000'250);
        target.lastDuration = 1500us;
        target.interval = 90s;
        target.timeout = 10s;
        engine::TargetsSnapshot snapshot;
        snapshot.targets = {target};
        snapshot.dropped = {target};
        m_engine->publish(std::move(snapshot));
        QCOMPARE(
            get("/api/v1/targets").body,
            "{\"status\":\"success\",\"data\":{\"activeTargets\":[{"
            "\"discoveredLabels\":{\"__address__\":\"localhost:9100\"},"
            "\"labels\":{\"instance\":\"localhost:9100\",\"job\":\"good\"},\"scrapePool\":\"good\","
            "\"scrapeUrl\":\"http://localhost:9100/metrics\","
            "\"globalUrl\":\"http://prom.example:9100/metrics\",\"lastError\":\"\","
            "\"lastScrape\":\"2023-11-14T22:13:20.25Z\",\"lastScrapeDuration\":0.0015,"
            "\"health\":\"up\",\"scrapeInterval\":\"1m30s\",\"scrapeTimeout\":\"10s\"}],"
            "\"droppedTargets\":[{\"discoveredLabels\":{\"__address__\":\"localhost:9100\"},"
            "\"scrapePool\":\"good\"}],\"droppedTargetCounts\":{\"good\":1,\"idle\":0}}}");
        const auto active = encoding::parseJson(get("/api/v1/targets?state=active").body);
        QCOMPARE((*active)["data"]["activeTargets"].items().size(), 1U);
        QVERIFY((*active)["data"]["droppedTargetCounts"].isNull());
        const auto other = encoding::parseJson(get("/api/v1/targets?scrapePool=zzz").body);
        QVERIFY((*other)["data"]["activeTargets"].items().empty());
        QCOMPARE(get("/api/v1/scrape_pools").body,
                 "{\"status\":\"success\",\"data\":{\"scrapePools\":[\"good\",\"idle\"]}}");
    }

    void rulesAndAlerts()
    {
        config::RuleConfig alerting;
        alerting.alert = "Firing";
        alerting.expr = "g>1";
        alerting.forDuration = 90s;
        alerting.labels = {{"severity", "page"}};
        alerting.annotations = {{"summary", "it is {{ $value }}"}};
        config::RuleConfig recording;
        recording.record = "a:b";
        recording.expr = "sum by(x)(b)";
        engine::ConfigSnapshot config;
        config::RuleGroupConfig group;
        group.name = "g1";
        group.file = "f.yml";
        group.limit = 10;
        group.labels = {{"team", "t"}};
        config.config.ruleGroups = {group};
        m_engine->publish(std::move(config));
        engine::RuleGroupStatus one;
        one.name = "g1";
        one.file = "f.yml";
        one.interval = 1500ms;
        one.rules.resize(2);
        one.rules[0].rule = alerting;
        one.rules[0].health = engine::Health::up;
        one.rules[0].state = AlertState::firing;
        one.rules[1].rule = recording;
        one.rules[1].health = engine::Health::down;
        one.rules[1].lastError = "why";
        engine::RuleGroupStatus two;
        two.name = "g2";
        two.file = "f.yml";
        two.rules.resize(1);
        two.rules[0].rule = recording;
        engine::RulesSnapshot rules;
        rules.groups = {one, two};
        m_engine->publish(std::move(rules));
        engine::AlertStatus alert;
        alert.rule = "Firing";
        alert.group = "g1";
        alert.labels = Labels{{"alertname", "Firing"}};
        alert.annotations = Labels{{"summary", "it is 1.5"}};
        alert.state = AlertState::firing;
        alert.activeAt = fromUnixMs(1'700'000'000'000);
        alert.value = 1.5;
        engine::AlertStatus inactive = alert;
        inactive.state = AlertState::inactive;
        engine::AlertsSnapshot alerts;
        engine::AlertStatus posted = alert; // by another program: in no group of rules
        posted.group.clear();
        posted.rule = "Posted";
        alerts.alerts = {alert, inactive, posted};
        m_engine->publish(std::move(alerts));

        const QByteArray alertJson
            = "{\"labels\":{\"alertname\":\"Firing\"},\"annotations\":{\"summary\":\"it is 1.5\"},"
              "\"state\":\"firing\",\"activeAt\":\"2023-11-14T22:13:20Z\",\"value\":\"1.5e+00\"}";
        QCOMPARE(QByteArray::fromStdString(get("/api/v1/alerts").body),
                 "{\"status\":\"success\",\"data\":{\"alerts\":[" + alertJson + "]}}");
        QCOMPARE(QByteArray::fromStdString(get("/api/v1/rules?rule_group[]=g1").body),
                 "{\"status\":\"success\",\"data\":{\"groups\":[{\"name\":\"g1\",\"file\":\"f."
                 "yml\",\"rules\":["
                 "{\"state\":\"firing\",\"name\":\"Firing\",\"query\":\"g > 1\",\"duration\":90,"
                 "\"keepFiringFor\":0,\"labels\":{\"severity\":\"page\",\"team\":\"t\"},"
                 "\"annotations\":{\"summary\":\"it is {{ $value }}\"},\"alerts\":["
                     + alertJson
                     + "],\"health\":\"ok\",\"evaluationTime\":0,"
                       "\"lastEvaluation\":\"0001-01-01T00:00:00Z\",\"type\":\"alerting\"},"
                       "{\"name\":\"a:b\",\"query\":\"sum by (x) (b)\",\"labels\":{\"team\":\"t\"},"
                       "\"health\":\"err\",\"lastError\":\"why\",\"evaluationTime\":0,"
                       "\"lastEvaluation\":\"0001-01-01T00:00:00Z\",\"type\":\"recording\"}],"
                       "\"interval\":1.5,\"limit\":10,\"evaluationTime\":0,"
                       "\"lastEvaluation\":\"0001-01-01T00:00:00Z\"}]}}");
        const auto names = [&](const char* query) {
            QByteArray out;
            const auto body = encoding::parseJson(get(QByteArray("/api/v1/rules?") + query).body);
            for (const auto& entry : (*body)["data"]["groups"].items()) {
                out += QByteArray::fromStdString(std::string(entry["name"].asString())) + ":";
                for (const auto& rule : entry["rules"].items()) {
                    out += QByteArray::fromStdString(std::string(rule["name"].asString())) + " ";
                }
            }
            return out;
        };
        QCOMPARE(names("type=alert"), "g1:Firing ");
        QCOMPARE(names("type=record"), "g1:a:b g2:a:b ");
        QCOMPARE(names("rule_name[]=Firing"), "g1:Firing ");
        QCOMPARE(names("file[]=other.yml"), "");
        QCOMPARE(names("match[]={severity=%22page%22}"), "g1:Firing ");
        const auto first = encoding::parseJson(get("/api/v1/rules?group_limit=1").body);
        const std::string token((*first)["data"]["groupNextToken"].asString());
        QVERIFY(!token.empty());
        QCOMPARE(names(("group_limit=1&group_next_token=" + token).c_str()), "g2:a:b ");
        QCOMPARE(get("/api/v1/rules?group_limit=1&group_next_token=x").status, 400);
    }

    void status()
    {
        start({.flags = {{"log.level", "info"}}});
        QCOMPARE(get("/api/v1/status/flags").body,
                 "{\"status\":\"success\",\"data\":{\"log.level\":\"info\"}}");
        const auto config = encoding::parseJson(get("/api/v1/status/config").body);
        QVERIFY((*config)["data"]["yaml"].asString().contains("scrape_interval: 1m"));
        QVERIFY(get("/api/v1/status/buildinfo").body.contains("\"version\":\"3."));
        QCOMPARE(get("/api/v1/status/walreplay").body,
                 "{\"status\":\"success\",\"data\":{\"min\":0,\"max\":0,\"current\":0}}");
        QVERIFY(get("/api/v1/status/runtimeinfo").body.contains("\"startTime\""));
        engine::StatusSnapshot kept;
        kept.retention = std::chrono::days(180);
        kept.retentionSize = std::uint64_t{20} << 30;
        kept.retentionPercentage = 12.5;
        m_engine->publish(kept);
        QVERIFY(get("/api/v1/status/runtimeinfo")
                    .body.contains("\"storageRetention\":\"180d or 20GiB or 12.5%\""));
        m_engine->ownMetricsText = "watchfire_x 1\n";
        const HttpResponse metrics = get("/metrics");
        QCOMPARE(metrics.body, "watchfire_x 1\n");
        QVERIFY(header(metrics.headers, "Content-Type").starts_with("text/plain; version=0.0.4"));
    }

    void tsdbStatus()
    {
        m_engine->counts = {3, 3, 4, 3, {{"a", 2, 2}, {"b", 1, 1}}, {{"__name__", 2}}, {}, {}};
        const auto body = encoding::parseJson(get("/api/v1/status/tsdb?limit=1").body);
        QVERIFY(body.has_value());
        const encoding::JsonValue& data = (*body)["data"];
        QCOMPARE(data["headStats"]["numSeries"].asInteger(), 3);
        QCOMPARE(data["headStats"]["numLabelPairs"].asInteger(), 4);
        QCOMPARE(data["seriesCountByMetricName"].toJson(), "[{\"name\":\"a\",\"value\":2}]");
        QCOMPARE(data["labelValueCountByLabelName"].toJson(),
                 "[{\"name\":\"__name__\",\"value\":2}]");
    }

    void cardinality()
    {
        m_engine->counts = {3,
                            2,
                            4,
                            1,
                            {{"a", 2, 1}, {"b", 1, 1}},
                            {{"job", 2}},
                            {},
                            {},
                            {{{fromUnixMs(1'000), fromUnixMs(2'000)}, 5, 3, 1}}};
        const auto body = encoding::parseJson(get("/api/v1/status/cardinality?limit=1").body);
        QVERIFY(body.has_value());
        const encoding::JsonValue& data = (*body)["data"];
        QCOMPARE(data["series"].asInteger(), 3);
        QCOMPARE(data["activeSeries"].asInteger(), 2);
        QCOMPARE(data["metrics"].toJson(), "[{\"name\":\"a\",\"series\":2,\"activeSeries\":1}]");
        QCOMPARE(data["valuesByLabel"].toJson(), "[{\"name\":\"job\",\"value\":2}]");
        QCOMPARE(data["churn"].toJson(),
                 "[{\"from\":\"1970-01-01T00:00:01Z\",\"to\":\"1970-01-01T00:00:02Z\","
                 "\"series\":5,\"newSeries\":3,\"endedSeries\":1}]");
    }

    void administration_data()
    {
        QTest::addColumn<bool>("isEnabled");
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        const QByteArray bad = "{\"status\":\"error\",\"errorType\":\"bad_data\",\"error\":";
        QTest::newRow("off by default")
            << false << "POST"_ba << "/api/v1/admin/tsdb/delete_series?match[]=up"_ba << 503
            << "{\"status\":\"error\",\"errorType\":\"unavailable\",\"error\":\"admin APIs disabled\"}"_ba;
        QTest::newRow("delete") << true << "POST"_ba
                                << "/api/v1/admin/tsdb/delete_series?match[]=up&start=1&end=2"_ba
                                << 204 << ""_ba;
        QTest::newRow("delete what") << true << "PUT"_ba << "/api/v1/admin/tsdb/delete_series"_ba
                                     << 400 << bad + "\"no match[] parameter provided\"}";
        QTest::newRow("delete by GET")
            << true << "GET"_ba << "/api/v1/admin/tsdb/delete_series?match[]=up"_ba << 405
            << "Method Not Allowed\n"_ba;
        QTest::newRow("clean") << true << "POST"_ba << "/api/v1/admin/tsdb/clean_tombstones"_ba
                               << 204 << ""_ba;
        QTest::newRow("snapshot") << true << "POST"_ba << "/api/v1/admin/tsdb/snapshot"_ba << 200
                                  << "{\"status\":\"success\",\"data\":{\"name\":\"copy\"}}"_ba;
        QTest::newRow("snapshot without the head")
            << true << "POST"_ba << "/api/v1/admin/tsdb/snapshot?skip_head=maybe"_ba << 400
            << bad
                + "\"invalid parameter \\\"skip_head\\\": unable to parse boolean: "
                  "strconv.ParseBool: parsing \\\"maybe\\\": invalid syntax\"}";
    }

    void administration()
    {
        QFETCH(bool, isEnabled);
        QFETCH(QByteArray, method);
        QFETCH(QByteArray, path);
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        start({.adminApi = isEnabled});
        const HttpResponse response = send(method.constData(), path.constData());
        QCOMPARE(response.status, status);
        QCOMPARE(QByteArray::fromStdString(response.body), body);
        if (QLatin1StringView(QTest::currentDataTag()) == QLatin1StringView("delete")) {
            QCOMPARE(m_engine->deletions.size(), std::size_t(1));
            QCOMPARE(unixMs(m_engine->deletions.front().range.from), 1'000);
            QCOMPARE(unixMs(m_engine->deletions.front().range.to), 2'000);
        }
    }

    void management_data()
    {
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<bool>("lifecycle");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::newRow("healthy") << "GET"_ba << "/-/healthy"_ba << false << 200
                                 << "Prometheus Server is Healthy.\n"_ba;
        QTest::newRow("a probe asks for no body")
            << "HEAD"_ba << "/-/healthy"_ba << false << 200 << ""_ba;
        QTest::newRow("ready") << "GET"_ba << "/-/ready"_ba << false << 200
                               << "Prometheus Server is Ready.\n"_ba;
        QTest::newRow("reload is off by default")
            << "POST"_ba << "/-/reload"_ba << false << 403 << "Lifecycle API is not enabled.\n"_ba;
        QTest::newRow("reload") << "POST"_ba << "/-/reload"_ba << true << 200 << ""_ba;
        QTest::newRow("reload by PUT") << "PUT"_ba << "/-/reload"_ba << true << 200 << ""_ba;
        QTest::newRow("reload by GET")
            << "GET"_ba << "/-/reload"_ba << true << 405 << "Method Not Allowed\n"_ba;
        QTest::newRow("quit") << "POST"_ba << "/-/quit"_ba << true << 200
                              << "Requesting termination... Goodbye!"_ba;
        QTest::newRow("unknown") << "GET"_ba << "/api/v1/nothing"_ba << false << 404
                                 << "404 page not found\n"_ba;
        QTest::newRow("wrong method")
            << "POST"_ba << "/api/v1/status/config"_ba << false << 405 << "Method Not Allowed\n"_ba;
        QTest::newRow("preflight") << "OPTIONS"_ba << "/api/v1/query"_ba << false << 204 << ""_ba;
        QTest::newRow("root leads on")
            << "GET"_ba << "/"_ba << false << 302 << "<a href=\"/query\">Found</a>.\n\n"_ba;
    }

    void management()
    {
        QFETCH(QByteArray, method);
        QFETCH(QByteArray, path);
        QFETCH(bool, lifecycle);
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        m_quits = 0;
        start({.lifecycle = lifecycle, .quit = [this] { ++m_quits; }});
        const HttpResponse response = send(method.constData(), path.constData());
        QCOMPARE(response.status, status);
        QCOMPARE(QByteArray::fromStdString(response.body), body);
        QCOMPARE(m_engine->reloads, size_t(path == "/-/reload" && status == 200));
        QCOMPARE(m_quits, int(path == "/-/quit"));
    }

    void allowNamesTheMethods()
    {
        QCOMPARE(header(send("POST", "/api/v1/status/config").headers, "Allow"), "GET, OPTIONS");
        QCOMPARE(header(send("PUT", "/api/v1/query").headers, "Allow"), "GET, OPTIONS, POST");
    }

    void failedReloadSaysWhy()
    {
        start({.lifecycle = true});
        m_engine->onReload = []() -> Result<engine::ConfigReport> {
            return fail(ErrorKind::invalid, "prometheus.yml:3:1: no");
        };
        const HttpResponse response = send("POST", "/-/reload");
        QCOMPARE(response.status, 500);
        QCOMPARE(response.body, "failed to reload config: prometheus.yml:3:1: no\n");
    }

    void mutatingCallsFromElsewhere_data()
    {
        QTest::addColumn<QByteArray>("host");
        QTest::addColumn<QByteArray>("origin");
        QTest::addColumn<bool>("allowed");
        QTest::newRow("a program") << "localhost:9090"_ba << ""_ba << true;
        QTest::newRow("by address") << "127.0.0.1:9090"_ba << ""_ba << true;
        QTest::newRow("by IPv6 address") << "[::1]:9090"_ba << ""_ba << true;
        QTest::newRow("by external name") << "prom.example"_ba << ""_ba << true;
        QTest::newRow("by allowed name") << "Desk.lan:9090"_ba << ""_ba << true;
        QTest::newRow("a name pointed at us") << "evil.example:9090"_ba << ""_ba << false;
        QTest::newRow("almost loopback") << "127.0.0.1.evil.example"_ba << ""_ba << false;
        QTest::newRow("own page") << "localhost:9090"_ba << "http://localhost:9090"_ba << true;
        QTest::newRow("foreign page") << "localhost:9090"_ba << "http://evil.example"_ba << false;
        QTest::newRow("other port") << "localhost:9090"_ba << "http://localhost:3000"_ba << false;
        QTest::newRow("page without origin") << "localhost:9090"_ba << "null"_ba << false;
        QTest::newRow("own page by external name")
            << "prom.example"_ba << "https://prom.example"_ba << true;
    }

    void mutatingCallsFromElsewhere()
    {
        QFETCH(QByteArray, host);
        QFETCH(QByteArray, origin);
        QFETCH(bool, allowed);
        start({.lifecycle = true,
               .externalUrl = "https://prom.example/",
               .allowedHosts = {"desk.lan"}});
        HttpHeaders headers{{"Host", host.toStdString()}};
        if (!origin.isEmpty()) {
            headers.emplace_back("Origin", origin.toStdString());
        }
        QCOMPARE(send("POST", "/-/reload", headers).status, allowed ? 200 : 403);
        QCOMPARE(send("GET", "/api/v1/alerts", headers).status, 200);
        // Alertmanager's likewise.
        const std::string silence = "/api/v2/silence/00000000-0000-4000-8000-000000000000";
        HttpHeaders ofJson = headers;
        ofJson.emplace_back("Content-Type", "application/json");
        const std::string alerts = R"([{"labels":{"alertname":"A"}}])";
        QCOMPARE(send("POST", "/api/v2/alerts", ofJson, alerts).status, allowed ? 200 : 403);
        QCOMPARE(m_engine->postedAlerts.size(), allowed ? 1U : 0U);
        QCOMPARE(send("POST", "/api/v2/silences", ofJson, "{}").status, allowed ? 422 : 403);
        QCOMPARE(send("DELETE", silence.c_str(), headers).status, allowed ? 404 : 403);
        QCOMPARE(m_engine->silenceChanges.size(), allowed ? 1U : 0U);
        QCOMPARE(send("GET", "/api/v2/alerts", headers).status, 200);
    }

    void corsOnlyForConfiguredOrigins()
    {
        const HttpHeaders headers{{"Origin", "http://grafana.lan"}};
        QCOMPARE(
            header(send("GET", "/api/v1/alerts", headers).headers, "Access-Control-Allow-Origin"),
            "");
        start({.corsOrigin = "https?://grafana\\.lan"});
        QCOMPARE(
            header(send("GET", "/api/v1/alerts", headers).headers, "Access-Control-Allow-Origin"),
            "http://grafana.lan");
        QCOMPARE(header(send("GET", "/api/v1/alerts", {{"Origin", "http://evil.lan"}}).headers,
                        "Access-Control-Allow-Origin"),
                 "");
    }

    void formatsAndParsesQueries()
    {
        QCOMPARE(get("/api/v1/format_query?query=foo/bar").body,
                 "{\"status\":\"success\",\"data\":\"foo / bar\"}");
        const auto body = encoding::parseJson(get("/api/v1/parse_query?query=1%2B2").body);
        QCOMPARE((*body)["data"]["type"].asString(), "binaryExpr");
        QCOMPARE(get("/api/v1/parse_query?query=foo/").status, 400);
    }
};

QTEST_GUILESS_MAIN(TestApiHandler)
#include "tst_api_handler.moc"
