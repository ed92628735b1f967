// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "test_places.h"

#include <atomic>
#include <cmath>
#include <limits>
#include <memory>
#include <thread>
#include <watchfire/client/exposition.h>
#include <watchfire/client/process.h>
#include <watchfire/client/registry.h>

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace watchfire::client;

namespace {

constexpr double inf = std::numeric_limits<double>::infinity();

QByteArray bytes(const std::string& text)
{
    return QByteArray::fromStdString(text);
}

QByteArray golden(const QString& name)
{
    QFile file(QStringLiteral(WATCHFIRE_SOURCE_DIR "/tests/core/client/") + name);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : "there is no such file"_ba;
}

void write(const QString& path, const QByteArray& text)
{
    QVERIFY(QDir().mkpath(QFileInfo(path).path()));
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(text);
}

} // namespace

class TestClient : public QObject {
    Q_OBJECT
private slots:
    void countersOnlyGrow()
    {
        Counter counter;
        counter.increment();
        counter.increment(0.5);
        counter.increment(1e18);
        QCOMPARE(counter.value(), 1e18 + 1.5);
        counter.increment(-1);
        counter.increment(std::nan(""));
        QCOMPARE(counter.value(), 1e18 + 1.5);
        counter.increment(inf);
        QCOMPARE(counter.value(), inf);
    }

    void gaugesGoBothWays()
    {
        Gauge gauge;
        gauge.set(4);
        gauge.increment();
        gauge.decrement(7.5);
        QCOMPARE(gauge.value(), -2.5);
        gauge.setToCurrentTime();
        QVERIFY(gauge.value() > 1.6e9);
    }

    void bucketsIncludeTheirBound()
    {
        Histogram histogram(std::vector<double>{5, 1, 2.5, 1, inf, std::nan("")});
        QCOMPARE(histogram.upperBounds(), (std::vector<double>{1, 2.5, 5}));
        for (const double value : {0.5, 1.0, 1.5, 5.0, 6.0, -3.0}) {
            histogram.observe(value);
        }
        QCOMPARE(histogram.counts(), (std::vector<std::uint64_t>{3, 1, 1, 1}));
        QCOMPARE(histogram.count(), 6U);
        QCOMPARE(histogram.sum(), 11.0);
        histogram.observe(std::nan(""));
        QCOMPARE(histogram.counts().back(), 2U);
    }

    void bucketsByRule()
    {
        QCOMPARE(Histogram::linearBuckets(-1, 0.5, 4), (std::vector<double>{-1, -0.5, 0, 0.5}));
        QCOMPARE(Histogram::exponentialBuckets(1, 10, 3), (std::vector<double>{1, 10, 100}));
        QCOMPARE(Histogram::linearBuckets(0, 1, 0), std::vector<double>());
    }

    void aTimerObservesWhenItGoes()
    {
        const Summary summary;
        {
            const Timer timer(summary);
            QCOMPARE(summary.count(), 0U);
        }
        QCOMPARE(summary.count(), 1U);
        QVERIFY(summary.sum() >= 0 && summary.sum() < 60);
    }

    void bothFormats()
    {
        Registry registry;
        registry.counter("jobs", "Jobs done.\nAll \"of\" them \\o/").increment(3);
        registry.gauge("temperature_celsius", "").set(-4.25);
        registry.info("build", "The build.", {{"version", "1.0"}, {"path", "C:\\x\n\"y\""}});
        auto sizes = registry.histograms("size_bytes", "Sizes.", {"kind"}, {1, 2.5});
        sizes.with({"a"}).observe(2);
        registry.summary("wait_seconds", "Waits.").observe(0.125);
        registry.counters("unused_total", "Never.", {"x"}); // no series yet: nothing to say

        QCOMPARE(bytes(toText(registry)), golden(u"expected.txt"_s));
        QCOMPARE(bytes(toOpenMetrics(registry)), golden(u"expected_openmetrics.txt"_s));
        QVERIFY(registry.faults().empty());
    }

    void timestampsAndUnits()
    {
        FamilySnapshot family = single("lag_seconds", MetricType::gauge, "", 2);
        family.unit = "seconds";
        family.samples[0].timestampMs = 1'500;
        QCOMPARE(bytes(toText({family})), "# TYPE lag_seconds gauge\nlag_seconds 2 1500\n"_ba);
        QCOMPARE(
            bytes(toOpenMetrics({family})),
            "# TYPE lag_seconds gauge\n# UNIT lag_seconds seconds\nlag_seconds 2 1.5\n# EOF\n"_ba);
        family.unit = "bytes"; // not what the name ends in: OpenMetrics forbids it
        QVERIFY(!bytes(toOpenMetrics({family})).contains("UNIT"));
        QCOMPARE(bytes(toText({single("x", MetricType::unknown, "", 1)})),
                 "# TYPE x untyped\nx 1\n"_ba);
    }

    void values_data()
    {
        QTest::addColumn<double>("value");
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("whole") << 42.0 << "42"_ba;
        QTest::newRow("shortest") << 0.1 << "0.1"_ba;
        QTest::newRow("all its digits") << 0.1 + 0.2 << "0.30000000000000004"_ba;
        QTest::newRow("large") << 1e300 << "1e+300"_ba;
        QTest::newRow("NaN") << std::nan("") << "NaN"_ba;
        QTest::newRow("infinity") << inf << "+Inf"_ba;
        QTest::newRow("minus infinity") << -inf << "-Inf"_ba;
        QTest::newRow("minus zero") << -0.0 << "-0"_ba;
    }

    void values()
    {
        QFETCH(double, value);
        QFETCH(QByteArray, text);
        QCOMPARE(bytes(formatValue(value)), text);
    }

    void labelsMakeSeries()
    {
        Registry registry;
        const auto family = registry.gauges("queue", "Queued.", {"name"});
        family.with({"b"}).set(2);
        family.with({"a"}).set(1);
        family.with({"b"}).increment();
        QCOMPARE(family.size(), std::size_t(2));
        QVERIFY(bytes(toText(registry)).endsWith("queue{name=\"a\"} 1\nqueue{name=\"b\"} 3\n"));
        // The same name again is the same family.
        registry.gauges("queue", "Queued.", {"name"}).with({"a"}).set(9);
        QVERIFY(bytes(toText(registry)).contains("queue{name=\"a\"} 9\n"));
        family.clear();
        QVERIFY(toText(registry).empty());
    }

    void aRemovedSeriesLeavesItsHandleGood()
    {
        Counter old;
        {
            Registry registry;
            const auto family = registry.counters("hits", "Hits.", {"page"});
            old = family.with({"x"});
            old.increment(5);
            QVERIFY(family.remove({"x"}));
            QVERIFY(!family.remove({"x"}));
            QVERIFY(toText(registry).empty());
            old.increment();
            QCOMPARE(family.with({"x"}).value(), 0.0); // a new one
            QVERIFY(registry.remove("hits_total"));
            QVERIFY(toText(registry).empty());
            old.increment();
        }
        old.increment(); // and the registry is gone
        QCOMPARE(old.value(), 8.0);
    }

    void badNamesAreToldAndNotShown_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("label");
        QTest::newRow("empty name") << u""_s << u"a"_s;
        QTest::newRow("dash") << u"a-b"_s << u"a"_s;
        QTest::newRow("digit first") << u"1a"_s << u"a"_s;
        QTest::newRow("not ASCII") << u"größe"_s << u"a"_s;
        QTest::newRow("colon in a label") << u"ok"_s << u"a:b"_s;
        QTest::newRow("reserved label") << u"ok"_s << u"__name__"_s;
        QTest::newRow("bucket label") << u"ok"_s << u"le"_s;
        QTest::newRow("empty label") << u"ok"_s << u""_s;
    }

    void badNamesAreToldAndNotShown()
    {
        QFETCH(QString, name);
        QFETCH(QString, label);
        Registry registry;
        Histogram histogram
            = registry.histograms(name.toStdString(), "", {label.toStdString()}).with({"v"});
        histogram.observe(1);
        QCOMPARE(histogram.count(), 1U);
        QVERIFY(toText(registry).empty());
        QCOMPARE(registry.faults().size(), std::size_t(1));
    }

    void misuseIsToldOnce()
    {
        Registry registry;
        registry.counters("a", "", {"x"}).with({"1"});
        for (int i = 0; i < 3; ++i) {
            registry.gauge("a", "").set(1); // another type
            registry.counters("a_total", "", {"y"}).with({"1"}).increment(); // other labels
            registry.counters("a_total", "", {"x"}).with({"1", "2"}).increment(); // too many
        }
        registry.counters("b", "", {"x", "x"}); // twice the same
        registry.info("a", "", {});
        QCOMPARE(registry.faults().size(), std::size_t(5));
        QCOMPARE(bytes(toText(registry)), "# TYPE a_total counter\na_total{x=\"1\"} 0\n"_ba);
    }

    void collectorsAreAskedAtTheScrape()
    {
        Registry registry;
        int asked = 0;
        auto handle = registry.addCollector([&asked](std::vector<FamilySnapshot>& out) {
            ++asked;
            out.push_back(single("asked_total", MetricType::counter, "", asked));
            out.push_back(single("b", MetricType::gauge, "", 1));
        });
        auto other = registry.addCollector([](std::vector<FamilySnapshot>& out) {
            FamilySnapshot more = single("b", MetricType::gauge, "", 2);
            more.samples[0].labels = {{"x", "y"}};
            out.push_back(more);
            out.push_back(single("asked", MetricType::gauge, "", 0)); // another type
        });
        auto thrower
            = registry.addCollector([](std::vector<FamilySnapshot>&) { throw std::exception(); });
        QCOMPARE(asked, 0);
        QCOMPARE(
            bytes(toText(registry)),
            "# TYPE asked_total counter\nasked_total 1\n# TYPE b gauge\nb 1\nb{x=\"y\"} 2\n"_ba);
        QCOMPARE(registry.faults().size(), std::size_t(2));
        handle.reset();
        QVERIFY(!bytes(toText(registry)).contains("asked_total"));
        QCOMPARE(asked, 1);
    }

    void aCollectorMayOutliveItsRegistry()
    {
        auto registry = std::make_unique<Registry>();
        CollectorHandle handle = registry->addCollector([](std::vector<FamilySnapshot>&) { });
        CollectorHandle moved = std::move(handle);
        registry.reset();
        moved.reset();
    }

    void threadsLoseNothing()
    {
        Registry registry;
        const auto counters = registry.counters("n", "", {"part"});
        Gauge gauge = registry.gauge("g", "");
        Histogram histogram = registry.histogram("h", "", {1, 2, 3});
        constexpr int rounds = 20'000;
        std::atomic<bool> done = false;
        std::thread reader([&] {
            while (!done) {
                static_cast<void>(toText(registry));
            }
        });
        std::vector<std::thread> writers;
        for (int t = 0; t < 3; ++t) {
            writers.emplace_back([&, t] {
                Counter mine = counters.with({std::string_view("part").substr(unsigned(t))});
                Counter shared = counters.with({"shared"});
                for (int i = 0; i < rounds; ++i) {
                    mine.increment();
                    shared.increment(0.5);
                    gauge.increment(1);
                    histogram.observe(i % 5);
                }
            });
        }
        for (auto& writer : writers) {
            writer.join();
        }
        done = true;
        reader.join();
        QCOMPARE(counters.with({"shared"}).value(), 1.5 * rounds);
        QCOMPARE(counters.with({"part"}).value(), double(rounds));
        QCOMPARE(gauge.value(), 3.0 * rounds);
        QCOMPARE(histogram.count(), std::uint64_t(3 * rounds));
        QCOMPARE(histogram.sum(), 3.0 * rounds * 2);
    }

    void theProcessAsLinuxTellsIt()
    {
        QTemporaryDir proc;
        write(proc.filePath(u"stat"_s), "cpu 1 2 3\nbtime 1700000000\n");
        write(proc.filePath(u"self/stat"_s),
              "7 (odd ) name) S 1 7 7 0 -1 4194304 100 0 0 0 250 150 0 0 20 0 4 0 5000 "
              "123456789 1000 18446744073709551615 0 0\n");
        write(proc.filePath(u"self/limits"_s),
              "Limit                     Soft Limit           Hard Limit           Units\n"
              "Max open files            1024                 524288               files\n"
              "Max address space         unlimited            unlimited            bytes\n");
        write(proc.filePath(u"self/fd/0"_s), "");
        write(proc.filePath(u"self/fd/1"_s), "");
        Registry registry;
        const auto handle = registry.addCollector(processCollector(proc.path().toStdString()));
        const QByteArray text = bytes(toText(registry));
        for (const char* const line :
             {"process_cpu_seconds_total 4\n", "process_max_fds 1024\n", "process_open_fds 2\n",
              "process_start_time_seconds 1700000050\n", "process_virtual_memory_bytes 123456789\n",
              "process_virtual_memory_max_bytes +Inf\n",
              "# TYPE process_cpu_seconds_total counter\n"}) {
            QVERIFY2(text.contains(line), line);
        }
        QVERIFY(text.contains("process_resident_memory_bytes "));
    }

    void whatTheSystemDoesNotTellIsLeftOut()
    {
        QTemporaryDir proc;
        Registry registry;
        const auto handle = registry.addCollector(processCollector(proc.path().toStdString()));
        QVERIFY(toText(registry).empty());
    }
};

QTEST_GUILESS_MAIN(TestClient)
#include "tst_client.moc"
