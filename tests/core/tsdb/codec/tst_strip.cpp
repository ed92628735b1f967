// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/codec/strip.h"
#include "core/tsdb/codec/timeline.h"
#include "tests/core/tsdb/codec/random_column.h"

#include <QTest>

using namespace watchfire;
using namespace watchfire::tsdb;
using watchfire::testing::ColumnShapes;

namespace {

std::vector<std::int64_t> times(std::size_t n, std::int64_t from = 1'700'000'000'000)
{
    std::vector<std::int64_t> at(n);
    for (std::size_t i = 0; i < n; ++i) {
        at[i] = from + 15'000 * static_cast<std::int64_t>(i) + (i % 7 == 0 ? 1 : 0);
    }
    return at;
}

} // namespace

class TestStrip : public QObject {
    Q_OBJECT
private slots:
    void columnsRoundTrip()
    {
        ColumnShapes shapes(31);
        for (int round = 0; round < 600; ++round) {
            const RandomColumn column = randomColumn(shapes, shapes.length());
            Bytes bytes;
            EncodeHint hint;
            encodeColumn(column.input(), bytes, hint);
            std::vector<double> values(column.values.size());
            ColumnExtras extras;
            extras.firstRow = static_cast<std::uint32_t>(shapes.number(100));
            const auto facts = decodeColumn(bytes, values, extras);
            QVERIFY2(facts, qPrintable(QStringLiteral("round %1").arg(round)));
            QCOMPARE(facts->bytes, bytes.size());
            QCOMPARE(difference(column, values, extras), QString());
            for (std::size_t n = frameValues; n < values.size(); n += frameValues) {
                std::vector<double> first(n);
                ColumnExtras more;
                more.firstRow = extras.firstRow;
                QVERIFY(decodeColumn(bytes, first, more, {}, values.size()));
                QCOMPARE(difference(column, first, more), QString());
            }
        }
    }

    void histogramsOfOneShapeShareTheirLayout()
    {
        ColumnShapes shapes(1);
        Histogram first;
        first.schema = 3;
        first.positiveSpans = {{0, 40}};
        first.positiveBuckets.resize(40);
        RandomColumn column;
        for (std::uint32_t i = 0; i < 128; ++i) {
            for (double& bucket : first.positiveBuckets) {
                bucket += static_cast<double>(shapes.number(3));
            }
            first.count += 40;
            column.values.push_back(histogramMarker());
            column.histograms.emplace_back(i, std::make_shared<const Histogram>(first));
        }
        Bytes bytes;
        EncodeHint hint;
        encodeColumn(column.input(), bytes, hint);
        QVERIFY2(bytes.size() < 128 * 20, qPrintable(QString::number(bytes.size())));
    }

    void aHistogramAloneRoundTrips()
    {
        ColumnShapes shapes(8);
        for (int round = 0; round < 200; ++round) {
            const Histogram histogram = testing::randomHistogram(shapes);
            Bytes bytes;
            encodeHistogram(histogram, bytes);
            const auto back = decodeHistogram(bytes);
            QVERIFY(back);
            QVERIFY(testing::sameBits(**back, histogram));
        }
    }

    void stripsRoundTrip_data()
    {
        QTest::addColumn<int>("rows");
        QTest::addColumn<int>("series");
        QTest::addColumn<qint64>("gap"); // between sids
        QTest::addColumn<bool>("late");
        QTest::newRow("the usual") << 32 << 200 << qint64(1) << false;
        QTest::newRow("no series") << 32 << 0 << qint64(1) << false;
        QTest::newRow("one row of late data") << 1 << 3 << qint64(5) << true;
        QTest::newRow("wide: sids far apart") << 32 << 5 << qint64(1'000'000'000) << false;
        QTest::newRow("wide: much data") << 512 << 60 << qint64(1) << false;
    }

    void stripsRoundTrip()
    {
        QFETCH(int, rows);
        QFETCH(int, series);
        QFETCH(qint64, gap);
        QFETCH(bool, late);
        ColumnShapes shapes(42);
        const auto at = times(std::size_t(rows));
        StripBuilder builder(77, at, late);
        std::vector<RandomColumn> columns;
        for (int i = 0; i < series; ++i) {
            columns.push_back(randomColumn(shapes, at.size()));
            EncodeHint hint;
            builder.add(static_cast<std::uint32_t>(12 + i * gap), columns.back().input(), hint);
        }
        const Bytes value = builder.finish();

        const auto strip = StripView::open(value);
        QVERIFY2(strip, strip ? "" : strip.error().message.c_str());
        QCOMPARE(strip->gid(), 77U);
        QCOMPARE(strip->isLate(), late);
        QCOMPARE(strip->rows(), at.size());
        QCOMPARE(strip->series(), columns.size());
        std::vector<std::int64_t> readAt(at.size());
        QVERIFY(strip->timestamps(readAt));
        QVERIFY(readAt == at);
        std::vector<double> values(at.size());
        for (std::size_t i = 0; i < columns.size(); ++i) {
            const auto sid = static_cast<std::uint32_t>(12 + qint64(i) * gap);
            QCOMPARE(strip->sid(i), sid);
            QVERIFY(strip->find(sid) == i);
            ColumnExtras extras;
            QVERIFY(strip->read(i, values, extras));
            QCOMPARE(difference(columns[i], values, extras), QString());
        }
        QVERIFY(!strip->find(11));
        QVERIFY(!strip->find(4'294'967'295U));
        QVERIFY(series == 0 || gap == 1 || !strip->find(13));
    }

    void everyFlippedBitIsNoticed()
    {
        ColumnShapes shapes(2);
        StripBuilder builder(1, times(8));
        EncodeHint hint;
        for (std::uint32_t sid = 0; sid < 5; ++sid) {
            builder.add(sid, randomColumn(shapes, 8).input(), hint);
        }
        Bytes value = builder.finish();
        for (std::size_t bit = 0; bit < value.size() * 8; ++bit) {
            value[bit / 8] = static_cast<std::uint8_t>(value[bit / 8] ^ 1U << bit % 8);
            const auto strip = StripView::open(value);
            QVERIFY2(!strip, qPrintable(QStringLiteral("bit %1").arg(bit)));
            QCOMPARE(strip.error().kind, ErrorKind::corrupt);
            value[bit / 8] = static_cast<std::uint8_t>(value[bit / 8] ^ 1U << bit % 8);
        }
        for (std::size_t size = 0; size < value.size(); ++size) {
            QVERIFY(!StripView::open(ByteView(value).first(size)));
        }
        QVERIFY(StripView::open(value));
    }

    void aVersionOfTheFutureIsNamedSo()
    {
        StripBuilder builder(1, times(8));
        Bytes value = builder.finish();
        value[2] = 9;
        const auto strip = StripView::open(value, Verify::no);
        QVERIFY(!strip);
        QCOMPARE(strip.error().kind, ErrorKind::unsupported);
    }

    void timelinesRoundTrip_data()
    {
        QTest::addColumn<int>("rows");
        QTest::newRow("one") << 1;
        QTest::newRow("a full segment") << 512;
        QTest::newRow("one more") << 513;
        QTest::newRow("eight hours at 250 ms") << 115'200;
    }

    void timelinesRoundTrip()
    {
        QFETCH(int, rows);
        const auto at = times(std::size_t(rows), -5'000);
        const Bytes value = encodeTimeline(9, at);
        const auto timeline = TimelineView::open(value);
        QVERIFY(timeline);
        QCOMPARE(timeline->gid(), 9U);
        QCOMPARE(timeline->rows(), at.size());
        std::vector<std::int64_t> back(at.size());
        QVERIFY(timeline->read(back));
        QVERIFY(back == at);
        const std::size_t last = timeline->segments() - 1;
        std::vector<std::int64_t> part(timeline->segmentRows(last));
        QVERIFY(timeline->readSegment(last, part));
        QVERIFY(std::equal(part.begin(), part.end(), at.begin() + std::ptrdiff_t(last * 512)));
    }
};

QTEST_GUILESS_MAIN(TestStrip)
#include "tst_strip.moc"
