// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/syntax/parser.h"
#include "core/promql/syntax/threshold.h"

#include <QTest>

using namespace watchfire;
using namespace Qt::StringLiterals;

class TestThreshold : public QObject {
    Q_OBJECT

private slots:
    void isFound_data()
    {
        QTest::addColumn<QByteArray>("expr");
        QTest::addColumn<QByteArray>("curve"); // empty: there is no threshold
        QTest::addColumn<QByteArray>("op");
        QTest::addColumn<double>("value");
        QTest::addColumn<QByteArray>("moved"); // to 0.5
        QTest::newRow("a number on the right")
            << "up > 0.9"_ba << "up"_ba << ">"_ba << 0.9 << "up > 0.5"_ba;
        QTest::newRow("on the left it is turned round")
            << "10 <= sum(x)"_ba << "sum(x)"_ba << ">="_ba << 10.0 << "0.5 <= sum(x)"_ba;
        QTest::newRow("negative") << "a - b < -3"_ba << "a - b"_ba << "<"_ba << -3.0
                                  << "a - b < 0.5"_ba;
        QTest::newRow("in parentheses")
            << "(up) == (0)"_ba << "(up)"_ba << "=="_ba << 0.0 << "(up) == (0.5)"_ba;
        QTest::newRow("a duration is a number of seconds")
            << "age > 1h"_ba << "age"_ba << ">"_ba << 3600.0 << "age > 0.5"_ba;
        QTest::newRow("the left side of and")
            << "((x > 4) and on () y > 5) unless z"_ba << "x"_ba << ">"_ba << 4.0
            << "((x > 0.5) and on () y > 5) unless z"_ba;
        QTest::newRow("one of two by or") << "x > 4 or y > 4"_ba << ""_ba << ""_ba << 0.0 << ""_ba;
        QTest::newRow("bool keeps all") << "x > bool 4"_ba << ""_ba << ""_ba << 0.0 << ""_ba;
        QTest::newRow("two vectors") << "x > y"_ba << ""_ba << ""_ba << 0.0 << ""_ba;
        QTest::newRow("not the outermost") << "sum(x > 4)"_ba << ""_ba << ""_ba << 0.0 << ""_ba;
        QTest::newRow("two numbers") << "1 > bool 2"_ba << ""_ba << ""_ba << 0.0 << ""_ba;
        QTest::newRow("no comparison") << "absent(up)"_ba << ""_ba << ""_ba << 0.0 << ""_ba;
    }

    void isFound()
    {
        QFETCH(QByteArray, expr);
        QFETCH(QByteArray, curve);
        QFETCH(QByteArray, op);
        QFETCH(double, value);
        QFETCH(QByteArray, moved);
        const auto ast = promql::parse(expr.toStdString());
        QVERIFY2(ast.has_value(), ast ? "" : ast.error().message.c_str());
        const auto found = promql::thresholdOf(*ast);
        QCOMPARE(found.has_value(), !curve.isEmpty());
        if (!found) {
            return;
        }
        QCOMPARE(expr.mid(found->curve.begin, found->curve.end - found->curve.begin), curve);
        QCOMPARE(QByteArray::fromStdString(std::string(promql::toText(found->op))), op);
        QCOMPARE(found->value, value);
        QCOMPARE(QByteArray::fromStdString(promql::withThreshold(expr.toStdString(), *found, 0.5)),
                 moved);
    }

    void operatorsAreReplaced_data()
    {
        QTest::addColumn<QByteArray>("expr");
        QTest::addColumn<QByteArray>("changed"); // to <=
        QTest::newRow("on the right") << "(a > b) > 3"_ba << "(a > b) <= 3"_ba;
        QTest::newRow("on the left") << "3 < a"_ba << "3 >= a"_ba;
        QTest::newRow("behind a comment")
            << "a # > 1\n != # < 2\n 3"_ba << "a # > 1\n <= # < 2\n 3"_ba;
    }

    void operatorsAreReplaced()
    {
        QFETCH(QByteArray, expr);
        QFETCH(QByteArray, changed);
        const auto ast = promql::parse(expr.toStdString());
        QVERIFY2(ast.has_value(), ast ? "" : ast.error().message.c_str());
        const auto found = promql::thresholdOf(*ast);
        QVERIFY(found.has_value());
        QCOMPARE(QByteArray::fromStdString(
                     promql::withOperator(expr.toStdString(), *found, promql::BinaryOp::lessEqual)),
                 changed);
    }
};

QTEST_GUILESS_MAIN(TestThreshold)
#include "tst_threshold.moc"
