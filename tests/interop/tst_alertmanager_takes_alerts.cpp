// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A real Alertmanager takes the alerts that are sent to it, through the real network: with their
// labels, their beginning, and their end.
#include "core/base/mailbox.h"
#include "core/config/import.h"
#include "core/discovery/null_ports.h"
#include "core/net/http_fetcher.h"
#include "core/notifier/sender.h"
#include "tests/support/fake_watcher.h"
#include "tests/support/program/child.h"
#include "tests/support/qt_test.h"

#include <format>
#include <future>
#include <unistd.h>

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>

using namespace watchfire;
using namespace watchfire::tests;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

class TestAlertmanagerTakesAlerts : public QObject {
    Q_OBJECT
private slots:
    void overTheApi()
    {
        const QString program = peerProgram(u"prometheus-alertmanager"_s);
        if (program.isEmpty()) {
            QSKIP(qPrintable(withoutPeer(u"prometheus-alertmanager"_s)));
        }
        const QTemporaryDir dir;
        QFile file(dir.filePath(u"alertmanager.yml"_s));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("route: {receiver: none}\nreceivers: [{name: none}]\n");
        file.close();
        Child child;
        // It looks for its pages in a folder of the system's.
        const QString shared = program.section(u'/', 0, -4) + u"/usr/share"_s;
        const QString mount = u"mount -t overlay overlay -o lowerdir="_s + shared
            + u":/usr/share /usr/share && exec \"$0\" \"$@\""_s;
        QVERIFY(
            child.start(u"unshare"_s,
                        {::geteuid() == 0 ? u"-m"_s : u"-rm"_s, u"sh"_s, u"-c"_s, mount, program,
                         u"--web.listen-address=127.0.0.1:0"_s, u"--cluster.listen-address="_s,
                         u"--storage.path="_s + dir.filePath(u"data"_s),
                         u"--config.file="_s + file.fileName()}));
        const QString address = child.waitFor(u"address=(127\\.0\\.0\\.1:[1-9]\\d*)"_s);
        QVERIFY2(!address.isEmpty(), child.output().constData());

        Mailbox home;
        ThreadPool workers(1);
        SystemClock clock;
        net::CurlFetcher fetcher;
        discovery::NullDns dns;
        test::FakeWatcher watcher;
        notifier::Sender sender({fetcher, dns, watcher, home, workers, clock});
        config::Config config;
        config::Findings findings;
        readPrometheus(std::format("global: {{external_labels: {{dc: here}}}}\n"
                                   "alerting: {{alertmanagers: [{{static_configs: [{{targets: "
                                   "['{}']}}]}}]}}\n",
                                   address.toStdString()),
                       "prometheus.yml", config, findings);
        QVERIFY(findings.faults.empty() && findings.warnings.empty());
        sender.apply(config::alertingOf(config, "prometheus.yml"), config.global.externalLabels);

        // More than one batch; the last of them is over.
        constexpr int count = 300;
        std::vector<Alert> alerts;
        const Timestamp now = clock.now();
        for (int i = 0; i < count; ++i) {
            Alert alert;
            alert.labels = {{"alertname", "Many"}, {"i", std::to_string(i)}, {"ü", "utf-8"}};
            alert.annotations = {{"summary", "a \"quoted\" text"}};
            alert.startsAt = now - 60s;
            alert.endsAt = i + 1 == count ? now - 1s : now + 4min;
            alert.generatorUrl = "http://w.example/graph?g0.expr=x";
            alerts.push_back(std::move(alert));
        }
        sender.send(alerts);
        const auto deadline = std::chrono::steady_clock::now() + 20s;
        while (sender.counts().at(0).second.sent + sender.counts()[0].second.errors < count
               && std::chrono::steady_clock::now() < deadline) {
            home.wait(deadline);
            home.drain();
        }
        const notifier::SendCounts counts = sender.counts().at(0).second;
        QCOMPARE(counts.errors, 0U);
        QCOMPARE(counts.sent, std::uint64_t(count));
        QCOMPARE(counts.requests, 2U);

        HttpRequest request;
        request.url = "http://" + address.toStdString() + "/api/v2/alerts";
        request.headers = {{"Accept", "application/json"}};
        std::promise<Result<HttpResponse>> done;
        const Ticket ticket
            = fetcher.fetch(std::move(request), [&done](Result<HttpResponse> answer) {
                  done.set_value(std::move(answer));
              });
        const auto got = done.get_future().get();
        QVERIFY2(got.has_value() && got->status == 200, "the alerts are not listed");
        const QJsonArray there
            = QJsonDocument::fromJson(QByteArray::fromStdString(got->body)).array();
        QCOMPARE(there.size(), count - 1); // what is over is not listed
        for (const QJsonValue& one : there) {
            const QJsonObject labels = one[u"labels"_s].toObject();
            QCOMPARE(labels[u"dc"_s].toString(), u"here"_s);
            QCOMPARE(labels[u"ü"_s].toString(), u"utf-8"_s);
            QCOMPARE(one[u"annotations"_s][u"summary"_s].toString(), u"a \"quoted\" text"_s);
            QCOMPARE(one[u"generatorURL"_s].toString(), u"http://w.example/graph?g0.expr=x"_s);
            QCOMPARE(QDateTime::fromString(one[u"startsAt"_s].toString(), Qt::ISODateWithMs)
                         .toMSecsSinceEpoch(),
                     unixMs(now - 60s));
        }
        home.close();
    }
};

QTEST_GUILESS_MAIN(TestAlertmanagerTakesAlerts)
#include "tst_alertmanager_takes_alerts.moc"
