// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/number.h"

#include <bit>
#include <cmath>
#include <limits>
#include <random>

#include <QTest>

using namespace Qt::StringLiterals;
using namespace watchfire;

class TestNumber : public QObject {
    Q_OBJECT
private slots:
    void prints_data()
    {
        QTest::addColumn<double>("value");
        QTest::addColumn<QByteArray>("asValue");
        QTest::addColumn<QByteArray>("asG");
        QTest::addColumn<QByteArray>("asFixed");
        const auto row = [](const char* name, double value, const char* asValue, const char* asG,
                            const char* asFixed) {
            QTest::newRow(name) << value << QByteArray(asValue) << QByteArray(asG)
                                << QByteArray(asFixed);
        };
        row("zero", 0, "0", "0", "0");
        row("negative zero keeps its sign", -0.0, "-0", "-0", "-0");
        row("one", 1, "1", "1", "1");
        row("third", 1.0 / 3, "0.3333333333333333", "0.3333333333333333", "0.3333333333333333");
        row("a million turns in le", 1e6, "1000000", "1e+06", "1000000");
        row("between", 1234567, "1234567", "1.234567e+06", "1234567");
        row("below 1e-4", 0.00001, "0.00001", "1e-05", "0.00001");
        row("1e-6 is not below", 1e-6, "0.000001", "1e-06", "0.000001");
        row("all its digits", 0.1 + 0.2, "0.30000000000000004", "0.30000000000000004",
            "0.30000000000000004");
        row("a large one with a fraction", -123456789012345.67, "-123456789012345.67",
            "-1.2345678901234567e+14", "-123456789012345.67");
        row("below 1e-6", 1e-7, "1e-07", "1e-07", "0.0000001");
        row("1e20 is plain", 1e20, "100000000000000000000", "1e+20", "100000000000000000000");
        row("1e21 is not", 1e21, "1e+21", "1e+21", "1000000000000000000000");
        row("shortest digits, then zeros", 123456789012345680000.0, "123456789012345680000",
            "1.2345678901234568e+20", "123456789012345680000");
        row("the widest below 1e-6", -2.2250738585072014e-308, "-2.2250738585072014e-308",
            "-2.2250738585072014e-308",
            ("-0." + std::string(307, '0') + "22250738585072014").c_str());
        row("the widest above it", -1.2345678901234567e-6, "-0.0000012345678901234567",
            "-1.2345678901234567e-06", "-0.0000012345678901234567");
        row("the widest below 1e21", -999999999999999868928.0, "-999999999999999900000",
            "-9.999999999999999e+20", "-999999999999999900000");
        row("infinity", std::numeric_limits<double>::infinity(), "+Inf", "+Inf", "+Inf");
        row("minus infinity", -std::numeric_limits<double>::infinity(), "-Inf", "-Inf", "-Inf");
        row("nan", std::numeric_limits<double>::quiet_NaN(), "NaN", "NaN", "NaN");
    }

    void prints()
    {
        QFETCH(double, value);
        QFETCH(QByteArray, asValue);
        QFETCH(QByteArray, asG);
        QFETCH(QByteArray, asFixed);
        QCOMPARE(text::formatValue(value), asValue.toStdString());
        QVERIFY(text::formatValue(value).size() <= text::mostValueBytes);
        QCOMPARE(text::formatG(value), asG.toStdString());
        QCOMPARE(text::formatFixed(value), asFixed.toStdString());
    }

    void readsBack()
    {
        std::mt19937_64 random(1);
        for (int i = 0; i < 100'000; ++i) {
            const auto value = std::bit_cast<double>(random());
            if (std::isnan(value)) {
                continue;
            }
            for (const std::string& printed :
                 {text::formatValue(value), text::formatG(value), text::formatFixed(value)}) {
                const auto parsed = text::parseFloat(printed);
                QVERIFY2(parsed && *parsed == value, printed.c_str());
            }
        }
    }

    void parses_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("good");
        QTest::addColumn<double>("value");
        const double infinity = std::numeric_limits<double>::infinity();
        QTest::newRow("integer") << "42"_ba << true << 42.0;
        QTest::newRow("plus") << "+42"_ba << true << 42.0;
        QTest::newRow("leading point") << ".5"_ba << true << 0.5;
        QTest::newRow("trailing point") << "5."_ba << true << 5.0;
        QTest::newRow("exponent") << "1.5E+3"_ba << true << 1500.0;
        QTest::newRow("Infinity in any case") << "-InFiNiTy"_ba << true << -infinity;
        QTest::newRow("inf") << "inf"_ba << true << infinity;
        QTest::newRow("tiny becomes zero") << "1e-400"_ba << true << 0.0;
        QTest::newRow("overflow") << "1e999"_ba << false << 0.0;
        QTest::newRow("hex") << "0x10"_ba << false << 0.0;
        QTest::newRow("underscore") << "1_000"_ba << false << 0.0;
        QTest::newRow("two signs") << "+-1"_ba << false << 0.0;
        QTest::newRow("signed nan") << "-nan"_ba << false << 0.0;
        QTest::newRow("space") << " 1"_ba << false << 0.0;
        QTest::newRow("empty") << ""_ba << false << 0.0;
        QTest::newRow("sign alone") << "-"_ba << false << 0.0;
        QTest::newRow("point alone") << "."_ba << false << 0.0;
    }

    void parses()
    {
        QFETCH(QByteArray, text);
        QFETCH(bool, good);
        QFETCH(double, value);
        const auto parsed = text::parseSampleValue({text.constData(), size_t(text.size())});
        QCOMPARE(parsed.has_value(), good);
        if (good) {
            QVERIFY(*parsed == value);
        }
    }
};

QTEST_GUILESS_MAIN(TestNumber)
#include "tst_number.moc"
