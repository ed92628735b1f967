// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/syntax/functions.h"
#include "core/promql/syntax/parser.h"
#include "tests/core/promql/syntax/shape.h"

#include <algorithm>
#include <string>

#include <QObject>
#include <QTest>

using namespace watchfire;
using namespace watchfire::promql;

namespace {

std::string_view viewOf(const QByteArray& bytes)
{
    return {bytes.constData(), std::size_t(bytes.size())};
}

std::string repeated(std::string_view piece, int count)
{
    std::string out;
    for (; count > 0; --count) {
        out += piece;
    }
    return out;
}

/// A node whose span is exactly this piece of the text.
const Node* nodeAt(const Ast& ast, std::string_view piece)
{
    for (const Node& node : ast.nodes) {
        const std::size_t length = node.span.end - node.span.begin;
        if (std::string_view(ast.text).substr(node.span.begin, length) == piece) {
            return &node;
        }
    }
    return nullptr;
}

} // namespace

class TestPromqlParser : public QObject {
    Q_OBJECT
private slots:
    void binding_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("shape");
        const auto row = [](const char* why, const QByteArray& text, const QByteArray& shape) {
            QTest::newRow(why) << text << shape;
        };
        row("or is weakest", "a or b and c", "(or a (and b c))");
        row("and and unless are equals", "a and b unless c", "(unless (and a b) c)");
        row("comparison under sum", "a + b > c + d", "(> (+ a b) (+ c d))");
        row("comparisons lean left", "a < b < c", "(< (< a b) c)");
        row("trims bind like comparisons", "a </ b + c", "(</ a (+ b c))");
        row("product under sum", "a + b * c - d", "(- (+ a (* b c)) d)");
        row("atan2 is a product", "a + b atan2 c * d", "(+ a (* (atan2 b c) d))");
        row("power leans right", "a ^ b ^ c", "(^ a (^ b c))");
        row("a sign is looser than a power", "-a ^ b", "(neg (^ a b))");
        row("a sign is tighter than a product", "-a * b", "(* (neg a) b)");
        row("a sign as exponent", "a ^ -b * c", "(* (^ a (neg b)) c)");
        row("signs of numbers are folded", "- - 5", "5");
        row("but not over a power", "-2 ^ 2", "(neg (^ 2 2))");
        row("modifiers are tightest", "-a offset 5m ^ b", "(neg (^ a-offset b))");
        row("on both sides", "a @ 1 + b offset 1s", "(+ a-at b-offset)");
        row("offset takes one number", "a offset 5m + 3", "(+ a-offset 3)");
        row("with its sign", "a offset -2 ^ 2", "(^ a-offset 2)");
        row("or one call", "a offset -step() ^ 2", "(^ a-computed 2)");
        row("or one call with arguments", "a offset min_of(1, step()) * 2", "(* a-computed 2)");
        row("a signed parenthesis ends it", "a offset -(5m) + 3", "(+ a-computed 3)");
        row("a plain one does not", "a offset (5m) + 3", "a-computed");
        row("subquery of a subquery's result", "sum_over_time(a[5m:1m])[1h:]",
            "(subquery (sum_over_time (subquery a)))");
        row("labels after the argument", "sum(a) by (b) + c", "(+ (sum a) c)");
        row("a parameter", "topk without (x) (1 + 1, a)", "(topk (+ 1 1) a)");
        row("keywords as metrics", "sum + by and offset or start",
            "(or (and (+ sum by) offset) start)");
        row("operators as metrics", "and and and or or", "(or (and and and) or)");
        row("fill as metric", "fill + fill_left", "(+ fill fill_left)");
        row("comments between", "a # x\n+ # y\nb", "(+ a b)");
    }

    void binding()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, shape);
        const auto ast = parse(viewOf(text), Features::all());
        QVERIFY2(ast.has_value(), ast ? "" : ast.error().message.c_str());
        QCOMPARE(QByteArray::fromStdString(promql::test::shape(*ast->root)), shape);
    }

    void accepts_data()
    {
        QTest::addColumn<QByteArray>("text");
        for (const char* const text :
             {"a{}",
              "a{b=\"c\",}",
              "{__name__=\"a\"}",
              "{\"a.b\"}",
              "{\"a.b\", c=\"d\"}",
              "{c=\"d\", \"a.b\"}",
              "{'a b'=~`x|y`}",
              "{\"\"=\"x\"}",
              "a{b!=\"\"}",
              "{a!~\"x?\"}",
              "a{b=\"1\", b=\"2\"}",
              "sum by (\"a.b\", c:d, bool, on,) (x)",
              "sum without () (x)",
              "count_values(\"a b\", x)",
              "a + on() b",
              "a + ignoring(x) group_left b",
              "a * on(x) group_right(y, \"z z\") b",
              "a == bool b",
              "1 == bool 2",
              "a and on(x) b",
              "a + on() 1",
              "a + fill(0) b",
              "a + on(x) fill_left(-1) fill_right(1e3) b",
              "a + fill_right(5m) fill_left(+Inf) b",
              "a[5m]",
              "a[90]",
              "a[0.5]",
              "a[ 5m ]",
              "a[5m : 1m]",
              "a[5m:]",
              "a[1h30m]",
              "a[5m+1m]",
              "a[(5m)]",
              "a[-(-5m)]",
              "a[5m*2:step()/2]",
              "a[max_of(step(), 5m)]",
              "a[RANGE()]",
              "a offset 5m",
              "a offset -5m",
              "a offset 0",
              "a offset 1.5",
              "a offset (1m + 30)",
              "a offset range()",
              "a @ 5",
              "a @ -5.5",
              "a @ 1e3",
              "a @ 5m",
              "a @ start()",
              "a @ END()",
              "a[5m] @ 5 offset 5m",
              "a[5m] offset 5m @ 5",
              "a[5m:] @ 5 offset -5m",
              "a anchored",
              "a[5m] smoothed",
              "a[5m] anchored @ end() offset 1m",
              "a @ 100 smoothed + 0",
              "0x1F + 017 + 1_000",
              "Inf + NaN + -inF",
              "5m",
              "1h30m + 3",
              "\"x\"",
              "`x`",
              "time()",
              "pi()",
              "hour()",
              "hour(a)",
              "round(a)",
              "round(a, 5)",
              "label_join(a, \"x\", \",\")",
              "label_join(a, \"x\", \",\", \"y\", \"z\")",
              "histogram_quantiles(a, \"q\", 0.1)",
              "histogram_quantiles(a, \"q\", 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1)",
              "info(a)",
              "info(a, {b=~\".*\"})",
              "info(a, {})",
              "sort_by_label(a, \"x\", \"y\")",
              "start() + end() + step() + range()",
              "min_of(1, max_of(2, 3))",
              "limitk(1, a)",
              "first_over_time(a[5m])",
              "a </ b >/ 5",
              "on_call",
              "a:b:c",
              ":a",
              "_",
              "((a))"}) {
            QTest::newRow(text) << QByteArray(text);
        }
        QTest::newRow("deep but not too deep")
            << QByteArray::fromStdString(repeated("(", 250) + "1" + repeated(")", 250));
        QTest::newRow("a long chain") << QByteArray::fromStdString("a" + repeated(" or a", 1500));
    }

    void accepts()
    {
        QFETCH(QByteArray, text);
        const auto ast = parse(viewOf(text), Features::all());
        QVERIFY2(ast.has_value(), ast ? "" : describe(ast.error(), viewOf(text)).c_str());
        QVERIFY(diagnose(viewOf(text), Features::all()).empty());
        for (const Node& node : ast->nodes) {
            QVERIFY(node.type != ValueType::none);
            QVERIFY(node.span.begin < node.span.end && node.span.end <= ast->text.size());
        }
    }

    /// The whole answer, place included, in Prometheus' words.
    void refuses_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("answer");
        const auto row = [](const QByteArray& text, const QByteArray& answer) {
            QTest::newRow(text.constData()) << text << answer;
        };
        row("", "unknown position: parse error: no expression found in input");
        row("  ", "1:1: parse error: no expression found in input");
        row("a b", "1:3: parse error: unexpected identifier \"b\"");
        row("a +", "1:4: parse error: unexpected end of input");
        row("a + * b", "1:5: parse error: unexpected <op:*>");
        row("(a", "1:3: parse error: unclosed left parenthesis");
        row("()", "1:2: parse error: unexpected \")\"");
        row("a,b", "1:2: parse error: unexpected \",\"");
        row("a\n  $", "2:3: parse error: unexpected character: '$'");
        row("1e999", "1:1: parse error: error parsing number: \"1e999\"");
        row("1h5h", "1:1: parse error: not a valid duration string: \"1h5h\"");
        row("a{b}",
            "1:4: parse error: unexpected \"}\" in label matching, expected label matching "
            "operator");
        row("a{b=c}",
            "1:5: parse error: unexpected identifier \"c\" in label matching, expected string");
        row("a{\"b\"=}", "1:7: parse error: unexpected \"}\" in label matching, expected string");
        row("a{,}",
            "1:3: parse error: unexpected \",\" in label matching, expected identifier or \"}\"");
        row("a{b=\"c\" d=\"e\"}",
            "1:9: parse error: unexpected identifier \"d\" in label matching, expected \",\" or "
            "\"}\"");
        row("{}", "1:1: parse error: vector selector must contain at least one non-empty matcher");
        row("{a=~\".*\"}",
            "1:1: parse error: vector selector must contain at least one non-empty matcher");
        row("a{__name__=\"b\"}",
            "1:1: parse error: metric name must not be set twice: \"a\" or \"b\"");
        row("a{\"b\"}", "1:1: parse error: metric name must not be set twice: \"a\" or \"b\"");
        row("sum by a (b)",
            "1:8: parse error: unexpected identifier \"a\" in grouping opts, expected \"(\"");
        row("sum by (1) (b)",
            "1:9: parse error: unexpected number \"1\" in grouping opts, expected label");
        row("sum by (a b) (c)",
            "1:11: parse error: unexpected identifier \"b\" in grouping opts, expected \",\" or "
            "\")\"");
        row("sum by (without) (a)",
            "1:9: parse error: unexpected <without> in grouping opts, expected label");
        row("sum by (\"\") (a)", "1:9: parse error: invalid label name for grouping: \"\"");
        row("sum by (a) by (b) (c)", "1:12: parse error: unexpected <by> in aggregation");
        row("sum(rate(a b))", "1:12: parse error: unexpected identifier \"b\" in aggregation");
        row("sum()", "1:1: parse error: no arguments for aggregate expression provided");
        row("topk(a)",
            "1:1: parse error: wrong number of arguments for aggregate expression provided, "
            "expected 2, got 1");
        row("sum(1)",
            "1:5: parse error: expected type instant vector in aggregation expression, got scalar");
        row("topk(a, b)",
            "1:6: parse error: expected type scalar in aggregation parameter, got instant vector");
        row("rate(a,)", "1:7: parse error: trailing commas not allowed in function call args");
        row("nosuch(a)", "1:1: parse error: unknown function with name \"nosuch\"");
        row("Rate(a[5m])", "1:1: parse error: unknown function with name \"Rate\"");
        row("rate()", "1:1: parse error: expected 1 argument(s) in call to \"rate\", got 0");
        row("round()",
            "1:1: parse error: expected at least 1 argument(s) in call to \"round\", got 0");
        row("hour(a, b)",
            "1:1: parse error: expected at most 1 argument(s) in call to \"hour\", got 2");
        row("rate(a)",
            "1:6: parse error: expected type range vector in call to function \"rate\", got "
            "instant vector");
        row("label_join(a, \"x\", \",\", 5)",
            "1:25: parse error: expected type string in call to function \"label_join\", got "
            "scalar");
        row("info(a, b)",
            "1:9: parse error: expected label selectors only, got vector selector instead");
        row("info(a, sum({b=\"c\"}))", "1:9: parse error: expected label selectors only");
        row("info({}, {})",
            "1:6: parse error: vector selector must contain at least one non-empty matcher");
        row("1 == 1", "1:3: parse error: comparisons between scalars must use BOOL modifier");
        row("a + bool b",
            "1:3: parse error: bool modifier can only be used on comparison operators");
        row("\"a\" + 1",
            "1:1: parse error: binary expression must contain only scalar and instant vector "
            "types");
        row("-\"a\"",
            "1:1: parse error: unary expression only allowed on expressions of type scalar or "
            "instant "
            "vector, got \"string\"");
        row("1 and a",
            "1:1: parse error: set operator \"and\" not allowed in binary scalar expression");
        row("a or on(x) group_left b",
            "1:1: parse error: no grouping allowed for \"or\" operation");
        row("a + group_left b", "1:5: parse error: unexpected <group_left>");
        row("a + on(x) 1",
            "1:1: parse error: vector matching only allowed between instant vectors");
        row("a * on(x) group_left(x) b",
            "1:3: parse error: label \"x\" must not occur in ON and GROUP clause at once");
        row("a + fill(1) 1",
            "1:1: parse error: filling in missing series only allowed between instant vectors");
        row("a or fill(1) b",
            "1:1: parse error: filling in missing series not allowed for set operators");
        row("a + fill(b) c", "1:10: parse error: unexpected identifier \"b\"");
        row("a + fill_left(1) fill_left(2) b", "1:27: parse error: unexpected \"(\"");
        row("on", "1:1: parse error: unexpected <on>");
        row("atan2", "1:1: parse error: unexpected <op:atan2>");
        row("a[0]", "1:3: parse error: duration must be greater than 0");
        row("a[-5m]", "1:3: parse error: duration must be greater than 0");
        row("a[5m:0]", "1:6: parse error: duration must be greater than 0");
        row("a[5m", "1:5: parse error: unclosed left bracket");
        row("a[", "1:3: parse error: unexpected end of input in duration expression");
        row("a[]",
            "1:3: parse error: unexpected \"]\" in subquery or range selector, expected number, "
            "duration, step(), or range()");
        row("a[5m 5m]",
            "1:6: parse error: unexpected duration \"5m\" in subquery or range, expected "
            "\":\" or \"]\"");
        row("a[5m/0]", "1:5: parse error: division by zero");
        row("a[5m%0]", "1:5: parse error: modulo by zero");
        row("a[1e12]", "1:3: parse error: duration out of range");
        row("(a)[5m]", "1:4: parse error: ranges only allowed for vector selectors");
        row("a offset 5m [5m]", "1:13: parse error: no offset modifiers allowed before range");
        row("a @ 5 [5m]", "1:7: parse error: no @ modifiers allowed before range");
        row("1[5m:]",
            "1:1: parse error: subquery is only allowed on instant vector, got scalar instead");
        row("a[5m][5m:]",
            "1:1: parse error: subquery is only allowed on instant vector, got matrix instead");
        row("a offset",
            "1:9: parse error: unexpected end of input in offset, expected number, duration, "
            "step(), or range()");
        row("a offset b",
            "1:10: parse error: unexpected identifier \"b\" in offset, expected number, "
            "duration, step(), or range()");
        row("a offset Inf", "1:10: parse error: duration out of range");
        row("a offset NaN", "1:10: parse error: duration out of range");
        row("a offset 1m offset 2m", "1:1: parse error: offset may not be set multiple times");
        row("(a) offset 5m",
            "1:1: parse error: offset modifier must be preceded by an instant vector selector or "
            "range "
            "vector selector or a subquery");
        row("a @ b", "1:5: parse error: unexpected identifier \"b\" in @, expected timestamp");
        row("a @ start", "1:10: parse error: unexpected end of input in @, expected timestamp");
        row("a @ Inf", "1:1: parse error: timestamp out of bounds for @ modifier: +Inf");
        row("a @ 1e17",
            "1:1: parse error: timestamp out of bounds for @ modifier: 100000000000000000.000000");
        row("a @ 1 @ 2", "1:1: parse error: @ <timestamp> may not be set multiple times");
        row("sum(a) @ 1",
            "1:1: parse error: @ modifier must be preceded by an instant vector selector or range "
            "vector "
            "selector or a subquery");
        row("a anchored smoothed",
            "1:1: parse error: anchored and smoothed modifiers cannot be used together");
        row("a[5m:] anchored",
            "1:1: parse error: anchored modifier is not supported for subqueries");
        row("sum(a) smoothed", "1:1: parse error: smoothed modifier not implemented");
        row("a + (b", "1:7: parse error: unclosed left parenthesis");
        row("rate(a) + (", "1:12: parse error: unclosed left parenthesis"); // syntax before types
    }

    void refuses()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, answer);
        const auto ast = parse(viewOf(text), Features::all());
        QVERIFY(!ast.has_value());
        QCOMPARE(QByteArray::fromStdString(describe(ast.error(), viewOf(text))), answer);
        QVERIFY(ast.error().kind == ErrorKind::invalid);
        QVERIFY(!diagnose(viewOf(text), Features::all()).empty());
    }

    void namesTheToggle_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("flag");
        QTest::newRow("function") << QByteArray("info(a)")
                                  << QByteArray("promql-experimental-functions");
        QTest::newRow("aggregation")
            << QByteArray("limitk(1, a)") << QByteArray("promql-experimental-functions");
        QTest::newRow("edges") << QByteArray("a[5m] anchored")
                               << QByteArray("promql-extended-range-selectors");
        QTest::newRow("fill") << QByteArray("a + fill(0) b")
                              << QByteArray("promql-binop-fill-modifiers");
        QTest::newRow("arithmetic") << QByteArray("a[5m*2]") << QByteArray("promql-duration-expr");
        QTest::newRow("parentheses")
            << QByteArray("a offset (5m)") << QByteArray("promql-duration-expr");
        QTest::newRow("step") << QByteArray("a offset step()")
                              << QByteArray("promql-duration-expr");
    }

    void namesTheToggle()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, flag);
        Features off;
        off.durationExpressions = false;
        const auto ast = parse(viewOf(text), off);
        QVERIFY(!ast.has_value());
        QVERIFY2(ast.error().message.contains("--enable " + flag.toStdString()),
                 ast.error().message.c_str());
        QVERIFY(parse(viewOf(text), Features::all()).has_value());
    }

    void signedLiteralsAreNoArithmetic()
    {
        Features off;
        off.durationExpressions = false;
        QVERIFY(parse("a[+5m] offset -5m", off).has_value());
    }

    void spans()
    {
        const auto ast = parse("sum by (x) (rate(a{b=\"c\"}[5m] offset 1h)) / -(d @ 5) + 1");
        QVERIFY(ast.has_value());
        for (const char* const piece :
             {"sum by (x) (rate(a{b=\"c\"}[5m] offset 1h))", "rate(a{b=\"c\"}[5m] offset 1h)",
              "a{b=\"c\"}[5m] offset 1h", "a{b=\"c\"}", "-(d @ 5)", "(d @ 5)", "d @ 5", "1",
              "sum by (x) (rate(a{b=\"c\"}[5m] offset 1h)) / -(d @ 5)"}) {
            QVERIFY2(nodeAt(*ast, piece) != nullptr, piece);
        }
        QCOMPARE(std::size_t(ast->root->span.end), ast->text.size());
        const auto& call = std::get<Call>(nodeAt(*ast, "rate(a{b=\"c\"}[5m] offset 1h)")->kind);
        QCOMPARE(ast->text.substr(call.nameSpan.begin, call.nameSpan.end - call.nameSpan.begin),
                 std::string("rate"));
    }

    void lengths()
    {
        const auto ast = parse("a[1h30m:0.25] @ 1.5 offset -90", Features::all());
        QVERIFY(ast.has_value());
        const auto& subquery = std::get<Subquery>(ast->root->kind);
        QCOMPARE(subquery.range.count(), 5'400'000);
        QCOMPARE(subquery.step.count(), 250);
        QCOMPARE(subquery.modifiers.offset.count(), -90'000);
        QCOMPARE(subquery.modifiers.atMs, 1500);
        QVERIFY(subquery.modifiers.at == Modifiers::At::timestamp);
        QVERIFY(!subquery.rangeExpr && !subquery.stepExpr && !subquery.modifiers.offsetExpr);
    }

    void matchersHoldTheName()
    {
        const auto ast = parse("a{b=\"c\"}");
        const auto& selector = std::get<VectorSelector>(ast->root->kind);
        QCOMPARE(selector.matchers.size(), 2U);
        QCOMPARE(selector.matchers.back().name(), std::string("__name__"));
        const auto quoted = parse("{\"a\"}");
        QVERIFY(std::get<VectorSelector>(quoted->root->kind).name.empty());
        QCOMPARE(std::get<VectorSelector>(quoted->root->kind).matchers.front().value(),
                 std::string("a"));
    }

    void matching()
    {
        const auto cardinality = [](std::string_view text) {
            const auto ast = parse(text);
            const auto& binary = std::get<BinaryExpr>(ast->root->kind);
            return binary.matching ? int(binary.matching->cardinality) : -1;
        };
        QCOMPARE(cardinality("a + b"), int(Cardinality::oneToOne));
        QCOMPARE(cardinality("a and b"), int(Cardinality::manyToMany));
        QCOMPARE(cardinality("a + on(x) group_left b"), int(Cardinality::manyToOne));
        QCOMPARE(cardinality("a + on(x) group_right b"), int(Cardinality::oneToMany));
        QCOMPARE(cardinality("a + 1"), -1);
        QCOMPARE(cardinality("a + on() 1"), -1);
    }

    void types_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("type");
        QTest::newRow("number") << QByteArray("1 + 2") << int(ValueType::scalar);
        QTest::newRow("vector and number") << QByteArray("1 + a") << int(ValueType::vector);
        QTest::newRow("parentheses keep it") << QByteArray("-(1)") << int(ValueType::scalar);
        QTest::newRow("range") << QByteArray("a[5m]") << int(ValueType::matrix);
        QTest::newRow("subquery") << QByteArray("a[5m:]") << int(ValueType::matrix);
        QTest::newRow("text") << QByteArray("\"a\"") << int(ValueType::string);
        QTest::newRow("call") << QByteArray("scalar(a)") << int(ValueType::scalar);
        QTest::newRow("aggregation") << QByteArray("sum(a)") << int(ValueType::vector);
    }

    void types()
    {
        QFETCH(QByteArray, text);
        QFETCH(int, type);
        const auto ast = parse(viewOf(text));
        QVERIFY(ast.has_value());
        QCOMPARE(int(ast->root->type), type);
    }

    /// No text makes the parser, the tree's destruction or a fault go down without end.
    void depth_data()
    {
        QTest::addColumn<QByteArray>("text");
        constexpr int many = 100'000;
        const auto row = [](const char* why, const std::string& text) {
            QTest::newRow(why) << QByteArray::fromStdString(text);
        };
        row("parentheses", repeated("(", many) + "1" + repeated(")", many));
        row("open parentheses", repeated("(", many));
        row("signs", repeated("-", many) + "1");
        row("powers", "2" + repeated("^2", many));
        row("calls", repeated("abs(", many));
        row("aggregations", repeated("sum(", many));
        row("chain of sums", "1" + repeated("+1", many));
        row("chain of subqueries", "a" + repeated("[5m:]", many));
        row("duration parentheses", "a[" + repeated("(", many));
        row("duration signs", "a[" + repeated("-", many) + "1]");
        row("duration chain", "a[1" + repeated("+1", many) + "]");
        row("duration calls", "a[" + repeated("min_of(", many));
        row("braces", repeated("{", many));
        row("brackets", repeated("[", many));
        row("commas", repeated(",", many));
        row("names", repeated("a ", many));
    }

    void depth()
    {
        QFETCH(QByteArray, text);
        QVERIFY(!parse(viewOf(text), Features::all()).has_value());
        QVERIFY(!diagnose(viewOf(text), Features::all()).empty());
    }

    void heightIsBounded()
    {
        const auto ast = parse("a" + repeated(" or a", maxHeight - 1));
        QVERIFY(ast.has_value());
        QCOMPARE(ast->root->height, maxHeight);
        QVERIFY(!parse("a" + repeated(" or a", maxHeight)).has_value());
    }

    void selectors_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("matchers"); // empty: refused
        QTest::newRow("name") << QByteArray("up") << QByteArray("__name__=\"up\"");
        QTest::newRow("matchers") << QByteArray("up{a=~\"b\"}")
                                  << QByteArray("a=~\"b\" __name__=\"up\"");
        QTest::newRow("quoted") << QByteArray("{\"a.b\"}") << QByteArray("__name__=\"a.b\"");
        QTest::newRow("name twice selects nothing")
            << QByteArray("a{__name__=\"b\"}") << QByteArray("__name__=\"b\" __name__=\"a\"");
        QTest::newRow("a keyword") << QByteArray("sum") << QByteArray("__name__=\"sum\"");
        QTest::newRow("nothing said") << QByteArray("{}") << QByteArray();
        QTest::newRow("empty values only") << QByteArray("{a=\"\"}") << QByteArray();
        QTest::newRow("no range") << QByteArray("up[5m]") << QByteArray();
        QTest::newRow("no expression") << QByteArray("up + 1") << QByteArray();
        QTest::newRow("no offset") << QByteArray("up offset 5m") << QByteArray();
        QTest::newRow("empty") << QByteArray() << QByteArray();
        QTest::newRow("regex that does not compile") << QByteArray("{a=~\"(\"}") << QByteArray();
    }

    void selectors()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, matchers);
        const auto parsed = parseSelector(viewOf(text));
        QCOMPARE(parsed.has_value(), !matchers.isEmpty());
        QByteArray given;
        for (const Matcher& matcher : parsed.value_or(Matchers())) {
            given += (given.isEmpty() ? "" : " ") + QByteArray::fromStdString(matcher.toString());
        }
        QCOMPARE(given, matchers);
    }

    void metrics_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("labels"); // empty: refused
        QTest::newRow("name") << QByteArray("up") << QByteArray("up");
        QTest::newRow("labels") << QByteArray("up{b=\"1\", a='2',}")
                                << QByteArray("up{a=\"2\", b=\"1\"}");
        QTest::newRow("quoted name")
            << QByteArray("{\"a b\", c=\"d\"}") << QByteArray("{\"a b\", c=\"d\"}");
        QTest::newRow("quoted label")
            << QByteArray("up{\"a.b\"=\"c\"}") << QByteArray("up{\"a.b\"=\"c\"}");
        QTest::newRow("no labels") << QByteArray("{}") << QByteArray("{}");
        QTest::newRow("white space")
            << QByteArray(" up { a = \"b\" } ") << QByteArray("up{a=\"b\"}");
        QTest::newRow("a condition") << QByteArray("up{a!=\"b\"}") << QByteArray();
        QTest::newRow("no value") << QByteArray("up{a}") << QByteArray();
        QTest::newRow("something behind") << QByteArray("up 1") << QByteArray();
        QTest::newRow("empty") << QByteArray() << QByteArray();
    }

    void metrics()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, labels);
        const auto parsed = parseMetric(viewOf(text));
        QCOMPARE(parsed.has_value(), !labels.isEmpty());
        if (parsed) {
            QCOMPARE(QByteArray::fromStdString(parsed->toString()), labels);
        }
    }

    void places()
    {
        using Place = std::pair<std::uint32_t, std::uint32_t>;
        QVERIFY(lineAndColumn("abc", 0) == Place(1, 1));
        QVERIFY(lineAndColumn("abc", 3) == Place(1, 4));
        QVERIFY(lineAndColumn("a\nbc\n", 3) == Place(2, 2));
        QVERIFY(lineAndColumn("a\nbc\n", 5) == Place(3, 1));
        QVERIFY(lineAndColumn("\xc3\xa4"
                              "b",
                              2)
                == Place(1, 3));
        QVERIFY(lineAndColumn("a", 99) == Place(1, 2));
    }

    void everyFault_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QList<int>>("columns");
        const auto row = [](const QByteArray& text, const QList<int>& columns) {
            QTest::newRow(text.constData()) << text << columns;
        };
        row("rate(a) + nosuch(b) + abs(1)", {6, 11, 27});
        row("a{b=} + c{d=}", {5, 13});
        row("sum by (1) (a) + sum by (2) (b)", {9, 26});
        row("rate(a b) + rate(c d)", {8, 20});
        row("a $ b", {3}); // right behind a fault nothing is believed
        row("rate(a[foo]) + rate(b)", {8, 21});
        row("(a + ) * rate(b)", {6, 15});
        row("1 == 1 or 2 == 2", {1, 3, 13});
        row("a{b=~\"(\"} + c{d=~\"[\"}", {3, 15});
        row("sum(a", {6});
        row("$$$$", {1});
    }

    void everyFault()
    {
        QFETCH(QByteArray, text);
        QFETCH(QList<int>, columns);
        QList<int> given;
        std::string messages;
        for (const Error& error : diagnose(viewOf(text), Features::all())) {
            given.append(int(error.where->begin) + 1);
            messages += describe(error, viewOf(text)) + '\n';
        }
        QVERIFY2(given == columns, messages.c_str());
    }
};

QTEST_GUILESS_MAIN(TestPromqlParser)
#include "tst_promql_parser.moc"
