// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// From alertmanager.yml to what a server on loopback hears, for every receiver that is told by
// HTTP.
#include "core/alerting/receivers/trial.h"
#include "test_places.h"
#include "tests/core/alerting/receiver_rig.h"
#include "tests/support/test_authority.h"
#include "tests/support/test_server.h"

#include <atomic>
#include <format>
#include <fstream>
#include <future>
#include <mutex>

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace watchfire;
using namespace watchfire::tests;

namespace {

/// Keeps what it is asked, and answers each path as told; 200 else.
class Sink {
public:
    explicit Sink(std::map<std::string, std::string> answers = {})
        : m_answers(std::move(answers))
        , m_server(answering([this](const RawRequest& request) { return take(request); }))
    {
    }
    std::string url() const { return m_server.url(); }
    std::vector<RawRequest> asked()
    {
        const std::lock_guard lock(m_mutex);
        return m_asked;
    }

private:
    std::string take(const RawRequest& request)
    {
        const std::lock_guard lock(m_mutex);
        m_asked.push_back(request);
        const auto found = m_answers.find(request.target);
        return found == m_answers.end() ? answer(200, {{"Content-Type", "text/plain"}}, "ok")
                                        : found->second;
    }

    std::map<std::string, std::string> m_answers;
    std::mutex m_mutex;
    std::vector<RawRequest> m_asked;
    TestServer m_server; // last: its threads use the rest
};

std::vector<Alert> alerts()
{
    const Timestamp now = ReceiverRig::TurnedClock().at;
    Alert one;
    one.labels = {{"alertname", "DiskFull"}, {"instance", "a:9100"}, {"severity", "page"}};
    one.annotations = {{"summary", "Disk of a is full: 97 % <of> \"/\""}};
    one.startsAt = now - 60s;
    one.endsAt = now + 1h;
    one.generatorUrl = "http://w.example/graph?g0.expr=x";
    Alert other = one;
    other.labels = {{"alertname", "DiskFull"}, {"instance", "b:9100"}, {"severity", "page"}};
    other.annotations = {{"summary", "Disk of b is full"}};
    return {one, other};
}

std::string replaced(std::string text, const std::string& what, const std::string& by)
{
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at)) {
        text.replace(at, what.size(), by);
        at += by.size();
    }
    return text;
}

/// What a server heard, without what differs from run to run.
std::string shown(const RawRequest& request)
{
    std::string out = std::format("{} {}\n", request.method, request.target);
    for (const char* const name : {"Content-Type", "Authorization", "X-Team"}) {
        if (const auto value = request[name]; !value.empty()) {
            out += std::format("{}: {}\n", name, value);
        }
    }
    return out + request.body + "\n";
}

/// HOST stands for the sink's address.
const std::map<std::string, std::string>& allReceivers()
{
    static const std::map<std::string, std::string> all{
        {"discord", "discord_configs: [{webhook_url: 'HOST/discord', username: w}]"},
        {"msteams", "msteams_configs: [{webhook_url: 'HOST/teams'}]"},
        {"msteamsv2", "msteamsv2_configs: [{webhook_url: 'HOST/flow'}]"},
        {"ntfy",
         "webhook_configs:\n"
         "  - url: 'HOST/'\n"
         "    http_config: {authorization: {credentials: tk_secret}}\n"
         "    payload: '{\"topic\": \"watchfire\", \"priority\": 4,\n"
         "      \"title\": {{ printf \"%s (%d)\" .GroupLabels.alertname (len .Alerts) | toJson "
         "}},\n"
         "      \"message\": {{ (index .Alerts 0).Annotations.summary | toJson }},\n"
         "      \"tags\": [\"fire\", {{ toJson .CommonLabels.severity }}],\n"
         "      \"click\": {{ .ExternalURL | toJson }}}'"},
        {"opsgenie", "opsgenie_configs: [{tags: 'a,b', priority: P2, update_alerts: true}]"},
        {"pagerduty",
         "pagerduty_configs: [{routing_key: rk, url: 'HOST/pd', details: {team: '{{ .Receiver "
         "}}'}, links: [{href: 'http://l', text: t}]}]"},
        {"payload",
         "webhook_configs: [{url: 'HOST/tree', max_alerts: 1, payload: {n: '{{ len .Alerts }}', "
         "'{{ .Status }}': ['{{ .Receiver }}', true, null], text: 'no {{ .Status }}'}}]"},
        {"two-but-one", "webhook_configs: [{url: 'HOST/two', max_alerts: 1}]"},
        {"slack",
         "slack_configs: [{channel: '#ops', actions: [{type: button, text: Look, url: "
         "'{{ template \"__alertmanagerURL\" . }}'}]}]"},
        {"slack-token",
         "slack_configs: [{app_token: xoxb-1, app_url: 'HOST/api/chat.postMessage', channel: C1}]"},
        {"telegram",
         "telegram_configs: [{api_url: 'HOST', bot_token: '1:tok', chat_id: -100, message: '{{ "
         "template \"own.message\" . }}'}]"},
        {"webhook",
         "webhook_configs: [{url: 'HOST/hook', http_config: {basic_auth: {username: u, password: "
         "p}, http_headers: {X-Team: {values: [ops]}}}}]"},
    };
    return all;
}

std::string configOf(const std::string& receiver, const std::string& section,
                     const std::string& host)
{
    return replaced("global:\n"
                    "  slack_api_url: 'HOST/slack'\n"
                    "  opsgenie_api_url: 'HOST/og'\n"
                    "  opsgenie_api_key: og-key\n"
                    "templates: ['*.tmpl']\n"
                    "route:\n"
                    "  receiver: '"
                        + receiver
                        + "'\n"
                          "  group_by: [alertname]\n"
                          "  group_wait: 10s\n"
                          "receivers:\n"
                          "- name: '"
                        + receiver
                        + "'\n"
                          "  "
                        + section + "\n",
                    "HOST", host);
}

std::size_t requestsOf(const std::string& receiver)
{
    return receiver == "opsgenie" ? 3 : 1;
}

} // namespace

class TestReceiverPaths : public QObject {
    Q_OBJECT
private slots:
    /// After a wanted change, renew what is expected with WATCHFIRE_RENEW=1 tst_receiver_paths, and
    /// read the difference.
    void goldenPayloads()
    {
        std::string heard;
        for (const auto& [receiver, section] : allReceivers()) {
            Sink sink({{"/api/chat.postMessage",
                        answer(200, {{"Content-Type", "application/json"}}, "{\"ok\":true}")}});
            ReceiverRig rig(configOf(receiver, section, sink.url()),
                            {{"/c/own.tmpl",
                              "{{ define \"own.message\" }}<b>{{ .Status }}</b> {{ len .Alerts }} "
                              "{{ (index .Alerts 0).Annotations.summary }}{{ end }}"}});
            QVERIFY2(rig.fault.empty(), rig.fault.c_str());
            QCOMPARE(rig.warnings.size(), std::size_t(0));
            rig.put(alerts());
            QVERIFY2(rig.turn(10s, 2), receiver.c_str());
            QVERIFY2(rig.events[0].starts_with("told "), rig.events[0].c_str());
            const auto asked = sink.asked();
            QCOMPARE(asked.size(), requestsOf(receiver));
            heard += "## " + receiver + "\n";
            for (const RawRequest& request : asked) {
                heard += replaced(shown(request), sink.url(), "HOST");
            }
        }
        const QString path
            = QStringLiteral(WATCHFIRE_SOURCE_DIR "/tests/core/alerting/receiver_payloads.golden");
        if (qEnvironmentVariableIsSet("WATCHFIRE_RENEW")) {
            std::ofstream(path.toStdString(), std::ios::binary) << heard;
        }
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArrayList expected = file.readAll().split('\n');
        const QByteArrayList lines = QByteArray::fromStdString(heard).split('\n');
        for (qsizetype i = 0; i < std::min(lines.size(), expected.size()); ++i) {
            QCOMPARE(lines[i], expected[i]);
        }
        QCOMPARE(lines.size(), expected.size());
    }

    /// Services whose address cannot be set are reached through a proxy that speaks for them.
    void servicesOfFixedAddress_data()
    {
        QTest::addColumn<QByteArray>("host");
        QTest::addColumn<QByteArray>("section");
        QTest::addColumn<QByteArray>("request");
        QTest::newRow("Pushover")
            << "api.pushover.net"_ba
            << "pushover_configs: [{user_key: uk, token: tk, message: m, http_config: {"_ba
            << "POST /1/messages.json\n"
               "Content-Type: application/x-www-form-urlencoded\n"
               "token=tk&user=uk&title=%5BFIRING%3A2%5D%20DiskFull%20%28page%29&message=m"
               "&url=http%3A%2F%2Fam.example%2F%23%2Falerts%3Freceiver%3Dr&url_title=&priority=2"
               "&retry=60&expire=3600&device=&sound=\n"_ba;
        QTest::newRow("PagerDuty, the old way")
            << "events.pagerduty.com"_ba
            << "pagerduty_configs: [{service_key: sk, details: {firing: a, resolved: b}, "
               "http_config: {"_ba
            << "POST /generic/2010-04-15/create_event.json\n"
               "Content-Type: application/json\n"
               "{\"service_key\":\"sk\",\"incident_key\":\"17c4e445d234645c9e547ff6d32a864af0ebdadc"
               "d1902771c24c8d366637ff41\",\"event_type\":\"trigger\",\"description\":\"[FIRING:2] "
               "DiskFull "
               "(page)\",\"event_action\":\"\",\"payload\":null,\"client\":\"Alertmanager\","
               "\"client_url\":\"http://am.example/#/alerts?receiver=r\",\"details\":{\"firing\":"
               "\"a\",\"resolved\":\"b\",\"num_firing\":2,\"num_resolved\":0}}\n"_ba;
    }

    void servicesOfFixedAddress()
    {
        QFETCH(QByteArray, host);
        QFETCH(QByteArray, section);
        QFETCH(QByteArray, request);
        const TestAuthority authority;
        TestServerOptions options;
        options.tls = TestServerTls{authority.issue("service", "DNS:" + host.toStdString())};
        options.tls->isLater = true;
        std::promise<std::string> heard;
        const TestServer proxy(
            [&heard](TestConnection& connection) {
                const auto tunnel = connection.readRequest();
                if (!tunnel || !connection.write("HTTP/1.1 200 go on\r\n\r\n")
                    || !connection.beginTls()) {
                    return;
                }
                if (const auto asked = connection.readRequest()) {
                    connection.write(answer(200, {}, "ok"));
                    heard.set_value(tunnel->method + " " + tunnel->target + "\n" + shown(*asked));
                }
            },
            options);
        const std::string pem
            = QByteArray::fromStdString(authority.pem()).replace("\n", "\\n").toStdString();
        ReceiverRig rig(configOf("r",
                                 section.toStdString() + "proxy_url: 'http://127.0.0.1:"
                                     + std::to_string(proxy.port()) + "', tls_config: {ca: \"" + pem
                                     + "\"}}}]",
                                 "http://h"));
        QVERIFY2(rig.fault.empty(), rig.fault.c_str());
        rig.put(alerts());
        QVERIFY(rig.turn(10s, 2));
        QVERIFY2(rig.events[0].starts_with("told "), rig.events[0].c_str());
        QCOMPARE(QByteArray::fromStdString(heard.get_future().get()),
                 "CONNECT " + host + ":443\n" + request);
    }

    /// The address and the key are read at each try, and no fault tells them.
    void secretsOfFilesAreReadEachTime()
    {
        Sink sink({{"/first-secret", answer(400, {}, "no")}});
        const QTemporaryDir dir;
        const std::string file = dir.filePath(u"url"_s).toStdString();
        std::ofstream(file) << sink.url() << "/first-secret\n";
        ReceiverRig rig(configOf("r", "webhook_configs: [{url_file: '" + file + "'}]", sink.url()));
        QVERIFY2(rig.fault.empty(), rig.fault.c_str());
        rig.put(alerts());
        QVERIFY(rig.turn(10s, 2));
        QCOMPARE(rig.events[0],
                 std::string("could not tell r (webhook/0): the webhook answered 400: no"));
        std::ofstream(file) << sink.url() << "/second-secret\n";
        QVERIFY(rig.turn(5min, 4));
        QCOMPARE(rig.events[2], std::string("told r (webhook/0)"));
        QCOMPARE(sink.asked().back().target, std::string("/second-secret"));
        std::filesystem::remove(file);
    }

    void whatFailsTellsNoSecret()
    {
        const TestServer rude([](TestConnection& connection) { connection.reset(); });
        ReceiverRig rig(
            configOf("r", "telegram_configs: [{api_url: 'HOST', bot_token: '1:tok', chat_id: 1}]",
                     rude.url()));
        QVERIFY2(rig.fault.empty(), rig.fault.c_str());
        std::promise<std::vector<alerting::TrialAnswer>> done;
        const auto stop = alerting::tryReceiver(
            rig.config.receivers.front(), rig.config.globals, alerting::templatesOf(rig.config),
            rig.outside(), "http://am.example", false,
            [&done](Result<std::vector<alerting::TrialAnswer>> answers) {
                done.set_value(*std::move(answers));
            });
        const auto answers = done.get_future().get();
        QCOMPARE(answers.size(), std::size_t(1));
        QVERIFY(!answers[0].ok);
        QVERIFY2(!answers[0].error.contains("tok"), answers[0].error.c_str());
    }

    void aTestTellsTheServersWords()
    {
        Sink sink({{"/bad", answer(404, {{"Content-Type", "text/plain"}}, "no such hook\n")}});
        ReceiverRig rig(configOf("r",
                                 "webhook_configs: [{url: 'HOST/good'}, {url: 'HOST/bad'}]\n"
                                 "  discord_configs: [{webhook_url_file: /none/there}]",
                                 sink.url()));
        QVERIFY2(rig.fault.empty(), rig.fault.c_str());
        std::promise<std::vector<alerting::TrialAnswer>> done;
        const auto stop = alerting::tryReceiver(
            rig.config.receivers.front(), rig.config.globals, alerting::templatesOf(rig.config),
            rig.outside(), "http://am.example", false,
            [&done](Result<std::vector<alerting::TrialAnswer>> answers) {
                done.set_value(*std::move(answers));
            });
        const auto answers = done.get_future().get();
        QCOMPARE(answers.size(), std::size_t(3));
        QCOMPARE(answers[0].integration, std::string("webhook/0"));
        QVERIFY(answers[0].ok);
        QCOMPARE(answers[0].status, 200);
        QCOMPARE(answers[0].answer, std::string("ok"));
        QVERIFY(!answers[1].ok);
        QCOMPARE(answers[1].status, 404);
        QCOMPARE(answers[1].answer, std::string("no such hook\n"));
        QVERIFY(!answers[2].ok); // nobody was asked
        QCOMPARE(answers[2].status, 0);
        QVERIFY2(answers[2].error.contains("/none/there"), answers[2].error.c_str());
    }
};

QTEST_GUILESS_MAIN(TestReceiverPaths)
#include "tst_receiver_paths.moc"
