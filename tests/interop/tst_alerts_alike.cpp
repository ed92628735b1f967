// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/import.h"
#include "core/encoding/compress.h"
#include "core/remote/write.h"
#include "core/rules/checkers.h"
#include "tests/interop/post.h"
#include "tests/support/program/child.h"
#include "tests/support/program/loopback.h"
#include "tests/support/qt_test.h"
#include "tests/support/served_engine.h"

#include <bit>
#include <cmath>
#include <functional>
#include <map>
#include <optional>

#include <QDateTime>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QUrlQuery>

using namespace watchfire;
using namespace watchfire::tests;
using namespace Qt::StringLiterals;

namespace {

constexpr int patienceMs = 45'000;

/// Every kind of step of the state machine, at one evaluation a second.
constexpr const char* ruleText = R"(groups:
- name: plain
  interval: 1s
  rules:
  - {alert: AtOnce, expr: level > 5}
  - {alert: Waits, expr: level > 5, for: 3s, labels: {severity: page, height: '{{ $value }}'}}
  - {alert: Keeps, expr: level > 5, for: 2s, keep_firing_for: 4s}
  - {alert: Never, expr: level > 100}
  - {alert: PerInstance, expr: steady == 1, for: 1s, labels: {where: 'at {{ $labels.instance }}'}}
  - {alert: Gone, expr: 'absent(comes{i="1"})', for: 2s}
  - {alert: Mean, expr: 'avg_over_time(level[5s]) > 5'}
- name: chained
  interval: 1s
  rules:
  - {record: 'level:max', expr: max by (job) (level)}
  - {alert: OfRecorded, expr: 'level:max > 8', for: 2s}
  - {alert: OfAlert, expr: 'count by (alertname) (ALERTS{alertname="OfRecorded",alertstate="firing"}) > 0'}
- name: limited
  interval: 1s
  limit: 1
  rules:
  - {alert: TooMany, expr: steady == 1}
  - {alert: Few, expr: level > 7}
- name: slow
  interval: 3s
  rules:
  - {alert: EveryThird, expr: level > 5, for: 3s}
)";

/// A port that nobody listened on a moment ago.
quint16 freePort()
{
    QTcpServer server;
    return server.listen(QHostAddress::LocalHost) ? server.serverPort() : quint16(0);
}

/// The samples of one second each, from second 0.
struct Data {
    WriteRequest request;

    void add(const Labels& labels, qint64 startMs, int seconds,
             const std::function<std::optional<double>(int)>& valueAt)
    {
        WriteSeries series;
        series.labels = labels;
        for (int i = 0; i < seconds; ++i) {
            if (const auto value = valueAt(i)) {
                series.samples.push_back({startMs + i * 1000, *value});
            }
        }
        request.series.push_back(std::move(series));
    }
};

Data dataFrom(qint64 startMs, int seconds)
{
    constexpr std::uint64_t staleBits = 0x7ff0000000000002ULL;
    const double stale = std::bit_cast<double>(staleBits);
    Data out;
    // Up for 1, 2, 3, … seconds, with breaks in between that grow more slowly.
    out.add(Labels{{"__name__", "level"}, {"job", "j"}}, startMs, seconds,
            [](int second) -> std::optional<double> {
                int at = 3;
                for (int length = 1; at <= second; ++length) {
                    if (second < at + length) {
                        return length % 3 == 0 ? 9.0 : 7.5;
                    }
                    at += length + 1 + length / 2;
                }
                return 1.0;
            });
    for (int instance = 0; instance < 3; ++instance) {
        out.add(
            Labels{{"__name__", "steady"}, {"instance", std::to_string(instance)}, {"job", "j"}},
            startMs, seconds, [instance](int second) -> std::optional<double> {
                return second / (4 + 3 * instance) % 2;
            });
    }
    // There, marked stale, and there again.
    out.add(Labels{{"__name__", "comes"}, {"i", "1"}, {"job", "j"}}, startMs, seconds,
            [stale](int second) -> std::optional<double> {
                const int phase = second % 14;
                return phase < 6 ? std::optional(1.0)
                    : phase == 6 ? std::optional(stale)
                                 : std::nullopt;
            });
    return out;
}

} // namespace

/// A real Prometheus and an engine of Watchfire evaluate the same rules over the same samples: the
/// same alerts are in the same states at the same evaluations.
class TestAlertsAlike : public QObject {
    Q_OBJECT

    /// Seconds to the alerts that one evaluation in them wrote, each once.
    using Timeline = std::map<qint64, QStringList>;

    QTemporaryDir m_dir;
    Child m_prometheus;
    ServedEngine m_watchfire;
    QString m_theirs;
    QString m_ours;
    int m_seconds = 20;

    QString write(const QString& name, const QByteArray& text) const
    {
        QFile file(m_dir.filePath(name));
        const bool written = file.open(QIODevice::WriteOnly | QIODevice::Truncate)
            && file.write(text) == text.size();
        return written ? file.fileName() : QString();
    }

    static QJsonArray query(const QString& url, const QString& expr)
    {
        return getJson(url, u"/api/v1/query"_s, {{u"query"_s, expr}})
            .value(u"data"_s)[u"result"_s]
            .toArray();
    }

    static Timeline timelineOf(const QString& url, qint64 fromMs, qint64 toMs)
    {
        const qint64 ago = (QDateTime::currentMSecsSinceEpoch() - fromMs) / 1000 + 5;
        Timeline out;
        const QJsonArray all = query(url, u"ALERTS[%1s]"_s.arg(ago));
        for (const auto& series : all) {
            QJsonObject labels = series[u"metric"_s].toObject();
            const bool slow = labels[u"alertname"_s] == u"EveryThird"_s;
            const QString text
                = QString::fromUtf8(QJsonDocument(labels).toJson(QJsonDocument::Compact));
            for (const auto& point : series[u"values"_s].toArray()) {
                const auto atMs = qint64(std::llround(point[0].toDouble() * 1000));
                if (atMs >= fromMs && atMs < toMs && !slow) {
                    out[atMs / 1000] << text;
                }
            }
        }
        for (auto& [second, alerts] : out) {
            alerts.sort();
        }
        return out;
    }

    /// Both states of a group whose turns come at other seconds than the other's.
    static QSet<QString> statesOf(const QString& url, const QString& name, qint64 fromMs)
    {
        const qint64 ago = (QDateTime::currentMSecsSinceEpoch() - fromMs) / 1000 + 5;
        QSet<QString> out;
        for (const auto& series :
             query(url, u"count_over_time(ALERTS{alertname=\"%1\"}[%2s])"_s.arg(name).arg(ago))) {
            out << series[u"metric"_s][u"alertstate"_s].toString();
        }
        return out;
    }

private slots:
    void initTestCase()
    {
        const QString prometheus = peerProgram(u"prometheus"_s);
        if (prometheus.isEmpty()) {
            QSKIP(qPrintable(withoutPeer(u"Prometheus"_s)));
        }
        if (const int asked = qEnvironmentVariableIntValue("WATCHFIRE_ALERTS_SECONDS"); asked > 0) {
            m_seconds = asked;
        }
        write(u"rules.yml"_s, ruleText);
        const QString theirs = write(u"prometheus.yml"_s,
                                     "global: {evaluation_interval: 1s}\nrule_files: ['"
                                         + m_dir.filePath(u"rules.yml"_s).toUtf8() + "']\n");
        const QString at = u"127.0.0.1:%1"_s.arg(freePort());
        m_theirs = u"http://"_s + at;
        QVERIFY(m_prometheus.start(
            prometheus,
            {u"--config.file="_s + theirs, u"--storage.tsdb.path="_s + m_dir.filePath(u"theirs"_s),
             u"--web.listen-address="_s + at, u"--web.enable-remote-write-receiver"_s}));
        QVERIFY2(
            QTest::qWaitFor([&] { return get(m_theirs, u"/-/ready"_s).status == 200; }, patienceMs),
            m_prometheus.output().constData());
        config::Config ours;
        ours.global.evaluationInterval = std::chrono::seconds(1);
        config::Findings findings;
        ours.ruleGroups = config::readRules(ruleText, "rules.yml", rules::checkers(), findings);
        QVERIFY(findings.faults.empty());
        QCOMPARE(m_watchfire.start(std::move(ours), {.remoteWriteReceiver = true}), std::string());
        m_ours = QString::fromStdString(m_watchfire.url());
        // Past what both do once after a start; alerts that the lack of data makes are there then.
        const auto fires = [](const QString& url) {
            return !query(url, u"ALERTS{alertname=\"Gone\",alertstate=\"firing\"}"_s).isEmpty();
        };
        QVERIFY2(QTest::qWaitFor([&] { return fires(m_theirs) && fires(m_ours); }, patienceMs),
                 m_prometheus.output().constData());
    }
    void cleanupTestCase() { m_watchfire.stop(); }

    void sameAlertsAtSameEvaluations()
    {
        // All samples at once, most of them in the future: each evaluation sees those up to it.
        const qint64 startMs = (QDateTime::currentMSecsSinceEpoch() / 1000 + 4) * 1000;
        const std::string body = encoding::snappyCompress(
            remote::encodeWrite(dataFrom(startMs, m_seconds + 10).request));
        for (const QString& url : {m_theirs, m_ours}) {
            const auto answer = post(url + u"/api/v1/write"_s, body);
            QVERIFY2(answer && answer->status / 100 == 2,
                     answer ? answer->body.c_str() : answer.error().message.c_str());
        }
        const qint64 endMs = startMs + qint64(m_seconds) * 1000;
        QVERIFY(QTest::qWaitFor([&] { return QDateTime::currentMSecsSinceEpoch() > endMs + 3'000; },
                                m_seconds * 1000 + 60'000));

        const Timeline theirs = timelineOf(m_theirs, startMs, endMs);
        const Timeline ours = timelineOf(m_ours, startMs, endMs);
        QSet<QString> kinds;
        int compared = 0;
        for (qint64 second = startMs / 1000; second < endMs / 1000; ++second) {
            const QStringList wanted = theirs.contains(second) ? theirs.at(second) : QStringList{};
            const QStringList got = ours.contains(second) ? ours.at(second) : QStringList{};
            QVERIFY2(wanted == got,
                     qPrintable(u"second %1\ntheirs:\n%2\nours:\n%3"_s.arg(second - startMs / 1000)
                                    .arg(wanted.join(u'\n'), got.join(u'\n'))));
            compared += int(wanted.size());
            for (const QString& alert : wanted) {
                const auto labels = QJsonDocument::fromJson(alert.toUtf8()).object();
                kinds << labels[u"alertname"_s].toString() + u' '
                        + labels[u"alertstate"_s].toString();
            }
        }
        qInfo("%d alerts of %d evaluations are the same", compared, m_seconds);
        // What was to be compared has happened.
        for (const QString& kind :
             {u"AtOnce firing"_s, u"Waits pending"_s, u"Keeps pending"_s, u"PerInstance firing"_s,
              u"Gone pending"_s, u"Few firing"_s, u"Mean firing"_s}) {
            QVERIFY2(kinds.contains(kind), qPrintable(kind));
        }
        QVERIFY(!kinds.contains(u"Never firing"_s));
        if (m_seconds >= 60) {
            for (const QString& kind : {u"Waits firing"_s, u"Keeps firing"_s,
                                        u"OfRecorded firing"_s, u"OfAlert firing"_s}) {
                QVERIFY2(kinds.contains(kind), qPrintable(kind));
            }
            QCOMPARE(statesOf(m_ours, u"EveryThird"_s, startMs),
                     statesOf(m_theirs, u"EveryThird"_s, startMs));
        }
    }
};

QTEST_GUILESS_MAIN(TestAlertsAlike)
#include "tst_alerts_alike.moc"
