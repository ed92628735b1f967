// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/codec/journal_frame.h"
#include "tests/support/histogram_shapes.h"

#include <bit>

#include <QTest>

using namespace watchfire;
using namespace watchfire::tsdb;
using watchfire::testing::ColumnShapes;

namespace {

using Row = std::vector<double>;

bool same(const Row& a, const Row& b)
{
    return std::ranges::equal(a, b, [](double x, double y) {
        return std::bit_cast<std::uint64_t>(x) == std::bit_cast<std::uint64_t>(y);
    });
}

/// The only frame in `bytes`.
Result<Frame> onlyFrame(const Bytes& bytes)
{
    FrameReader reader(bytes);
    auto frame = reader.next();
    if (frame && !reader.atEnd()) {
        return fail(ErrorKind::corrupt, "more than one frame");
    }
    return frame;
}

Result<Row> throughBytes(const Row& row, const Row& previous, std::size_t* size = nullptr)
{
    Bytes bytes;
    encodeRow(300, -5, row, previous, bytes);
    if (size != nullptr) {
        *size = bytes.size();
    }
    const auto frame = onlyFrame(bytes);
    if (!frame || frame->type != FrameType::row) {
        return fail(ErrorKind::corrupt, "no row frame");
    }
    const auto head = parseRow(frame->body);
    if (!head || head->gid != 300 || head->atMs != -5 || head->positions != row.size()
        || head->againstZero != previous.empty()) {
        return fail(ErrorKind::corrupt, "the head differs");
    }
    Row back(row.size());
    const auto decoded = decodeRow(*head, previous, back);
    if (!decoded) {
        return std::unexpected(decoded.error());
    }
    return back;
}

} // namespace

Q_DECLARE_METATYPE(Row)

class TestJournalFrame : public QObject {
    Q_OBJECT
private slots:
    void rowsRoundTrip_data()
    {
        QTest::addColumn<Row>("previous");
        QTest::addColumn<Row>("row");
        QTest::addColumn<int>("most"); // bytes of the whole frame; −1: any
        const Row idle(1000, 5);
        Row one = idle;
        one[999] = 6;
        QTest::newRow("nothing changed: head and bitmap") << idle << idle << 3 + 13 + 125;
        QTest::newRow("one counter moved by one: two bytes") << idle << one << 3 + 13 + 125 + 2;
        QTest::newRow("against zero") << Row{} << Row{0, 1, -1, 0.5, 1e300} << -1;
        QTest::newRow("empty row") << Row{} << Row{} << -1;
        QTest::newRow("empty row after one") << Row{1} << Row{} << -1;
        QTest::newRow("layout grew") << Row{1, 2} << Row{1, 2, 3, 4.5} << -1;
        QTest::newRow("layout shrank") << Row{1, 2, 3, 4.5} << Row{1, 3} << -1;
        QTest::newRow("zero and minus zero differ") << Row{0, -0.0, -0.0} << Row{-0.0, 0, 7} << -1;
        QTest::newRow("went away and came back")
            << Row{absentValue(), 3, staleMarker()} << Row{3, absentValue(), 4} << -1;
        QTest::newRow("a histogram")
            << Row{histogramMarker(), 1} << Row{histogramMarker(), histogramMarker()} << -1;
        QTest::newRow("the edge of integers")
            << Row{2251799813685247, -2251799813685247, 2251799813685248}
            << Row{-2251799813685247, 2251799813685247, 2251799813685247} << -1;
        QTest::newRow("from integer to fraction") << Row{1, 1.5} << Row{1.5, 1} << -1;
    }

    void rowsRoundTrip()
    {
        QFETCH(Row, previous);
        QFETCH(Row, row);
        QFETCH(int, most);
        std::size_t size = 0;
        const auto back = throughBytes(row, previous, &size);
        QVERIFY2(back, back ? "" : back.error().message.c_str());
        QVERIFY(same(*back, row));
        QVERIFY2(most < 0 || size <= std::size_t(most), qPrintable(QString::number(size)));
    }

    void chainsOfRowsRoundTrip()
    {
        ColumnShapes shapes(99);
        for (int round = 0; round < 60; ++round) {
            Row previous;
            for (int step = 0; step < 20; ++step) {
                Row row = previous;
                row.resize(shapes.length());
                for (double& value : row) {
                    if (shapes.oneIn(3)) {
                        value = shapes.oneIn(8) ? shapes.special()
                                                : value + static_cast<double>(shapes.number(1000));
                    }
                }
                if (shapes.oneIn(5)) {
                    row = shapes.sparseValues(row.size());
                }
                const auto back = throughBytes(row, previous);
                QVERIFY(back);
                QVERIFY(same(*back, row));
                previous = row;
            }
        }
    }

    void aRowMayBeDecodedInPlace()
    {
        const Row before{1, 2, 3};
        const Row after{1, 5, 3};
        Bytes bytes;
        encodeRow(1, 0, after, before, bytes);
        Row row = before;
        QVERIFY(decodeRow(*parseRow(onlyFrame(bytes)->body), row, row));
        QVERIFY(same(row, after));
    }

    void otherFramesRoundTrip()
    {
        ColumnShapes shapes(5);
        const Histogram histogram = testing::randomHistogram(shapes);
        const Labels labels{{"__name__", "up"}, {"job", "a\"b\nc"}, {"größe", "4"}};
        const std::vector<PositionedValue> values{{0, 1.5}, {7, -0.0}, {4'000'000'000U, 3}};
        const std::vector<PositionedStart> starts{{1, 1'700'000'000'000}, {2, 0}, {3, -1}};
        const Exemplar timed{labels, 0.25, fromUnixMs(-77)};
        const Exemplar untimed{{}, 1, std::nullopt};
        const FamilyMetadata metadata{"up", {MetricType::stateSet, "Is it?", "seconds"}};

        Bytes bytes;
        encodeSparse(FrameType::sparse, 1, 2, values, bytes);
        encodeSparse(FrameType::late, 1, -2, {}, bytes);
        encodeSeries(1, 4'294'967'295U, 3, labels, bytes);
        encodeHistogramFrame(1, 2, 3, histogram, bytes);
        encodeExemplar(1, 2, 3, timed, bytes);
        encodeExemplar(1, 2, 3, untimed, bytes);
        encodeMetadata(1, metadata, bytes);
        encodeStarts(1, 2, starts, bytes);
        encodeGroup(1, labels, bytes);

        FrameReader reader(bytes);
        std::vector<Frame> frames;
        while (!reader.atEnd()) {
            const auto frame = reader.next();
            QVERIFY(frame);
            QCOMPARE(*frameGid(frame->body), 1U);
            frames.push_back(*frame);
        }
        QCOMPARE(frames.size(), std::size_t(9));
        QCOMPARE(frames[0].type, FrameType::sparse);
        QVERIFY(parseSparse(frames[0].body)->values == values);
        QCOMPARE(frames[1].type, FrameType::late);
        QVERIFY(parseSparse(frames[1].body)->values.empty());
        QCOMPARE(parseSparse(frames[1].body)->atMs, -2);
        QCOMPARE(parseSeries(frames[2].body)->sid, 4'294'967'295U);
        QVERIFY(parseSeries(frames[2].body)->labels == labels);
        QVERIFY(testing::sameBits(*parseHistogram(frames[3].body)->histogram, histogram));
        QVERIFY(parseExemplar(frames[4].body)->exemplar == timed);
        QCOMPARE(parseExemplar(frames[4].body)->sid, 2U);
        QCOMPARE(parseExemplar(frames[4].body)->atMs, 3);
        QVERIFY(parseExemplar(frames[5].body)->exemplar == untimed);
        QVERIFY(parseMetadata(frames[6].body)->metadata == metadata);
        QVERIFY(parseStarts(frames[7].body)->starts == starts);
        QVERIFY(parseGroup(frames[8].body)->identity == labels);
    }

    void everyTruncationIsNoticed()
    {
        Bytes bytes;
        encodeSeries(1, 2, 3, Labels{{"a", "b"}}, bytes);
        const Bytes series(bytes.begin() + 2, bytes.end());
        for (std::size_t size = 0; size < series.size(); ++size) {
            QVERIFY(!parseSeries(ByteView(series).first(size)));
        }
        bytes.clear();
        encodeRow(1, 2, Row{1, 2.5, 1e300, 4}, {}, bytes);
        const Bytes row(bytes.begin() + 2, bytes.end());
        for (std::size_t size = 0; size < row.size(); ++size) {
            const auto head = parseRow(ByteView(row).first(size));
            Row out(4);
            QVERIFY(!head || !decodeRow(*head, {}, out));
        }
    }

    void recordsRoundTrip()
    {
        Bytes frames;
        encodeGroup(4, Labels{{"job", "x"}}, frames);
        encodeRow(4, 1, Row{1, 2, 3}, {}, frames);
        Bytes value = encodeJournalRecord(1ULL << 40, 2, frames);
        const auto record = parseJournalRecord(value);
        QVERIFY(record);
        QCOMPARE(record->firstSeq, std::uint64_t(1) << 40);
        QCOMPARE(record->frameCount, 2U);
        QVERIFY(std::ranges::equal(record->frames, frames));
        for (std::size_t i = 0; i < value.size(); ++i) {
            value[i] ^= 4;
            QVERIFY(!parseJournalRecord(value));
            value[i] ^= 4;
            QVERIFY(!parseJournalRecord(ByteView(value).first(i)));
        }
    }
};

QTEST_GUILESS_MAIN(TestJournalFrame)
#include "tst_journal_frame.moc"
