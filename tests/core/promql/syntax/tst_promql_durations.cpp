// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/syntax/durations.h"
#include "core/promql/syntax/functions.h"
#include "core/promql/syntax/lexer.h"
#include "core/promql/syntax/literals.h"
#include "core/promql/syntax/parser.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include <QObject>
#include <QTest>

using namespace watchfire;
using namespace watchfire::promql;
using namespace Qt::StringLiterals;

class TestPromqlDurations : public QObject {
    Q_OBJECT
private slots:
    void resolves_data()
    {
        QTest::addColumn<QByteArray>("length");
        QTest::addColumn<qint64>("milliseconds"); // -1: refused
        QTest::newRow("sum") << QByteArray("5m + 1") << qint64(301'000);
        QTest::newRow("fraction") << QByteArray("1s / 4") << qint64(250);
        QTest::newRow("remainder") << QByteArray("10 % 4") << qint64(2'000);
        QTest::newRow("power leans right") << QByteArray("2 ^ 3 ^ 2") << qint64(512'000);
        QTest::newRow("a sign under a power") << QByteArray("5m - -2 ^ 2") << qint64(304'000);
        QTest::newRow("step") << QByteArray("step() * 2") << qint64(30'000);
        QTest::newRow("range") << QByteArray("(range() + 1)") << qint64(3'601'000);
        QTest::newRow("lesser") << QByteArray("min_of(step(), 5m)") << qint64(15'000);
        QTest::newRow("greater") << QByteArray("max_of(step(), 5m)") << qint64(300'000);
        QTest::newRow("below zero") << QByteArray("5 - step()") << qint64(-1);
        QTest::newRow("zero") << QByteArray("step() - 15") << qint64(-1);
        QTest::newRow("division by what comes to zero")
            << QByteArray("1 / (step() - 15)") << qint64(-1);
        QTest::newRow("remainder of it") << QByteArray("1 % (step() - 15)") << qint64(-1);
        QTest::newRow("infinite") << QByteArray("10 ^ 9 ^ 9") << qint64(-1);
        QTest::newRow("too long") << QByteArray("10 ^ 12") << qint64(-1);
        QTest::newRow("no number") << QByteArray("(-1) ^ 0.5") << qint64(-1);
    }

    void resolves()
    {
        QFETCH(QByteArray, length);
        QFETCH(qint64, milliseconds);
        const auto ast = parse(("a[" + length + "]").toStdString(), Features::all());
        QVERIFY(ast.has_value());
        const auto& matrix = std::get<MatrixSelector>(ast->root->kind);
        QVERIFY(matrix.rangeExpr.has_value());
        const DurationTimes times{15, 3600, 0, 3600};
        const auto resolved = resolve(*matrix.rangeExpr, times, false);
        QCOMPARE(resolved ? qint64(resolved->count()) : -1, milliseconds);
        if (!resolved) {
            QVERIFY(resolved.error().where.has_value());
        }
    }

    void theFirstThatCannotBeResolvedIsTold_data()
    {
        QTest::addColumn<QByteArray>("query");
        QTest::addColumn<QByteArray>("message"); // empty: all can be
        QTest::newRow("none") << "a[step()] offset (range())"_ba << ""_ba;
        QTest::newRow("division by what comes to nothing")
            << "rate(a[5m / (step() - 15)])"_ba << "7:24: division by zero"_ba;
        QTest::newRow("parentheses around it are not its own")
            << "a[(5m % (step() - 15))]"_ba << "3:20: modulo by zero"_ba;
        QTest::newRow("the lesser of two lengths")
            << "a[min_of(5m, step() - 15)]"_ba << "9:24: duration must be greater than 0"_ba;
        QTest::newRow("a sign") << "a[-step()]"_ba << "2:9: duration must be greater than 0"_ba;
        QTest::newRow("the length before the offset")
            << "a[10 ^ 12] offset (1 / (step() - 15))"_ba << "2:9: duration is out of range"_ba;
        QTest::newRow("of a subquery the offset first")
            << "a[(0 ^ -1):(0 / (step() - 15))] offset (step() / (step() - 15))"_ba
            << "40:61: division by zero"_ba;
        QTest::newRow("left before right") << "rate(a[9 ^ 999]) + rate(a[10 ^ 12])"_ba
                                           << "7:14: duration is NaN or infinite"_ba;
    }

    void theFirstThatCannotBeResolvedIsTold()
    {
        QFETCH(QByteArray, query);
        QFETCH(QByteArray, message);
        const auto ast = parse(query.toStdString(), Features::all());
        QVERIFY2(ast.has_value(), ast ? "" : ast.error().message.c_str());
        const auto checked = checkDurations(*ast, {15, 3600, 0, 3600});
        QCOMPARE(checked ? ""_ba : QByteArray::fromStdString(checked.error().message), message);
    }

    void offsetsMayBeNegative()
    {
        const auto ast = parse("a offset (5 - step())", Features::all());
        const auto& modifiers = std::get<VectorSelector>(ast->root->kind).modifiers;
        const auto resolved = resolve(*modifiers.offsetExpr, {15, 0, 0, 0}, true);
        QVERIFY(resolved.has_value());
        QCOMPARE(resolved->count(), -10'000);
    }

    void numbers_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<double>("value"); // -1: no number
        QTest::newRow("whole") << QByteArray("42") << 42.0;
        QTest::newRow("fraction") << QByteArray(".5") << 0.5;
        QTest::newRow("dot at the end") << QByteArray("5.") << 5.0;
        QTest::newRow("exponent") << QByteArray("1.5e3") << 1500.0;
        QTest::newRow("hex") << QByteArray("0xFf") << 255.0;
        QTest::newRow("hex with underscores") << QByteArray("0x_f_f") << 255.0;
        QTest::newRow("octal") << QByteArray("017") << 15.0;
        QTest::newRow("octal beyond 7 is decimal") << QByteArray("089") << 89.0;
        QTest::newRow("a fraction is decimal") << QByteArray("017.5") << 17.5;
        QTest::newRow("underscores") << QByteArray("1_000_000") << 1e6;
        QTest::newRow("beyond 64 bits") << QByteArray("100000000000000000000") << 1e20;
        QTest::newRow("infinity") << QByteArray("iNf") << std::numeric_limits<double>::infinity();
        QTest::newRow("hex beyond 63 bits") << QByteArray("0x8000000000000000") << -1.0;
        QTest::newRow("hex with an exponent") << QByteArray("0x1e+5") << -1.0;
        QTest::newRow("too large") << QByteArray("1e999") << -1.0;
        QTest::newRow("underscore at the end") << QByteArray("1_") << -1.0;
        QTest::newRow("no digits") << QByteArray("0x") << -1.0;
    }

    void numbers()
    {
        QFETCH(QByteArray, text);
        QFETCH(double, value);
        const auto parsed = parseNumber({text.constData(), std::size_t(text.size())});
        QCOMPARE(parsed.value_or(-1), value);
        QVERIFY(std::isnan(parseNumber("NaN").value()));
    }

    /// What is missing behind the deepest sign has a place, too.
    void faultsOfDeepDurationsLieInTheText()
    {
        const std::string text = "m[\x05" + std::string(300, '-') + "5m]";
        const auto faults = diagnose(text, Features::all());
        QVERIFY(!faults.empty());
        for (const Error& fault : faults) {
            QVERIFY2(fault.where && fault.where->begin <= fault.where->end
                         && fault.where->end <= text.size(),
                     fault.message.c_str());
        }
    }

    void functionsAreSortedAndTold()
    {
        const auto functions = allFunctions();
        QVERIFY(functions.size() >= 90);
        QVERIFY(std::ranges::is_sorted(functions, {}, &Function::name));
        std::set<std::string_view> summaries;
        for (const Function& function : functions) {
            QVERIFY(findFunction(function.name) == &function);
            QVERIFY2(function.summary.ends_with('.'), function.name.data());
            QVERIFY2(summaries.insert(function.summary).second, function.name.data());
            QVERIFY(function.variadic == 0 || !function.arguments.empty());
        }
        QVERIFY(findFunction("Rate") == nullptr);
        QVERIFY(findFunction("") == nullptr);
    }

    void argumentCounts()
    {
        const auto bounds = [](std::string_view name) {
            const Function& function = *findFunction(name);
            const auto most = mostArguments(function);
            return std::pair(int(leastArguments(function)), most ? int(*most) : -1);
        };
        QVERIFY(bounds("time") == std::pair(0, 0));
        QVERIFY(bounds("rate") == std::pair(1, 1));
        QVERIFY(bounds("hour") == std::pair(0, 1));
        QVERIFY(bounds("round") == std::pair(1, 2));
        QVERIFY(bounds("label_join") == std::pair(3, -1));
        QVERIFY(bounds("histogram_quantiles") == std::pair(3, 12));
        QVERIFY(argumentType(*findFunction("label_join"), 7) == ValueType::string);
    }

    void aggregationsAreInOrderOfTheirOperators()
    {
        for (std::size_t i = 0; i < allAggregations().size(); ++i) {
            const Aggregation& known = allAggregations()[i];
            QCOMPARE(std::size_t(known.op), i);
            QVERIFY(toText(known.op) == known.name);
            QVERIFY(known.summary.ends_with('.'));
        }
        QVERIFY(allAggregations().back().op == AggregateOp::limitRatio);
    }

    void keywordsAreTold()
    {
        QVERIFY(allKeywords().size() > 20);
        for (const Keyword& keyword : allKeywords()) {
            QVERIFY2(keyword.summary.ends_with('.'), keyword.word.data());
        }
    }
};

QTEST_GUILESS_MAIN(TestPromqlDurations)
#include "tst_promql_durations.moc"
