// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/encoding/compress.h"
#include "tests/support/program/child.h"
#include "tests/support/program/loopback.h"
#include "tests/support/program/raw_server.h"
#include "tests/support/program/stopwatch.h"
#include "tests/support/qt_test.h"

#include <algorithm>
#include <atomic>
#include <csignal>
#include <format>
#include <memory>
#include <string>

#include <QCoreApplication>
#include <QFile>
#include <QJsonArray>
#include <QJsonObject>
#include <QTemporaryDir>

using namespace watchfire;
using namespace watchfire::tests;
using namespace Qt::StringLiterals;

namespace {

constexpr int patienceMs = 30'000;
constexpr int observedSeconds = 12;
constexpr int flappers = 50;

std::string head(std::string_view more = {})
{
    return std::format("HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4\r\n"
                       "Connection: close\r\n{}\r\n",
                       more);
}

/// About 40 bytes a series.
std::string lines(std::uint64_t from, std::uint64_t to)
{
    std::string out;
    for (std::uint64_t i = from; i < to; ++i) {
        out += std::format("flood_total{{series=\"{:07}\"}} {}\n", i, i % 97);
    }
    return out;
}

const std::string& million()
{
    static const std::string text = lines(0, 1'000'000);
    return text;
}

void serveMillion(const RawConnection& connection)
{
    if (connection.readHead() && connection.write(head())) {
        connection.write(million());
    }
}

void serveByteByByte(const RawConnection& connection)
{
    if (connection.readHead() && connection.write(head())) {
        while (connection.rest(200) && connection.write("#")) { }
    }
}

void serveWithoutEnd(const RawConnection& connection)
{
    static const std::string text = lines(0, 10'000);
    if (connection.readHead() && connection.write(head())) {
        while (connection.write(text)) { }
    }
}

/// 256 MiB of comments that travel as a quarter of a MiB.
const std::string& bomb()
{
    static const std::string packed = [] {
        std::string comments;
        while (comments.size() < (std::size_t{256} << 20)) {
            comments += "# " + std::string(1'021, 'a') + "\n";
        }
        return encoding::gzipCompress(comments);
    }();
    return packed;
}

void serveBomb(const RawConnection& connection)
{
    if (connection.readHead()
        && connection.write(
            head(std::format("Content-Encoding: gzip\r\nContent-Length: {}\r\n", bomb().size())))) {
        connection.write(bomb());
    }
}

void serveBadUtf8(const RawConnection& connection)
{
    if (connection.readHead()) {
        connection.write(head() + "fine 1\nname{label=\"\xC3\x28\"} 1\n");
    }
}

/// Good, an error, and gone, in turns.
void serveFlapping(const RawConnection& connection)
{
    static std::atomic<unsigned> turn = 0;
    const unsigned now = turn++ % 3;
    if (!connection.readHead() || now == 2) {
        return;
    }
    connection.write(now == 0 ? head() + lines(0, 50)
                              : "HTTP/1.1 500 Internal Server Error\r\nConnection: close\r\n\r\n");
}

} // namespace

/// Targets that mean harm, or act so, against the whole program: each is named, and the others
/// notice nothing.
class TestHostileTargets : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    ServedMetrics m_good{lines(0, 200)};
    Child m_program;
    QString m_url;
    qint64 m_quietKiB = 0;

    QString writeConfig(const QByteArray& jobs) const
    {
        QFile file(m_dir.filePath(u"prometheus.yml"_s));
        const QByteArray text = "global: {scrape_interval: 1s, scrape_timeout: 1s}\n"
                                "scrape_configs:\n"
            + jobs;
        return file.open(QIODevice::WriteOnly | QIODevice::Truncate)
                && file.write(text) == text.size()
            ? file.fileName()
            : QString();
    }
    static QByteArray job(const char* name, const QString& address, int times = 1,
                          const char* interval = "1s")
    {
        QByteArray targets;
        for (int i = 0; i < times; ++i) {
            targets += QByteArray(i == 0 ? "" : ", ") + "{targets: ['" + address.toUtf8()
                + "'], labels: {number: '" + QByteArray::number(i) + "'}}";
        }
        return QByteArray("- job_name: ") + name + "\n  scrape_interval: " + interval
            + "\n  scrape_timeout: " + interval + "\n  static_configs: [" + targets + "]\n";
    }

    QJsonArray ask(const QString& expr) const
    {
        return getJson(m_url, u"/api/v1/query"_s, {{u"query"_s, expr}})
            .value(u"data"_s)[u"result"_s]
            .toArray();
    }
    double number(const QString& expr) const
    {
        const QJsonArray result = ask(expr);
        return result.size() == 1 ? result[0][u"value"_s][1].toString().toDouble() : -1;
    }
    QJsonObject target(const QString& job) const
    {
        for (const QJsonValue& each :
             getJson(m_url, u"/api/v1/targets"_s).value(u"data"_s)[u"activeTargets"_s].toArray()) {
            if (each[u"scrapePool"_s] == job) {
                return each.toObject();
            }
        }
        return {};
    }

private slots:
    void initTestCase()
    {
        QVERIFY(!million().empty() && !bomb().empty()); // made before anybody waits for them
        QVERIFY(m_program.start(QCoreApplication::applicationDirPath() + u"/watchfire"_s,
                                {u"--headless"_s, u"--no-first-run"_s, u"--profile"_s,
                                 m_dir.filePath(u"profile"_s), u"--config"_s,
                                 writeConfig(job("good", m_good.address())), u"--listen"_s,
                                 u"127.0.0.1:0"_s}));
        m_url = m_program.waitFor(u"listening on (\\S+)"_s);
        QVERIFY2(!m_url.isEmpty(), m_program.output().constData());
        QVERIFY(
            QTest::qWaitFor([&] { return number(u"count_over_time(up[1m])"_s) >= 3; }, patienceMs));
        m_program.forgetPeak();
        QVERIFY(
            QTest::qWaitFor([&] { return number(u"count_over_time(up[1m])"_s) >= 5; }, patienceMs));
        m_quietKiB = m_program.peakKiB();
        QVERIFY(m_quietKiB > 0);
    }

    void othersNoticeNothing()
    {
        const RawServer flood(&serveMillion);
        const RawServer loris(&serveByteByByte);
        const RawServer endless(&serveWithoutEnd);
        const RawServer packed(&serveBomb);
        const RawServer badUtf8(&serveBadUtf8);
        const RawServer flapping(&serveFlapping);
        QVERIFY(!writeConfig(
                     job("good", m_good.address()) + job("million", flood.address(), 1, "5s")
                     + job("loris", loris.address()) + job("endless", endless.address(), 1, "5s")
                     + job("bomb", packed.address(), 1, "5s") + job("utf8", badUtf8.address())
                     + job("flapping", flapping.address(), flappers))
                     .isEmpty());
        m_program.forgetPeak();
        const Stopwatch watch;
        const qint64 cpuBefore = m_program.cpuMs();
        m_program.signal(SIGHUP);
        // All of them were met for a while.
        QVERIFY(QTest::qWaitFor(
            [&] {
                return number(u"min(count_over_time(up{job=\"flapping\"}[1m]))"_s)
                    >= observedSeconds
                    && number(u"count(up)"_s) == flappers + 6;
            },
            3 * patienceMs));

        struct Wanted {
            const char* job;
            const char* error; ///< a pattern
        };
        for (const Wanted& wanted : {
                 Wanted{"million", "limit"},
                 Wanted{"loris", "scrape timeout"},
                 Wanted{"endless", "limit|scrape timeout"},
                 Wanted{"bomb", "limit|times its size"},
                 Wanted{"utf8", "UTF-8"},
             }) {
            const QString name = QString::fromLatin1(wanted.job);
            QJsonObject one;
            QVERIFY2(QTest::qWaitFor(
                         [&] {
                             one = target(name);
                             return one[u"health"_s] == u"down"_s;
                         },
                         patienceMs),
                     qPrintable(name + u": "_s + one[u"health"_s].toString()));
            QVERIFY2(one[u"lastError"_s].toString().contains(
                         QRegularExpression(QString::fromLatin1(wanted.error))),
                     qPrintable(name + u": "_s + one[u"lastError"_s].toString()));
            // Nothing but the scrape's own series.
            QCOMPARE(
                number(u"count({job=\"%1\",__name__!~\"up|scrape_.*\"}) or vector(0)"_s.arg(name)),
                0.0);
        }
        QCOMPARE(number(u"min(max_over_time(up{job=\"flapping\"}[1m]))"_s), 1.0);

        // The good one was scraped at each of its turns.
        QCOMPARE(number(u"min_over_time(up{job=\"good\"}[%1s])"_s.arg(observedSeconds)), 1.0);
        const QJsonArray samples
            = ask(u"up{job=\"good\"}[%1s]"_s.arg(observedSeconds))[0][u"values"_s].toArray();
        double longest = 0;
        for (qsizetype i = 1; i < samples.size(); ++i) {
            longest = std::max(longest, samples[i][0].toDouble() - samples[i - 1][0].toDouble());
        }
        qInfo("longest time between two scrapes of the good one: %.3f s", longest);
        if (!watch.isCrowded(m_program.cpuMs() - cpuBefore + watch.thisProcessCpuMs())) {
            QCOMPARE_GE(samples.size(), observedSeconds - 1);
            QCOMPARE_LT(longest, 1.5);
        }

        const qint64 grownKiB = m_program.peakKiB() - m_quietKiB;
        qInfo("memory: %lld MiB before, %lld MiB more with all of them", m_quietKiB >> 10,
              grownKiB >> 10);
        QCOMPARE_LE(grownKiB, 50 << 10);
    }
};

QTEST_GUILESS_MAIN(TestHostileTargets)
#include "tst_hostile_targets.moc"
