// SPDX-FileCopyrightText: 2026 Watchfire contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rules/expand.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace watchfire;

class TestExpand : public QObject {
    Q_OBJECT
private slots:
    void expands_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("result");
        const auto row = [](const char* name, const char* text, const char* result) {
            QTest::newRow(name) << QByteArray(text) << QByteArray(result);
        };
        row("plain", "disk full", "disk full");
        row("label", "{{ $labels.instance }} is down", "db1:9100 is down");
        row("by the long way", "{{ .Labels.instance }}", "db1:9100");
        row("missing label is empty", "[{{ $labels.nope }}]", "[]");
        row("value", "{{ $value }}", "0.9512345");
        row("percentage", "{{ $value | humanizePercentage }}", "95.12%");
        row("printf", "{{ printf \"%.2f\" $value }}", "0.95");
        row("printf pads", "{{ printf \"%6.1f|%-4s|%03d\" $value \"a\" 7 }}", "   1.0|a   |007");
        row("trims", "a  {{- \" b \" -}}  c", "a b c");
        row("comment", "a{{/* not {{ this }} */}}b", "ab");
        row("if", "{{ if gt $value 0.9 }}high{{ else }}low{{ end }}", "high");
        row("else if", "{{ if eq 1 2 }}a{{ else if eq 2 2 }}b{{ else }}c{{ end }}", "b");
        row("with", "{{ with $labels.job }}job {{ . }}{{ end }}", "job node");
        row("with nothing", "{{ with $labels.x }}a{{ else }}none{{ end }}", "none");
        row("range over labels", "{{ range $k, $v := $labels }}{{ $k }}={{ $v }};{{ end }}",
            "instance=db1:9100;job=node;");
        row("break", "{{ range $k, $v := $labels }}{{ $k }}{{ break }}{{ end }}", "instance");
        row("and stops early", "{{ and false (index $labels 3) }}", "false");
        row("nested call", "{{ (printf \"%s-%s\" \"a\" \"b\") | toUpper }}", "A-B");
        row("variable set in a block", "{{ $x := 1 }}{{ if true }}{{ $x = 2 }}{{ end }}{{ $x }}",
            "2");
        row("define", "{{ define \"t\" }}<{{ . }}>{{ end }}{{ template \"t\" $labels.job }}",
            "<node>");
        row("query", "{{ query \"up\" | first | value }}", "42");
        row("label of a query", "{{ with query \"up\" }}{{ . | first | label \"job\" }}{{ end }}",
            "api");
        row("range over a query",
            "{{ range query \"up\" }}{{ .Labels.job }}:{{ .Value }} {{ end }}", "api:42 web:7 ");
        row("strip", "{{ $labels.instance | stripPort }}", "db1");
        row("replace", "{{ reReplaceAll \"(.*):(.*)\" \"$2/$1\" $labels.instance }}", "9100/db1");
        row("match", "{{ match \"^db\" $labels.instance }}", "true");
        row("humanize", "{{ humanize 1234567.0 }} {{ humanize 0.02 }}", "1.235M 20m");
        row("humanize 1024", "{{ humanize1024 1048576.0 }}", "1Mi");
        row("duration", "{{ humanizeDuration 93784.0 }}", "1d 2h 3m 4s");
        row("short duration", "{{ humanizeDuration 0.5 }}", "500ms");
        row("timestamp", "{{ humanizeTimestamp 1435065584.128 }}",
            "2015-06-23 13:19:44.128 +0000 UTC");
        row("to time", "{{ (toTime 1435065584.128).Format \"2006-01-02T15:04:05.000Z07:00\" }}",
            "2015-06-23T13:19:44.128Z");
        row("a time in its parts",
            "{{ with toTime 1435065584.0 }}{{ .Year }} {{ .Month }} "
            "{{ .Day }} {{ .Weekday }} {{ . }}{{ end }}",
            "2015 June 23 Tuesday 2015-06-23 13:19:44 +0000 UTC");
        row("layouts of a person", "{{ (toTime 1435065584.0).Format \"Mon, _2 Jan 06 3:04PM\" }}",
            "Tue, 23 Jun 15 1:19PM");
        row("to duration", "{{ toDuration 5400.0 }} {{ toDuration 0.0025 }} {{ toDuration -1.5 }}",
            "1h30m0s 2.5ms -1.5s");
        row("hours of a duration", "{{ (toDuration 5400.0).Hours }}", "1.5");
        row("parsed duration", "{{ parseDuration \"-1h30m\" }}", "-5400");
        row("title by words", "{{ \"disk full on web-server, it's db_2\" | title }}",
            "Disk Full On Web-Server, It's Db_2");
        row("strip port of IPv6", "{{ stripPort \"[::1]:9100\" }} {{ stripPort \"::1\" }}",
            "::1 ::1");
        row("strip domain",
            "{{ stripDomain \"a.b.org:80\" }} {{ stripDomain \"10.0.0.1:80\" }} "
            "{{ stripDomain \"[::1]:80\" }} {{ stripDomain \"a.b\" }}",
            "a:80 10.0.0.1:80 [::1]:80 a");
        row("external", "{{ $externalURL }} {{ $externalLabels.site }}", "http://w/x here");
        row("raw string", "{{ `a\\n` }}", "a\\n");
        row("escapes", "{{ \"a\\tb\\u00e9\" }}", "a\tb\xC3\xA9");
    }

    void expands()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, result);
        rules::ExpandOptions options;
        options.externalUrl = "http://w/x";
        options.externalLabels = Labels{{"site", "here"}};
        options.query = [](const std::string&, Timestamp) -> Result<Vector> {
            return Vector{{Labels{{"job", "api"}}, 0, 42, nullptr},
                          {Labels{{"job", "web"}}, 0, 7, nullptr}};
        };
        const auto expand = rules::makeExpandText(options);
        const std::string out
            = expand(text.toStdString(), "A",
                     {Labels{{"instance", "db1:9100"}, {"job", "node"}}, 0, 0.9512345, nullptr},
                     fromUnixMs(0));
        QCOMPARE(QByteArray::fromStdString(out), result);
    }

    void printsHistograms()
    {
        Histogram histogram;
        histogram.count = 3;
        histogram.sum = 5;
        histogram.positiveSpans = {{0, 1}};
        histogram.positiveBuckets = {3};
        const std::string out = rules::makeExpandText({})(
            "{{ $value }}", "A", {Labels{}, 0, 0, std::make_shared<const Histogram>(histogram)},
            fromUnixMs(0));
        QCOMPARE(QByteArray::fromStdString(out), "{count:3, sum:5, (0.5,1]:3}");
    }

    void isCheckedBeforehand_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("fault"); // empty: none
        QTest::newRow("fine") << "{{ $x := 1 }}{{ range query \"up\" }}{{ .Value | humanize }}"
                                 "{{ break }}{{ end }}{{ $x }}"_ba
                              << ""_ba;
        QTest::newRow("no such variable") << "{{ $label.foo }}"_ba
                                          << "undefined variable \"$label\""_ba;
        QTest::newRow("variable of a block that ended")
            << "{{ if true }}{{ $x := 1 }}{{ end }}{{ $x }}"_ba
            << "undefined variable \"$x\""_ba;
        QTest::newRow("no such function in parentheses")
            << "{{ len (nosuch $value) }}"_ba << "function \"nosuch\" not defined"_ba;
        QTest::newRow("variables of outside a definition")
            << "{{ define \"t\" }}{{ $labels.job }}{{ end }}"_ba
            << "undefined variable \"$labels\""_ba;
        QTest::newRow("break outside range") << "{{ if true }}{{ break }}{{ end }}"_ba
                                             << "{{break}} outside {{range}}"_ba;
        QTest::newRow("unclosed") << "{{ $labels.foo"_ba << "unclosed action"_ba;
    }

    void isCheckedBeforehand()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, fault);
        const auto checked = rules::checkTemplate(text.toStdString());
        QCOMPARE(checked ? QByteArray() : QByteArray::fromStdString(checked.error().message),
                 fault);
    }

    void aFaultIsToldInPlace_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("unclosed action") << "{{ $labels"_ba;
        QTest::newRow("unclosed block") << "{{ if true }}x"_ba;
        QTest::newRow("stray end") << "{{ end }}"_ba;
        QTest::newRow("no such function") << "{{ nope 1 }}"_ba;
        QTest::newRow("no such variable") << "{{ $nope }}"_ba;
        QTest::newRow("first of nothing") << "{{ query \"none\" | first }}"_ba;
        QTest::newRow("endless templates")
            << "{{ define \"t\" }}{{ template \"t\" }}{{ end }}{{ template \"t\" }}"_ba;
        QTest::newRow("deep parentheses") << ("{{ " + QByteArray(5'000, '(') + " }}");
    }

    void aFaultIsToldInPlace()
    {
        QFETCH(QByteArray, text);
        rules::ExpandOptions options;
        options.query = [](const std::string&, Timestamp) -> Result<Vector> { return Vector{}; };
        const std::string out
            = rules::makeExpandText(options)(text.toStdString(), "A", {}, fromUnixMs(0));
        QVERIFY2(out.starts_with("<error expanding template: "), out.c_str());
    }
};

QTEST_GUILESS_MAIN(TestExpand)
#include "tst_expand.moc"
