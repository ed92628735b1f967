// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/program/child.h"
#include "tests/support/program/loopback.h"
#include "tests/support/qt_test.h"

#include <QCoreApplication>
#include <QFile>
#include <QJsonArray>
#include <QJsonObject>
#include <QTemporaryDir>

using namespace watchfire::tests;
using namespace Qt::StringLiterals;

namespace {

constexpr int patienceMs = 30'000;

} // namespace

/// A real Prometheus writes to the program: samples, and exemplars, which it sends as series of
/// their own without a sample.
class TestPrometheusWrites : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    Child m_watchfire;
    Child m_prometheus;
    QString m_url;

    QString file(const QString& name, const QByteArray& text) const
    {
        QFile out(m_dir.filePath(name));
        const bool written = out.open(QIODevice::WriteOnly) && out.write(text) == text.size();
        return written ? out.fileName() : QString();
    }
    QJsonArray ask(const QString& path, const QString& query) const
    {
        const QJsonValue data = getJson(m_url, path, {{u"query"_s, query}}).value(u"data"_s);
        return data.isArray() ? data.toArray() : data[u"result"_s].toArray();
    }

private slots:
    void arrives()
    {
        const QString prometheus = peerProgram(u"prometheus"_s);
        if (prometheus.isEmpty()) {
            QSKIP(qPrintable(withoutPeer(u"Prometheus"_s)));
        }
        ServedMetrics target;
        target.serve("# TYPE requests counter\n"
                     "requests_total 17 # {trace_id=\"abc\"} 0.5\n"
                     "# TYPE seconds histogram\n"
                     "seconds_bucket{le=\"1.0\"} 2 # {trace_id=\"def\"} 0.75\n"
                     "seconds_bucket{le=\"+Inf\"} 3\n"
                     "seconds_sum 5\n"
                     "seconds_count 3\n"
                     "# EOF\n",
                     200, "application/openmetrics-text; version=1.0.0; charset=utf-8");
        QVERIFY(m_watchfire.start(QCoreApplication::applicationDirPath() + u"/watchfire"_s,
                                  {u"--headless"_s, u"--no-first-run"_s, u"--profile"_s,
                                   m_dir.filePath(u"ours"_s), u"--config"_s,
                                   file(u"nothing.yml"_s, "{}"), u"--enable"_s,
                                   u"remote-write-receiver"_s, u"--listen"_s, u"127.0.0.1:0"_s}));
        m_url = m_watchfire.waitFor(u"listening on (\\S+)"_s);
        QVERIFY2(!m_url.isEmpty(), m_watchfire.output().constData());
        const QString config = file(u"prometheus.yml"_s,
                                    "global: {scrape_interval: 1s, scrape_timeout: 1s}\n"
                                    "remote_write:\n"
                                    "- url: "
                                        + m_url.toUtf8()
                                        + "/api/v1/write\n"
                                          "  send_exemplars: true\n"
                                          "  queue_config: {batch_send_deadline: 200ms}\n"
                                          "scrape_configs:\n"
                                          "- job_name: shop\n"
                                          "  static_configs: [{targets: ['"
                                        + target.address().toUtf8() + "']}]\n");
        QVERIFY(m_prometheus.start(
            prometheus,
            {u"--config.file="_s + config, u"--storage.tsdb.path="_s + m_dir.filePath(u"db"_s),
             u"--enable-feature=exemplar-storage"_s, u"--web.listen-address=127.0.0.1:0"_s}));
        const auto exemplarOf = [this](const QString& query) {
            return ask(u"/api/v1/query_exemplars"_s, query).at(0)[u"exemplars"_s][0];
        };
        QTRY_COMPARE_WITH_TIMEOUT(
            exemplarOf(u"requests_total"_s)[u"labels"_s][u"trace_id"_s].toString(), u"abc"_s,
            patienceMs);
        QTRY_COMPARE_WITH_TIMEOUT(
            exemplarOf(u"seconds_bucket{le=\"1.0\"}"_s)[u"value"_s].toString(), u"0.75"_s,
            patienceMs);
        QCOMPARE(ask(u"/api/v1/query"_s, u"requests_total"_s).at(0)[u"value"_s][1].toString(),
                 u"17"_s);
        QCOMPARE(ask(u"/api/v1/query"_s, u"count({job=\"shop\",__name__=~\"seconds_.*\"})"_s)
                     .at(0)[u"value"_s][1]
                     .toString(),
                 u"4"_s);
    }
};

QTEST_GUILESS_MAIN(TestPrometheusWrites)
#include "tst_prometheus_writes.moc"
