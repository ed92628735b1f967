// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/encoding/json.h"

#include <limits>

#include <QTest>

using namespace watchfire;
using namespace watchfire::encoding;
using namespace Qt::StringLiterals;

class TestJson : public QObject {
    Q_OBJECT
private slots:
    void strings_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("json");
        QTest::newRow("plain") << "abc"_ba << "\"abc\""_ba;
        QTest::newRow("quote and backslash") << "a\"b\\c"_ba << "\"a\\\"b\\\\c\""_ba;
        QTest::newRow("line ends") << "a\nb\rc\td"_ba << "\"a\\nb\\rc\\td\""_ba;
        QTest::newRow("control") << "\x01\x1f"_ba << "\"\\u0001\\u001f\""_ba;
        QTest::newRow("HTML stays") << "<a>&"_ba << "\"<a>&\""_ba;
        QTest::newRow("UTF-8 stays") << "über 🔥"_ba << "\"über 🔥\""_ba;
        QTest::newRow("a broken byte is replaced") << "a\xff"
                                                      "b"_ba
                                                   << "\"a\\ufffdb\""_ba;
        QTest::newRow("a sequence cut short") << "a\xc3"_ba << "\"a\\ufffd\""_ba;
    }

    void strings()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, json);
        std::string out;
        appendJsonString(out, {text.constData(), size_t(text.size())});
        QCOMPARE(QByteArray::fromStdString(out), json);
        QVERIFY(parseJson(out).has_value());
    }

    void writes()
    {
        std::string out;
        JsonWriter json(out);
        json.beginObject().field("a", "x").key("b").beginArray().integer(-1).number(0.5);
        json.null().boolean(true).number(std::numeric_limits<double>::infinity()).endArray();
        json.key("c").beginObject().endObject().key("d").raw("[1]").endObject();
        QCOMPARE(out, "{\"a\":\"x\",\"b\":[-1,0.5,null,true,null],\"c\":{},\"d\":[1]}");
    }

    void reads()
    {
        const auto value
            = parseJson("{\"a\":[1,-2,3.5,\"x\",null,true],\"b\":{\"c\":18446744073709551615}}");
        QVERIFY(value.has_value());
        QCOMPARE((*value)["a"].items().size(), 6U);
        QCOMPARE((*value)["a"].items()[1].asInteger(), -2);
        QCOMPARE((*value)["a"].items()[2].asNumber(), 3.5);
        QCOMPARE((*value)["a"].items()[3].asString(), "x");
        QVERIFY((*value)["missing"]["deeper"].isNull());
        QCOMPARE(value->toJson(),
                 "{\"a\":[1,-2,3.5,\"x\",null,true],\"b\":{\"c\":18446744073709551615}}");
    }

    void equality()
    {
        QVERIFY(*parseJson("{\"a\":1,\"b\":2.0}") == *parseJson("{\"b\":2,\"a\":1.0}"));
        QVERIFY(!(*parseJson("[1,2]") == *parseJson("[2,1]")));
        QVERIFY(!(*parseJson("{\"a\":1}") == *parseJson("{\"a\":1,\"b\":null}")));
    }

    void refuses_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("empty") << ""_ba;
        QTest::newRow("trailing comma") << "[1,]"_ba;
        QTest::newRow("two values") << "1 2"_ba;
        QTest::newRow("unclosed") << "{\"a\":"_ba;
        QTest::newRow("too deep") << QByteArray(2000, '[') + QByteArray(2000, ']');
    }

    void refuses()
    {
        QFETCH(QByteArray, text);
        const auto value = parseJson({text.constData(), size_t(text.size())});
        QVERIFY(!value.has_value());
        QCOMPARE(value.error().kind, ErrorKind::invalid);
    }
};

QTEST_GUILESS_MAIN(TestJson)
#include "tst_json.moc"
