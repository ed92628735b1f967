// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/query.h"
#include "core/storage/memory_store.h"

#include <QTest>

using namespace watchfire;
using namespace watchfire::promql;
using namespace Qt::StringLiterals;

namespace {

constexpr int samples = 20; // one each 15 s from the epoch

/// "kind: in>out read values", a line a part, those below it indented.
QString drawn(const NodeReport& report, int depth = 0)
{
    QString out = QString(depth * 2, u' ')
        + u"%1: %2>%3 %4 %5\n"_s.arg(QString::fromStdString(report.kind))
              .arg(report.seriesIn)
              .arg(report.seriesOut)
              .arg(report.samplesRead)
              .arg(report.samplesOut);
    for (const NodeReport& child : report.children) {
        out += drawn(child, depth + 1);
    }
    return out;
}

} // namespace

/// What became of each part of a query.
class TestExplain : public QObject {
    Q_OBJECT

    storage::MemoryStore m_store;

    NodeReport explained(const char* query, int steps = 1)
    {
        QueryOptions options;
        options.explain = true;
        QueryTimes times;
        times.end = fromUnixMs((samples - 1) * 15'000);
        times.start = times.end - std::chrono::seconds(30) * (steps - 1);
        times.step = std::chrono::seconds(steps == 1 ? 0 : 30);
        auto result = evaluate(query, m_store, times, options);
        if (!result || !result->explanation) {
            qWarning("%s", result ? "no explanation" : result.error().message.c_str());
            return {};
        }
        return std::move(*result->explanation);
    }

private slots:
    void initTestCase()
    {
        const auto appender = m_store.appender();
        for (const auto& [name, instances] : {std::pair("requests", 4), std::pair("limits", 3)}) {
            for (int instance = 0; instance < instances; ++instance) {
                for (int i = 0; i < samples; ++i) {
                    SampleView sample;
                    sample.at = fromUnixMs(i * 15'000);
                    sample.value = i * (instance + 1);
                    QVERIFY(appender->append(
                        0, Labels{{"__name__", name}, {"instance", std::to_string(instance)}},
                        sample));
                }
            }
        }
        QVERIFY(appender->commit());
    }

    void partsAreCounted_data()
    {
        QTest::addColumn<QByteArray>("query");
        QTest::addColumn<int>("steps");
        QTest::addColumn<QString>("wanted");

        QTest::newRow("selector") << "requests"_ba << 1 << u"selector: 0>4 4 4\n"_s;
        QTest::newRow("several steps") << "requests"_ba << 3 << u"selector: 0>4 12 12\n"_s;
        QTest::newRow("parentheses are nothing")
            << "((requests))"_ba << 1 << u"selector: 0>4 4 4\n"_s;
        QTest::newRow("rate") << "rate(requests[1m])"_ba << 1
                              << u"function rate: 4>4 16 4\n  range selector: 0>4 16 16\n"_s;
        QTest::newRow("aggregation") << "topk(2, requests)"_ba << 1
                                     << u"aggregation topk: 4>2 4 2\n"
                                        "  number: 0>0 0 0\n"
                                        "  selector: 0>4 4 4\n"_s;
        QTest::newRow("filter") << "requests > 40"_ba << 1
                                << u"operator >: 4>4 4 2\n"
                                   "  selector: 0>4 4 4\n"
                                   "  number: 0>0 0 0\n"_s;
        QTest::newRow("subquery") << "max_over_time(requests[1m:30s])"_ba << 1
                                  << u"function max_over_time: 4>4 16 4\n"
                                     "  subquery: 4>4 8 8\n"
                                     "    selector: 0>4 8 8\n"_s;
        QTest::newRow("fixed in time") << "requests @ 60"_ba << 3 << u"selector: 0>4 4 12\n"_s;
        QTest::newRow("scalar") << "1 + 2"_ba << 1
                                << u"operator +: 0>0 0 0\n  number: 0>0 0 0\n  number: 0>0 0 0\n"_s;
        QTest::newRow("range vector") << "requests[1m]"_ba << 1 << u"range selector: 0>4 16 16\n"_s;
    }
    void partsAreCounted()
    {
        QFETCH(QByteArray, query);
        QFETCH(int, steps);
        QFETCH(QString, wanted);
        QCOMPARE(drawn(explained(query.constData(), steps)), wanted);
    }

    void unmatchedGroupsAreNamed_data()
    {
        QTest::addColumn<QByteArray>("query");
        QTest::newRow("arithmetic") << "requests / on(instance) limits"_ba;
        QTest::newRow("group_left") << "requests * on(instance) group_left limits"_ba;
        QTest::newRow("and") << "requests and on(instance) limits"_ba;
    }
    void unmatchedGroupsAreNamed()
    {
        QFETCH(QByteArray, query);
        const NodeReport report = explained(query.constData());
        QVERIFY(report.matching.has_value());
        QCOMPARE(report.seriesIn, std::uint64_t(7));
        QCOMPARE(report.matching->matchedGroups, std::uint64_t(3));
        QCOMPARE(report.matching->left.groups, std::uint64_t(1));
        QCOMPARE(report.matching->left.series, std::uint64_t(1));
        QVERIFY((report.matching->left.examples == std::vector{Labels{{"instance", "3"}}}));
        QCOMPARE(report.matching->right.groups, std::uint64_t(0));
        QVERIFY(report.matching->right.examples.empty());
    }

    void sidesAreThoseOfTheQuery()
    {
        const NodeReport report = explained("limits * on(instance) group_right requests");
        QVERIFY(report.matching.has_value());
        QCOMPARE(report.matching->left.groups, std::uint64_t(0));
        QCOMPARE(report.matching->right.series, std::uint64_t(1));
    }

    void thePartsAreWithinTheWhole()
    {
        const NodeReport report = explained("sum(rate(requests[1m])) / count(limits)", 5);
        QCOMPARE(report.text, std::string("sum(rate(requests[1m])) / count(limits)"));
        QCOMPARE(report.children.size(), std::size_t(2));
        std::chrono::nanoseconds below{};
        for (const NodeReport& child : report.children) {
            below += child.time;
            QVERIFY(child.time.count() > 0);
            QVERIFY(child.peakSamples > 0);
        }
        QVERIFY(report.time >= below);
        QVERIFY(report.peakSamples >= report.children.front().peakSamples);
        QCOMPARE(report.children.front().where.end, std::uint32_t(23));
        QCOMPARE(report.samplesRead,
                 report.children[0].samplesRead + report.children[1].samplesRead);
    }

    void noneUnlessAskedFor()
    {
        const auto result = evaluate("requests", m_store, QueryTimes::instant(fromUnixMs(0)), {});
        QVERIFY(result);
        QVERIFY(!result->explanation);
    }
};

QTEST_GUILESS_MAIN(TestExplain)
#include "tst_explain.moc"
