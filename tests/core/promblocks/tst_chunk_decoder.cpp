// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/sample.h"
#include "core/promblocks/chunk_decoder.h"
#include "tests/support/qt_test.h"

#include <bit>
#include <random>

using namespace watchfire;
using namespace watchfire::promblocks;
using namespace Qt::StringLiterals;

namespace {

/// Puts a chunk together as the description of the format has it.
class Bits {
public:
    explicit Bits(std::initializer_list<std::uint8_t> head)
        : m_data(head)
    {
    }
    Bits& put(std::uint64_t value, unsigned count)
    {
        while (count-- > 0) {
            if (m_used == 0) {
                m_data.push_back(0);
            }
            m_data.back()
                = static_cast<std::uint8_t>(m_data.back() | ((value >> count & 1) << (7 - m_used)));
            m_used = (m_used + 1) % 8;
        }
        return *this;
    }
    Bits& f64(double value) { return put(std::bit_cast<std::uint64_t>(value), 64); }
    Bits& uvarint(std::uint64_t value)
    {
        while (value >= 0x80) {
            put((value & 0x7F) | 0x80, 8);
            value >>= 7;
        }
        return put(value, 8);
    }
    Bits& varint(std::int64_t value) { return uvarint(zigzag(value)); }
    Bytes done() const
    {
        Bytes padded = m_data;
        padded.resize(std::max<std::size_t>(padded.size(), 3));
        return padded;
    }

private:
    Bytes m_data;
    unsigned m_used = 0;
};

std::string textOf(std::uint8_t encoding, const Bytes& data)
{
    std::vector<ChunkSample> samples;
    const auto decoded = decodeChunk(encoding, data, samples);
    std::string out;
    for (const ChunkSample& sample : samples) {
        out += std::to_string(sample.atMs) + ':';
        if (sample.histogram != nullptr) {
            const Histogram& histogram = *sample.histogram;
            out += "h" + std::to_string(histogram.schema) + "/"
                + std::to_string(static_cast<int>(histogram.count)) + "/"
                + std::to_string(static_cast<int>(histogram.zeroCount)) + "[";
            for (const double bucket : histogram.positiveBuckets) {
                out += std::to_string(static_cast<int>(bucket)) + " ";
            }
            out += "]";
        } else {
            out += isStaleMarker(sample.value) ? "stale"
                                               : std::to_string(sample.value).substr(0, 4);
        }
        out += sample.startedAtMs != 0 ? "@" + std::to_string(sample.startedAtMs) : "";
        out += ' ';
    }
    return decoded ? out : out + "error: " + decoded.error().message;
}

} // namespace

class TestChunkDecoder : public QObject {
    Q_OBJECT
private slots:
    void floats()
    {
        // 1.5 (0x3FF8…) and 2.5 (0x4004…) differ in 0x7FFC…: 1 zero before, 13 bits, 50 behind.
        const Bytes data = Bits({0, 5})
                               .varint(1000)
                               .f64(1.5)
                               .uvarint(15)
                               .put(0, 1) // 1.5 again
                               .put(0, 1)
                               .put(0b11, 2)
                               .put(1, 5)
                               .put(13, 6)
                               .put(0x1FFF, 13) // 2.5
                               .put(0b10, 2)
                               .put(1U << 14 | 0, 0)
                               .put(5, 14) // five later than the beat
                               .put(0b10, 2)
                               .put(0x1FFF, 13) // the same bits turn: 1.5
                               .put(0b10, 2)
                               .put((1U << 14) - 5, 14) // and five less
                               .put(0, 1)
                               .done();
        QCOMPARE(textOf(1, data),
                 std::string("1000:1.50 1015:1.50 1030:2.50 1050:1.50 1065:1.50 "));
        QCOMPARE(chunkSampleCount(1, data), 5U);
    }

    void floatsWithStarts()
    {
        const Bytes data = Bits({0, 5, 0x80 | 1})
                               .varint(1000)
                               .f64(1.5)
                               .varint(400) // started at 600
                               .uvarint(15)
                               .put(0, 1)
                               .put(0b10, 2)
                               .put(2, 3) // 1000 − 2
                               .put(0b11111, 5) // stale
                               .put(0, 1) // 1015 − 2
                               .put(0, 1) // the value before the marker
                               .put(0, 1)
                               .put(0b110, 3)
                               .put((1U << 13) - 3, 13) // three early
                               .put(0b111, 3) // stale
                               .put(0, 1)
                               .done();
        QCOMPARE(textOf(4, data),
                 std::string("1000:1.50@600 1015:1.50@998 1030:stale@1013 1045:1.50@1028 "
                             "1057:stale@1043 "));
    }

    void histograms()
    {
        const auto make = [](std::initializer_list<std::uint8_t> head) {
            return Bits(head)
                .put(0, 8) // zero threshold
                .put(0, 1) // schema 0
                .put(0b10, 2)
                .put(1, 3) // a span
                .put(0b10, 2)
                .put(2, 3) // of two
                .put(0, 1) // from 0
                .put(0, 1) // none below zero
                .put(0b110, 3)
                .put(10, 6) // at 10
                .put(0b10, 2)
                .put(4, 3) // four
                .put(0b10, 2)
                .put(1, 3) // one of them zero
                .f64(2)
                .put(0b10, 2)
                .put(1, 3) // 1
                .put(0b10, 2)
                .put(1, 3) // and 1 more
                .put(0b110, 3)
                .put(10, 6) // 20
                .put(0b10, 2)
                .put(2, 3) // six
                .put(0, 1)
                .put(0, 1) // the same sum
                .put(0b10, 2)
                .put(2, 3) // 3
                .put(0b10, 2)
                .put(0b110, 3) // −2: 3 + 0
                .done();
        };
        QCOMPARE(textOf(2, make({0, 2, 0})), std::string("10:h0/4/1[1 2 ] 20:h0/6/1[3 2 ] "));
        // Resets of the counter are told in the count's upper bits, starts are not.
        QCOMPARE(textOf(5, make({0xC0, 2, 0})), std::string("10:h0/4/1[1 2 ] 20:h0/6/1[3 2 ] "));
        std::vector<ChunkSample> samples;
        QVERIFY(decodeChunk(5, make({0xC0, 2, 0}), samples));
        QCOMPARE(samples[0].histogram->resetHint, CounterReset::gauge);
        samples.clear();
        QVERIFY(decodeChunk(2, make({0, 2, 0}), samples));
        QCOMPARE(samples[0].histogram->resetHint, CounterReset::unknown);
        QCOMPARE(samples[1].histogram->resetHint, CounterReset::notReset);
    }

    void refused_data()
    {
        QTest::addColumn<int>("encoding");
        QTest::addColumn<QByteArray>("data");
        QTest::addColumn<QByteArray>("message");
        QTest::newRow("an encoding of the future") << 7 << QByteArray(9, '\0') << "encoding 7"_ba;
        QTest::newRow("none") << 0 << QByteArray(9, '\0') << "encoding 0"_ba;
        QTest::newRow("no bytes") << 1 << ""_ba << "ends within"_ba;
        QTest::newRow("says 65,535, has one") << 1 << "\xFF\xFF\x02\0\0\0\0\0\0\0\0"_ba
                                              << "ends within"_ba;
        QTest::newRow("a schema of the future")
            << 2 << QByteArray::fromHex("000100 00 E0FFFFFFFF00000000") << "schema"_ba;
    }
    void refused()
    {
        QFETCH(int, encoding);
        QFETCH(QByteArray, data);
        QFETCH(QByteArray, message);
        const Bytes bytes(data.begin(), data.end());
        const std::string said = textOf(static_cast<std::uint8_t>(encoding), bytes);
        QVERIFY2(said.contains(message.toStdString()), said.c_str());
    }

    /// Whatever the bytes: an answer or an error, and no more samples than it says.
    void noise()
    {
        std::mt19937 random(7);
        std::vector<ChunkSample> samples;
        for (int round = 0; round < 20'000; ++round) {
            Bytes data(random() % 200);
            for (std::uint8_t& byte : data) {
                byte = static_cast<std::uint8_t>(random() & (round % 2 == 0 ? 0xFF : 0x5B));
            }
            if (data.size() > 2) {
                data[0] = 0;
            }
            for (std::uint8_t encoding = 1; encoding <= 6; ++encoding) {
                samples.clear();
                const auto decoded = decodeChunk(encoding, data, samples);
                QVERIFY(samples.size() <= chunkSampleCount(encoding, data));
                QVERIFY(!decoded || samples.size() == chunkSampleCount(encoding, data));
            }
        }
    }
};

QTEST_GUILESS_MAIN(TestChunkDecoder)
#include "tst_chunk_decoder.moc"
