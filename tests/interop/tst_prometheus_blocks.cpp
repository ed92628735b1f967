// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/encoding/compress.h"
#include "core/model/sample.h"
#include "core/remote/write.h"
#include "tests/interop/post.h"
#include "tests/support/program/child.h"
#include "tests/support/program/loopback.h"
#include "tests/support/qt_test.h"

#include <algorithm>
#include <cmath>
#include <memory>

#include <QCoreApplication>
#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>

using namespace watchfire;
using namespace watchfire::tests;
using namespace Qt::StringLiterals;

namespace {

constexpr std::int64_t stepMs = 15'000;
constexpr std::int64_t lengthMs = 100 * 60'000;

Histogram histogramAt(std::int64_t i, double unit)
{
    Histogram made;
    made.schema = 2;
    made.zeroThreshold = 1e-3;
    made.positiveSpans = {{-3, 2}, {4, 1}};
    made.negativeSpans = {{0, 1}};
    const auto n = static_cast<double>(i % 150); // counters begin anew at times
    made.zeroCount = unit * n;
    made.positiveBuckets = {unit * 2 * n, unit * std::floor(n / 3), unit * (n + 1)};
    made.negativeBuckets = {unit * std::floor(n / 7)};
    made.count = made.zeroCount + made.negativeBuckets[0];
    for (const double bucket : made.positiveBuckets) {
        made.count += bucket;
    }
    made.sum = n * 1.25;
    return made;
}

Histogram customAt(std::int64_t i)
{
    Histogram made;
    made.schema = Histogram::customSchema;
    made.customValues = {0.005, 0.1, 1.0 / 3, 2.5};
    made.positiveSpans = {{0, 5}};
    const auto n = static_cast<double>(i);
    made.positiveBuckets = {n, 2 * n, 3, 0, n};
    made.count = 4 * n + 3;
    made.sum = n;
    return made;
}

/// Floats that no codec likes, counters that fall, series that end, histograms of each kind.
WriteRequest samplesAt(std::int64_t fromMs, std::int64_t toMs, std::int64_t startMs)
{
    WriteRequest request;
    const auto make = [&](Labels labels) -> WriteSeries& {
        request.series.push_back({std::move(labels), {}, {}, {}});
        return request.series.back();
    };
    for (int n = 0; n < 30; ++n) {
        WriteSeries& series = make({{"__name__", n % 2 == 0 ? "requests_total" : "load"},
                                    {"job", n < 20 ? "a" : "b"},
                                    {"instance", "host:" + std::to_string(n % 5)},
                                    {"n", std::to_string(n)}});
        for (std::int64_t at = fromMs; at < toMs; at += stepMs) {
            const std::int64_t i = (at - startMs) / stepMs;
            if (n == 7 && i % 40 > 20) {
                if (i % 40 == 21) {
                    series.samples.push_back({at, staleMarker()});
                }
                continue;
            }
            const double value = n % 2 == 0 ? double((i * (n + 1)) % 1000)
                                            : std::sin(double(i * n)) * std::pow(10, n % 11);
            series.samples.push_back({at + (n % 3 == 0 ? (i * 7919) % 13 : 0), value});
        }
    }
    WriteSeries& whole = make({{"__name__", "latency"}, {"job", "a"}, {"kind", "whole"}});
    WriteSeries& parts = make({{"__name__", "latency"}, {"job", "a"}, {"kind", "parts"}});
    WriteSeries& custom = make({{"__name__", "custom"}, {"job", "a"}});
    WriteSeries& gauge = make({{"__name__", "gauge_histogram"}, {"job", "b"}});
    // References into the vector end with its growth: each is found by its place.
    static_cast<void>(whole);
    static_cast<void>(parts);
    static_cast<void>(custom);
    static_cast<void>(gauge);
    const std::size_t first = request.series.size() - 4;
    for (std::int64_t at = fromMs; at < toMs; at += stepMs) {
        const std::int64_t i = (at - startMs) / stepMs;
        request.series[first].histograms.emplace_back(at, histogramAt(i, 1));
        request.series[first + 1].histograms.emplace_back(at, histogramAt(i, 0.37));
        request.series[first + 2].histograms.emplace_back(at, customAt(i));
        Histogram level = histogramAt(i * 31, 0.5);
        level.resetHint = CounterReset::gauge;
        request.series[first + 3].histograms.emplace_back(at, level);
    }
    return request;
}

/// The same but for the last digits of numbers: bounds of native buckets, and what is made of them,
/// are rounded otherwise in Prometheus' table of them.
bool isAlike(const QJsonValue& a, const QJsonValue& b)
{
    if (a.isArray() && b.isArray()) {
        const QJsonArray left = a.toArray();
        const QJsonArray right = b.toArray();
        return std::ranges::equal(left, right, isAlike);
    }
    if (a.isObject() && b.isObject()) {
        const QJsonObject left = a.toObject();
        const QJsonObject right = b.toObject();
        return left.keys() == right.keys()
            && std::ranges::all_of(
                   left.keys(), [&](const QString& key) { return isAlike(left[key], right[key]); });
    }
    if (a == b) {
        return true;
    }
    bool isNumber = false;
    bool isOther = false;
    const double left = a.toString().toDouble(&isNumber);
    const double right = b.toString().toDouble(&isOther);
    return isNumber && isOther && std::abs(left - right) <= 1e-14 * std::abs(left);
}

struct Ran {
    int exit = -1;
    QByteArray out;
    QByteArray err;
};

Ran ctl(const QStringList& arguments)
{
    QProcess process;
    process.start(QCoreApplication::applicationDirPath() + u"/watchfirectl"_s, arguments);
    Ran ran;
    if (process.waitForFinished(120'000) && process.exitStatus() == QProcess::NormalExit) {
        ran.exit = process.exitCode();
    }
    ran.out = process.readAllStandardOutput();
    ran.err = process.readAllStandardError();
    return ran;
}

} // namespace

class TestPrometheusBlocks : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    Child m_prometheus;
    QString m_url;
    QString m_snapshot;
    std::int64_t m_startMs = 0;

    QString data() const { return m_dir.filePath(u"ours"_s); }

private slots:
    void initTestCase()
    {
        const QString prometheus = peerProgram(u"prometheus"_s);
        if (prometheus.isEmpty()) {
            QSKIP(qPrintable(withoutPeer(u"Prometheus"_s)));
        }
        const QString config = m_dir.filePath(u"prometheus.yml"_s);
        QFile file(config);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("global: {}\n");
        file.close();
        QVERIFY(m_prometheus.start(
            prometheus,
            {u"--config.file="_s + config, u"--storage.tsdb.path="_s + m_dir.filePath(u"theirs"_s),
             u"--web.listen-address=127.0.0.1:0"_s, u"--web.enable-admin-api"_s,
             u"--web.enable-remote-write-receiver"_s, u"--enable-feature=native-histograms"_s}));
        const QString address
            = m_prometheus.waitFor(u"[Ll]istening on\"?.*address=(127\\.0\\.0\\.1:[1-9]\\d*)"_s);
        QVERIFY2(!address.isEmpty(), m_prometheus.output().constData());
        m_url = u"http://"_s + address;
        QVERIFY(QTest::qWaitFor([&] { return get(m_url, u"/-/ready"_s).status == 200; }, 30'000));

        m_startMs = (QDateTime::currentMSecsSinceEpoch() - lengthMs - 60'000) / stepMs * stepMs;
        constexpr std::int64_t sliceMs = 10 * 60'000;
        for (std::int64_t from = m_startMs; from < m_startMs + lengthMs; from += sliceMs) {
            const auto answer = post(m_url + u"/api/v1/write"_s,
                                     encoding::snappyCompress(remote::encodeWrite(
                                         samplesAt(from, from + sliceMs, m_startMs))));
            QVERIFY(answer);
            QVERIFY2(answer->status / 100 == 2, answer->body.c_str());
        }
        // A stretch is deleted: the snapshot's blocks may say so by tombstones.
        const QString hole = u"?match[]=load{n=\"3\"}&start=%1&end=%2"_s.arg(
            QString::number(double(m_startMs + 600'000) / 1000, 'f', 3),
            QString::number(double(m_startMs + 900'000) / 1000, 'f', 3));
        const auto deleted = post(m_url + u"/api/v1/admin/tsdb/delete_series"_s + hole);
        QVERIFY(deleted);
        QCOMPARE(deleted->status, 204);
        const auto taken = post(m_url + u"/api/v1/admin/tsdb/snapshot"_s);
        QVERIFY(taken);
        const QString name
            = QJsonDocument::fromJson(QByteArray::fromStdString(taken->body))[u"data"_s][u"name"_s]
                  .toString();
        QVERIFY2(!name.isEmpty(), taken->body.c_str());
        m_snapshot = m_dir.filePath(u"theirs/snapshots/"_s + name);
        // Kept for those who want blocks to look at.
        if (const QString keep = qEnvironmentVariable("WATCHFIRE_KEEP_BLOCKS"); !keep.isEmpty()) {
            QProcess::execute(u"cp"_s, {u"-r"_s, m_snapshot, keep});
        }
    }

    void blocksComeIn()
    {
        const Ran ran = ctl({u"tsdb"_s, u"import-prometheus"_s, m_snapshot, u"--data"_s, data()});
        QVERIFY2(ran.exit == 0, ran.err.constData());
        qInfo("%s", ran.out.constData());
        QVERIFY2(ran.out.contains(" 0 conflicts"), ran.out.constData());
        QVERIFY2(ran.out.contains(" 0 refused"), ran.out.constData());
        // Once more: all of it is there.
        const Ran again = ctl({u"tsdb"_s, u"import-prometheus"_s, m_snapshot, u"--data"_s, data()});
        QVERIFY2(again.exit == 0, again.err.constData());
        QVERIFY2(again.out.contains("\n0 samples stored"), again.out.constData());
    }

    void sameAnswers_data()
    {
        QTest::addColumn<QString>("expr");
        for (const char* expr :
             {"requests_total", "load", "load{n=\"3\"}", "load{n=\"7\"}",
              "rate(requests_total[5m])", "sum by (job) (increase(requests_total[2m]))",
              "latency{kind=\"whole\"}", "latency{kind=\"parts\"}", "custom", "gauge_histogram",
              "histogram_quantile(0.9, rate(latency[5m]))", "histogram_count(latency)",
              "histogram_quantile(0.5, custom)", "count({job=~\".+\"})"}) {
            QTest::newRow(expr) << QString::fromLatin1(expr);
        }
    }
    void sameAnswers()
    {
        QFETCH(QString, expr);
        const QString start = QString::number(double(m_startMs) / 1000, 'f', 3);
        const QString end = QString::number(double(m_startMs + lengthMs) / 1000, 'f', 3);
        const QJsonObject theirs = getJson(
            m_url, u"/api/v1/query_range"_s,
            {{u"query"_s, expr}, {u"start"_s, start}, {u"end"_s, end}, {u"step"_s, u"15"_s}});
        const Ran ran = ctl({u"query"_s, u"range"_s, expr, u"--start"_s, start, u"--end"_s, end,
                             u"--step"_s, u"15"_s, u"--data"_s, data(), u"--format"_s, u"json"_s});
        QVERIFY2(ran.exit == 0, ran.err.constData());
        const QJsonDocument ours = QJsonDocument::fromJson(ran.out);
        const auto seriesText = [](const QJsonValue& series) {
            return QString::fromUtf8(
                QJsonDocument(series[u"metric"_s].toObject()).toJson(QJsonDocument::Compact));
        };
        const auto sorted = [&](const QJsonValue& answer) {
            QMap<QString, QJsonObject> out;
            for (const QJsonValue& series : answer[u"result"_s].toArray()) {
                out.insert(seriesText(series), series.toObject());
            }
            return out.values();
        };
        const auto wanted = sorted(theirs[u"data"_s]);
        const QJsonObject object = ours.object();
        const auto got
            = sorted(object.contains(u"data"_s) ? object[u"data"_s] : QJsonValue(object));
        QVERIFY(!wanted.isEmpty());
        QCOMPARE(got.size(), wanted.size());
        for (qsizetype i = 0; i < wanted.size(); ++i) {
            const auto text = [](const QJsonObject& series) {
                return QString::fromUtf8(QJsonDocument(series).toJson(QJsonDocument::Compact))
                    .left(2000);
            };
            QVERIFY2(isAlike(got[i], wanted[i]),
                     qPrintable(u"\ntheirs: %1\nours:   %2"_s.arg(text(wanted[i]), text(got[i]))));
        }
    }
};

QTEST_GUILESS_MAIN(TestPrometheusBlocks)
#include "tst_prometheus_blocks.moc"
