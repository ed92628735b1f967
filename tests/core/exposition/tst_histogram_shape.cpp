// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exposition/histogram_shape.h"
#include "tests/core/exposition/entries.h"

#include <limits>

#include <QObject>
#include <QTest>

using namespace watchfire;

namespace {

Histogram make(std::int32_t schema, std::vector<BucketSpan> spans, std::vector<double> counts)
{
    Histogram out;
    out.schema = schema;
    out.positiveSpans = std::move(spans);
    out.positiveBuckets = std::move(counts);
    return out;
}

QByteArray shape(const Histogram& histogram)
{
    return QByteArray::fromStdString(test::describe(histogram));
}

} // namespace

class TestHistogramShape : public QObject {
    Q_OBJECT
private slots:
    void compacts()
    {
        Histogram one = make(0, {{-3, 2}, {0, 0}, {1, 3}, {4, 1}}, {0, 1, 2, 0, 3, 0});
        QVERIFY(exposition::compact(one, 0));
        QCOMPARE(shape(one), QByteArray("{schema 0, count 0, sum 0, +[-2: 1], +[1: 2], +[1: 3]}"));
        QVERIFY(exposition::compact(one, 1));
        QCOMPARE(shape(one), QByteArray("{schema 0, count 0, sum 0, +[-2: 1 0 2 0 3]}"));
    }

    void refusesSpansThatDoNotAscend()
    {
        constexpr std::int32_t last = std::numeric_limits<std::int32_t>::max();
        for (const auto& spans :
             {std::vector<BucketSpan>{{5, 1}, {-1, 1}}, std::vector<BucketSpan>{{last, 2}},
              std::vector<BucketSpan>{{last, 1}, {last, 1}}}) {
            Histogram one = make(0, spans, {1, 1});
            one.positiveBuckets.resize(spans.size() == 1 ? 2 : spans.size(), 1.0);
            const Histogram before = one;
            QVERIFY(!exposition::compact(one, 0));
            QVERIFY(one == before);
        }
    }

    /// Buckets 1 … 4 of schema 1 are (1, √2] … (2√2, 4]; two and two of them make one of schema 0.
    void coarsens()
    {
        Histogram one = make(1, {{-1, 2}, {0, 4}, {3, 1}}, {1, 2, 3, 4, 5, 6, 7});
        exposition::coarsen(one, 0);
        QCOMPARE(shape(one), QByteArray("{schema 0, count 0, sum 0, +[0: 3 7 11], +[1: 7]}"));
        exposition::coarsen(one, -2);
        QCOMPARE(shape(one), QByteArray("{schema -2, count 0, sum 0, +[0: 3 25]}"));
    }

    void schemas()
    {
        QCOMPARE(exposition::schemaOfFactor(0), 8);
        QCOMPARE(exposition::schemaOfFactor(1.00271), 8);
        QCOMPARE(exposition::schemaOfFactor(1.1), 2);
        QCOMPARE(exposition::schemaOfFactor(2), 0);
        QCOMPARE(exposition::schemaOfFactor(4), -1);
        QCOMPARE(exposition::schemaOfFactor(1e9), -4);
        QVERIFY(exposition::schemaFault(make(8, {}, {})).empty());
        QVERIFY(exposition::schemaFault(make(-4, {}, {})).empty());
        QVERIFY(exposition::schemaFault(make(9, {}, {})).contains("schema is 9"));
        QVERIFY(exposition::schemaFault(make(-5, {}, {})).contains("schema is -5"));
    }

    void customBuckets()
    {
        Histogram one = make(Histogram::customSchema, {{1, 2}}, {1, 2});
        one.customValues = {1, 2};
        QVERIFY(exposition::schemaFault(one).empty());
        one.positiveSpans = {{2, 2}};
        QVERIFY(exposition::schemaFault(one).contains("reach to bucket 4"));
        one.positiveSpans = {{0, 2}};
        one.customValues = {2, 1};
        QVERIFY(exposition::schemaFault(one).contains("do not ascend"));
        one.customValues = {1, std::numeric_limits<double>::infinity()};
        QVERIFY(exposition::schemaFault(one).contains("+Inf"));
        one.customValues = {1, 2};
        one.zeroThreshold = 1;
        QVERIFY(exposition::schemaFault(one).contains("zero bucket"));
    }
};

QTEST_GUILESS_MAIN(TestHistogramShape)
#include "tst_histogram_shape.moc"
