// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tsdb/codec/crc32c.h"
#include "core/tsdb/codec/kernels.h"
#include "core/tsdb/codec/segment.h"
#include "tests/support/column_shapes.h"
#include "tests/support/sample_mix.h"

#include <bit>
#include <cstring>
#include <limits>

#include <QTest>

using namespace watchfire;
using namespace watchfire::tsdb;
using watchfire::testing::ColumnShapes;
using watchfire::testing::SampleMix;

namespace {

using Values = std::vector<double>;
using Integers = std::vector<std::int64_t>;

constexpr double inf = std::numeric_limits<double>::infinity();

/// Index of the first value whose bits differ, or −1.
int firstDifference(const Values& a, const Values& b)
{
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (std::bit_cast<std::uint64_t>(a[i]) != std::bit_cast<std::uint64_t>(b[i])) {
            return static_cast<int>(i);
        }
    }
    return -1;
}

Bytes encoded(const Values& values)
{
    Bytes bytes;
    EncodeHint hint;
    encodeSegment(values, bytes, hint);
    return bytes;
}

Values repeated(std::size_t n, double value)
{
    return Values(n, value);
}

Values counting(std::size_t n, double from, double step)
{
    Values values(n);
    for (std::size_t i = 0; i < n; ++i) {
        values[i] = from + step * static_cast<double>(i);
    }
    return values;
}

Values with(Values values, std::size_t at, double value)
{
    values[at] = value;
    return values;
}

std::uint8_t extByte(ExtKind kind)
{
    return static_cast<std::uint8_t>(3U | static_cast<unsigned>(kind) << 2);
}

} // namespace

Q_DECLARE_METATYPE(Values)
Q_DECLARE_METATYPE(Integers)

class TestSegment : public QObject {
    Q_OBJECT
private slots:
    void roundTrips_data()
    {
        QTest::addColumn<Values>("values");
        QTest::addColumn<int>("header"); // first byte without the variable bits, −1: any
        QTest::addColumn<int>("most"); // bytes at most, −1: any

        const Values ramp = counting(512, 1e6, 7);
        QTest::newRow("one integer") << Values{42} << 0 << 2;
        QTest::newRow("one decimal: exponent in the header") << Values{0.5} << (1 << 2) << 2;
        QTest::newRow("one irrational: raw bits") << Values{0.1 + 0.2} << 1 << 9;
        QTest::newRow("minus zero is no integer") << Values{-0.0} << 1 << 9;
        QTest::newRow("staleness marker alone") << Values{staleMarker()} << 1 << 9;
        QTest::newRow("idle series of a full segment") << repeated(512, 7) << 0 << 2;
        QTest::newRow("steady counter: 8 frames of width 0") << ramp << -1 << 40;
        QTest::newRow("a stale end stays an exception")
            << with(ramp, 511, staleMarker()) << -1 << 80;
        QTest::newRow("an exception at the front") << with(ramp, 0, inf) << -1 << 80;
        QTest::newRow("decimals") << Values{0.1, 0.2, 0.3, 0.25, 1e-15} << -1 << -1;
        QTest::newRow("two values, one NaN") << Values{1, normalNaN()} << -1 << -1;
        QTest::newRow("only NaNs of several payloads")
            << Values{normalNaN(), staleMarker(), std::bit_cast<double>(0xFFF8'0000'0000'0000U)}
            << -1 << -1;
        QTest::newRow("infinities both ways") << Values{inf, -inf, inf, -inf} << -1 << -1;
        QTest::newRow("subnormals")
            << Values{5e-324, 1e-310, -5e-324, 2.2250738585072014e-308} << -1 << -1;
        QTest::newRow("the largest exact mantissa and the first that is not")
            << Values{2251799813685247, -2251799813685247, 2251799813685248, 9007199254740994} << -1
            << -1;
        QTest::newRow("extremes: differences wrap")
            << Values{1.7976931348623157e308, -1.7976931348623157e308, 0, 1} << -1 << -1;
        QTest::newRow("absent at every place")
            << repeated(100, absentValue()) << int(extByte(ExtKind::absent)) << 1;
        QTest::newRow("absent in places") << with(with(ramp, 3, absentValue()), 500, absentValue())
                                          << int(extByte(ExtKind::presence)) << 150;
        QTest::newRow("one present of 512")
            << with(repeated(512, absentValue()), 511, 3) << int(extByte(ExtKind::presence)) << 67;
        QTest::newRow("multiples share a scale") << counting(64, 0, 4096) << -1 << 12;
        QTest::newRow("scale of a gcd that is no power of two")
            << Values{1000, 4000, 2000, 9000, 7000, 1000} << -1 << 12;
    }

    void roundTrips()
    {
        QFETCH(Values, values);
        QFETCH(int, header);
        QFETCH(int, most);
        const Bytes bytes = encoded(values);
        if (header >= 0) {
            QCOMPARE(int(bytes[0]), header);
        }
        if (most >= 0) {
            QVERIFY2(bytes.size() <= std::size_t(most), qPrintable(QString::number(bytes.size())));
        }
        Values back(values.size());
        const auto facts = decodeSegment(bytes, back);
        QVERIFY2(facts, facts ? "" : facts.error().message.c_str());
        QCOMPARE(facts->bytes, bytes.size());
        QCOMPARE(firstDifference(values, back), -1);
    }

    void saysWhatItHolds()
    {
        Values back(64);
        const auto factsOf
            = [&](const Values& values) { return *decodeSegment(encoded(values), back); };
        const Values ramp = counting(64, 5, 1);
        QVERIFY(!factsOf(ramp).mayHoldStale);
        QVERIFY(!factsOf(ramp).mayHoldAbsent);
        QVERIFY(factsOf(with(ramp, 9, staleMarker())).mayHoldStale);
        QVERIFY(factsOf(with(ramp, 9, absentValue())).mayHoldAbsent);
        QVERIFY(factsOf(repeated(64, staleMarker())).mayHoldStale);
        Values noise(64);
        ColumnShapes shapes(3);
        for (double& value : noise) {
            value = std::bit_cast<double>(shapes.random()() >> 2);
        }
        QVERIFY(!factsOf(noise).mayHoldStale);
        QVERIFY(factsOf(with(noise, 9, staleMarker())).mayHoldStale);
    }

    void roundTripsAnything()
    {
        ColumnShapes shapes(20260101);
        EncodeHint hint;
        Bytes bytes;
        std::vector<Values> columns;
        for (int round = 0; round < 4000; ++round) {
            if (shapes.oneIn(3)) {
                hint.exponent = static_cast<std::uint8_t>(shapes.number(17));
            }
            columns.push_back(shapes.sparseValues(shapes.length()));
            encodeSegment(columns.back(), bytes, hint);
        }
        std::size_t at = 0;
        for (std::size_t k = 0; k < columns.size(); ++k) {
            Values back(columns[k].size());
            const auto facts = decodeSegment(ByteView(bytes).subspan(at), back);
            QVERIFY2(facts, qPrintable(QStringLiteral("segment %1").arg(k)));
            const int difference = firstDifference(columns[k], back);
            QVERIFY2(difference == -1,
                     qPrintable(QStringLiteral("segment %1 value %2").arg(k).arg(difference)));
            if (!facts->mayHoldAbsent) {
                QVERIFY(std::ranges::none_of(back, isAbsent));
            }
            if (!facts->mayHoldStale) {
                QVERIFY(std::ranges::none_of(back, isStaleMarker));
            }
            at += facts->bytes;
        }
        QCOMPARE(at, bytes.size());
    }

    void neverLargerThanRaw()
    {
        ColumnShapes shapes(5);
        for (int round = 0; round < 500; ++round) {
            const Values values = shapes.values(shapes.length());
            QVERIFY(encoded(values).size() <= 1 + 8 * values.size());
        }
    }

    void kernelsAgree()
    {
        const Kernels* const wide = avx2Kernels();
        if (wide == nullptr) {
            QSKIP("SKIPPED-LOUDLY: this processor has no AVX2 to compare with");
        }
        ColumnShapes shapes(77);
        std::vector<std::uint8_t> a(packedRoom);
        std::vector<std::uint8_t> b(packedRoom);
        for (int round = 0; round < 3000; ++round) {
            const Values values = shapes.values(shapes.length());
            const std::size_t n = values.size();
            QCOMPARE(wide->exactExponents(values[0]), portableKernels.exactExponents(values[0]));
            Integers d(n);
            Integers e(n);
            const auto exponent = static_cast<unsigned>(shapes.number(16));
            QCOMPARE(wide->toDecimal(values.data(), n, exponent, n, d.data()),
                     portableKernels.toDecimal(values.data(), n, exponent, n, e.data()));
            QVERIFY(d == e);
            const bool bits = shapes.oneIn(2);
            if (bits) {
                std::memcpy(d.data(), values.data(), n * 8);
            }
            const std::size_t size = wide->pack(d.data(), n, bits, exponent, nullptr, 0, a.data());
            QCOMPARE(size, portableKernels.pack(d.data(), n, bits, exponent, nullptr, 0, b.data()));
            QVERIFY(std::equal(a.begin(), a.begin() + std::ptrdiff_t(size), b.begin()));
        }
    }

    /// Decoders must agree on broken frames too, or an error would depend on the machine.
    void kernelsAgreeOnNoise()
    {
        const Kernels* const wide = avx2Kernels();
        if (wide == nullptr) {
            QSKIP("SKIPPED-LOUDLY: this processor has no AVX2 to compare with");
        }
        ColumnShapes shapes(78);
        for (int round = 0; round < 20'000; ++round) {
            Bytes noise(1 + shapes.number(600));
            for (std::uint8_t& byte : noise) {
                byte = static_cast<std::uint8_t>(shapes.oneIn(4) ? shapes.number(256)
                                                                 : shapes.number(40));
            }
            PackedHead head;
            head.predictor = static_cast<unsigned>(shapes.number(4));
            head.bits = shapes.oneIn(2);
            head.exponent = static_cast<unsigned>(shapes.number(16));
            head.scale = head.bits ? shapes.number(64) : 1 + shapes.number(5);
            head.base = shapes.random()();
            const std::size_t n = shapes.length();
            Values a(n);
            Values b(n);
            const std::uint8_t* const end = noise.data() + noise.size();
            const auto* const wideEnd = wide->unpackDoubles(head, noise.data(), end, n, a.data());
            const auto* const plainEnd
                = portableKernels.unpackDoubles(head, noise.data(), end, n, b.data());
            QVERIFY(wideEnd == plainEnd);
            if (wideEnd != nullptr) {
                QCOMPARE(firstDifference(a, b), -1);
            }
        }
    }

    void integersRoundTrip_data()
    {
        QTest::addColumn<Integers>("integers");
        QTest::newRow("regular scrape times") << [] {
            Integers at(512);
            for (std::size_t i = 0; i < at.size(); ++i) {
                at[i] = 1'700'000'000'000 + 15'000 * static_cast<std::int64_t>(i);
            }
            return at;
        }();
        QTest::newRow("one") << Integers{-5};
        QTest::newRow("same") << Integers(77, 1'700'000'000'123);
        QTest::newRow("same and huge") << Integers(77, INT64_MIN);
        QTest::newRow("beyond 2^51") << Integers{INT64_MIN, INT64_MAX, 0, -1};
        QTest::newRow("jitter") << [] {
            ColumnShapes shapes(1);
            Integers at(300);
            std::int64_t now = 1'700'000'000'000;
            for (auto& t : at) {
                now += 15'000 + static_cast<std::int64_t>(shapes.number(5)) - 2;
                t = now;
            }
            return at;
        }();
        QTest::newRow("noise") << [] {
            ColumnShapes shapes(2);
            Integers at(511);
            for (auto& t : at) {
                t = static_cast<std::int64_t>(shapes.random()());
            }
            return at;
        }();
    }

    void integersRoundTrip()
    {
        QFETCH(Integers, integers);
        Bytes bytes;
        encodeIntegers(integers, bytes);
        Integers back(integers.size());
        const auto size = decodeIntegers(bytes, back);
        QVERIFY(size);
        QCOMPARE(*size, bytes.size());
        QVERIFY(integers == back);
    }

    void chains()
    {
        ColumnShapes shapes(9);
        for (int round = 0; round < 300; ++round) {
            const std::size_t n = shapes.length();
            Values before = counting(n, 1000, 3);
            Values values = before;
            for (double& value : values) {
                value += static_cast<double>(shapes.number(1 + static_cast<unsigned>(round)));
            }
            Bytes bytes;
            QVERIFY(encodeChainedSegment(values, before, bytes));
            Values back(n);
            const auto facts = decodeSegment(bytes, back, before);
            QVERIFY(facts);
            QCOMPARE(facts->bytes, bytes.size());
            QCOMPARE(firstDifference(values, back), -1);
            if (n > frameValues) {
                back.assign(frameValues, 0);
                before.resize(frameValues);
                values.resize(frameValues);
                QVERIFY(decodeSegment(bytes, back, before, n));
                QCOMPARE(firstDifference(values, back), -1);
                back.resize(n);
            }
            QVERIFY2(!decodeSegment(bytes, back), "a chained segment alone is no segment");
        }
    }

    void chainsOnlyWhatIsExact_data()
    {
        QTest::addColumn<Values>("values");
        QTest::addColumn<Values>("previous");
        QTest::newRow("fractions") << Values{1, 2.5} << Values{1, 2};
        QTest::newRow("fractions before") << Values{1, 2} << Values{1.5, 2};
        QTest::newRow("minus zero") << Values{-0.0, 2} << Values{1, 2};
        QTest::newRow("absent") << Values{absentValue(), 2} << Values{1, 2};
        QTest::newRow("stale") << Values{1, 2} << Values{1, staleMarker()};
        QTest::newRow("too large") << Values{1e15, -1e15} << Values{-2e15, 2e15};
    }

    void chainsOnlyWhatIsExact()
    {
        QFETCH(Values, values);
        QFETCH(Values, previous);
        Bytes bytes;
        QVERIFY(!encodeChainedSegment(values, previous, bytes));
        QVERIFY(bytes.empty());
    }

    void refusesBrokenBytes_data()
    {
        QTest::addColumn<Bytes>("bytes");
        QTest::newRow("empty") << Bytes{};
        QTest::newRow("constant without its number") << Bytes{0};
        QTest::newRow("bits cut short") << Bytes{1, 1, 2, 3};
        QTest::newRow("varint that never ends") << Bytes(20, 0xFF);
        QTest::newRow("exponent past 15") << Bytes{2, 16, 0, 0, 0, 0, 0};
        QTest::newRow("scale 0") << Bytes{2 | 0x20, 0, 0, 0, 0, 0, 0};
        QTest::newRow("shift of 64") << Bytes{2 | 0x30, 64, 0, 0, 0, 0};
        Bytes exceptions(300);
        exceptions[0] = 2 | 0x40;
        exceptions[3] = 17;
        QTest::newRow("17 exceptions") << exceptions;
        QTest::newRow("exception outside")
            << Bytes{2 | 0x40, 0, 0, 1, 9, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0};
        QTest::newRow("width past 64") << Bytes{2, 0, 0, 65, 0, 0, 0, 0};
        QTest::newRow("frame cut short") << Bytes{2, 0, 0, 8, 1, 2, 3};
        QTest::newRow("more patches than values") << Bytes{2, 0, 0, 0x80, 65};
        QTest::newRow("patch outside its frame") << Bytes{2, 0, 0, 0x80, 1, 10, 1};
        Bytes patched(600);
        patched[0] = 2;
        patched[3] = 0x80 | 64;
        patched[4] = 1;
        QTest::newRow("patch of a full width") << patched;
        QTest::newRow("presence without values") << Bytes{7, 0, 0};
        QTest::newRow("presence past the end") << Bytes{7, 1, 0xFF, 0, 2};
        QTest::newRow("presence of presence") << Bytes{7, 1, 0, 7, 1, 0, 0, 2};
        QTest::newRow("histograms") << Bytes{11, 0, 0};
        QTest::newRow("kind of the future") << Bytes{3 | 7 << 2, 0, 0};
        QTest::newRow("raw cut short") << Bytes(79, 15);
        QTest::newRow("chain without a head") << Bytes{0x40, 2};
    }

    void refusesBrokenBytes()
    {
        QFETCH(Bytes, bytes);
        Values out(10);
        const auto facts = decodeSegment(bytes, out);
        QVERIFY(!facts);
        QCOMPARE(facts.error().kind, ErrorKind::corrupt);
    }

    /// The sizes the store's design promises; a change here is a change of the disk use.
    void staysSmall()
    {
        const auto mix = SampleMix(2, 1536).make();
        const struct {
            std::size_t length;
            double most;
        } promises[] = {{32, 0.84}, {128, 0.68}, {512, 0.65}};
        for (const auto& [length, most] : promises) {
            Bytes bytes;
            std::size_t samples = 0;
            for (const auto& kind : mix) {
                for (const auto& series : kind.series) {
                    EncodeHint hint;
                    for (std::size_t from = 0; from < series.size(); from += length) {
                        encodeSegment(std::span(series).subspan(from, length), bytes, hint);
                        samples += length;
                    }
                }
            }
            const double perSample = double(bytes.size()) / double(samples);
            QVERIFY2(perSample < most,
                     qPrintable(QStringLiteral("%1 B/sample at %2").arg(perSample).arg(length)));
        }
    }

    void checksums()
    {
        QCOMPARE(crc32c(asBytes("123456789")), 0xE3069283U);
        QCOMPARE(crc32c(Bytes(32, 0)), 0x8A9136AAU); // RFC 3720, B.4
        QCOMPARE(crc32c(Bytes(32, 0xFF)), 0x62A8AB43U);
        QCOMPARE(crc32c({}), 0U);
        ColumnShapes shapes(4);
        Bytes bytes(3000);
        for (std::uint8_t& byte : bytes) {
            byte = static_cast<std::uint8_t>(shapes.number(256));
        }
        for (std::size_t n = 0; n < bytes.size(); n += 1 + n / 50) {
            const ByteView part = ByteView(bytes).first(n);
            QCOMPARE(crc32c(part), crc32cPortable(part));
            QCOMPARE(crc32c(part.subspan(n / 3), crc32c(part.first(n / 3))), crc32c(part));
        }
    }
};

QTEST_GUILESS_MAIN(TestSegment)
#include "tst_segment.moc"
