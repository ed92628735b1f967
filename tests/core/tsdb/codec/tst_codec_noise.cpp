// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Broken bytes for every decoder: cut short, bits flipped, made up. Whatever comes of it, an
// error or numbers, nothing may be read outside the buffer; each buffer is a block of its own,
// so that the address sanitizer sees a single byte too far.
#include "core/tsdb/codec/journal_frame.h"
#include "core/tsdb/codec/timeline.h"
#include "tests/core/tsdb/codec/random_column.h"

#include <memory>
#include <numeric>

#include <QTest>

using namespace watchfire;
using namespace watchfire::tsdb;
using watchfire::testing::ColumnShapes;

namespace {

/// A copy on the heap with nothing behind it.
class Exact {
public:
    explicit Exact(ByteView bytes)
        : m_size(bytes.size())
        , m_bytes(std::make_unique<std::uint8_t[]>(bytes.size()))
    {
        std::ranges::copy(bytes, m_bytes.get());
    }
    operator ByteView() const { return {m_bytes.get(), m_size}; }

private:
    std::size_t m_size;
    std::unique_ptr<std::uint8_t[]> m_bytes;
};

Bytes damaged(ColumnShapes& shapes, const Bytes& good)
{
    Bytes bytes = good;
    switch (shapes.number(4)) {
    case 0:
        bytes.resize(shapes.number(bytes.size() + 1));
        break;
    case 1:
        for (std::uint64_t k = 1 + shapes.number(8); k > 0 && !bytes.empty(); --k) {
            const std::size_t bit = shapes.number(bytes.size() * 8);
            bytes[bit / 8] = static_cast<std::uint8_t>(bytes[bit / 8] ^ 1U << bit % 8);
        }
        break;
    case 2: // lengths and headers stand in front
        for (std::size_t i = 0; i < std::min<std::size_t>(bytes.size(), 12); ++i) {
            if (shapes.oneIn(3)) {
                bytes[i] = static_cast<std::uint8_t>(shapes.number(256));
            }
        }
        break;
    default:
        bytes.resize(shapes.number(200));
        for (std::uint8_t& byte : bytes) {
            byte = static_cast<std::uint8_t>(shapes.oneIn(2) ? shapes.number(32)
                                                             : shapes.number(256));
        }
        break;
    }
    return bytes;
}

constexpr int rounds = 6000;

} // namespace

class TestCodecNoise : public QObject {
    Q_OBJECT
private slots:
    void segments()
    {
        ColumnShapes shapes(1);
        for (int round = 0; round < rounds; ++round) {
            const auto values = shapes.sparseValues(shapes.length());
            Bytes good;
            EncodeHint hint;
            encodeSegment(values, good, hint);
            const Exact bytes(damaged(shapes, good));
            std::vector<double> out(shapes.oneIn(4) ? shapes.length() : values.size());
            const auto facts = decodeSegment(bytes, out);
            QVERIFY(!facts || facts->bytes <= ByteView(bytes).size());
            QVERIFY(facts || facts.error().kind == ErrorKind::corrupt);
            std::vector<std::int64_t> integers(out.size());
            const auto size = decodeIntegers(bytes, integers);
            QVERIFY(!size || *size <= ByteView(bytes).size());
        }
    }

    void columns()
    {
        ColumnShapes shapes(2);
        for (int round = 0; round < rounds / 3; ++round) {
            const RandomColumn column = randomColumn(shapes, 1 + shapes.number(64));
            Bytes good;
            EncodeHint hint;
            encodeColumn(column.input(), good, hint);
            const Exact bytes(damaged(shapes, good));
            std::vector<double> out(column.values.size());
            ColumnExtras extras;
            const auto facts = decodeColumn(bytes, out, extras);
            QVERIFY(!facts || facts->bytes <= ByteView(bytes).size());
            static_cast<void>(decodeHistogram(bytes));
        }
    }

    void strips()
    {
        ColumnShapes shapes(3);
        for (int round = 0; round < rounds / 6; ++round) {
            std::vector<std::int64_t> at(1 + shapes.number(40));
            std::iota(at.begin(), at.end(), std::int64_t{1'000});
            StripBuilder builder(1, at);
            EncodeHint hint;
            for (std::uint32_t sid = 0; sid < shapes.number(6); ++sid) {
                builder.add(sid, randomColumn(shapes, at.size()).input(), hint);
            }
            Bytes broken = damaged(shapes, builder.finish());
            if (broken.size() > 3) { // past the first check, to what lies behind
                broken[0] = 'W';
                broken[1] = 'S';
                broken[2] = stripVersion;
            }
            const Exact bytes(broken);
            const auto strip = StripView::open(bytes, Verify::no);
            if (!strip) {
                continue;
            }
            std::vector<std::int64_t> times(strip->rows());
            static_cast<void>(strip->timestamps(times));
            std::vector<double> out(strip->rows());
            for (std::size_t i = 0; i < strip->series(); ++i) {
                ColumnExtras extras;
                static_cast<void>(strip->read(i, out, extras));
                static_cast<void>(strip->find(strip->sid(i)));
            }
        }
    }

    void timelines()
    {
        ColumnShapes shapes(4);
        for (int round = 0; round < rounds / 6; ++round) {
            std::vector<std::int64_t> at(1 + shapes.number(1500));
            std::iota(at.begin(), at.end(), std::int64_t{1'000});
            Bytes broken = damaged(shapes, encodeTimeline(1, at));
            if (broken.size() > 3) {
                broken[0] = 'W';
                broken[1] = 'L';
                broken[2] = timelineVersion;
            }
            const Exact bytes(broken);
            const auto timeline = TimelineView::open(bytes, Verify::no);
            if (timeline && timeline->rows() < 100'000) {
                std::vector<std::int64_t> out(timeline->rows());
                static_cast<void>(timeline->read(out));
                static_cast<void>(
                    timeline->readSegment(0, std::span(out).first(timeline->segmentRows(0))));
            }
        }
    }

    void frames()
    {
        ColumnShapes shapes(5);
        for (int round = 0; round < rounds; ++round) {
            const auto row = shapes.sparseValues(shapes.length());
            const auto previous = shapes.sparseValues(shapes.length());
            Bytes good;
            encodeRow(3, 4, row, shapes.oneIn(2) ? previous : std::vector<double>{}, good);
            good.erase(good.begin(), good.begin() + (good.size() > 129 ? 3 : 2));
            switch (shapes.number(6)) {
            case 0:
                good.clear();
                encodeSeries(1, 2, 3, Labels{{"a", "b"}, {"c", "d"}}, good);
                break;
            case 1:
                good.clear();
                encodeExemplar(1, 2, 3, Exemplar{Labels{{"a", "b"}}, 1, Timestamp{}}, good);
                break;
            case 2:
                good.clear();
                encodeSparse(FrameType::sparse, 1, 2, std::vector<PositionedValue>{{1, 2}}, good);
                break;
            default:
                break;
            }
            const Exact bytes(damaged(shapes, good));
            FrameReader reader(bytes);
            while (!reader.atEnd()) {
                static_cast<void>(reader.next());
            }
            if (const auto head = parseRow(bytes)) {
                std::vector<double> out(head->positions);
                static_cast<void>(decodeRow(*head, previous, out));
            }
            static_cast<void>(parseSparse(bytes));
            static_cast<void>(parseSeries(bytes));
            static_cast<void>(parseHistogram(bytes));
            static_cast<void>(parseExemplar(bytes));
            static_cast<void>(parseMetadata(bytes));
            static_cast<void>(parseStarts(bytes));
            static_cast<void>(parseGroup(bytes));
            static_cast<void>(parseJournalRecord(bytes));
        }
    }
};

QTEST_GUILESS_MAIN(TestCodecNoise)
#include "tst_codec_noise.moc"
