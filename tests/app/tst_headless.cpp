// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/bus_fault.h"
#include "core/tsdb/store.h"
#include "tests/app/ctl/run_ctl.h"
#include "tests/core/tsdb/store_reading.h"
#include "tests/support/program/child.h"
#include "tests/support/program/loopback.h"
#include "tests/support/qt_test.h"

#include <csignal>
#include <memory>

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTcpServer>
#include <QTemporaryDir>

using namespace watchfire;
using namespace watchfire::tests;
using namespace Qt::StringLiterals;

namespace {

constexpr int patienceMs = 20'000;

QString program()
{
    return QCoreApplication::applicationDirPath() + u"/watchfire"_s;
}

QByteArray configOf(const ServedMetrics& target)
{
    return "global: {scrape_interval: 1s, scrape_timeout: 1s}\n"
           "scrape_configs:\n"
           "  - job_name: shop\n"
           "    static_configs:\n"
           "      - targets: ['"
        + target.address().toUtf8() + "']\n";
}

} // namespace

/// The program's command line: what it prints and how it ends.
class TestHeadless : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_dir;

    QString path(const QString& name) const { return m_dir->filePath(name); }
    void write(const QString& name, const QByteArray& text) const
    {
        QVERIFY(QDir().mkpath(QFileInfo(path(name)).path()));
        QFile file(path(name));
        QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
        QCOMPARE(file.write(text), text.size());
    }
    QStringList flags(const QStringList& more = {}) const
    {
        return QStringList{u"--headless"_s, u"--no-first-run"_s, u"--profile"_s, path(u"profile"_s)}
        + more;
    }
    /// Its address once it serves; empty: it does not.
    static QString serve(Child& child, const QStringList& arguments)
    {
        return child.start(program(), arguments + QStringList{u"--listen"_s, u"127.0.0.1:0"_s})
            ? child.waitFor(u"listening on (\\S+)"_s)
            : QString();
    }
    static double number(const QString& url, const QString& expr)
    {
        const QJsonArray result = getJson(url, u"/api/v1/query"_s, {{u"query"_s, expr}})
                                      .value(u"data"_s)[u"result"_s]
                                      .toArray();
        return result.size() == 1 ? result[0][u"value"_s][1].toString().toDouble() : -1;
    }

private slots:
    void init() { m_dir = std::make_unique<QTemporaryDir>(); }

    void refuses_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("says"); // a pattern
        QTest::newRow("no such flag") << QStringList{u"--headles"_s} << 2 << u"--headles"_s;
        QTest::newRow("no such switch")
            << QStringList{u"--headless"_s, u"--enable"_s, u"remote-write"_s} << 2
            << u"remote-write"_s;
        QTest::newRow("a configuration that is not there")
            << QStringList{u"--headless"_s, u"--config"_s, u"/nowhere/prometheus.yml"_s} << 2
            << u"/nowhere/prometheus\\.yml"_s;
        QTest::newRow("a size that is none")
            << QStringList{u"--headless"_s, u"--retention-size"_s, u"much"_s} << 2
            << u"--retention-size"_s;
        QTest::newRow("an age that is none")
            << QStringList{u"--headless"_s, u"--retention"_s, u"long"_s} << 2 << u"--retention"_s;
        QTest::newRow("no memory for queries")
            << QStringList{u"--headless"_s, u"--query-max-memory"_s, u"little"_s} << 2
            << u"--query-max-memory"_s;
        QTest::newRow("more queries than the store has readers for")
            << QStringList{u"--headless"_s, u"--query-concurrency"_s, u"500"_s} << 2
            << u"--query-concurrency"_s;
        QTest::newRow("an address the world can reach")
            << QStringList{u"--headless"_s, u"--listen"_s, u"0.0.0.0:0"_s} << 2
            << u"0\\.0\\.0\\.0:0.*credentials"_s;
        QTest::newRow("no port") << QStringList{u"--headless"_s, u"--listen"_s, u"127.0.0.1"_s} << 2
                                 << u"127\\.0\\.0\\.1: write ADDRESS:PORT"_s;
    }
    void refuses()
    {
        QFETCH(QStringList, arguments);
        QFETCH(int, code);
        QFETCH(QString, says);
        Child child;
        QVERIFY(
            child.start(program(), arguments + QStringList{u"--profile"_s, path(u"profile"_s)}));
        QCOMPARE(child.exitCode(), std::optional(code));
        QVERIFY2(QString::fromUtf8(child.output()).contains(QRegularExpression(says)),
                 child.output().constData());
    }

    void queriesTakeNoMoreMemoryThanTheyMay_data()
    {
        QTest::addColumn<QString>("flag");
        QTest::newRow("one of them") << u"--query-max-memory"_s;
        QTest::newRow("all together") << u"--query-total-memory"_s;
    }
    void queriesTakeNoMoreMemoryThanTheyMay()
    {
        QFETCH(QString, flag);
        Child child;
        const QString url = serve(child, flags({flag, u"4KB"_s}));
        QVERIFY2(!url.isEmpty(), child.output().constData());
        const QJsonObject refused = getJson(url, u"/api/v1/query_range"_s,
                                            {{u"query"_s, u"vector(1)"_s},
                                             {u"start"_s, u"0"_s},
                                             {u"end"_s, u"10000"_s},
                                             {u"step"_s, u"1"_s}});
        QCOMPARE(refused.value(u"errorType"_s).toString(), u"execution"_s);
        const QString error = refused.value(u"error"_s).toString();
        QVERIFY2(error.contains(u"4 KiB"_s) && error.contains(flag + u" raises that"_s),
                 qPrintable(error));
        QCOMPARE(number(url, u"vector(1)"_s), 1.0);
    }

    void aBrokenConfigNamesFileAndLine_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("says");
        QTest::newRow("no YAML") << "global:\n  scrape_interval: 1s\n  {\n"_ba
                                 << u"given\\.yml:[34]:\\d+: "_s;
        QTest::newRow("a duration that is none")
            << "global:\n  scrape_interval: soon\n"_ba << u"given\\.yml:2:\\d+: .*soon"_s;
        QTest::newRow("an unknown key")
            << "scrape_configs:\n  - job_name: a\n    intervall: 1s\n"_ba
            << u"given\\.yml:3:\\d+: .*intervall"_s;
    }
    void aBrokenConfigNamesFileAndLine()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, says);
        write(u"given.yml"_s, text);
        Child child;
        QVERIFY(child.start(program(), flags({u"--config"_s, path(u"given.yml"_s)})));
        QCOMPARE(child.exitCode(), std::optional(1));
        QVERIFY2(QString::fromUtf8(child.output()).contains(QRegularExpression(says)),
                 child.output().constData());
    }

    void aBrokenFileOfTheProfileDoesNotKeepItFromStarting()
    {
        write(u"profile/config/prometheus.yml"_s, "global:\n  scrape_interval: soon\n");
        Child child;
        const QString url = serve(child, flags());
        QVERIFY2(!url.isEmpty(), child.output().constData());
        QCOMPARE(get(url, u"/-/ready"_s).status, 200);
        QVERIFY2(!child.waitFor(u"(prometheus\\.yml:2:\\d+): "_s).isEmpty(),
                 child.output().constData());
    }

    void aProfileThatIsAFile()
    {
        write(u"profile"_s, "not a folder");
        Child child;
        QVERIFY(child.start(program(), flags()));
        QCOMPARE(child.exitCode(), std::optional(1));
        QVERIFY2(child.output().contains("watchfire: cannot make the folder "
                                         + path(u"profile"_s).toUtf8()),
                 child.output().constData());
    }

    void aProfileThatMayNotBeRead()
    {
        QVERIFY(QDir().mkpath(path(u"profile/data"_s)));
        QVERIFY(QFile::setPermissions(path(u"profile"_s), {}));
        Child child;
        child.dropRights();
        if (!child.start(program(), {u"--version"_s}) || child.exitCode() != 0) {
            QSKIP("SKIPPED-LOUDLY: a user without rights cannot run the program from here");
        }
        QVERIFY(child.start(program(), flags()));
        QCOMPARE(child.exitCode(), std::optional(1));
        QVERIFY2(
            QString::fromUtf8(child.output())
                .contains(QRegularExpression(
                    u"watchfire: cannot (make|use) the folder %1.*: "
                    "Permission denied"_s.arg(QRegularExpression::escape(path(u"profile"_s))))),
            child.output().constData());
        QVERIFY(QFile::setPermissions(path(u"profile"_s),
                                      QFile::ReadOwner | QFile::WriteOwner
                                          | QFile::ExeOwner)); // or it cannot be removed
    }

    void aStoreThatIsNone()
    {
        write(u"profile/data/store.mdb"_s, QByteArray(64 * 1024, 'x'));
        Child child;
        QVERIFY(child.start(program(), flags()));
        QCOMPARE(child.exitCode(), std::optional(1));
        QVERIFY2(child.output().contains(path(u"profile/data"_s).toUtf8()),
                 child.output().constData());
    }

    void aPortInUse_data()
    {
        QTest::addColumn<bool>("byOurselves");
        QTest::newRow("another program has it") << false;
        QTest::newRow("Watchfire on another profile has it") << true;
    }
    void aPortInUse()
    {
        QFETCH(bool, byOurselves);
        QTcpServer other;
        Child first;
        QString address;
        if (byOurselves) {
            address
                = serve(first,
                        {u"--headless"_s, u"--no-first-run"_s, u"--profile"_s, path(u"first"_s)})
                      .mid(7);
        } else {
            QVERIFY(other.listen(QHostAddress::LocalHost));
            address = u"127.0.0.1:%1"_s.arg(other.serverPort());
        }
        QVERIFY(!address.isEmpty());
        Child child;
        QVERIFY(child.start(program(), flags({u"--listen"_s, address})));
        QCOMPARE(child.exitCode(), std::optional(1));
        QVERIFY2(child.output().contains("watchfire: cannot listen on " + address.toUtf8()
                                         + ": Address already in use"),
                 child.output().constData());
    }

    void aSecondOneLeavesTheFirstAlone()
    {
        Child first;
        const QString url = serve(first, flags());
        QVERIFY2(!url.isEmpty(), first.output().constData());
        Child second;
        QVERIFY(second.start(program(), flags()));
        QCOMPARE(second.exitCode(), std::optional(0));
        QVERIFY2(second.output().contains("already running"), second.output().constData());
        QCOMPARE(get(url, u"/-/ready"_s).status, 200);
    }

    void endsCleanlyWithAllItAccepted_data()
    {
        QTest::addColumn<int>("signal");
        QTest::addColumn<bool>("withWindow");
        QTest::newRow("SIGTERM") << SIGTERM << false;
        QTest::newRow("SIGINT") << SIGINT << false;
        QTest::newRow("SIGTERM, and a window that would ask") << SIGTERM << true;
    }
    void endsCleanlyWithAllItAccepted()
    {
        QFETCH(int, signal);
        QFETCH(bool, withWindow);
        const ServedMetrics target("a 1\nb{c=\"d\"} 2\n");
        write(u"given.yml"_s, configOf(target));
        Child child;
        // Left to itself it would not commit before the test is over.
        QStringList arguments
            = flags({u"--config"_s, path(u"given.yml"_s), u"--commit-interval"_s, u"60s"_s});
        if (withWindow) {
            arguments.removeOne(u"--headless"_s);
        }
        const QString url = serve(child, arguments);
        QVERIFY2(!url.isEmpty(), child.output().constData());
        QTRY_VERIFY_WITH_TIMEOUT(number(url, u"count_over_time(a[1m])"_s) >= 2, patienceMs);
        const QJsonObject answered = getJson(url, u"/api/v1/query"_s, {{u"query"_s, u"a[1m]"_s}});
        child.signal(signal);
        QCOMPARE(child.exitCode(), std::optional(0));

        // What the hand-off file holds would be recovered too: without it only what was
        // committed is there.
        QVERIFY(QFile::remove(path(u"profile/data/handoff"_s)));
        tsdb::OpenOptions options;
        options.directory = path(u"profile/data"_s).toStdString();
        options.readOnly = true;
        const auto store = tsdb::Store::open(options);
        QVERIFY2(store, store ? "" : store.error().message.c_str());
        const auto stored = tsdb::readAll(**store);
        const QJsonArray samples = answered.value(u"data"_s)[u"result"_s][0][u"values"_s].toArray();
        QVERIFY(samples.size() >= 2);
        for (const char* name : {"a", "b"}) {
            const auto series = std::ranges::find_if(stored, [&](const auto& each) {
                return each.first.starts_with(std::string(name) + "{")
                    || each.first.contains("__name__=\"" + std::string(name) + "\"");
            });
            QVERIFY2(series != stored.end(), name);
            for (const QJsonValue& sample : samples) {
                const auto at = std::int64_t(std::llround(sample[0].toDouble() * 1'000));
                QVERIFY2(series->second.contains(at), name);
            }
        }
    }

    void historyIsBroughtInDeletedAndCopied()
    {
        Child child;
        const QString url = serve(child, flags({u"--enable"_s, u"admin-api"_s}));
        QVERIFY2(!url.isEmpty(), child.output().constData());
        // A year ago, in order and not.
        QByteArray history = "# TYPE shop_orders gauge\n";
        for (int i = 0; i < 100; ++i) {
            for (const char* const till : {"one", "two"}) {
                history += QByteArray("shop_orders{till=\"") + till + "\"} " + QByteArray::number(i)
                    + ' ' + QByteArray::number(1'700'000'000 + i * 60) + '\n';
            }
        }
        history += "# EOF\n";
        const Ran brought
            = ctl({u"tsdb"_s, u"import-openmetrics"_s, u"-"_s, u"--url"_s, url}, history);
        QVERIFY2(brought.exit == 0, brought.err.constData());
        QVERIFY2(brought.out.startsWith("200 samples stored"), brought.out.constData());
        const auto countAt = [&](const char* till, int at) {
            const QJsonArray result
                = getJson(url, u"/api/v1/query"_s,
                          {{u"query"_s,
                            u"count_over_time(shop_orders{till=\"%1\"}[1d])"_s.arg(
                                QLatin1String(till))},
                           {u"time"_s, QString::number(at)}})
                      .value(u"data"_s)[u"result"_s]
                      .toArray();
            return result.isEmpty() ? 0 : result[0][u"value"_s][1].toString().toInt();
        };
        constexpr int end = 1'700'000'000 + 100 * 60;
        QCOMPARE(countAt("one", end), 100);
        const auto admin = [&](const QString& what) {
            return send("POST", url, u"/api/v1/admin/tsdb/"_s + what);
        };
        const Got deleted
            = admin(u"delete_series?match[]=shop_orders%7Btill=%22one%22%7D&end=1700002999"_s);
        QVERIFY2(deleted.status == 204, deleted.body.constData());
        QCOMPARE(countAt("one", end), 50);
        QCOMPARE(countAt("two", end), 100);
        QCOMPARE(admin(u"clean_tombstones"_s).status, 204);
        QCOMPARE(countAt("one", end), 50);
        const Got copied = admin(u"snapshot"_s);
        QVERIFY2(copied.status == 200, copied.body.constData());
        const QString name = QJsonDocument::fromJson(copied.body)[u"data"_s][u"name"_s].toString();
        QVERIFY2(!name.isEmpty(), copied.body.constData());
        // The copy holds that, and is sound; the engine goes on beside it.
        const QString copy = path(u"profile/data/snapshots/"_s + name);
        const Ran verified = ctl({u"tsdb"_s, u"verify"_s, u"--data"_s, copy});
        QVERIFY2(verified.exit == 0, verified.err.constData());
        const Ran dumped = ctl({u"tsdb"_s, u"dump-openmetrics"_s, u"--data"_s, copy});
        QCOMPARE(dumped.out.count("shop_orders{till=\"one\"}"), qsizetype(50));
        QCOMPARE(dumped.out.count("shop_orders{till=\"two\"}"), qsizetype(100));
        QCOMPARE(countAt("two", end), 100);
    }

    void aStoreCutShortIsNamedAndChecked()
    {
        const ServedMetrics target("a 1\n");
        write(u"given.yml"_s, configOf(target));
        const QStringList arguments
            = flags({u"--config"_s, path(u"given.yml"_s), u"--commit-interval"_s, u"200ms"_s});
        const QString store = path(u"profile/data/store.mdb"_s);
        {
            Child child;
            const QString url = serve(child, arguments);
            QVERIFY2(!url.isEmpty(), child.output().constData());
            QTRY_VERIFY_WITH_TIMEOUT(number(url, u"count_over_time(a[1m])"_s) >= 2, patienceMs);
            // Its head stays, and what that leads to is gone. The next look at it fails.
            QVERIFY(QFile::resize(store, 8'192));
            QCOMPARE(child.exitCode(), std::optional(tsdb::busFaultExit));
            QVERIFY2(
                child.output().contains("watchfire: cannot read " + store.toUtf8() + " any more: "),
                child.output().constData());
        }
        QFile lock(path(u"profile/data/store.lock"_s));
        QVERIFY(lock.open(QIODevice::ReadOnly));
        QVERIFY2(lock.readAll().endsWith(" check\n"), "the next start is not told to check");
        Child next;
        const QString url = serve(next, arguments);
        QVERIFY2(!url.isEmpty(), next.output().constData());
        QVERIFY2(!next.waitFor(u"(store\\.mdb is damaged)"_s).isEmpty(), next.output().constData());
        QTRY_COMPARE_WITH_TIMEOUT(number(url, u"up{job=\"shop\"}"_s), 1.0, patienceMs);
    }

    void readsItsFilesAgain()
    {
        const ServedMetrics target("a 1\n");
        write(u"given.yml"_s, "scrape_configs: []\n");
        Child child;
        const QString url = serve(child, flags({u"--config"_s, path(u"given.yml"_s)}));
        QVERIFY2(!url.isEmpty(), child.output().constData());
        QCOMPARE(get(url, u"/-/ready"_s).status, 200);
        write(u"given.yml"_s, configOf(target));
        child.signal(SIGHUP);
        QTRY_COMPARE_WITH_TIMEOUT(number(url, u"up{job=\"shop\"}"_s), 1.0, patienceMs);
        write(u"given.yml"_s, "scrape_configs: [{\n");
        child.signal(SIGHUP);
        QVERIFY2(!child.waitFor(u"(given\\.yml:\\d+:\\d+): "_s).isEmpty(),
                 child.output().constData());
        QCOMPARE(number(url, u"up{job=\"shop\"}"_s), 1.0);
    }
};

QTEST_GUILESS_MAIN(TestHeadless)
#include "tst_headless.moc"
