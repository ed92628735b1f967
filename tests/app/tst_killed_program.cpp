// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/program/child.h"
#include "tests/support/program/loopback.h"
#include "tests/support/program/stopwatch.h"
#include "tests/support/qt_test.h"

#include <format>
#include <map>
#include <random>

#include <QCoreApplication>
#include <QFile>
#include <QJsonArray>
#include <QTemporaryDir>

using namespace watchfire::tests;
using namespace Qt::StringLiterals;

namespace {

constexpr int series = 40;
constexpr qint64 reopenLimitMs = 2'000;
constexpr int patienceMs = 20'000;

/// All series of one answer have the same value, its number: a row that mixes two is torn.
std::string exposition(std::uint64_t number)
{
    std::string out = "# TYPE answered gauge\n";
    for (int i = 0; i < series; ++i) {
        out += std::format("answered{{i=\"{}\"}} {}\n", i, number);
    }
    return out;
}

/// What the program answers: by time, the value of each series as text.
using Rows = std::map<qint64, std::map<QString, QString>>;

Rows rowsOf(const QString& url)
{
    Rows rows;
    const QJsonObject answer = getJson(url, u"/api/v1/query"_s, {{u"query"_s, u"answered[1h]"_s}});
    for (const QJsonValue& each : answer.value(u"data"_s)[u"result"_s].toArray()) {
        const QString name = each[u"metric"_s][u"i"_s].toString();
        for (const QJsonValue& sample : each[u"values"_s].toArray()) {
            rows[std::llround(sample[0].toDouble() * 1'000)][name] = sample[1].toString();
        }
    }
    return rows;
}

/// Empty: every row is whole.
QString torn(const Rows& rows)
{
    for (const auto& [at, row] : rows) {
        if (int(row.size()) != series) {
            return u"the row of %1 has %2 samples"_s.arg(at).arg(row.size());
        }
        for (const auto& [name, value] : row) {
            if (value != row.begin()->second) {
                return u"the row of %1 mixes answers %2 and %3"_s.arg(at).arg(value,
                                                                              row.begin()->second);
            }
        }
    }
    return {};
}

} // namespace

class TestKilledProgram : public QObject {
    Q_OBJECT

private slots:
    void whatItAnsweredSurvives()
    {
        bool given = false;
        const int wanted = qEnvironmentVariableIntValue("WATCHFIRE_KILLS", &given);
        const int rounds = given ? wanted : 50;
        QVERIFY(rounds > 0);
        const QTemporaryDir dir;
        ServedMetrics target;
        target.serveEach(exposition);
        const QString config = dir.filePath(u"prometheus.yml"_s);
        QFile file(config);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("global: {scrape_interval: 1s, scrape_timeout: 1s}\n"
                   "scrape_configs:\n"
                   "  - job_name: shop\n"
                   "    static_configs: [{targets: ['"
                   + target.address().toUtf8() + "']}]\n");
        file.close();

        std::mt19937 random(20261122);
        Rows answered;
        qint64 slowest = 0;
        qint64 slowestByCpu = 0;
        int crowded = 0; ///< starts that the clock could not judge
        for (int round = 0; round <= rounds; ++round) {
            // Every other one commits all the time, so that kills meet commits.
            const QString commits = round % 2 == 0 ? u"5s"_s : u"200ms"_s;
            Child child;
            Stopwatch watch;
            QVERIFY(child.start(QCoreApplication::applicationDirPath() + u"/watchfire"_s,
                                {u"--headless"_s, u"--no-first-run"_s, u"--profile"_s,
                                 dir.filePath(u"profile"_s), u"--config"_s, config, u"--listen"_s,
                                 u"127.0.0.1:0"_s, u"--commit-interval"_s, commits}));
            const QString url = child.waitFor(u"listening on (\\S+)"_s);
            QVERIFY2(!url.isEmpty(), child.output().constData());
            QCOMPARE(get(url, u"/-/ready"_s).status, 200);
            const qint64 byClock = watch.clockMs();
            const qint64 byCpu = child.cpuMs();
            slowest = std::max(slowest, byClock);
            slowestByCpu = std::max(slowestByCpu, byCpu);
            if (byClock >= reopenLimitMs && watch.isCrowded(byCpu)) {
                ++crowded;
                QVERIFY2(byCpu < reopenLimitMs,
                         qPrintable(u"reopened with %1 ms of the processor's"_s.arg(byCpu)));
            } else {
                QVERIFY2(byClock < reopenLimitMs,
                         qPrintable(u"reopened after %1 ms"_s.arg(byClock)));
            }

            const Rows reopened = rowsOf(url);
            for (const auto& [at, row] : answered) {
                const auto there = reopened.find(at);
                QVERIFY2(there != reopened.end() && there->second == row,
                         qPrintable(u"round %1: the row of %2 is lost"_s.arg(round).arg(at)));
            }
            if (round == rounds) {
                QCOMPARE(torn(reopened), QString());
                break;
            }
            // It is asked until it dies; what it said last is what must be there again. Some die
            // before they have scraped at all.
            const std::size_t before = answered.size();
            const bool early = round % 5 == 4;
            const int forMs = int(random() % (early ? 300 : 1'400));
            watch.start();
            while (watch.clockMs() < forMs || (!early && answered.size() <= before)) {
                answered = rowsOf(url);
                QCOMPARE(torn(answered), QString());
                QVERIFY2(answered.size() >= before, "an answer lacks rows of the one before");
                QVERIFY2(watch.clockMs() < patienceMs, "no scrape was stored");
            }
            child.kill();
        }
        QVERIFY2(answered.size() >= std::size_t(rounds) / 2, "most rounds stored a row");
        qInfo("%d kills, %zu rows there, slowest start %lld ms, %lld of the processor's", rounds,
              answered.size(), static_cast<long long>(slowest),
              static_cast<long long>(slowestByCpu));
        if (crowded > 0) {
            qInfo(
                "%d starts took longer by the clock on a crowded machine; the processor time they "
                "took decided",
                crowded);
        }
    }
};

QTEST_GUILESS_MAIN(TestKilledProgram)
#include "tst_killed_program.moc"
