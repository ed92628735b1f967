// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exposition/number_scan.h"

#include <bit>
#include <cstdlib>
#include <format>
#include <random>
#include <string>

#include <QObject>
#include <QTest>

using namespace watchfire::exposition;
using namespace Qt::StringLiterals;

namespace {

/// The C library's answer decides.
bool agrees(const std::string& text)
{
    double value = 0;
    const char* const end = text.data() + text.size();
    return scanNumber(text.data(), end, value) == end
        && std::bit_cast<std::uint64_t>(value)
        == std::bit_cast<std::uint64_t>(std::strtod(text.c_str(), nullptr));
}

} // namespace

class TestNumberScan : public QObject {
    Q_OBJECT
private slots:
    void reads_data()
    {
        QTest::addColumn<QByteArray>("text");
        for (const char* text : {"0",
                                 "-0",
                                 "1",
                                 "+7",
                                 "007",
                                 ".5",
                                 "5.",
                                 "12345678",
                                 "123456789012",
                                 "1e3",
                                 "1E-3",
                                 "0.1",
                                 "1.7976931348623157e308",
                                 "5e-324",
                                 "9007199254740993",
                                 "18446744073709551615",
                                 "18446744073709551616",
                                 "0.000000000000000000000000000001",
                                 "1e22",
                                 "1e23",
                                 "1e-22",
                                 "1e-23",
                                 "123456789012345678901234567890",
                                 "1.7560473123456789e+09",
                                 "0000000000000000000000000000000000001.2e-1",

                                 "4.35",
                                 "0.30000000000000004"}) {
            QTest::newRow(text) << QByteArray(text);
        }
    }

    void reads()
    {
        QFETCH(QByteArray, text);
        QVERIFY(agrees(text.toStdString()));
    }

    void stopsOrDeclines_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("end"); // -1: left to the full parser
        QTest::newRow("next field") << "12 34"_ba << 2;
        QTest::newRow("line end after eight digits") << "12345678\n"_ba << 8;
        QTest::newRow("hexadecimal stops at the x") << "0x10"_ba << 1;
        QTest::newRow("two points") << "1.2.3"_ba << 3;
        QTest::newRow("nothing") << ""_ba << -1;
        QTest::newRow("sign alone") << "-"_ba << -1;
        QTest::newRow("point alone") << "."_ba << -1;
        QTest::newRow("exponent without digits") << "1e+"_ba << -1;
        QTest::newRow("NaN") << "NaN"_ba << -1;
        QTest::newRow("overflow") << "1e999"_ba << -1;
        QTest::newRow("underflow") << "1e-999"_ba << -1;
    }

    void stopsOrDeclines()
    {
        QFETCH(QByteArray, text);
        QFETCH(int, end);
        double value = 0;
        const char* const after = scanNumber(text.cbegin(), text.cend(), value);
        QCOMPARE(after == nullptr ? -1 : int(after - text.cbegin()), end);
    }

    void agreesWithTheLibrary()
    {
        std::mt19937_64 random(1);
        for (int i = 0; i < 200'000; ++i) {
            const double value = std::bit_cast<double>(random());
            if (value != value || std::abs(value) > 1e308) {
                continue;
            }
            QVERIFY2(agrees(std::format("{}", value)), std::format("{}", value).c_str());
            const double small = double(std::int64_t(random() >> 20)) / 1000;
            QVERIFY2(agrees(std::format("{:.3f}", small)), std::format("{:.3f}", small).c_str());
        }
    }
};

QTEST_GUILESS_MAIN(TestNumberScan)
#include "tst_number_scan.moc"
