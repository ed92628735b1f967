// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/program/child.h"
#include "tests/support/program/loopback.h"
#include "tests/support/qt_test.h"

#include <algorithm>
#include <memory>

#include <QCoreApplication>
#include <QDateTime>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>

using namespace watchfire::tests;
using namespace Qt::StringLiterals;

namespace {

constexpr int patienceMs = 30'000;

/// Values that stand still, so that both give the same answer whenever they scraped.
const std::string exposition = "# HELP http_requests_total Requests.\n"
                               "# TYPE http_requests_total counter\n"
                               "http_requests_total{method=\"get\",code=\"200\"} 1027\n"
                               "http_requests_total{method=\"get\",code=\"500\"} 3\n"
                               "http_requests_total{method=\"post\",code=\"200\"} 89\n"
                               "http_requests_total{method=\"post\",code=\"500\"} 1\n"
                               "# HELP queue_length Waiting.\n"
                               "# TYPE queue_length gauge\n"
                               "queue_length{queue=\"mail\"} 17\n"
                               "queue_length{queue=\"print\"} 0\n"
                               "queue_length{queue=\"odd \\\"name\\\" \\\\ here\"} -2.5\n"
                               "# TYPE queue_owner gauge\n"
                               "queue_owner{queue=\"mail\",team=\"post\"} 1\n"
                               "queue_owner{queue=\"print\",team=\"desk\"} 1\n"
                               "# TYPE temperature gauge\n"
                               "temperature{room=\"küche\"} 21.25\n"
                               "temperature{room=\"cellar\"} 1.1e-05\n"
                               "temperature{room=\"sun\"} 5.778e+06\n"
                               "# TYPE strange gauge\n"
                               "strange{kind=\"nan\"} NaN\n"
                               "strange{kind=\"high\"} +Inf\n"
                               "strange{kind=\"low\"} -Inf\n"
                               "# TYPE request_seconds histogram\n"
                               "request_seconds_bucket{path=\"/\",le=\"0.1\"} 10\n"
                               "request_seconds_bucket{path=\"/\",le=\"0.5\"} 25\n"
                               "request_seconds_bucket{path=\"/\",le=\"1\"} 38\n"
                               "request_seconds_bucket{path=\"/\",le=\"+Inf\"} 40\n"
                               "request_seconds_sum{path=\"/\"} 17.5\n"
                               "request_seconds_count{path=\"/\"} 40\n"
                               "request_seconds_bucket{path=\"/a\",le=\"0.1\"} 0\n"
                               "request_seconds_bucket{path=\"/a\",le=\"0.5\"} 3\n"
                               "request_seconds_bucket{path=\"/a\",le=\"1\"} 3\n"
                               "request_seconds_bucket{path=\"/a\",le=\"+Inf\"} 7\n"
                               "request_seconds_sum{path=\"/a\"} 99\n"
                               "request_seconds_count{path=\"/a\"} 7\n"
                               "# TYPE gc_seconds summary\n"
                               "gc_seconds{quantile=\"0.5\"} 0.0012\n"
                               "gc_seconds{quantile=\"0.99\"} 0.2\n"
                               "gc_seconds_sum 12.75\n"
                               "gc_seconds_count 340\n"
                               "no_type_at_all 42\n";

/// One of the two, behind the API both speak.
struct Server {
    Child child;
    QString url;

    QJsonObject ask(const QString& path, const QUrlQuery& query = {}) const
    {
        return getJson(url, path, query);
    }
    QJsonObject instant(const QString& expr, double at) const
    {
        return ask(u"/api/v1/query"_s,
                   {{u"query"_s, expr}, {u"time"_s, QString::number(at, 'f', 3)}});
    }
    double number(const QString& expr) const
    {
        const QJsonArray result
            = ask(u"/api/v1/query"_s, {{u"query"_s, expr}}).value(u"data"_s)[u"result"_s].toArray();
        return result.size() == 1 ? result[0][u"value"_s][1].toString().toDouble() : -1;
    }
};

QString compact(const QJsonValue& value)
{
    return QString::fromUtf8(QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact));
}

/// What an answer says, in an order of its own where none is promised.
QStringList said(const QJsonObject& answer, bool inOrder = false)
{
    if (answer.value(u"status"_s) != u"success"_s) {
        return {u"error: "_s + answer.value(u"errorType"_s).toString()};
    }
    const QJsonValue data = answer.value(u"data"_s);
    if (data.isArray()) {
        QStringList out;
        for (const QJsonValue& each : data.toArray()) {
            out << compact(each);
        }
        if (!inOrder) {
            out.sort();
        }
        return out;
    }
    const QString type = data[u"resultType"_s].toString();
    if (type != u"vector"_s && type != u"matrix"_s) {
        return {type, compact(data[u"result"_s][1])};
    }
    QStringList out;
    for (const QJsonValue& series : data[u"result"_s].toArray()) {
        out << compact(series[u"metric"_s]) + u" → "_s
                + (type == u"vector"_s ? series[u"value"_s][1].toString()
                                       : compact(series[u"values"_s]));
    }
    if (!inOrder) {
        out.sort();
    }
    out.prepend(type);
    return out;
}

} // namespace

class TestPrometheusSameAnswers : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    std::unique_ptr<ServedMetrics> m_target;
    Server m_theirs;
    Server m_ours;
    double m_from = 0; ///< since when both have it
    double m_to = 0;

    bool both(const std::function<bool(const Server&)>& holds) const
    {
        return QTest::qWaitFor([&] { return holds(m_theirs) && holds(m_ours); }, patienceMs);
    }
    void same(const QJsonObject& theirs, const QJsonObject& ours, bool inOrder = false)
    {
        const QStringList expected = said(theirs, inOrder);
        const QStringList got = said(ours, inOrder);
        QVERIFY2(
            expected == got,
            qPrintable(u"\ntheirs:\n  %1\nours:\n  %2\n%3"_s.arg(
                expected.join(u"\n  "_s), got.join(u"\n  "_s), ours.value(u"error"_s).toString())));
    }

private slots:
    void initTestCase()
    {
        const QString prometheus = peerProgram(u"prometheus"_s);
        if (prometheus.isEmpty()) {
            QSKIP(qPrintable(withoutPeer(u"Prometheus"_s)));
        }
        m_target = std::make_unique<ServedMetrics>(exposition);
        const QString config = m_dir.filePath(u"prometheus.yml"_s);
        QFile file(config);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("global:\n  scrape_interval: 1s\n  scrape_timeout: 1s\n"
                   "scrape_configs:\n"
                   "  - job_name: shop\n"
                   "    static_configs:\n"
                   "      - targets: ['"
                   + m_target->address().toUtf8()
                   + "']\n"
                     "        labels: {zone: inner}\n"
                     "    metric_relabel_configs:\n"
                     "      - source_labels: [code]\n"
                     "        regex: '(\\d)..'\n"
                     "        target_label: class\n"
                     "        replacement: '${1}xx'\n");
        file.close();

        QVERIFY(m_theirs.child.start(prometheus,
                                     {u"--config.file="_s + config,
                                      u"--storage.tsdb.path="_s + m_dir.filePath(u"theirs"_s),
                                      u"--web.listen-address=127.0.0.1:0"_s}));
        QVERIFY(m_ours.child.start(QCoreApplication::applicationDirPath() + u"/watchfire"_s,
                                   {u"--headless"_s, u"--no-first-run"_s, u"--profile"_s,
                                    m_dir.filePath(u"ours"_s), u"--config"_s, config, u"--listen"_s,
                                    u"127.0.0.1:0"_s}));
        m_ours.url = m_ours.child.waitFor(u"listening on (\\S+)"_s);
        QVERIFY2(!m_ours.url.isEmpty(), m_ours.child.output().constData());
        const QString address
            = m_theirs.child.waitFor(u"[Ll]istening on\"?.*address=(127\\.0\\.0\\.1:[1-9]\\d*)"_s);
        QVERIFY2(!address.isEmpty(), m_theirs.child.output().constData());
        m_theirs.url = u"http://"_s + address;

        QVERIFY(both([](const Server& each) { return each.number(u"up"_s) == 1; }));
        m_from = double(QDateTime::currentMSecsSinceEpoch()) / 1000;
        QVERIFY(both([this](const Server& each) {
            return each.number(u"count_over_time(up[1m])"_s) >= 4
                && each.number(u"timestamp(up)"_s) > m_from + 2;
        }));
        m_to = double(QDateTime::currentMSecsSinceEpoch()) / 1000;
    }

    void instant_data()
    {
        QTest::addColumn<QString>("expr");
        const QStringList queries{
            // selectors
            u"up"_s,
            u"{job=\"shop\",__name__!~\"scrape_(duration|samples_post).*\"}"_s,
            u"http_requests_total"_s,
            u"http_requests_total{code=~\"2..\",method!=\"post\"}"_s,
            u"queue_length{queue=~\".*\\\"name\\\".*\"}"_s,
            u"temperature{room=\"küche\"}"_s,
            u"http_requests_total{nosuch=\"\"}"_s,
            u"nothing_of_that_name"_s,
            u"strange"_s,
            u"http_requests_total offset 1d"_s,
            u"http_requests_total{class=\"5xx\"}"_s,
            u"scrape_samples_scraped"_s,
            u"scrape_series_added * 0"_s,
            // arithmetic and comparison
            u"http_requests_total / 7"_s,
            u"-queue_length ^ 2 % 5"_s,
            u"http_requests_total > 80"_s,
            u"http_requests_total >bool 80"_s,
            u"queue_length == queue_length"_s,
            u"strange == strange"_s,
            u"temperature * 1e300 * 1e300"_s,
            u"0 / 0"_s,
            u"1 / 3"_s,
            u"\"text\""_s,
            // matching
            u"http_requests_total / on(method) group_left sum by (method) (http_requests_total)"_s,
            u"queue_length * on(queue) group_left(team) queue_owner"_s,
            u"queue_length and on(queue) queue_owner"_s,
            u"queue_length unless on(queue) queue_owner"_s,
            u"queue_length or queue_owner"_s,
            u"http_requests_total * on(method) queue_length"_s,
            u"http_requests_total + on(job) up"_s,
            // aggregation
            u"sum(http_requests_total)"_s,
            u"sum by (method) (http_requests_total)"_s,
            u"avg without (code, class) (http_requests_total)"_s,
            u"count by (class) (http_requests_total)"_s,
            u"stddev(http_requests_total)"_s,
            u"stdvar by (method) (http_requests_total)"_s,
            u"max(strange)"_s,
            u"min(temperature)"_s,
            u"quantile(0.3, http_requests_total)"_s,
            u"count_values(\"value\", http_requests_total)"_s,
            u"topk by (method) (1, http_requests_total)"_s,
            u"group(http_requests_total)"_s,
            // functions
            u"histogram_quantile(0.9, request_seconds_bucket)"_s,
            u"histogram_quantile(0.5, sum by (le) (request_seconds_bucket))"_s,
            u"label_replace(queue_length, \"short\", \"$1\", \"queue\", \"(.).*\")"_s,
            u"label_join(http_requests_total, \"both\", \"/\", \"method\", \"code\")"_s,
            u"absent(nothing{a=\"b\"})"_s,
            u"absent(up)"_s,
            u"rate(http_requests_total[1m])"_s,
            u"increase(http_requests_total[1m])"_s,
            u"irate(http_requests_total[1m])"_s,
            u"delta(queue_length[1m])"_s,
            u"deriv(temperature[1m])"_s,
            u"avg_over_time(temperature[1m])"_s,
            u"max_over_time(queue_length[1m])"_s,
            u"changes(queue_length[1m])"_s,
            u"resets(http_requests_total[1m])"_s,
            u"last_over_time(no_type_at_all[1m])"_s,
            u"max_over_time((sum(queue_length))[3s:1s])"_s,
            u"round(temperature, 0.5)"_s,
            u"clamp(queue_length, -1, 10)"_s,
            u"ln(temperature)"_s,
            u"sgn(queue_length)"_s,
            u"scalar(no_type_at_all) * 2"_s,
            u"vector(1)"_s,
            u"gc_seconds_sum / gc_seconds_count"_s,
            // faults
            u"sum by (http_requests_total"_s,
            u"rate(http_requests_total)"_s,
            u"http_requests_total * on(job) http_requests_total"_s,
        };
        for (const QString& query : queries) {
            QTest::newRow(qPrintable(query)) << query;
        }
    }
    void instant()
    {
        QFETCH(QString, expr);
        same(m_theirs.instant(expr, m_to), m_ours.instant(expr, m_to));
    }

    void sortedAsAsked_data()
    {
        QTest::addColumn<QString>("expr");
        for (const char* expr : {"sort(http_requests_total)", "sort_desc(temperature)",
                                 "topk(2, http_requests_total)", "bottomk(3, queue_length)"}) {
            QTest::newRow(expr) << QString::fromLatin1(expr);
        }
    }
    void sortedAsAsked()
    {
        QFETCH(QString, expr);
        same(m_theirs.instant(expr, m_to), m_ours.instant(expr, m_to), true);
    }

    void range_data()
    {
        QTest::addColumn<QString>("expr");
        for (const char* expr :
             {"http_requests_total", "sum by (class) (http_requests_total)",
              "histogram_quantile(0.9, request_seconds_bucket)", "strange", "vector(time()) * 0",
              "nothing_of_that_name", "queue_length > 3", "temperature offset 1d"}) {
            QTest::newRow(expr) << QString::fromLatin1(expr);
        }
    }
    void range()
    {
        QFETCH(QString, expr);
        const QUrlQuery query{{u"query"_s, expr},
                              {u"start"_s, QString::number(m_from, 'f', 3)},
                              {u"end"_s, QString::number(m_to, 'f', 3)},
                              {u"step"_s, u"0.5"_s}};
        same(m_theirs.ask(u"/api/v1/query_range"_s, query),
             m_ours.ask(u"/api/v1/query_range"_s, query), true);
    }

    void names_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QUrlQuery>("query");
        const auto match = [](const char* selector) {
            return QUrlQuery{{u"match[]"_s, QString::fromLatin1(selector)}};
        };
        QTest::newRow("label names") << u"/api/v1/labels"_s << QUrlQuery();
        QTest::newRow("label names of some") << u"/api/v1/labels"_s << match("queue_owner");
        QTest::newRow("metric names") << u"/api/v1/label/__name__/values"_s << QUrlQuery();
        QTest::newRow("values") << u"/api/v1/label/queue/values"_s << QUrlQuery();
        QTest::newRow("values of some")
            << u"/api/v1/label/code/values"_s << match("http_requests_total{method=\"get\"}");
        QTest::newRow("values of an unknown label")
            << u"/api/v1/label/nosuch/values"_s << QUrlQuery();
        QTest::newRow("series") << u"/api/v1/series"_s << match("{job=\"shop\"}");
    }
    void names()
    {
        QFETCH(QString, path);
        QFETCH(QUrlQuery, query);
        same(m_theirs.ask(path, query), m_ours.ask(path, query), !path.endsWith(u"series"_s));
    }

    void timesOfAQueryAreTold()
    {
        const auto timingsOf = [](const Server& server) {
            const QUrlQuery query{{u"query"_s, u"up"_s}, {u"stats"_s, u"true"_s}};
            return server.ask(u"/api/v1/query"_s, query)
                .value(u"data"_s)[u"stats"_s][u"timings"_s]
                .toObject();
        };
        const QJsonObject ours = timingsOf(m_ours);
        QCOMPARE(ours.keys(), timingsOf(m_theirs).keys());
        const double queue = ours[u"execQueueTime"_s].toDouble();
        const double evaluation = ours[u"evalTotalTime"_s].toDouble();
        QVERIFY(queue > 0 && evaluation > 0);
        QVERIFY(qAbs(ours[u"execTotalTime"_s].toDouble() - queue - evaluation) < 1e-8);
    }

    void targetsLookAlike()
    {
        const auto targetOf = [](const Server& server) {
            const QJsonValue target
                = server.ask(u"/api/v1/targets"_s).value(u"data"_s)[u"activeTargets"_s][0];
            QStringList out;
            for (const char* key : {"health", "lastError", "labels", "discoveredLabels",
                                    "scrapePool", "scrapeUrl", "scrapeInterval", "scrapeTimeout"}) {
                const QString name = QString::fromLatin1(key);
                out << name + u": "_s + compact(target[name]);
            }
            return out;
        };
        QCOMPARE(targetOf(m_ours), targetOf(m_theirs));
    }
};

QTEST_GUILESS_MAIN(TestPrometheusSameAnswers)
#include "tst_prometheus_same_answers.moc"
