// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/regex.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace watchfire;

class TestRegex : public QObject {
    Q_OBJECT
private slots:
    void matchesTheWholeText_data()
    {
        QTest::addColumn<QByteArray>("pattern");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("matches");
        QTest::newRow("literal") << "abc"_ba << "abc"_ba << true;
        QTest::newRow("not a part") << "abc"_ba << "xabc"_ba << false;
        QTest::newRow("alternation is grouped") << "a|bc"_ba << "ac"_ba << false;
        QTest::newRow("second branch") << "a|bc"_ba << "bc"_ba << true;
        QTest::newRow("parenthesised branches") << "(a|bc)"_ba << "bc"_ba << true;
        QTest::newRow("two groups are no literals") << "(a)(b)"_ba << "ab"_ba << true;
        QTest::newRow("dot matches newline") << "a.b"_ba << "a\nb"_ba << true;
        QTest::newRow("anything matches newline") << ".*"_ba << "a\nb"_ba << true;
        QTest::newRow("something is not nothing") << ".+"_ba << ""_ba << false;
        QTest::newRow("prefix") << "node_.*"_ba << "node_cpu"_ba << true;
        QTest::newRow("prefix alone") << "node_.*"_ba << "node_"_ba << true;
        QTest::newRow("other prefix") << "node_.*"_ba << "nod"_ba << false;
        QTest::newRow("inside") << ".*cpu.*"_ba << "node_cpu_x"_ba << true;
        QTest::newRow("escaped star is no star") << "a\\.*"_ba << "a..."_ba << true;
        QTest::newRow("escaped point") << "a\\.b"_ba << "axb"_ba << false;
        QTest::newRow("empty pattern") << ""_ba << ""_ba << true;
        QTest::newRow("empty pattern, some text") << ""_ba << "a"_ba << false;
        QTest::newRow("case folding") << "(?i)abc"_ba << "ABC"_ba << true;
        QTest::newRow("alternation of prefixes") << "a.*|b"_ba << "b"_ba << true;
    }

    void matchesTheWholeText()
    {
        QFETCH(QByteArray, pattern);
        QFETCH(QByteArray, text);
        QFETCH(bool, matches);
        const auto regex = text::Regex::compile(pattern.toStdString());
        QVERIFY(regex.has_value());
        QCOMPARE(regex->matches(text.toStdString()), matches);
    }

    void refusesWhatDoesNotParse_data()
    {
        QTest::addColumn<QByteArray>("pattern");
        QTest::newRow("open group") << "a("_ba;
        QTest::newRow("look-ahead") << "a(?=b)"_ba;
        QTest::newRow("back reference") << "(a)\\1"_ba;
        QTest::newRow("nothing to repeat") << "*"_ba;
    }

    void refusesWhatDoesNotParse()
    {
        QFETCH(QByteArray, pattern);
        const auto regex = text::Regex::compile(pattern.toStdString());
        QVERIFY(!regex && regex.error().kind == ErrorKind::invalid);
    }

    void knowsItsPrefix_data()
    {
        QTest::addColumn<QByteArray>("pattern");
        QTest::addColumn<QByteArray>("prefix");
        QTest::newRow("plain run") << "node_.*"_ba << "node_"_ba;
        QTest::newRow("optional last character") << "ab?c"_ba << "a"_ba;
        QTest::newRow("optional last character of two bytes") << "a\xC3\xA9*"_ba << "a"_ba;
        QTest::newRow("plus keeps it") << "ab+"_ba << "ab"_ba;
        QTest::newRow("branches have none") << "ab.|cd"_ba << ""_ba;
        QTest::newRow("branches in a group") << "ab(c|d)"_ba << "ab"_ba;
        QTest::newRow("bar in a class") << "ab[|]"_ba << "ab"_ba;
        QTest::newRow("flag") << "(?i)ab"_ba << ""_ba;
    }

    void knowsItsPrefix()
    {
        QFETCH(QByteArray, pattern);
        QFETCH(QByteArray, prefix);
        QCOMPARE(text::Regex::compile(pattern.toStdString())->prefix(), prefix.toStdString());
    }

    void expands_data()
    {
        QTest::addColumn<QByteArray>("pattern");
        QTest::addColumn<QByteArray>("replacement");
        QTest::addColumn<QByteArray>("result"); // of "host:9100"
        QTest::newRow("group") << "(.*):(.*)"_ba << "$2-$1"_ba << "9100-host"_ba;
        QTest::newRow("$1x is the group 1x") << "(.*):(.*)"_ba << "$1x"_ba << ""_ba;
        QTest::newRow("braces end the name") << "(.*):(.*)"_ba << "${1}x"_ba << "hostx"_ba;
        QTest::newRow("dollar") << "(.*):(.*)"_ba << "$$1"_ba << "$1"_ba;
        QTest::newRow("named") << "(?P<h>.*):.*"_ba << "${h}"_ba << "host"_ba;
        QTest::newRow("no such group") << "(.*)"_ba << "a$7"_ba << "a"_ba;
        QTest::newRow("trailing dollar") << "(.*)"_ba << "a$"_ba << "a$"_ba;
        QTest::newRow("unclosed brace") << "(.*)"_ba << "${1"_ba << "${1"_ba;
    }

    void expands()
    {
        QFETCH(QByteArray, pattern);
        QFETCH(QByteArray, replacement);
        QFETCH(QByteArray, result);
        const auto regex = text::Regex::compile(pattern.toStdString());
        QVERIFY(regex.has_value());
        QCOMPARE(regex->expand("host:9100", replacement.toStdString()), result.toStdString());
    }
};

QTEST_GUILESS_MAIN(TestRegex)
#include "tst_regex.moc"
