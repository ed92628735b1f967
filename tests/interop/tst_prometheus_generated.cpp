// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later

// Generated queries over the same series, here and in a real Prometheus. WATCHFIRE_QUERIES says how
// many, WATCHFIRE_SEED which.
#include "core/encoding/compress.h"
#include "core/promql/syntax/parser.h"
#include "core/remote/write.h"
#include "tests/interop/answer_difference.h"
#include "tests/interop/comparison_series.h"
#include "tests/interop/known_differences.h"
#include "tests/interop/post.h"
#include "tests/interop/query_generator.h"
#include "tests/interop/query_parts.h"
#include "tests/interop/statistics_difference.h"
#include "tests/support/program/child.h"
#include "tests/support/program/loopback.h"
#include "tests/support/qt_test.h"

#include <array>
#include <csignal>
#include <map>
#include <memory>
#include <utility>

#include <QCoreApplication>
#include <QDateTime>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>

using namespace watchfire;
using namespace watchfire::tests;
using namespace Qt::StringLiterals;

namespace {

constexpr std::int64_t stepMs = ComparisonSeries::stepMs;
constexpr std::int64_t rows = ComparisonSeries::rows;
constexpr std::int64_t lengthS = rows * stepMs / 1'000;

/// As getJson, with the patience that large queries need of a build without optimization, where
/// other programs have the processors.
QJsonObject answerTo(const QString& url, const QString& path, const QUrlQuery& words)
{
    constexpr int patienceMs = 100'000;
    const QString text = words.toString(QUrl::FullyEncoded).replace(u'+', u"%2B"_s);
    return QJsonDocument::fromJson(get(url, path + u'?' + text, patienceMs).body).object();
}

/// Whether both answer, and tell of the same numbers of samples.
bool isCountedAlike(const promql::Node& query, const QUrlQuery& words, const QJsonObject& theirs,
                    const QJsonObject& ours)
{
    if (theirs.value(u"status"_s) != u"success"_s || ours.value(u"status"_s) != u"success"_s) {
        return true; // which is another difference
    }
    const QString differs = statisticsDifference(query, words, theirs, ours);
    if (!differs.isEmpty()) {
        qWarning("%s\n    %s", qPrintable(words.toString()), qPrintable(differs));
    }
    return differs.isEmpty();
}

qint64 fromEnvironment(const char* name, qint64 otherwise)
{
    bool isNumber = false;
    const qint64 number = qEnvironmentVariable(name).toLongLong(&isNumber);
    return isNumber ? number : otherwise;
}

} // namespace

class TestPrometheusGenerated : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    std::unique_ptr<Child> m_prometheus;
    Child m_watchfire;
    QString m_theirs;
    QString m_ours;
    std::int64_t m_startMs = 0;

    /// Over the data it has; m_theirs stays empty when it does not get ready.
    void startPrometheus()
    {
        m_theirs.clear();
        m_prometheus = std::make_unique<Child>();
        if (!m_prometheus->start(
                peerProgram(u"prometheus"_s),
                {u"--config.file="_s + m_dir.filePath(u"prometheus.yml"_s),
                 u"--storage.tsdb.path="_s + m_dir.filePath(u"theirs"_s),
                 u"--web.listen-address=127.0.0.1:0"_s, u"--web.enable-remote-write-receiver"_s,
                 u"--enable-feature=native-histograms,promql-experimental-functions,promql-per-step-stats"_s})) {
            return;
        }
        const QString address = m_prometheus->waitFor(
            u"[Ll]istening on\"?.*address=(127\\.0\\.0\\.1:[1-9]\\d*)\\D"_s);
        const QString url = u"http://"_s + address;
        if (QTest::qWaitFor([&] { return get(url, u"/-/ready"_s).status == 200; }, 30'000)) {
            m_theirs = url;
        } else {
            qWarning("%s", m_prometheus->output().constData());
        }
    }

    /// The query at a moment or over a range.
    std::pair<QString, QUrlQuery> timed(const std::string& query, QueryGenerator& generator) const
    {
        const std::int64_t fromS = m_startMs / 1'000;
        const auto moment = [&](std::int64_t from) {
            const std::int64_t until = fromS + lengthS + 400;
            return from
                + static_cast<std::int64_t>(
                       generator.number(static_cast<std::uint64_t>(until - from)));
        };
        QUrlQuery words{
            {u"query"_s,
             QString::fromLatin1(QUrl::toPercentEncoding(QString::fromStdString(query)))},
            {u"stats"_s, u"all"_s}};
        if (generator.number(2) == 0) {
            words.addQueryItem(u"time"_s, QString::number(moment(fromS)));
            return {u"/api/v1/query"_s, words};
        }
        const std::int64_t start = moment(fromS);
        words.addQueryItem(u"start"_s, QString::number(start));
        words.addQueryItem(u"end"_s, QString::number(moment(start)));
        words.addQueryItem(u"step"_s,
                           QString::number(std::array{15, 60, 7, 300, 37}[generator.number(5)]));
        return {u"/api/v1/query_range"_s, words};
    }

    Disagreement disagreement(const promql::Node& query, const std::string& text,
                              const QString& path, const QUrlQuery& words,
                              const QJsonObject& theirs, const QJsonObject& ours) const
    {
        const auto* const aggregate = std::get_if<promql::Aggregate>(&promql::unwrap(query).kind);
        // Which of equal series they take is nobody's promise.
        const bool byValue = aggregate != nullptr
            && (aggregate->op == promql::AggregateOp::topk
                || aggregate->op == promql::AggregateOp::bottomk);
        const auto asker = [](const QString& url) {
            return [url](const QString& asked, const QUrlQuery& with) {
                return answerTo(url, asked, with);
            };
        };
        return {query,
                text,
                path,
                words,
                theirs,
                ours,
                differenceOf(theirs, ours, byValue),
                asker(m_theirs),
                asker(m_ours)};
    }

private slots:
    void initTestCase()
    {
        if (peerProgram(u"prometheus"_s).isEmpty()) {
            QSKIP(qPrintable(withoutPeer(u"Prometheus"_s)));
        }
        const QString config = m_dir.filePath(u"prometheus.yml"_s);
        QFile file(config);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("global: {evaluation_interval: 15s}\n");
        file.close();
        QVERIFY(m_watchfire.start(
            QCoreApplication::applicationDirPath() + u"/watchfire"_s,
            {u"--headless"_s, u"--no-first-run"_s, u"--profile"_s, m_dir.filePath(u"ours"_s),
             u"--config"_s, config, u"--listen"_s, u"127.0.0.1:0"_s, u"--enable"_s,
             u"remote-write-receiver,promql-experimental-functions,promql-per-step-stats"_s}));
        m_ours = m_watchfire.waitFor(u"listening on (\\S+)\\s"_s);
        QVERIFY2(!m_ours.isEmpty(), m_watchfire.output().constData());
        startPrometheus();
        QVERIFY(!m_theirs.isEmpty());

        // The same rows for a seed, be it today or tomorrow: the steps of ranges and subqueries,
        // which begin at multiples of theirs, all divide this.
        constexpr std::int64_t alignedMs = std::int64_t{300} * 7 * 37 * 1'000;
        const std::int64_t newestMs = QDateTime::currentMSecsSinceEpoch() - 40 * stepMs;
        m_startMs = (newestMs - rows * stepMs) / alignedMs * alignedMs;
        const ComparisonSeries series(m_startMs);
        // In the order of time, and no series with floats and histograms in one message: Prometheus
        // takes the floats first.
        constexpr std::int64_t rowsAtOnce = 10;
        for (std::int64_t row = 0; row < rows; row += rowsAtOnce) {
            const std::int64_t fromMs = m_startMs + row * stepMs;
            const std::string body = encoding::snappyCompress(
                remote::encodeWrite(series.between(fromMs, fromMs + rowsAtOnce * stepMs)));
            for (const QString& url : {m_theirs, m_ours}) {
                const auto answer = post(url + u"/api/v1/write"_s, body);
                QVERIFY2(answer, answer ? "" : answer.error().message.c_str());
                QVERIFY2(answer->status / 100 == 2, answer->body.c_str());
            }
        }
    }

    void answersAreTheSame()
    {
        const qint64 queries = fromEnvironment("WATCHFIRE_QUERIES", 300);
        const auto seed = static_cast<std::uint64_t>(fromEnvironment("WATCHFIRE_SEED", 1));
        QueryGenerator generator(seed, m_startMs / 1'000, m_startMs / 1'000 + lengthS);
        qint64 differing = 0;
        qint64 failing = 0;
        qint64 empty = 0;
        qint64 miscounted = 0;
        std::map<QString, qint64> known; // by reason
        for (qint64 i = 0; i < queries; ++i) {
            const std::string query = generator.query();
            const auto [path, words] = timed(query, generator);
            const auto ast = promql::parse(query, promql::Features::all());
            const QJsonObject theirs = answerTo(m_theirs, path, words);
            const QJsonObject ours = answerTo(m_ours, path, words);
            failing += theirs.value(u"status"_s) != u"success"_s ? 1 : 0;
            empty += theirs.value(u"data"_s)[u"result"_s].toArray().isEmpty() ? 1 : 0;
            if (!ast) { // nor may it be one to them
                const Difference refused = differenceOf(theirs, ours, false);
                QVERIFY2(refused.kind == Difference::Kind::none, qPrintable(refused.text));
                continue;
            }
            miscounted += isCountedAlike(*ast->root, words, theirs, ours) ? 0 : 1;
            Disagreement about = disagreement(*ast->root, query, path, words, theirs, ours);
            if (about.difference.kind == Difference::Kind::none) {
                continue;
            }
            QString reason = knownReason(about);
            if (reason.isEmpty() && anyPart(*ast->root, selectsHistograms)) {
                // Version 3.5 uses the memory of histograms again, and at times too early: begun
                // anew it may answer otherwise.
                m_prometheus->signal(SIGTERM);
                m_prometheus->exitCode();
                startPrometheus();
                QVERIFY(!m_theirs.isEmpty());
                about = disagreement(*ast->root, query, path, words,
                                     answerTo(m_theirs, path, words), ours);
                reason = about.difference.kind == Difference::Kind::none
                    ? u"right when begun anew"_s
                    : knownReason(about);
            }
            if (!reason.isEmpty()) {
                ++known[reason];
            } else if (++differing <= 40) {
                qWarning("%s\n    %s?%s\n    %s", query.c_str(), qPrintable(path),
                         qPrintable(words.toString()), qPrintable(about.difference.text));
            }
        }
        qInfo("%lld queries from seed %llu: %lld errors, %lld empty, %lld different, %lld counted "
              "otherwise",
              queries, static_cast<unsigned long long>(seed), failing, empty, differing,
              miscounted);
        for (const auto& [reason, times] : known) {
            qInfo("%lld by a way of version 3.5: %s", times, qPrintable(reason));
        }
        QCOMPARE(differing, 0);
        QCOMPARE(miscounted, 0);
    }
};

QTEST_GUILESS_MAIN(TestPrometheusGenerated)
#include "tst_prometheus_generated.moc"
