// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ports/body_limit.h"
#include "core/scrape/request.h"
#include "core/scrape/target.h"

#include <QObject>
#include <QTest>

using namespace watchfire;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

config::ScrapeConfig job()
{
    config::ScrapeConfig out;
    out.jobName = "j";
    out.scrapeInterval = 1min;
    out.scrapeTimeout = 10s;
    return out;
}

/// URL and labels, "dropped" or the error.
QString made(config::ScrapeConfig from, std::string_view address, const Labels& group = {})
{
    if (auto ready = scrape::prepareRules(from); !ready) {
        return QString::fromStdString(ready.error().message);
    }
    const auto target = scrape::makeTarget(from, scrape::discoveredLabels(from, address, group));
    if (!target) {
        return QString::fromStdString(target.error().message);
    }
    return *target ? QString::fromStdString((*target)->url + " " + (*target)->labels.toString())
                   : u"dropped"_s;
}

RelabelRule set(std::string label, std::string value)
{
    RelabelRule rule;
    rule.targetLabel = std::move(label);
    rule.replacement = std::move(value);
    return rule;
}

} // namespace

class TestScrapeTarget : public QObject {
    Q_OBJECT
private slots:
    void makesTargets_data()
    {
        QTest::addColumn<QString>("actual");
        QTest::addColumn<QString>("expected");
        QTest::newRow("no default port")
            << made(job(), "example.test")
            << uR"(http://example.test/metrics {instance="example.test", job="j"})"_s;
        config::ScrapeConfig parameters = job();
        parameters.params = {{"b", {"x y"}}, {"a", {"1", "2"}}};
        parameters.relabel = {set("__param_a", "9&")};
        QTest::newRow("parameters sorted, the first one by its label")
            << made(parameters, "h:1")
            << uR"(http://h:1/metrics?a=9%26&a=2&b=x+y {instance="h:1", job="j"})"_s;
        config::ScrapeConfig path = job();
        path.relabel = {set("__metrics_path__", "pro be"), set("__scheme__", "https")};
        QTest::newRow("path gets its slash and is encoded")
            << made(path, "h:1") << uR"(https://h:1/pro%20be {instance="h:1", job="j"})"_s;
        QTest::newRow("instance of the group stays")
            << made(job(), "h:1", Labels({{"instance", "mine"}, {"env", "x"}}))
            << uR"(http://h:1/metrics {env="x", instance="mine", job="j"})"_s;
        QTest::newRow("own collector: its address is its URL")
            << made(job(), "collector:host", Labels({{"instance", "box"}}))
            << uR"(collector:host {instance="box", job="j"})"_s;
        QTest::newRow("a path in the address")
            << made(job(), "host/path:80") << uR"("host/path:80" is not a valid hostname)"_s;
        config::ScrapeConfig gone = job();
        gone.relabel = {set("__address__", "")};
        QTest::newRow("address removed") << made(gone, "h:1") << u"the target has no address"_s;
        config::ScrapeConfig slow = job();
        slow.relabel = {set("__scrape_timeout__", "2h")};
        QTest::newRow("timeout beyond the interval")
            << made(slow, "h:1") << u"scrape timeout 2h is greater than scrape interval 1m"_s;
        config::ScrapeConfig wrong = job();
        wrong.relabel = {set("__scrape_interval__", "soon")};
        QTest::newRow("interval that is none")
            << made(wrong, "h:1").left(15) << u"scrape interval"_s;
    }

    void makesTargets()
    {
        QFETCH(QString, actual);
        QFETCH(QString, expected);
        QCOMPARE(actual, expected);
    }

    void theSameTargetTwiceIsThereOnce()
    {
        const std::vector<config::TargetGroup> groups{{{"h:1", "h:2", "h:1"}, {}, ""}};
        const auto targets = scrape::makeTargets(job(), groups);
        QCOMPARE(targets.active.size(), 2U);
        QVERIFY(targets.active[0].hash() != targets.active[1].hash());
    }

    void requestAsksAsPrometheusDoes()
    {
        scrape::IntakeRules rules;
        auto config = job();
        config.client.headers = {{"X-Test", {"1"}, {}, {}}};
        config.bodySizeLimit = 77;
        config.client.auth = BasicAuth{"u", Secret("p"), {}, {}};
        rules.job = std::make_shared<const config::ScrapeConfig>(config);
        rules.target.url = "http://h:1/metrics";
        rules.target.timeout = 2500ms;
        const HttpRequest request = makeRequest(rules);
        QCOMPARE(header(request.headers, "X-Prometheus-Scrape-Timeout-Seconds"),
                 std::string_view("2.5"));
        QVERIFY(header(request.headers, "Accept").starts_with("application/openmetrics-text"));
        QVERIFY(header(request.headers, "User-Agent").starts_with("Watchfire/"));
        QVERIFY(resolveHeaders(request.client.headers).value() == (HttpHeaders{{"X-Test", "1"}}));
        QCOMPARE(request.maxBody, 77U);
        QCOMPARE(request.timeout, 2500ms);
        QVERIFY(std::holds_alternative<BasicAuth>(request.client.auth));
    }

    void aStatusOtherThan200IsNamed()
    {
        scrape::IntakeRules rules;
        rules.job = std::make_shared<const config::ScrapeConfig>(job());
        HttpResponse response;
        response.status = 500;
        QCOMPARE(QByteArray::fromStdString(readableAs(response, rules).error().message),
                 "server returned HTTP status 500 Internal Server Error"_ba);
        response.status = 299;
        QCOMPARE(QByteArray::fromStdString(readableAs(response, rules).error().message),
                 "server returned HTTP status 299"_ba);
    }

    void everyLimitIsNamed()
    {
        scrape::IntakeRules rules;
        auto config = job();
        config.bodySizeLimit = 77;
        rules.job = std::make_shared<const config::ScrapeConfig>(config);
        const auto said = [&](const Error& error) {
            return QByteArray::fromStdString(asScrapeError(error, rules).message);
        };
        QCOMPARE(said(bodyLimitError(77)),
                 "body size limit exceeded: the answer has more than 77 bytes"_ba);
        QVERIFY(isBodyLimit(bodyLimitError(77), rules));
        const Error bomb{ErrorKind::limit, "it became more than 200 times its size"};
        QCOMPARE(said(bomb), "it became more than 200 times its size"_ba);
        QVERIFY(!isBodyLimit(bomb, rules));
        HttpResponse large;
        large.body = std::string(78, 'a');
        QCOMPARE(QByteArray::fromStdString(readableAs(large, rules).error().message),
                 "body size limit exceeded: the answer has more than 77 bytes"_ba);
    }
};

QTEST_GUILESS_MAIN(TestScrapeTarget)
#include "tst_scrape_target.moc"
