// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/import.h"
#include "core/discovery/null_ports.h"
#include "core/encoding/json.h"
#include "core/notifier/alert_body.h"
#include "core/notifier/sender.h"
#include "tests/support/fake_fetcher.h"
#include "tests/support/fake_watcher.h"

#include <format>
#include <fstream>

#include <QTemporaryDir>
#include <QTest>

using namespace watchfire;
using namespace watchfire::notifier;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

Alert alert(const std::string& name, Labels more = {})
{
    LabelsBuilder labels(more);
    labels.set("alertname", name);
    Alert out;
    out.labels = labels.build();
    out.annotations = {{"summary", "s"}};
    out.startsAt = fromUnixMs(1'767'323'045'250);
    out.endsAt = out.startsAt + 4min;
    out.generatorUrl = "http://w/graph";
    return out;
}

std::vector<Alert> many(std::size_t count)
{
    std::vector<Alert> out;
    for (std::size_t i = 0; i < count; ++i) {
        out.push_back(alert(std::format("A{:05}", i)));
    }
    return out;
}

} // namespace

class TestSender : public QObject {
    Q_OBJECT

    test::FakeFetcher m_fetcher;
    test::FakeWatcher m_watcher;
    test::TurnedClock m_clock;
    discovery::NullDns m_dns;
    InlineExecutor m_here;
    std::unique_ptr<Sender> m_sender;
    std::string m_file = "/c/prometheus.yml";

    config::Config read(const std::string& yaml) const
    {
        config::Config config;
        config::Findings findings;
        readPrometheus(yaml, m_file, config, findings);
        for (const config::Fault& fault : findings.faults) {
            qWarning("%s", fault.toString().c_str());
        }
        for (const config::Fault& warning : findings.warnings) {
            qWarning("%s", warning.toString().c_str());
        }
        return config;
    }
    void apply(const std::string& yaml)
    {
        const config::Config config = read(yaml);
        m_sender->apply(config::alertingOf(config, m_file), config.global.externalLabels);
    }

private slots:
    void init()
    {
        m_fetcher = {};
        m_file = "/c/prometheus.yml";
        m_sender = std::make_unique<Sender>(
            discovery::ProviderPorts{m_fetcher, m_dns, m_watcher, m_here, m_here, m_clock});
    }

    void bodyIsWhatTheApiTakes()
    {
        const std::vector<Alert> alerts{alert("A", {{"i", "1"}})};
        const auto got = encoding::parseJson(alertBody(alerts));
        const auto expected = encoding::parseJson(
            R"([{"annotations":{"summary":"s"},"endsAt":"2026-01-02T03:08:05.250Z",)"
            R"("startsAt":"2026-01-02T03:04:05.250Z","generatorURL":"http://w/graph",)"
            R"("labels":{"alertname":"A","i":"1"}}])");
        QVERIFY(got && expected && *got == *expected);
    }

    void sendsToEveryAlertmanagerWithItsOwnLabels()
    {
        apply(
            "global: {external_labels: {dc: x, i: outer}}\n"
            "alerting:\n"
            "  alert_relabel_configs: [{source_labels: [alertname], regex: Quiet, action: drop}]\n"
            "  alertmanagers:\n"
            "  - static_configs: [{targets: ['a:9093', 'gone:1']}]\n"
            "    path_prefix: /am/\n"
            "    timeout: 3s\n"
            "    basic_auth: {username: u, password: p}\n"
            "    relabel_configs: [{source_labels: [__address__], regex: 'gone.*', action: drop}]\n"
            "  - static_configs: [{targets: ['b:9093']}]\n"
            "    scheme: https\n"
            "    alert_relabel_configs: [{target_label: to, replacement: b}]\n");
        const FoundAlertmanagers found = m_sender->alertmanagers();
        QCOMPARE(found.active,
                 (std::vector<std::string>{"http://a:9093/am/api/v2/alerts",
                                           "https://b:9093/api/v2/alerts"}));
        QCOMPARE(found.dropped, std::vector<std::string>{"http://gone:1/am/api/v2/alerts"});
        for (const std::string& url : found.active) {
            m_fetcher.answer(url, "");
        }
        m_sender->send({alert("A", {{"i", "1"}}), alert("Quiet")});
        QCOMPARE(m_fetcher.requests.size(), std::size_t(2));
        const HttpRequest& one = m_fetcher.requests[0];
        QCOMPARE(one.url, found.active[0]);
        QCOMPARE(one.method, std::string("POST"));
        QVERIFY(one.timeout == 3s);
        QCOMPARE(std::get<BasicAuth>(one.client.auth).user, std::string("u"));
        const auto body = encoding::parseJson(one.body);
        QCOMPARE(body->items().size(), std::size_t(1));
        const encoding::JsonValue& labels = body->items()[0]["labels"];
        QCOMPARE(labels["dc"].asString(), std::string_view("x"));
        QCOMPARE(labels["i"].asString(), std::string_view("1")); // its own
        QVERIFY(!labels.has("to"));
        const auto other = encoding::parseJson(m_fetcher.requests[1].body);
        QCOMPARE(other->items()[0]["labels"]["to"].asString(), std::string_view("b"));
    }

    void sendsInBatchesOneAfterAnother()
    {
        apply("alerting: {alertmanagers: [{static_configs: [{targets: ['a:1']}]}]}\n");
        m_fetcher.answer("http://a:1/api/v2/alerts", "");
        m_fetcher.holds = true;
        m_sender->send(many(600));
        QCOMPARE(m_fetcher.requests.size(), std::size_t(1)); // one under way
        m_fetcher.holds = false;
        m_fetcher.release();
        QCOMPARE(m_fetcher.requests.size(), std::size_t(3));
        QCOMPARE(encoding::parseJson(m_fetcher.requests[0].body)->items().size(), batchSize);
        QCOMPARE(encoding::parseJson(m_fetcher.requests[2].body)->items().size(),
                 600 - 2 * batchSize);
        QCOMPARE(m_sender->counts().at(0).second.sent, 600U);
        QCOMPARE(m_sender->counts()[0].second.requests, 3U);
    }

    void theOldestMakeRoomInAFullQueue()
    {
        apply("alerting: {alertmanagers: [{static_configs: [{targets: ['a:1']}]}]}\n");
        m_fetcher.holds = true;
        m_sender->send(many(1)); // under way
        m_sender->send(many(queueCapacity));
        QCOMPARE(m_sender->counts().at(0).second.queued, queueCapacity);
        QCOMPARE(m_sender->counts()[0].second.dropped, 0U);
        m_sender->send({alert("Last"), alert("Newest")});
        QCOMPARE(m_sender->counts()[0].second.queued, queueCapacity);
        QCOMPARE(m_sender->counts()[0].second.dropped, 2U);
        m_sender->send(many(queueCapacity + 3)); // takes the whole place
        QCOMPARE(m_sender->counts()[0].second.dropped, 2U + 3U + queueCapacity);
    }

    void whatIsNotTakenIsCounted_data()
    {
        QTest::addColumn<int>("status"); // 0: nobody answers
        QTest::newRow("refused") << 400;
        QTest::newRow("down") << 503;
        QTest::newRow("not there") << 0;
    }

    void whatIsNotTakenIsCounted()
    {
        QFETCH(int, status);
        apply("alerting: {alertmanagers: [{static_configs: [{targets: ['a:1']}]}]}\n");
        if (status != 0) {
            m_fetcher.answer("http://a:1/api/v2/alerts", "", "", status);
        }
        m_sender->send(many(3));
        const SendCounts counts = m_sender->counts().at(0).second;
        QCOMPARE(counts.errors, 3U);
        QCOMPARE(counts.dropped, 3U);
        QCOMPARE(counts.sent, 0U);
        QCOMPARE(counts.queued, 0U);
    }

    void filesNameAlertmanagersToo()
    {
        const QTemporaryDir dir;
        m_file = dir.filePath(u"prometheus.yml"_s).toStdString();
        std::ofstream(dir.filePath(u"am.json"_s).toStdString())
            << R"([{"targets": ["f:9093"], "labels": {"__scheme__": "https"}}])";
        apply("alerting: {alertmanagers: [{file_sd_configs: [{files: [am.json]}]}]}\n");
        QCOMPARE(m_sender->alertmanagers().active,
                 std::vector<std::string>{"https://f:9093/api/v2/alerts"});
    }

    void serversNameAlertmanagersToo()
    {
        m_fetcher.answer("http://sd/list", R"([{"targets": ["h:9093"]}])", "application/json");
        apply("alerting: {alertmanagers: [{http_sd_configs: [{url: 'http://sd/list'}]}]}\n");
        m_sender->advance(m_clock.at);
        QCOMPARE(m_sender->alertmanagers().active,
                 std::vector<std::string>{"http://h:9093/api/v2/alerts"});
    }

    void aReloadKeepsTheQueuesOfWhatStays()
    {
        const std::string a = "{static_configs: [{targets: ['a:1']}]}";
        apply("alerting: {alertmanagers: [" + a + "]}\n");
        m_fetcher.holds = true;
        m_sender->send(many(300));
        apply("alerting: {alertmanagers: [{static_configs: [{targets: ['b:1']}]}, " + a + "]}\n");
        const auto counts = m_sender->counts();
        QCOMPARE(counts.size(), std::size_t(2));
        QCOMPARE(counts[0].second.queued, std::size_t(300 - batchSize));
        QCOMPARE(counts[1].second.queued, std::size_t(0));
    }

    void withoutTheSectionNothingIsSent()
    {
        apply("global: {}\n");
        m_sender->send(many(1));
        QVERIFY(m_fetcher.requests.empty());
        QVERIFY(!m_sender->nextDue());
    }
};

QTEST_GUILESS_MAIN(TestSender)
#include "tst_sender.moc"
