// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/promql/evaluation/evaluated.h"

#include <limits>

#include <QRegularExpression>
#include <QTest>

using namespace watchfire;
using namespace watchfire::promql;
using namespace Qt::StringLiterals;

/// The memory a query may take: what is refused, how that is said, and that it is given back.
class TestQueryMemory : public QObject {
    Q_OBJECT

    static constexpr int series = 40;
    static constexpr std::uint64_t steps = 1'001;
    static constexpr std::uint64_t dense = series * steps * sizeof(double);
    storage::MemoryStore m_store;

    static QueryTimes times()
    {
        return {fromUnixMs(0), fromUnixMs((steps - 1) * 1'000), std::chrono::seconds(1)};
    }
    static QueryOptions options()
    {
        QueryOptions options;
        options.features = Features::all();
        return options;
    }

private slots:
    void initTestCase()
    {
        const auto appender = m_store.appender();
        // A sample each: few that are held, in rows of many cells.
        for (int i = 0; i < series; ++i) {
            for (const char* name : {"m", "n"}) {
                SampleView sample;
                sample.at = fromUnixMs(i * 7'000);
                sample.value = i;
                QVERIFY(appender->append(0, Labels{{"__name__", name}, {"i", std::to_string(i)}},
                                         sample));
            }
        }
        QVERIFY(appender->commit());
    }

    void queries_data()
    {
        QTest::addColumn<QByteArray>("query");
        QTest::addColumn<qulonglong>("least"); // bytes that it must have been charged
        QTest::addColumn<QByteArray>("part"); // that the refusal names
        const auto row
            = [](const char* name, const char* query, std::uint64_t least, const char* part) {
                  QTest::newRow(name) << QByteArray(query) << qulonglong(least) << QByteArray(part);
              };
        row("a result", "m", series * 300 * 16ULL, "m");
        row("rows of a side", "m + on(i) n", dense, "m + on(i) n");
        row("rows that are ranked", "quantile(0.5, m)", dense, "m");
        row("the best", "topk(1000, m)", dense, "topk(1000, m)");
        row("the first", "limitk(1000, m)", 2 * dense, "limitk(1000, m)");
        row("values", "count_values(\"v\", m)", 2 * dense, "count_values(\"v\", m)");
        row("groups", "stddev by (i) (m)", 4 * dense, "stddev by (i) (m)");
        row("a part twice", "sum(m) + count(m)", dense, "m");
        row("what is the same", "sort_by_label(m @ 100)", 0, "sort_by_label(m @ 100)");
        row("a subquery", "max_over_time(m[10m:100ms])", 16'000 * 3 * 8ULL, "m[10m:100ms]");
    }

    void queries()
    {
        QFETCH(QByteArray, query);
        QFETCH(qulonglong, least);
        QFETCH(QByteArray, part);
        MemoryBudget budget(std::uint64_t{1} << 40);
        QueryOptions asked = options();
        asked.maxBytes = std::uint64_t{1} << 40;
        asked.maxSamples = 1'000'000'000;
        asked.budget = &budget;
        const auto whole = evaluate(query.toStdString(), m_store, times(), asked);
        QVERIFY2(whole, whole ? "" : whole.error().message.c_str());
        const std::uint64_t needed = budget.peak();
        QVERIFY2(needed >= least, qPrintable(QString::number(needed)));
        QCOMPARE(budget.taken(), std::uint64_t{0});

        asked.maxBytes = needed;
        QVERIFY(evaluate(query.toStdString(), m_store, times(), asked).has_value());
        // What it takes last may be little, and of another part.
        asked.maxBytes = needed - 1;
        const auto refused = evaluate(query.toStdString(), m_store, times(), asked);
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, ErrorKind::limit);
        QVERIFY2(refused.error().message.starts_with("query would take "),
                 refused.error().message.c_str());
        QCOMPARE(budget.taken(), std::uint64_t{0});
        if (least > 0) {
            asked.maxBytes = least - 1;
            const auto early = evaluate(query.toStdString(), m_store, times(), asked);
            QVERIFY(!early);
            QVERIFY2(early.error().message.ends_with(": " + part.toStdString()),
                     early.error().message.c_str());
        }
    }

    void theRefusalSaysHowMuch()
    {
        QueryOptions asked = options();
        asked.maxBytes = 300 << 10;
        const auto refused = evaluate("quantile(0.5, m)", m_store, times(), asked);
        QVERIFY(!refused);
        const QByteArray message = QByteArray::fromStdString(refused.error().message);
        QVERIFY2(
            QRegularExpression(u"^query would take \\d\\d\\d KiB of memory and may take 300 KiB "
                               "\\(--query-max-memory raises that\\): m$"_s)
                .match(QString::fromUtf8(message))
                .hasMatch(),
            message.constData());
    }

    void nothingIsReadOfWhatIsRefused()
    {
        QueryOptions asked = options();
        asked.maxBytes = dense;
        QueryReport report;
        asked.report = &report;
        QVERIFY(!evaluate("quantile(0.5, m)", m_store, times(), asked).has_value());
        QCOMPARE(report.statistics.seriesRead, std::uint64_t{series});
        QCOMPARE(report.statistics.samplesRead, std::uint64_t{0});
    }

    void queriesShareWhatThereIs()
    {
        MemoryBudget budget(3 * dense);
        QueryOptions asked = options();
        asked.budget = &budget;
        QVERIFY(evaluate("quantile(0.5, m)", m_store, times(), asked).has_value());
        QVERIFY(budget.tryTake(2 * dense)); // by another query
        const auto refused = evaluate("quantile(0.5, m)", m_store, times(), asked);
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, ErrorKind::limit);
        QVERIFY2(refused.error().message.contains(
                     "and all queries together more than the 938 KiB that they may "
                     "(--query-total-memory raises that); try again: m"),
                 refused.error().message.c_str());
        QCOMPARE(budget.taken(), 2 * dense);
        budget.giveBack(2 * dense);
        QVERIFY(evaluate("quantile(0.5, m)", m_store, times(), asked).has_value());
    }

    void whatIsRefusedTakesNothing()
    {
        MemoryBudget budget(100);
        QVERIFY(budget.tryTake(60));
        QVERIFY(!budget.tryTake(41));
        QVERIFY(!budget.tryTake(std::numeric_limits<std::uint64_t>::max()));
        QCOMPARE(budget.taken(), std::uint64_t{60});
        QVERIFY(budget.tryTake(40)); // the other takes nothing from it
        QVERIFY(!budget.note(1)); // what is there already
        QCOMPARE(budget.taken(), std::uint64_t{101});
        budget.giveBack(101);
        QCOMPARE(budget.taken(), std::uint64_t{0});
    }

    /// More steps than any memory holds are refused before there is a place for each.
    void tooManyStepsAreRefusedAtOnce()
    {
        QueryOptions asked = options();
        asked.maxSamples = std::numeric_limits<std::uint64_t>::max();
        const auto refused
            = evaluate("max_over_time((m + scalar(n))[100y:1ms])", m_store, times(), asked);
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, ErrorKind::limit);
        QVERIFY2(refused.error().message.ends_with(": (m + scalar(n))[100y:1ms]"),
                 refused.error().message.c_str());
    }

    void histogramsCountByTheirSize()
    {
        storage::MemoryStore store;
        load(store, {"h {{schema:0 sum:10 count:6 buckets:[1 2 3]}}x100"});
        MemoryBudget budget(std::uint64_t{1} << 40);
        QueryOptions asked = options();
        asked.budget = &budget;
        const auto answer
            = evaluate("sum(h)", store, {fromUnixMs(0), fromUnixMs(1'500'000), every}, asked);
        QVERIFY(answer.has_value());
        QVERIFY(budget.peak() > 100 * 200);
    }
};

QTEST_GUILESS_MAIN(TestQueryMemory)
#include "tst_query_memory.moc"
