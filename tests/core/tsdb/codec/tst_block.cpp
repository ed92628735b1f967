// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/codec/block.h"
#include "tests/core/tsdb/codec/random_column.h"

#include <QTest>

using namespace watchfire;
using namespace watchfire::tsdb;
using testing::ColumnShapes;

namespace {

/// Segments of one series and where each ends.
struct Body {
    Bytes bytes;
    std::vector<std::uint32_t> ends;

    void add(const RandomColumn& column)
    {
        EncodeHint hint;
        encodeColumn(column.input(), bytes, hint);
        ends.push_back(static_cast<std::uint32_t>(bytes.size()));
    }
};

constexpr std::size_t lastRows = 100; // of the last segment

std::size_t rowsOf(std::size_t segment, std::size_t segments)
{
    return segment + 1 == segments ? lastRows : maxSegmentValues;
}

} // namespace

class TestBlock : public QObject {
    Q_OBJECT
private slots:
    void blocksRoundTrip_data()
    {
        QTest::addColumn<int>("series");
        QTest::addColumn<int>("segments");
        QTest::addColumn<int>("gap");
        QTest::newRow("one, one") << 1 << 1 << 1;
        QTest::newRow("some") << 6 << 3 << 1;
        QTest::newRow("far apart") << 6 << 2 << 13'000;
    }

    void blocksRoundTrip()
    {
        QFETCH(int, series);
        QFETCH(int, segments);
        QFETCH(int, gap);
        ColumnShapes shapes(7);
        const auto count = std::size_t(segments);
        BlockBuilder builder(5, 9, 77, count);
        QVERIFY(builder.isEmpty());
        std::vector<std::vector<RandomColumn>> columns;
        for (int i = 0; i < series; ++i) {
            Body body;
            auto& column = columns.emplace_back();
            for (std::size_t s = 0; s < count; ++s) {
                column.push_back(randomColumn(shapes, rowsOf(s, count)));
                if (i % 2 == 1) { // histograms would fill the block
                    column.back() = {};
                    column.back().values.assign(rowsOf(s, count), double(i));
                }
                body.add(column.back());
            }
            const auto sid = std::uint32_t(100 + i * gap);
            if (!builder.fits(sid, body.bytes.size())) {
                columns.pop_back();
                break;
            }
            builder.add(sid, body.bytes, body.ends);
        }
        QCOMPARE(builder.firstSid(), 100U);
        const Bytes value = builder.finish();
        QVERIFY(builder.isEmpty());

        const auto block = BlockView::open(value);
        QVERIFY2(block, block ? "" : block.error().message.c_str());
        QCOMPARE(block->window(), 5U);
        QCOMPARE(block->gid(), 9U);
        QCOMPARE(block->lineCrc(), 77U);
        QCOMPARE(block->series(), columns.size());
        QCOMPARE(block->segments(), count);
        for (std::size_t i = 0; i < columns.size(); ++i) {
            const auto sid = std::uint32_t(100 + int(i) * gap);
            QCOMPARE(block->sid(i), sid);
            QVERIFY(block->find(sid) == i);
            for (std::size_t s = 0; s < count; ++s) {
                std::vector<double> values(rowsOf(s, count));
                ColumnExtras extras;
                QVERIFY(block->read(i, s, values, extras));
                QCOMPARE(difference(columns[i][s], values, extras), QString());
            }
        }
        QVERIFY(!block->find(99));
    }

    void anOversizedSeriesStandsAlone()
    {
        std::mt19937_64 noise(3);
        RandomColumn column;
        for (std::size_t i = 0; i < maxSegmentValues; ++i) {
            column.values.push_back(std::bit_cast<double>(noise() >> 2));
        }
        constexpr std::size_t segments = 20;
        Body body;
        for (std::size_t s = 0; s < segments; ++s) {
            body.add(column);
        }
        QVERIFY(body.bytes.size() > maxBlockBytes);
        BlockBuilder builder(1, 9, 77, segments);
        QVERIFY(builder.fits(9, body.bytes.size()));
        builder.add(9, body.bytes, body.ends);
        QVERIFY(!builder.fits(10, 1));
        const Bytes value = builder.finish();
        const auto block = BlockView::open(value);
        QVERIFY(block);
        std::vector<double> values(maxSegmentValues);
        ColumnExtras extras;
        for (std::size_t s = 0; s < segments; ++s) {
            QVERIFY(block->read(0, s, values, extras));
            QCOMPARE(difference(column, values, extras), QString());
        }
        Body small;
        RandomColumn one;
        one.values.assign(8, 1.0);
        small.add(one);
        builder = BlockBuilder(1, 9, 77, 1);
        builder.add(1, small.bytes, small.ends);
        QVERIFY(builder.finish().size() < 64);
    }

    void blocksStayWithinTheirSize()
    {
        Body body;
        body.bytes.resize(1'000);
        body.ends = {400, 1'000};
        BlockBuilder builder(1, 9, 77, 2);
        std::uint32_t sid = 1;
        for (; builder.fits(sid, body.bytes.size()); ++sid) {
            builder.add(sid, body.bytes, body.ends);
        }
        const Bytes value = builder.finish();
        QVERIFY(value.size() <= maxBlockBytes && value.size() + 1'006 > maxBlockBytes);
        QCOMPARE(BlockView::open(value)->series(), std::size_t{sid} - 1);
    }

    void chainsAreFollowed_data()
    {
        QTest::addColumn<bool>("starts");
        QTest::newRow("values alone") << false;
        QTest::newRow("behind start times") << true;
    }
    void chainsAreFollowed()
    {
        QFETCH(bool, starts);
        BlockBuilder builder(1, 9, 77, 1);
        std::vector<std::vector<double>> columns;
        std::vector<std::vector<std::int64_t>> started;
        for (std::uint32_t sid = 0; sid < maxChainLength; ++sid) {
            auto& values = columns.emplace_back();
            auto& startedAtMs = started.emplace_back();
            for (int i = 0; i < 300; ++i) {
                values.push_back(i * 7.0 + sid * (i % 5));
                startedAtMs.push_back(1'700'000'000'000 + (i < 200 ? 0 : 5'000) + sid);
            }
            Body body;
            RandomColumn column;
            column.values = values;
            if (starts) {
                column.startedAtMs = startedAtMs;
            }
            if (sid == 0) {
                body.add(column);
            } else {
                QVERIFY(encodeChainedColumn(column.input(), columns[sid - 1], body.bytes));
                body.ends.push_back(static_cast<std::uint32_t>(body.bytes.size()));
            }
            builder.add(sid, body.bytes, body.ends);
        }
        const Bytes value = builder.finish();
        const auto block = BlockView::open(value);
        QVERIFY(block);
        std::vector<double> values(300);
        for (std::size_t i = columns.size(); i-- > 0;) {
            QCOMPARE(block->isChained(i, 0), i > 0);
            ColumnExtras extras;
            QVERIFY(block->read(i, 0, values, extras));
            QCOMPARE(values, columns[i]);
            QCOMPARE(extras.startedAtMs, starts ? started[i] : std::vector<std::int64_t>());
            if (i > 0) {
                QVERIFY(block->read(i, 0, values, extras, columns[i - 1]));
                QCOMPARE(values, columns[i]);
            }
            std::vector<double> first(128);
            QVERIFY(block->read(i, 0, first, extras, {}, 300));
            QVERIFY(std::ranges::equal(first, std::span(columns[i]).first(128)));
        }
    }

    void aChainNeedsIntegers()
    {
        RandomColumn column;
        column.values = {1, 2.5, 3};
        column.startedAtMs = {7, 7, 7};
        Bytes bytes{9};
        QVERIFY(!encodeChainedColumn(column.input(), std::vector<double>{1, 2, 3}, bytes));
        QCOMPARE(bytes, Bytes{9}); // nothing of it is left behind
    }

    void damageIsNoticed()
    {
        Body body;
        RandomColumn column;
        column.values = {1, 2, 3, 4.5};
        body.add(column);
        BlockBuilder builder(3, 9, 77, 1);
        for (std::uint32_t sid = 4; sid < 9; ++sid) {
            builder.add(sid, body.bytes, body.ends);
        }
        Bytes value = builder.finish();
        for (std::size_t bit = 0; bit < value.size() * 8; ++bit) {
            value[bit / 8] = static_cast<std::uint8_t>(value[bit / 8] ^ 1U << bit % 8);
            const auto block = BlockView::open(value);
            QVERIFY2(!block, qPrintable(QStringLiteral("bit %1").arg(bit)));
            QCOMPARE(block.error().kind, ErrorKind::corrupt);
            // Unchecked bytes are refused or read, within the value.
            if (const auto unchecked = BlockView::open(value, Verify::no)) {
                for (std::size_t i = 0; i < unchecked->series(); ++i) {
                    std::vector<double> values(4);
                    ColumnExtras extras;
                    for (std::size_t s = 0; s < unchecked->segments(); ++s) {
                        (void)unchecked->read(i, s, values, extras);
                    }
                }
            }
            value[bit / 8] = static_cast<std::uint8_t>(value[bit / 8] ^ 1U << bit % 8);
        }
        for (std::size_t size = 0; size < value.size(); ++size) {
            QVERIFY(!BlockView::open(ByteView(value).first(size)));
        }
    }
};

QTEST_APPLESS_MAIN(TestBlock)
#include "tst_block.moc"
