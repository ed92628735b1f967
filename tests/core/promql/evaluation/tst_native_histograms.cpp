// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/histogram_bounds.h"
#include "core/promql/histogram/arithmetic.h"
#include "core/promql/histogram/buckets.h"
#include "core/promql/histogram/statistics.h"
#include "core/promql/series_notation.h"

#include <limits>

#include <QTest>

using namespace watchfire;
using namespace watchfire::promql;
using namespace Qt::StringLiterals;

namespace {

Histogram made(const QByteArray& text)
{
    return *parseHistogram({text.constData(), std::size_t(text.size())});
}

} // namespace

class TestNativeHistograms : public QObject {
    Q_OBJECT
private slots:
    void bounds_data()
    {
        QTest::addColumn<int>("schema");
        QTest::addColumn<int>("index");
        QTest::addColumn<double>("bound");
        QTest::newRow("schema 0 counts in powers of two") << 0 << 3 << 8.0;
        QTest::newRow("index 0 ends at one") << 0 << 0 << 1.0;
        QTest::newRow("below one") << 0 << -2 << 0.25;
        // As Prometheus' table rounds them.
        QTest::newRow("finer") << 1 << 1 << 2 * 0.7071067811865475;
        QTest::newRow("finer, below one") << 2 << -3 << 0.5946035575013605;
        QTest::newRow("still finer") << 5 << 31 << 2 * 0.9785720620876999;
        QTest::newRow("finest") << 8 << 256 + 131 << 4 * 0.7128738720527471;
        QTest::newRow("finer than anybody's") << 20 << 1 << 1.0000006610368821;
        QTest::newRow("coarser") << -1 << 2 << 16.0;
        QTest::newRow("coarsest") << -4 << 1 << 65536.0;
        QTest::newRow("the last bucket ends with the greatest double")
            << 0 << 1024 << std::numeric_limits<double>::max();
    }

    void bounds()
    {
        QFETCH(int, schema);
        QFETCH(int, index);
        QFETCH(double, bound);
        QVERIFY(exponentialBound(index, schema) == bound);
    }

    void coarserBucketsHoldTheFinerOnes()
    {
        for (int index = -40; index <= 40; ++index) {
            for (int to = -4; to < 3; ++to) {
                const int coarse = coarserIndex(index, 3, to);
                QVERIFY(exponentialBound(coarse, to) >= exponentialBound(index, 3));
                QVERIFY(exponentialBound(coarse - 1, to) <= exponentialBound(index - 1, 3));
            }
        }
    }

    void sums_data()
    {
        QTest::addColumn<QByteArray>("left");
        QTest::addColumn<QByteArray>("right");
        QTest::addColumn<QByteArray>("sum"); // empty: incompatible
        QTest::newRow("the same layout") << "count:2 buckets:[1 1]"_ba << "count:3 buckets:[1 2]"_ba
                                         << "count:5 buckets:[2 3]"_ba;
        QTest::newRow("apart") << "count:1 buckets:[1]"_ba << "count:1 buckets:[1] offset:5"_ba
                               << "count:2 buckets:[1 0 0 0 0 1]"_ba;
        QTest::newRow("different schemas meet at the coarser")
            << "schema:1 count:2 buckets:[1 1] offset:1"_ba
            << "schema:0 count:1 buckets:[1] offset:1"_ba
            << "schema:0 count:3 buckets:[3] offset:1"_ba;
        QTest::newRow("the wider zero bucket takes what lies within")
            << "count:3 z_bucket:1 z_bucket_w:0.25 buckets:[1 1] offset:-1"_ba
            << "count:1 z_bucket:1 z_bucket_w:0.5"_ba
            << "count:4 z_bucket:3 z_bucket_w:0.5 buckets:[1]"_ba;
        QTest::newRow("and grows rather than cut a bucket")
            << "count:1 buckets:[1]"_ba << "count:1 z_bucket:1 z_bucket_w:0.75"_ba
            << "count:2 z_bucket:2 z_bucket_w:1"_ba;
        QTest::newRow("the bounds both have are left")
            << "schema:-53 count:3 custom_values:[1 2] buckets:[1 1 1]"_ba
            << "schema:-53 count:3 custom_values:[2 3] buckets:[1 1 1]"_ba
            << "schema:-53 count:6 custom_values:[2] buckets:[3 3]"_ba;
        QTest::newRow("custom and standard buckets do not add")
            << "schema:-53 custom_values:[1] buckets:[1]"_ba << "buckets:[1]"_ba << ""_ba;
    }

    void sums()
    {
        QFETCH(QByteArray, left);
        QFETCH(QByteArray, right);
        QFETCH(QByteArray, sum);
        for (const auto& [a, b] : {std::pair{left, right}, std::pair{right, left}}) {
            Histogram result = made(a);
            QCOMPARE(addTo(result, made(b)).compatible, !sum.isEmpty());
            if (!sum.isEmpty()) {
                compact(result);
                Histogram wanted = made(sum);
                compact(wanted);
                QVERIFY2(sameHistogram(result, wanted), toText(result).c_str());
                QVERIFY(subtractFrom(result, made(b)).compatible);
            }
        }
    }

    void resets_data()
    {
        QTest::addColumn<QByteArray>("earlier");
        QTest::addColumn<QByteArray>("later");
        QTest::addColumn<bool>("reset");
        QTest::newRow("growth") << "count:2 buckets:[1 1]"_ba << "count:3 buckets:[1 2]"_ba
                                << false;
        QTest::newRow("the count falls")
            << "count:2 buckets:[1 1]"_ba << "count:1 buckets:[1]"_ba << true;
        QTest::newRow("one bucket falls") << "count:2 buckets:[1 1]"_ba
                                          << "count:5 buckets:[0 5]"_ba << true;
        QTest::newRow("the hint says so")
            << "count:1 buckets:[1]"_ba
            << "count:9 buckets:[9] counter_reset_hint:reset"_ba << true;
        QTest::newRow("the hint says not")
            << "count:9 buckets:[9]"_ba
            << "count:1 buckets:[1] counter_reset_hint:not_reset"_ba << false;
        QTest::newRow("a finer schema") << "schema:0 count:1 buckets:[1]"_ba
                                        << "schema:1 count:9 buckets:[1 8]"_ba << true;
        QTest::newRow("a coarser schema is none")
            << "schema:1 count:2 buckets:[1 1] offset:1"_ba
            << "schema:0 count:3 buckets:[3] offset:1"_ba << false;
    }

    void resets()
    {
        QFETCH(QByteArray, earlier);
        QFETCH(QByteArray, later);
        QFETCH(bool, reset);
        QCOMPARE(isReset(made(earlier), made(later)), reset);
    }

    void aLargeValueDoesNotSwallowSmallOnes()
    {
        HistogramSum sum(made("sum:1 count:1"));
        sum.add(made("sum:1e100 count:1"));
        sum.add(made("sum:1 count:1"));
        sum.add(made("sum:-1e100 count:1"));
        QCOMPARE(sum.value().sum, 2.0);
    }

    void textOfAHistogram()
    {
        QCOMPARE(toText(made("count:20 sum:10 z_bucket_w:0.001 z_bucket:2 buckets:[1 2] "
                             "n_buckets:[1 2]")),
                 std::string("{count:20, sum:10, [-2,-1):2, [-1,-0.5):1, [-0.001,0.001]:2, "
                             "(0.5,1]:1, (1,2]:2}"));
    }

    void quantilesAndFractionsAreInverse()
    {
        const Histogram histogram
            = made("schema:2 count:40 sum:1 z_bucket:4 z_bucket_w:0.001 buckets:[3 0 9 2 4] "
                   "n_buckets:[6 5 0 7]");
        for (int i = 1; i < 40; ++i) {
            const double phi = i / 40.0;
            const double value = histogramQuantile(histogram, phi).value;
            const double share
                = histogramFraction(histogram, -std::numeric_limits<double>::infinity(), value)
                      .value;
            QVERIFY2(std::abs(share - phi) < 1e-9, qPrintable(QString::number(phi)));
        }
    }

    void classicBuckets_data()
    {
        QTest::addColumn<double>("phi");
        QTest::addColumn<double>("value");
        constexpr double infinity = std::numeric_limits<double>::infinity();
        QTest::newRow("in the first bucket, from zero") << 0.1 << 0.5;
        QTest::newRow("between bounds") << 0.5 << 1.75;
        QTest::newRow("in the last bucket, its lower bound") << 0.95 << 4.0;
        QTest::newRow("below") << -0.1 << -infinity;
        QTest::newRow("above") << 1.1 << infinity;
    }

    void classicBuckets()
    {
        QFETCH(double, phi);
        QFETCH(double, value);
        std::vector<ClassicBucket> buckets{
            {1, 20}, {2, 60}, {4, 90}, {std::numeric_limits<double>::infinity(), 100}};
        QCOMPARE(classicQuantile(buckets, phi).value, value);
    }

    void fallingBucketsAreEvened()
    {
        constexpr double infinity = std::numeric_limits<double>::infinity();
        std::vector<ClassicBucket> falling{{1, 50}, {2, 40}, {infinity, 60}};
        QVERIFY(classicQuantile(falling, 0.5).forcedMonotonicity);
        std::vector<ClassicBucket> rounded{{1, 50}, {2, 50 - 1e-12}, {infinity, 60}};
        QVERIFY(!classicQuantile(rounded, 0.5).forcedMonotonicity);
        std::vector<ClassicBucket> open{{1, 50}, {2, 60}};
        QVERIFY(std::isnan(classicQuantile(open, 0.5).value));
    }
};

QTEST_GUILESS_MAIN(TestNativeHistograms)
#include "tst_native_histograms.moc"
