// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/promql/syntax/lexer.h"

#include <map>
#include <random>
#include <string>

#include <QObject>
#include <QTest>

using namespace watchfire;
using namespace watchfire::promql;

namespace {

using Kind = TokenKind;

QByteArray nameOf(Kind kind)
{
    static const std::map<Kind, QByteArray> names{{Kind::error, "error"},
                                                  {Kind::comment, "comment"},
                                                  {Kind::identifier, "name"},
                                                  {Kind::metricIdentifier, "metric"},
                                                  {Kind::string, "string"},
                                                  {Kind::number, "number"},
                                                  {Kind::duration, "duration"},
                                                  {Kind::leftParen, "("},
                                                  {Kind::rightParen, ")"},
                                                  {Kind::leftBrace, "{"},
                                                  {Kind::rightBrace, "}"},
                                                  {Kind::leftBracket, "["},
                                                  {Kind::rightBracket, "]"},
                                                  {Kind::comma, ","},
                                                  {Kind::colon, ":"},
                                                  {Kind::assign, "="},
                                                  {Kind::matchRegex, "=~"},
                                                  {Kind::matchNotRegex, "!~"},
                                                  {Kind::at, "@"},
                                                  {Kind::binaryOperator, "op"},
                                                  {Kind::aggregation, "aggr"},
                                                  {Kind::boolWord, "bool"},
                                                  {Kind::byWord, "by"},
                                                  {Kind::offsetWord, "offset"},
                                                  {Kind::fillWord, "fill"},
                                                  {Kind::stepWord, "step"},
                                                  {Kind::rangeWord, "range"},
                                                  {Kind::minOfWord, "min_of"},
                                                  {Kind::anchoredWord, "anch"},
                                                  {Kind::startWord, "start"},
                                                  {Kind::withoutWord, "without"}};
    const auto found = names.find(kind);
    return found == names.end() ? QByteArray::number(int(kind)) : found->second;
}

QByteArray kindsOf(const QByteArray& text)
{
    QByteArray out;
    for (const Token& token : tokenize({text.constData(), std::size_t(text.size())})) {
        out += (out.isEmpty() ? "" : " ") + nameOf(token.kind);
    }
    return out;
}

char letterOf(TokenRole role)
{
    switch (role) {
    case TokenRole::error:
        return 'E';
    case TokenRole::comment:
        return 'C';
    case TokenRole::number:
        return 'n';
    case TokenRole::string:
        return 's';
    case TokenRole::operation:
        return 'o';
    case TokenRole::keyword:
        return 'k';
    case TokenRole::aggregation:
        return 'a';
    case TokenRole::function:
        return 'f';
    case TokenRole::metric:
        return 'm';
    case TokenRole::label:
        return 'l';
    case TokenRole::punctuation:
        return '.';
    }
    return '?';
}

} // namespace

class TestPromqlLexer : public QObject {
    Q_OBJECT
private slots:
    void kinds_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("kinds");
        const auto row = [](const char* why, const QByteArray& text, const QByteArray& kinds) {
            QTest::newRow(why) << text << kinds;
        };
        row("empty", "", "");
        row("white space alone", " \t\r\n", "");
        row("a colon makes a metric", "a:b :c d: e", "metric metric metric name");
        row("keywords whatever their case", "By SUM aNd", "by aggr op");
        row("functions are plain names", "rate", "name");
        row("inf and nan are numbers", "Inf nan NaN", "number number number");
        row("keywords are names in braces", "{by=\"x\",sum!=\"y\"}",
            "{ name = string , name op string }");
        row("matching operators", "{a=~\"\",b!~''}", "{ name =~ string , name !~ string }");
        row("comparisons", "== != <= < >= > </ >/", "op op op op op op op op");
        row("fill is a keyword before a parenthesis", "fill (1)", "fill ( number )");
        row("fill is a metric elsewhere", "fill + fill", "name op name");
        row("numbers", "1 .5 5. 1e3 1E-3 0x1F 1_000 0xf_f",
            "number number number number number "
            "number number number");
        row("durations", "5m 1h30m 300ms 2y", "duration duration duration duration");
        row("a unit too many is judged later", "5m5m 1hs", "duration duration");
        row("a number does not run into a name", "1a 5mm 0b1 1e", "error error error error");
        row("underscores stand between digits", "1__0 1_", "error error");
        row("comment to the end of the line", "a # b\nc", "name comment name");
        row("comment in braces", "{ # x }\n}", "{ comment }");
        row("a hash in a string is none", "\"#\"", "string");
        row("three kinds of strings", "\"a\" 'b' `c`", "string string string");
        row("escapes", "\"\\n\\x41\\101\\u00e4\\U0001f600\\\\\\\"\"", "string");
        row("the other quote needs no escape", "\"it's\" 'say \"x\"'", "string string");
        row("escaping the other quote is a fault", "\"\\'\"", "error");
        row("unknown escape", "\"\\q\"", "error");
        row("surrogates are no characters", "\"\\ud800\"", "error");
        row("octal beyond a byte", "\"\\400\"", "error");
        row("a quoted string ends with its line", "\"a\nb", "error name");
        row("a raw string does not", "`a\nb`", "string");
        row("bytes that are not UTF-8 in a string", "\"\xff\"", "error");
        row("subquery", "a[5m:1m]", "name [ duration : duration ]");
        row("words of duration arithmetic", "a[step()+RANGE()]", "name [ step ( ) op range ( ) ]");
        row("other words are faults in brackets", "a[foo]", "name [ error error error ]");
        row("units need a number", "a[m]", "name [ error ]");
        row("brackets close once", "a[5m]]", "name [ duration ] error");
        row("brackets do not nest", "a[[5m]", "name [ error duration ]");
        row("a colon comes once", "a[5m::]", "name [ duration : error ]");
        row("outside brackets the same words are keywords", "step start", "step start");
        row("letters beyond ASCII", "f\xc3\xb6", "name error");
        row("open parenthesis", "(a", "( name error");
        row("closing what is not open", "a)", "name error");
        row("open brace", "{a", "{ name error");
        row("open bracket", "a[", "name [ error");
        row("lone sign of negation", "a ! b", "name error name");
        row("assignment outside braces", "a = b", "name = name");
        row("regex matching outside braces", "a =~ b", "name error name");
    }

    void kinds()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, kinds);
        QCOMPARE(kindsOf(text), kinds);
    }

    void spansPointIntoTheText()
    {
        const std::string text = "sum by (job) (rate(http_total{code=~\"5..\"}[5m] offset 1h))";
        std::uint32_t end = 0;
        for (const Token& token : tokenize(text)) {
            QVERIFY(token.span.begin >= end);
            QVERIFY(token.span.end > token.span.begin);
            QCOMPARE(
                token.text,
                std::string_view(text).substr(token.span.begin, token.span.end - token.span.begin));
            end = token.span.end;
        }
        QCOMPARE(std::size_t(end), text.size());
    }

    void messages_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("message");
        const auto row = [](const char* why, const QByteArray& text, const QByteArray& message) {
            QTest::newRow(why) << text << message;
        };
        row("character", "a $", "unexpected character: '$'");
        row("beyond ASCII", "f\xc3\xb6", "unexpected character: '\xc3\xb6'");
        row("in braces", "a{;}", "unexpected character inside braces: ';'");
        row("in a duration", "a[x]", "unexpected character in duration expression: 'x'");
        row("number", "1e", "bad number or duration syntax: \"1e\"");
        row("string", "\"a", "unterminated quoted string");
        row("raw string", "`a", "unterminated raw string");
        row("escape", "\"\\q\"", "unknown escape sequence U+0071 'q'");
        row("digit of an escape", "\"\\xg0\"", "illegal character U+0067 'g' in escape sequence");
        row("code point", "\"\\U00110000\"", "escape sequence is an invalid Unicode code point");
        row("parenthesis", "(", "unclosed left parenthesis");
        row("brace", "{", "unexpected end of input inside braces");
        row("bracket", "a[5m", "unclosed left bracket");
    }

    void messages()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, message);
        Lexer lexer({text.constData(), std::size_t(text.size())});
        Token token = lexer.next();
        while (token.kind != Kind::error && token.kind != Kind::endOfInput) {
            token = lexer.next();
        }
        QCOMPARE(QByteArray::fromStdString(lexer.message()), message);
    }

    void roles_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("roles"); // one letter a token, see letterOf
        const auto row = [](const char* why, const QByteArray& text, const QByteArray& roles) {
            QTest::newRow(why) << text << roles;
        };
        row("aggregation, function, metric", "sum(rate(a[5m]))", "a.f.m.n...");
        row("labels of an aggregation", "sum by (job, le) (a)", "ak.l.l..m.");
        row("labels behind it", "sum(a) without (job)", "a.m.k.l.");
        row("the same word three ways", "sum by (sum) (sum)", "ak.l..m.");
        row("matching", "a * on (x) group_left (y) b", "mok.l.k.l.m");
        row("label matchers", "a{by=\"x\"}", "m.los.");
        row("operators that are words", "a and b or and", "momom");
        row("modifiers", "a offset 5m @ end()", "mknof..");
        row("bool", "a > bool 1", "mokn");
        row("comment and fault", "a $ # x", "mEC");
        row("unfinished call", "rate(", "f.E");
        row("unfinished matchers", "rate(a{job=", "f.m.loEE");
        row("keyword as metric", "offset offset 5m", "mkn");
        row("time words", "start() + min_of(1, 2)", "f..of.n.n.");
    }

    void roles()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, roles);
        const auto tokens = tokenize({text.constData(), std::size_t(text.size())});
        QByteArray given;
        for (const TokenRole role : rolesOf(tokens)) {
            given += letterOf(role);
        }
        QCOMPARE(given, roles);
    }

    /// Whatever the bytes, reading ends and the tokens lie one behind the other.
    void anyBytes()
    {
        std::mt19937 random(7);
        const std::string_view pieces = "ab1 5m.:_+-*/%^=!<>~(){}[],@#\"'`\\\n\xc3\xa4\xff";
        for (int i = 0; i < 3000; ++i) {
            std::string text;
            for (std::size_t length = random() % 40; length > 0; --length) {
                text += pieces[random() % pieces.size()];
            }
            std::uint32_t end = 0;
            const auto tokens = tokenize(text);
            for (const Token& token : tokens) {
                QVERIFY(token.span.begin >= end && token.span.end >= token.span.begin);
                end = token.span.end;
            }
            QVERIFY(end <= text.size());
            QCOMPARE(rolesOf(tokens).size(), tokens.size());
        }
    }
};

QTEST_GUILESS_MAIN(TestPromqlLexer)
#include "tst_promql_lexer.moc"
