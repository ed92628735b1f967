// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/syntax/parser.h"
#include "core/promql/syntax/printer.h"
#include "tests/core/promql/syntax/query_maker.h"
#include "tests/core/promql/syntax/shape.h"

#include <random>
#include <string>

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QObject>
#include <QTest>

using namespace watchfire;
using namespace watchfire::promql;

namespace {

std::string_view viewOf(const QByteArray& bytes)
{
    return {bytes.constData(), std::size_t(bytes.size())};
}

QByteArray printed(std::string_view text)
{
    const auto ast = parse(text, Features::all());
    return ast ? QByteArray::fromStdString(print(*ast->root))
               : QByteArray::fromStdString("refused: " + ast.error().message);
}

QJsonObject treeOf(std::string_view text)
{
    const auto ast = parse(text, Features::all());
    return ast ? QJsonDocument::fromJson(QByteArray::fromStdString(toJson(*ast->root))).object()
               : QJsonObject();
}

} // namespace

class TestPromqlPrinter : public QObject {
    Q_OBJECT
private slots:
    void prints_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("canonical"); // empty: the text itself
        const auto row = [](const QByteArray& text, const QByteArray& canonical = {}) {
            QTest::newRow(text.constData()) << text << (canonical.isEmpty() ? text : canonical);
        };
        row("a");
        row(" a { } ", "a");
        row("a{c=\"d\",b=~'e'}", "a{b=~\"e\",c=\"d\"}");
        row("{\"a\",\"b.c\"!=`d`}", "{\"b.c\"!=\"d\",__name__=\"a\"}");
        row("{__name__=\"a\"}");
        row("{\"x\"=\"\\n\\x00\\u200b\\\"\"}", "{x=\"\\n\\x00\\u200b\\\"\"}");
        row("\"\\xff\"");
        row("'\\''", "\"'\"");
        row("\"\xc3\xa4 \xf0\x9f\x94\xa5\"");
        row("a+b*-c", "a + b * -c");
        row("a>bool 1", "a > bool 1");
        row("a+on()b", "a + on () b");
        row("a+ignoring()b", "a + b");
        row("a+ignoring()group_left b", "a + ignoring () group_left () b");
        row("a*on(x,\"y z\")group_right(v)b", "a * on (x, \"y z\") group_right (v) b");
        row("a+fill(0)b", "a + fill (0) b");
        row("a+fill_left(1)fill_right(1)b", "a + fill (1) b");
        row("a+fill_right(-1)fill_left(2.5)b", "a + fill_left (2.5) fill_right (-1) b");
        row("a+fill(1e21)b", "a + fill (1e+21) b");
        row("a+fill(1000000)b", "a + fill (1e+06) b");
        row("a+fill(0.00001)b", "a + fill (1e-05) b");
        row("a+fill(Inf)b", "a + fill (+Inf) b");
        row("SUM(a)", "sum(a)");
        row("sum by()(a)", "sum(a)");
        row("sum without()(a)", "sum without () (a)");
        row("sum(a) by(b,\"c d\",)", "sum by (b, \"c d\") (a)");
        row("topk(5,a)", "topk(5, a)");
        row("clamp(a,0,1)", "clamp(a, 0, 1)");
        row("a[300]", "a[5m]");
        row("a[36h]", "a[1d12h]");
        row("a[14d]", "a[2w]");
        row("a[1.5]", "a[1s500ms]");
        row("a[5m:60]", "a[5m:1m]");
        row("a[5m:]");
        row("a offset 5m @ 1.5", "a @ 1.500 offset 5m");
        row("a offset -300", "a offset -5m");
        row("a offset 0", "a");
        row("a[5m] offset 1d @ end()", "a[5m] @ end() offset 1d");
        row("a[5m:] @ start() offset 1m", "a[5m:] @ start() offset 1m");
        row("a[5m] @ 5 smoothed offset 1m", "a[5m] smoothed @ 5.000 offset 1m");
        row("a smoothed @ 5", "a @ 5.000 smoothed");
        row("a[5m+1*2]", "a[5m + 1 * 2]");
        row("a[((5))]", "a[(5)]");
        row("a[-(-step())]", "a[-(-step())]");
        row("a[Max_Of(1,RANGE())]", "a[max_of(1, range())]");
        row("a offset +step()", "a offset step()");
        row("a offset -(5m)", "a offset -(5m)");
        row("a offset (5m)+3", "a offset (5m) + 3");
        row("a offset +(5m)+3", "a offset +(5m) + 3"); // the sum is of a's values here
        row("0x1F", "31");
        row("1_000.5", "1000.5");
        row("1e3", "1000");
        row("1e23", "100000000000000000000000");
        row("5e-7", "0.0000005");
        row("-0", "-0");
        row("Inf", "+Inf");
        row("-inf", "-Inf");
        row("nan", "NaN");
        row("90m", "1h30m");
        row("1s1ms", "1s1ms");
        row("-5m", "-5m");
        row("- - a", "--a");
        row("+a", "+a");
        row("Inf ^ 2", "Inf ^ 2");
        row("2 ^ Inf", "2 ^ +Inf");
        row("( a )", "(a)");
        row("a # b", "a");
        row("info(a, {})", "info(a, {})");
        row("fill + fill", "fill + fill");
        row("a </ b", "a </ b");
    }

    void prints()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, canonical);
        QCOMPARE(printed(viewOf(text)), canonical);
        QCOMPARE(printed(viewOf(canonical)), canonical);
    }

    void formats_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("formatted");
        const QByteArray wide = "a_metric_with_quite_a_long_name_indeed{job=\"something\"}"; // 55
        QTest::newRow("what fits stays") << wide << wide;
        QTest::newRow("a hundred fits") << QByteArray(100, 'a') << QByteArray(100, 'a');
        QTest::newRow("a name cannot be broken") << QByteArray(150, 'a') << QByteArray(150, 'a');
        QTest::newRow("operator on a line of its own")
            << wide + "+on(job)" + wide << "  " + wide + "\n+ on (job)\n  " + wide;
        QTest::newRow("chain") << wide + "/" + wide + "*2"
                               << "    " + wide + "\n  /\n    " + wide + "\n*\n  2";
        QTest::newRow("call") << "clamp(" + wide + "+" + wide + ",0,1)"
                              << "clamp(\n    " + wide + "\n  +\n    " + wide + ",\n  0,\n  1\n)";
        QTest::newRow("aggregation") << "topk by(job)(5," + wide + "*" + wide
                + ")" << "topk by (job) (\n  5,\n    " + wide + "\n  *\n    " + wide + "\n)";
        QTest::newRow("parentheses and sign")
            << "-(" + wide + "+" + wide + ")" << "-(\n    " + wide + "\n  +\n    " + wide + "\n)";
        QTest::newRow("subquery") << "max_over_time((" + wide + "+" + wide + ")[1h:5m])"
                                  << "max_over_time(\n  (\n      " + wide + "\n    +\n      " + wide
                + "\n  )[1h:5m]\n)";
        QTest::newRow("a subquery that fits is not indented")
            << "max_over_time(" + wide + "[1h:5m]) + max_over_time(" + wide + "[1h:5m])"
            << "  max_over_time(" + wide + "[1h:5m])\n+\n  max_over_time(" + wide + "[1h:5m])";
    }

    void formats()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, formatted);
        const auto ast = parse(viewOf(text), Features::all());
        QVERIFY(ast.has_value());
        QCOMPARE(QByteArray::fromStdString(format(*ast->root)), formatted);
        QCOMPARE(printed(viewOf(formatted)), printed(viewOf(text)));
    }

    void tree()
    {
        using namespace Qt::StringLiterals;
        const QJsonObject binary = treeOf("a[5m] offset 1m > bool 0");
        QVERIFY(binary.isEmpty()); // a range cannot be compared
        const QJsonObject sum = treeOf("sum without (x) (rate(a{b!=\"c\"}[5m] @ 1.5 offset 1m))");
        QCOMPARE(sum["type"_L1].toString(), u"aggregation"_s);
        QCOMPARE(sum["without"_L1].toBool(), true);
        QCOMPARE(sum["grouping"_L1].toArray(), QJsonArray{u"x"_s});
        QVERIFY(sum["param"_L1].isNull());
        const QJsonObject call = sum["expr"_L1].toObject();
        QCOMPARE(call["func"_L1].toObject(),
                 (QJsonObject{{u"name"_s, u"rate"_s},
                              {u"argTypes"_s, QJsonArray{u"matrix"_s}},
                              {u"variadic"_s, 0},
                              {u"returnType"_s, u"vector"_s}}));
        const QJsonObject range = call["args"_L1].toArray()[0].toObject();
        QCOMPARE(range["range"_L1].toInt(), 300'000);
        QCOMPARE(range["offset"_L1].toInt(), 60'000);
        QCOMPARE(range["timestamp"_L1].toInt(), 1500);
        QVERIFY(range["startOrEnd"_L1].isNull());
        QVERIFY(!range.contains("rangeExpr"_L1) && !range.contains("anchored"_L1));
        QCOMPARE(range["matchers"_L1].toArray()[0].toObject(),
                 (QJsonObject{{u"name"_s, u"b"_s}, {u"type"_s, u"!="_s}, {u"value"_s, u"c"_s}}));
    }

    void treeOfNewerParts()
    {
        using namespace Qt::StringLiterals;
        const QJsonObject range = treeOf("a[step()*(2)] anchored");
        QCOMPARE(range["anchored"_L1].toBool(), true);
        const QJsonObject product = range["rangeExpr"_L1].toObject();
        QCOMPARE(product["op"_L1].toString(), u"*"_s);
        QCOMPARE(product["lhs"_L1].toObject()["op"_L1].toString(), u"step"_s);
        const QJsonObject two = product["rhs"_L1].toObject();
        QCOMPARE(two["op"_L1].toString(), u"+"_s);
        QCOMPARE(two["wrapped"_L1].toBool(), true);
        QCOMPARE(two["rhs"_L1].toObject()["val"_L1].toString(), u"2"_s);
        const QJsonObject filled = treeOf("a + fill_left(3) b")["matching"_L1].toObject();
        QCOMPARE(filled["fillValues"_L1].toObject(),
                 (QJsonObject{{u"lhs"_s, 3}, {u"rhs"_s, QJsonValue::Null}}));
        QVERIFY(!treeOf("a + b")["matching"_L1].toObject().contains("fillValues"_L1));
    }

    /// Printing what was read and reading what was printed changes nothing, whatever the query.
    void printedReadsAsTheSame()
    {
        promql::test::QueryMaker maker(20'26);
        for (int i = 0; i < 4000; ++i) {
            const std::string text = maker.make();
            const auto ast = parse(text, Features::all());
            QVERIFY2(ast.has_value(), (text + "\n" + (ast ? "" : ast.error().message)).c_str());
            const std::string line = print(*ast->root);
            const auto again = parse(line, Features::all());
            QVERIFY2(again.has_value(), (text + "\n" + line).c_str());
            QCOMPARE(QByteArray::fromStdString(print(*again->root)),
                     QByteArray::fromStdString(line));
            QCOMPARE(promql::test::shape(*again->root), promql::test::shape(*ast->root));
            const auto broken = parse(format(*ast->root), Features::all());
            QVERIFY2(broken.has_value(), text.c_str());
            QCOMPARE(QByteArray::fromStdString(print(*broken->root)),
                     QByteArray::fromStdString(line));
            const auto json
                = QJsonDocument::fromJson(QByteArray::fromStdString(toJson(*ast->root)));
            QVERIFY2(json.isObject(), text.c_str());
        }
    }

    void longChain()
    {
        std::string text = "a";
        for (int i = 1; i < maxHeight; ++i) {
            text += " + a";
        }
        QCOMPARE(printed(text), QByteArray::fromStdString(text));
        const auto ast = parse(text);
        QVERIFY(!format(*ast->root).empty());
        QVERIFY(!toJson(*ast->root).empty());
    }
};

QTEST_GUILESS_MAIN(TestPromqlPrinter)
#include "tst_promql_printer.moc"
