// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/program/child.h"
#include "tests/support/program/loopback.h"
#include "tests/support/qt_test.h"

#include <deque>
#include <memory>
#include <unistd.h>

#include <QCoreApplication>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTcpServer>
#include <QTemporaryDir>

using namespace watchfire::tests;
using namespace Qt::StringLiterals;

namespace {

constexpr int patienceMs = 45'000;

/// A port that nobody listened on a moment ago, for programs that do not choose one themselves.
quint16 freePort()
{
    QTcpServer server;
    return server.listen(QHostAddress::LocalHost) ? server.serverPort() : quint16(0);
}

/// A program that serves its metrics.
struct RealTarget {
    QString job;
    Child child;
    QString address; ///< empty: it is not there or does not start
    QByteArray keys; ///< of its job, beside its address
};

QString line(const QJsonObject& labels)
{
    return QString::fromUtf8(QJsonDocument(labels).toJson(QJsonDocument::Compact));
}

} // namespace

/// Watchfire and a real Prometheus scrape the same real programs; what they stored must have the
/// same labels.
class TestScrapedAlike : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    std::deque<RealTarget> m_targets;
    Child m_prometheus;
    Child m_watchfire;
    QString m_theirs;
    QString m_ours;

    QString write(const QString& name, const QByteArray& text) const
    {
        QFile file(m_dir.filePath(name));
        const bool written = file.open(QIODevice::WriteOnly | QIODevice::Truncate)
            && file.write(text) == text.size();
        return written ? file.fileName() : QString();
    }

    /// Starts a peer and takes its address from what it prints.
    void begin(const QString& job, const QString& peer, const QStringList& arguments,
               const QString& pattern, const QByteArray& keys = {})
    {
        const QString program = peerProgram(peer);
        RealTarget& target = m_targets.emplace_back();
        target.job = job;
        target.keys = keys;
        if (program.isEmpty() || !target.child.start(program, arguments)) {
            return;
        }
        target.address = target.child.waitFor(pattern);
    }

    /// The packaged one looks for a template at its place in an installation, so it is shown one.
    void beginAlertmanager()
    {
        RealTarget& target = m_targets.emplace_back();
        target.job = u"alertmanager"_s;
        const QString program = peerProgram(u"prometheus-alertmanager"_s);
        const QString shared = program.section(u'/', 0, -4) + u"/usr/share"_s;
        const QString mount = u"mount -t overlay overlay -o lowerdir="_s + shared
            + u":/usr/share /usr/share && exec \"$0\" \"$@\""_s;
        const QString config
            = write(u"alertmanager.yml"_s, "route: {receiver: none}\nreceivers: [{name: none}]\n");
        if (!program.isEmpty()
            && target.child.start(u"unshare"_s,
                                  {::geteuid() == 0 ? u"-m"_s : u"-rm"_s, u"sh"_s, u"-c"_s, mount,
                                   program, u"--web.listen-address=127.0.0.1:0"_s,
                                   u"--cluster.listen-address="_s,
                                   u"--storage.path="_s + m_dir.filePath(u"alertmanager"_s),
                                   u"--config.file="_s + config})) {
            target.address = target.child.waitFor(u"address=(127\\.0\\.0\\.1:[1-9]\\d*)"_s);
        }
    }

    void beginHaproxy()
    {
        RealTarget& target = m_targets.emplace_back();
        target.job = u"haproxy"_s;
        const QString program = peerProgram(u"haproxy"_s);
        const QByteArray port = QByteArray::number(freePort());
        const QString config
            = write(u"haproxy.cfg"_s,
                    "defaults\n  mode http\n  timeout client 5s\n  timeout server 5s\n"
                    "  timeout connect 5s\n"
                    "frontend metrics\n  bind 127.0.0.1:"
                        + port
                        + "\n  http-request use-service prometheus-exporter if { path /metrics }\n"
                          "  default_backend shop\n"
                          "backend shop\n  server one 127.0.0.1:1\n  server two 127.0.0.1:2\n");
        // The libraries that it needs and that a desktop has not lie beside it.
        const QString libraries = program.section(u'/', 0, -4) + u"/usr/lib/x86_64-linux-gnu"_s;
        if (program.isEmpty()
            || !target.child.start(
                u"/usr/bin/env"_s,
                {u"LD_LIBRARY_PATH="_s + libraries, program, u"-db"_s, u"-f"_s, config})) {
            return;
        }
        const QString address = u"127.0.0.1:"_s + QString::fromLatin1(port);
        if (QTest::qWaitFor(
                [&] { return get(u"http://"_s + address, u"/metrics"_s).status == 200; }, 20'000)) {
            target.address = address;
        }
    }

    QByteArray config(const QString& prometheusItself, bool ours) const
    {
        QByteArray text = "global: {scrape_interval: 1s, scrape_timeout: 1s}\nscrape_configs:\n";
        const auto add = [&](const QString& job, const QString& address, const QByteArray& keys) {
            text += "- job_name: " + job.toUtf8() + "\n" + keys + "  static_configs: [{targets: ['"
                + address.toUtf8() + "']}]\n";
        };
        for (const RealTarget& target : m_targets) {
            if (!target.address.isEmpty()) {
                // The packaged version asks for protobuf first where it takes native histograms.
                add(target.job, target.address,
                    target.keys
                        + "  scrape_protocols: [OpenMetricsText1.0.0, PrometheusText0.0.4]\n");
            }
        }
        // The packaged version takes native histograms by a switch; later ones by a key.
        const QByteArray native = ours ? "  scrape_native_histograms: true\n" : "";
        const QByteArray protobuf
            = "  scrape_protocols: [PrometheusProto, OpenMetricsText1.0.0, PrometheusText0.0.4]\n";
        add(u"native"_s, prometheusItself, protobuf + native);
        add(u"native_and_classic"_s, prometheusItself,
            protobuf + native + "  always_scrape_classic_histograms: true\n");
        add(u"classic"_s, prometheusItself, "  scrape_protocols: [PrometheusText1.0.0]\n");
        add(u"converted"_s, prometheusItself,
            "  scrape_protocols: [OpenMetricsText1.0.0]\n"
            "  convert_classic_histograms_to_nhcb: true\n"
                + native);
        return text;
    }

    static QStringList seriesOf(const QString& url, const QString& job)
    {
        // The state of this very scrape: series that came since are in it, those that went not.
        const QJsonArray result
            = getJson(url, u"/api/v1/query"_s, {{u"query"_s, u"{job=\"%1\"}"_s.arg(job)}})
                  .value(u"data"_s)[u"result"_s]
                  .toArray();
        QStringList out;
        for (const QJsonValue& series : result) {
            out << line(series[u"metric"_s].toObject())
                    + (series.toObject().contains(u"histogram"_s) ? u" histogram"_s : u""_s);
        }
        out.sort();
        return out;
    }

    static QString differenceOf(const QStringList& theirs, const QStringList& ours)
    {
        QStringList out;
        const QSet<QString> mine(ours.begin(), ours.end());
        const QSet<QString> other(theirs.begin(), theirs.end());
        for (const QString& each : theirs) {
            if (!mine.contains(each)) {
                out << u"only theirs: "_s + each;
            }
        }
        for (const QString& each : ours) {
            if (!other.contains(each)) {
                out << u"only ours: "_s + each;
            }
        }
        return u"%1 theirs, %2 ours\n"_s.arg(theirs.size()).arg(ours.size())
            + out.mid(0, 20).join(u'\n');
    }

private slots:
    void initTestCase()
    {
        const QString prometheus = peerProgram(u"prometheus"_s);
        if (prometheus.isEmpty()) {
            QSKIP(qPrintable(withoutPeer(u"Prometheus"_s)));
        }
        begin(u"node"_s, u"prometheus-node-exporter"_s, {u"--web.listen-address=127.0.0.1:0"_s},
              u"address=(127\\.0\\.0\\.1:[1-9]\\d*)"_s);
        begin(u"pushgateway"_s, u"prometheus-pushgateway"_s,
              {u"--web.listen-address=127.0.0.1:0"_s}, u"address=(127\\.0\\.0\\.1:[1-9]\\d*)"_s,
              "  honor_labels: true\n");
        beginAlertmanager();
        begin(u"victoria"_s, u"victoria-metrics"_s,
              {u"-httpListenAddr=127.0.0.1:0"_s,
               u"-storageDataPath="_s + m_dir.filePath(u"victoria"_s)},
              u"started server at http://(127\\.0\\.0\\.1:[1-9]\\d*)"_s);
        beginHaproxy();

        const QString itself = u"127.0.0.1:%1"_s.arg(freePort());
        QVERIFY(m_prometheus.start(
            prometheus,
            {u"--config.file="_s + write(u"theirs.yml"_s, config(itself, false)),
             u"--storage.tsdb.path="_s + m_dir.filePath(u"theirs"_s),
             u"--web.listen-address="_s + itself, u"--enable-feature=native-histograms"_s}));
        m_theirs = u"http://"_s + itself;
        QVERIFY2(
            QTest::qWaitFor([&] { return get(m_theirs, u"/-/ready"_s).status == 200; }, patienceMs),
            m_prometheus.output().constData());
        QVERIFY(m_watchfire.start(QCoreApplication::applicationDirPath() + u"/watchfire"_s,
                                  {u"--headless"_s, u"--no-first-run"_s, u"--profile"_s,
                                   m_dir.filePath(u"ours"_s), u"--config"_s,
                                   write(u"ours.yml"_s, config(itself, true)), u"--listen"_s,
                                   u"127.0.0.1:0"_s}));
        m_ours = m_watchfire.waitFor(u"listening on (\\S+)"_s);
        QVERIFY2(!m_ours.isEmpty(), m_watchfire.output().constData());
    }

    void labelsAreTheSame_data()
    {
        QTest::addColumn<QString>("job");
        for (const char* job : {"node", "pushgateway", "alertmanager", "victoria", "haproxy",
                                "native", "native_and_classic", "classic", "converted"}) {
            QTest::newRow(job) << QString::fromLatin1(job);
        }
    }
    void labelsAreTheSame()
    {
        QFETCH(QString, job);
        for (const RealTarget& target : m_targets) {
            if (target.job == job && target.address.isEmpty()) {
                QSKIP(qPrintable(withoutPeer(job)));
            }
        }
        // A target may gain a series between the two scrapes: what counts is that they come to
        // the same.
        QStringList theirs;
        QStringList ours;
        const bool same = QTest::qWaitFor(
            [&] {
                theirs = seriesOf(m_theirs, job);
                ours = seriesOf(m_ours, job);
                return theirs.size() > 5 && theirs == ours;
            },
            patienceMs);
        QVERIFY2(same, qPrintable(differenceOf(theirs, ours)));
    }

    void nativeHistogramsCameAsSuch()
    {
        const QStringList ours = seriesOf(m_ours, u"native"_s);
        QVERIFY(std::ranges::any_of(
            ours, [](const QString& each) { return each.endsWith(u" histogram"_s); }));
    }
};

QTEST_GUILESS_MAIN(TestScrapedAlike)
#include "tst_scraped_alike.moc"
